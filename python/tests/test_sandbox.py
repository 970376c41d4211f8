"""The sandbox in Python."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import ecwid_coupons
import pytest
from ecwid_coupons import Client, testing
from ecwid_coupons.testing import (
    CommandNotFoundError,
    ContentType,
    Drip,
    Duplicate,
    Html,
    Latency,
    Limits,
    OrderItem,
    ResetAfter,
    ResetBefore,
    Sandbox,
    SandboxError,
    Shipping,
    StaleRead,
    Status,
    Truncate,
)

pytest_plugins = ["pytester"]

ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="it is about POSIX processes")


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    """A shared sandbox for tests that do not change it."""
    with Sandbox() as sandbox:
        yield sandbox


def is_alive(pid: int) -> bool:
    # A zombie process has ended too.
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return state.strip() != "" and not state.startswith("Z")


def wait_until_dead(pid: int) -> None:
    end = time.monotonic() + 10
    while is_alive(pid):
        assert time.monotonic() < end, f"process {pid} is still there"
        time.sleep(0.01)


def test_a_sandbox_runs_until_the_end_of_its_block() -> None:
    with Sandbox(store_id=7, token="secret_seven") as sandbox:
        with sandbox.client() as coupons:
            assert coupons.search().count() == 0
        assert sandbox.base_url.startswith("http://127.0.0.1:")
        assert "secret_seven" not in repr(sandbox)
        assert sandbox.is_running
        assert is_alive(sandbox.pid)
    assert not sandbox.is_running
    assert not is_alive(sandbox.pid)
    assert repr(sandbox) == "<Sandbox, stopped>"
    sandbox.stop()
    with pytest.raises(SandboxError, match="check whether it was stopped"):
        sandbox.clock()


def test_a_client_of_the_sandbox_has_its_address_and_token(ecwid_sandbox: Sandbox) -> None:
    for name in ("store_id", "token", "base_url"):
        with pytest.raises(TypeError, match=f"sets `{name}` itself; to pass another value, make a `Client`"):
            ecwid_sandbox.client(**{name: "secret_x"})  # type: ignore[typeddict-item]


def test_several_sandboxes_share_nothing() -> None:
    with Sandbox() as one, Sandbox() as other:
        one.client().create(name="A", code="A", discount=1)
        assert (one.client().search().count(), other.client().search().count()) == (1, 0)


def test_the_async_client_uses_the_same_store(ecwid_sandbox: Sandbox) -> None:
    async def create() -> str:
        async with ecwid_sandbox.async_client() as coupons:
            return (await coupons.create(name="A", code="A", discount=1)).outcome

    assert asyncio.run(create()) == "created"
    assert ecwid_sandbox.client().get("A").name == "A"


def test_the_environment_has_the_variables_of_the_sandbox(
    ecwid_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ecwid_sandbox.environment.items():
        monkeypatch.setenv(name, value)
    assert ecwid_coupons.Client.from_env().search().count() == 0


def test_a_database_keeps_the_coupons(tmp_path: Path) -> None:
    database = tmp_path / "store.sqlite"
    with Sandbox(database=database) as sandbox:
        sandbox.client().create(name="A", code="A", discount=1)
    with Sandbox(database=database) as sandbox:
        assert sandbox.client().get("A").discount == 1


def test_a_token_without_a_scope_is_refused() -> None:
    with Sandbox(scopes=["read_discount_coupons"]) as sandbox, pytest.raises(ecwid_coupons.PermissionDeniedError):
        sandbox.client().create(name="A", code="A", discount=1)


def test_a_client_has_the_rate_limit_of_the_sandbox() -> None:
    with Sandbox(requests_per_minute=None) as sandbox:
        assert sandbox.limits().requests_per_minute is None
        with sandbox.client() as coupons:
            start = time.monotonic()
            for _ in range(700):
                coupons.search().count()
            assert time.monotonic() - start < 30, "a client that paces itself needs a minute for so many"


# The clock.


def test_a_token_is_added_to_a_running_sandbox(ecwid_sandbox: Sandbox) -> None:
    ecwid_sandbox.add_token(1004, "secret_reader", scopes=["read_discount_coupons"])
    with ecwid_coupons.Client(1004, "secret_reader", base_url=ecwid_sandbox.base_url) as reader:
        assert reader.search().count() == 0
        with pytest.raises(ecwid_coupons.PermissionDeniedError):
            reader.delete("CODE")
    with pytest.raises(SandboxError, match="duplicate token") as error:
        ecwid_sandbox.add_token(1004, "secret_reader")
    assert "secret_reader" not in str(error.value)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems set up the first loopback address only")
def test_the_sandbox_listens_on_another_address_and_name() -> None:
    with Sandbox(host="127.0.0.2", allow_hosts=["sandbox"]) as sandbox, sandbox.client() as coupons:
        assert sandbox.base_url.startswith("http://127.0.0.2:")
        assert coupons.search().count() == 0
        address = urlsplit(sandbox.base_url)
        for host, status in {"sandbox": 200, "other": 403}.items():
            connection = http.client.HTTPConnection("127.0.0.2", address.port)
            with contextlib.closing(connection):
                connection.request("GET", "/_sandbox/health", headers={"Host": f"{host}:{address.port}"})
                assert connection.getresponse().status == status


def test_the_clock_is_set_and_moved(ecwid_sandbox: Sandbox) -> None:
    assert not ecwid_sandbox.clock().is_stopped
    noon = datetime(2030, 6, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert ecwid_sandbox.set_time(noon).now == noon
    assert ecwid_sandbox.clock().is_stopped
    assert ecwid_sandbox.advance(timedelta(days=8, seconds=1)).now == noon + timedelta(days=8, seconds=1)
    assert ecwid_sandbox.advance(timedelta(days=-8, seconds=-1)).now == noon
    assert ecwid_sandbox.set_time(date(2031, 1, 2)).now == datetime(2031, 1, 2, tzinfo=UTC)
    clock = ecwid_sandbox.reset_time()
    assert not clock.is_stopped
    assert abs(clock.now - datetime.now(UTC)) < timedelta(minutes=1)


def test_an_invalid_time_is_refused(shared: Sandbox) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        shared.set_time(datetime(2030, 1, 1))
    with pytest.raises(ValueError, match="whole seconds"):
        shared.advance(timedelta(milliseconds=1))
    with pytest.raises(SandboxError, match="1970") as error:
        shared.advance(timedelta(days=3_000_000))
    assert error.value.status == 400
    copied = pickle.loads(pickle.dumps(error.value))
    assert (str(copied), copied.status, copied.code) == (str(error.value), 400, error.value.code)


# Faults.


@pytest.mark.parametrize(
    "effect",
    [
        Latency(5, jitter_milliseconds=2),
        Status(503, code="BUSY", retry_after=1, after_work=True),
        ResetBefore(),
        ResetAfter(),
        Truncate(10),
        ContentType("text/plain"),
        Html(502),
        Drip(1, 1),
        Duplicate(),
        StaleRead(100),
    ],
    ids=lambda effect: type(effect).__name__,
)
def test_every_fault_round_trips(ecwid_sandbox: Sandbox, effect: testing.Effect) -> None:
    told = ecwid_sandbox.add_fault(effect, operations=["get_discount_coupon"], skip=1, times=2, probability=0.5, seed=7)
    assert told == testing.Fault(effect, ("get_discount_coupon",), 1, 2, 0.5, 7)
    assert ecwid_sandbox.faults() == [testing.FaultReport(told, 0, 0)]
    ecwid_sandbox.clear_faults()
    assert ecwid_sandbox.faults() == []


def test_a_fault_occurs_the_given_number_of_times(ecwid_sandbox: Sandbox) -> None:
    coupons = ecwid_sandbox.client(max_attempts=1)
    coupons.create(name="A", code="A", discount=1)
    fault = ecwid_sandbox.add_fault(Status(503), operations=["get_discount_coupon"], skip=1, times=1)
    assert fault.seed is not None
    coupons.get("A")
    with pytest.raises(ecwid_coupons.ServerError):
        coupons.get("A")
    coupons.get("A")
    (report,) = ecwid_sandbox.faults()
    assert (report.matched, report.fired) == (3, 1)


def test_an_invalid_fault_is_refused(shared: Sandbox) -> None:
    with pytest.raises(SandboxError, match="get_coupon"):
        shared.add_fault(Status(503), operations=["get_coupon"])


# Orders.


def test_an_order_applies_a_coupon(ecwid_sandbox: Sandbox) -> None:
    coupon_id = ecwid_sandbox.client().create(name="F", code="FIVE", discount_type="ABS", discount="5.50").id
    items = [OrderItem(1, Decimal("12.75"), quantity=2, category_ids=[7]), OrderItem(2, 4.5)]
    order = ecwid_sandbox.place_order(
        items, coupon_code="five", email="ann@example.com", shipping=Shipping("dhl", "4.90")
    )
    assert (order.subtotal, order.coupon_discount, order.total) == (Decimal(30), Decimal("5.5"), Decimal("29.4"))
    assert (order.coupon_id, order.coupon_code, order.reason) == (coupon_id, "FIVE", None)
    assert [item.product_id for item in order.items] == [1, 2]
    assert sum(item.coupon_amount for item in order.items) == Decimal("5.5")

    refused = ecwid_sandbox.place_order(items, coupon_code="NONE")
    assert (refused.coupon_id, refused.reason, refused.order_number) == (
        None,
        "COUPON_NOT_FOUND",
        order.order_number + 1,
    )


@pytest.mark.parametrize("price", ["many", float("nan"), "0.12345678901234567890"])
def test_an_inexact_price_is_refused(shared: Sandbox, price: str | float) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        shared.place_order([OrderItem(1, price)])


# Files of settings.


def test_a_file_has_several_stores(tmp_path: Path) -> None:
    config = tmp_path / "sandbox.toml"
    config.write_text(
        "seed = 5\n[changes]\nordersUpdate = true\n"
        '[[stores]]\nstoreId = 1004\ntoken = "secret_1004"\nseed = 7\n'
        '[[stores]]\nstoreId = 1005\ntoken = "secret_1005"\n',
        encoding="utf-8",
    )
    with Sandbox(config=config) as sandbox:
        ids: set[int | None] = set()
        for store_id, token, count in (
            (sandbox.store_id, sandbox.token, 5),
            (1004, "secret_1004", 7),
            (1005, "secret_1005", 0),
        ):
            with Client(store_id, token, base_url=sandbox.base_url) as coupons:
                found = coupons.search().collect()
                assert len(found) == count
                ids |= {coupon.id for coupon in found}
        assert len(ids) == 12
        with sandbox.client() as coupons:
            coupons.create(name="A", code="A", discount=1)
            sandbox.advance(timedelta(days=1))
            sandbox.place_order([OrderItem(1, 5)], coupon_code="A")
            used = coupons.get("A")
            assert used.creation_date is not None
            assert used.update_date is not None
            assert used.update_date - used.creation_date >= timedelta(days=1)


def test_a_wrong_file_of_settings_does_not_start(tmp_path: Path) -> None:
    config = tmp_path / "sandbox.toml"
    config.write_text("[[stores]]\nstoreId = 1004\nseed = 7\n", encoding="utf-8")
    with pytest.raises(SandboxError, match="no token for the store 1004"):
        Sandbox(config=config)


# Limits and webhooks.


def test_limits_are_read_and_set(ecwid_sandbox: Sandbox) -> None:
    assert ecwid_sandbox.limits() == Limits()
    limits = Limits(None, 3, 4, 5)
    assert ecwid_sandbox.set_limits(limits) == limits
    assert ecwid_sandbox.limits() == limits


def test_a_webhook_is_notified(ecwid_sandbox: Sandbox) -> None:
    arrived = threading.Event()
    signatures: list[str | None] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            signatures.append(self.headers.get("X-Ecwid-Webhook-Signature"))
            self.send_response(200)
            self.end_headers()
            arrived.set()

        def log_message(self, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        ecwid_sandbox.set_webhook(f"http://127.0.0.1:{server.server_port}/hook")
        coupon_id = ecwid_sandbox.client().create(name="A", code="A", discount=1).id
        assert arrived.wait(20)
        end = time.monotonic() + 20
        while (delivery := ecwid_sandbox.deliveries()[0]).state == "PENDING" and time.monotonic() < end:
            time.sleep(0.01)
        server.shutdown()
        thread.join()
    assert (delivery.entity_id, delivery.event_type) == (coupon_id, "discount_coupon.created")
    assert (delivery.state, delivery.status, delivery.attempts) == ("DELIVERED", 200, 1)
    assert signatures[0]
    ecwid_sandbox.remove_webhook()
    ecwid_sandbox.client().delete("A")
    assert len(ecwid_sandbox.deliveries()) == 1


# The journal.


def test_the_journal_has_requests_and_times(ecwid_sandbox: Sandbox) -> None:
    time = datetime(2030, 1, 31, 8, tzinfo=UTC)
    ecwid_sandbox.set_time(time)
    ecwid_sandbox.add_fault(Latency(200), times=1)
    with ecwid_sandbox.client() as coupons:
        coupons.create(name="A", code="A", discount=1)
        assert coupons.search().count() == 1
    created, searched = ecwid_sandbox.received_requests()
    assert (created.method, created.target, created.status) == ("POST", "/api/v3/1003/discount_coupons", 200)
    assert '"code":"A"' in created.request_body
    assert '"code":"A"' in created.response_body
    assert ("authorization", "Bearer …") in created.request_headers
    assert created.time == searched.time == time
    assert timedelta(seconds=0.2) <= created.elapsed < timedelta(seconds=20)
    assert created.elapsed > searched.elapsed
    assert ecwid_sandbox.received_requests(1) == [searched]
    ecwid_sandbox.clear_requests()
    assert ecwid_sandbox.received_requests() == []


def test_the_journal_lists_ignored_fields(ecwid_sandbox: Sandbox) -> None:
    body = {"name": "A", "code": "A", "discount_type": "PERCENT", "catalogLimit": {"products": [1], "brands": [2]}}
    for sent in [body, {"name": "B", "code": "B", "discountType": "PERCENT"}]:
        request = urllib.request.Request(
            f"{ecwid_sandbox.base_url}/{ecwid_sandbox.store_id}/discount_coupons",
            json.dumps(sent).encode(),
            {"Authorization": f"Bearer {ecwid_sandbox.token}", "Content-Type": "application/json"},
        )
        urllib.request.urlopen(request).close()
    ignored = [request.ignored_fields for request in ecwid_sandbox.received_requests()]
    assert ignored == [("discount_type", "catalogLimit.brands"), ()]


# Functions that older commands lack.


def offers(flag: str) -> bool:
    command = [testing._command.find_command(), "sandbox", "--help"]
    return flag in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_load_sets_the_initial_coupons_if_the_command_supports_it() -> None:
    if offers("--seed"):
        with Sandbox(seed=100) as sandbox:
            assert sandbox.client().search().count() == 100
    else:
        with pytest.raises(SandboxError, match="pip install --upgrade ecwid-coupons-cli"):
            Sandbox(seed=100)


def use(feature: Callable[[], None]) -> bool:
    """Uses a function that older commands lack. Such a command must cause an error that says so."""
    if offers("--seed"):
        feature()
        return True
    with pytest.raises(SandboxError, match="pip install --upgrade ecwid-coupons-cli") as error:
        feature()
    assert error.value.status == 404
    return False


def test_reset_restores_the_initial_state_if_the_command_supports_it(ecwid_sandbox: Sandbox) -> None:
    ecwid_sandbox.client().create(name="A", code="A", discount=1)
    if use(ecwid_sandbox.reset):
        assert ecwid_sandbox.client().search().count() == 0


def test_load_adds_coupons_unchanged_if_the_command_supports_it(ecwid_sandbox: Sandbox) -> None:
    used = {
        "id": 7,
        "name": "A",
        "code": "A",
        "discountType": "ABS",
        "discount": 5,
        "status": "ACTIVE",
        "orderCount": 3,
    }
    if use(lambda: ecwid_sandbox.load([used])):
        coupons = ecwid_sandbox.client().search().collect()
        assert [(coupon.id, coupon.order_count) for coupon in coupons] == [(7, 3)]
        with Sandbox() as other:
            other.load(coupons)
            assert other.client().search().collect() == coupons


def test_a_dump_is_loaded_if_the_command_supports_it(ecwid_sandbox: Sandbox, tmp_path: Path) -> None:
    ecwid_sandbox.client().create(name="A", code="A", discount=1)
    file = tmp_path / "store.json"
    if use(lambda: ecwid_sandbox.dump(file)):
        with Sandbox(load=file) as other:
            assert other.client().search().collect() == ecwid_sandbox.client().search().collect()
    else:
        assert not file.exists()


# The command.


def test_a_missing_command_hints_at_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ECWID_COUPONS_COMMAND", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(testing._command, "_script_folders", lambda: [str(tmp_path)])
    with pytest.raises(CommandNotFoundError, match="pip install ecwid-coupons-cli") as error:
        Sandbox()
    assert isinstance(error.value, FileNotFoundError)

    monkeypatch.setenv("ECWID_COUPONS_COMMAND", "/no/such/program")
    with pytest.raises(CommandNotFoundError, match="/no/such/program"):
        Sandbox()


@ON_POSIX
def test_the_command_is_looked_up_in_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder in ("scripts", "path", "named"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "ecwid-coupons").touch(mode=0o755)
    monkeypatch.setattr(testing._command, "_script_folders", lambda: [str(tmp_path / "scripts")])
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("ECWID_COUPONS_COMMAND", str(tmp_path / "named" / "ecwid-coupons"))
    find = testing._command.find_command
    assert "named" in find()
    monkeypatch.delenv("ECWID_COUPONS_COMMAND")
    assert "scripts" in find()
    monkeypatch.setattr(testing._command, "_script_folders", list)
    assert "path" in find()


@ON_POSIX
@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo broken >&2; exit 3", "exit status 3; .*\nbroken"),
        ("echo something else; exec cat", "unexpected output: 'something else'"),
        ("exec sleep 1000", "no output for 0.5 seconds"),
        ("exec /no/such/interpreter", "exit status 127"),
    ],
)
def test_a_failed_start_shows_the_output_of_the_command(tmp_path: Path, script: str, why: str) -> None:
    command = tmp_path / "ecwid-coupons"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    with pytest.raises(SandboxError, match=why):
        Sandbox(command=command, timeout=0.5)


# The sandbox stops at every kind of end of a program.

PROGRAM = """
import os, signal, sys, time
from ecwid_coupons.testing import Sandbox
sandbox = Sandbox()
print(sandbox.pid, flush=True)
"""


@ON_POSIX
@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("", 0),
        ("sys.exit(4)", 4),
        ("raise RuntimeError", 1),
        ("os._exit(5)", 5),
        ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
        ("os.abort()", -signal.SIGABRT),
    ],
)
def test_the_sandbox_stops_with_the_program(end: str, code: int) -> None:
    result = subprocess.run([sys.executable, "-c", PROGRAM + end], capture_output=True, text=True, check=False)
    assert result.returncode == code, result.stderr
    wait_until_dead(int(result.stdout))


@ON_POSIX
def test_ctrl_c_does_not_stop_the_sandbox() -> None:
    # A terminal sends Ctrl-C to the whole process group.
    program = (
        PROGRAM
        + """
try:
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print(sandbox.clock().is_stopped)
"""
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, process_group=0)
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    assert process.stdout.readline() == "ready\n"
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=30)[0] == "False\n"
    wait_until_dead(pid)


@ON_POSIX
def test_a_forked_child_does_not_stop_or_keep_the_sandbox() -> None:
    program = (
        PROGRAM
        + """
child = os.fork()
if child == 0:
    sandbox.stop()
    os.close(1)  # because readers of the output would wait for its end
    os.close(2)
    time.sleep(60)
print(child, flush=True)
print(sandbox.client().search().count(), flush=True)
os._exit(0)
"""
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    pid, child, count = map(int, result.stdout.split())
    try:
        assert count == 0
        assert is_alive(child)
        wait_until_dead(pid)
    finally:
        os.kill(child, signal.SIGKILL)


def test_a_deleted_sandbox_object_stops_the_sandbox() -> None:
    sandbox = Sandbox()
    pid = sandbox.pid
    del sandbox
    wait_until_dead(pid)


# The pytest plugin.


def test_each_test_has_a_new_sandbox(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("time", [1, 2])
        def test_store(ecwid_sandbox, time):
            with ecwid_sandbox.client() as coupons:
                coupons.create(name="A", code="A", discount=1)
                assert coupons.search().count() == 1

        @pytest.mark.ecwid_sandbox(store_id=7)
        def test_settings(ecwid_sandbox):
            assert ecwid_sandbox.client().store_id == 7
        """
    )
    pytester.runpytest_subprocess("--strict-markers").assert_outcomes(passed=3)
    pytester.runpytest_subprocess("--fixtures").stdout.fnmatch_lines(
        ["ecwid_sandbox*", "*A new `Sandbox` for this test*"]
    )


def test_the_package_does_not_need_pytest() -> None:
    program = "import sys; sys.modules['pytest'] = None; import ecwid_coupons.testing"
    subprocess.run([sys.executable, "-W", "ignore::RuntimeWarning", "-c", program], check=True)


def test_the_package_does_not_import_the_testing_package() -> None:
    program = "import sys, ecwid_coupons; sys.exit({'ecwid_coupons.testing', 'http.client'} & {*sys.modules} != set())"
    subprocess.run([sys.executable, "-W", "ignore::RuntimeWarning", "-c", program], check=True)
