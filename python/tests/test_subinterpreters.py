"""The package refuses an import in a subinterpreter. The process continues and ends normally."""

from __future__ import annotations

import pytest
from conftest import Run

PROGRAM = """
import sys
try:
    import _interpreters as interpreters  # Python 3.13
except ImportError:
    import _xxsubinterpreters as interpreters

# A subinterpreter that shares the GIL. Python refuses the module in one with its own GIL.
if sys.version_info >= (3, 13):
    settings = ["legacy"], {}
elif sys.version_info >= (3, 12):
    settings = [], {"isolated": False}
else:
    settings = [], {}
order = sys.argv[1]
if order == "after the main one":
    import ecwid_coupons
for end in (interpreters.destroy, id):
    interpreter = interpreters.create(*settings[0], **settings[1])
    interpreters.run_string(interpreter, '''
for attempt in range(2):
    try:
        import ecwid_coupons
    except ImportError as error:
        print("refused", "subinterpreter" in str(error) and "main interpreter" in str(error), flush=True)
''')
    end(interpreter)
import ecwid_coupons
with ecwid_coupons.Client(1003, "secret_1", base_url="http://127.0.0.1:1/api/v3", max_attempts=1) as coupons:
    try:
        coupons.get("TEN")
    except ecwid_coupons.APIConnectionError as error:
        print("main", isinstance(ecwid_coupons.Coupon(code="A"), ecwid_coupons.Coupon))
"""


@pytest.mark.parametrize("order", ["after the main one", "before the main one"])
def test_the_import_in_a_subinterpreter_is_refused(run: Run, order: str) -> None:
    # Without the refusal, the process would not end.
    output = run(PROGRAM, order, timeout=20)
    assert output.splitlines() == ["refused True"] * 4 + ["main True"]
