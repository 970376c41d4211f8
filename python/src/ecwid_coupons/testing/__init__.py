"""A local store for tests: the sandbox of the command ``ecwid-coupons``, which is in the package ecwid-coupons-cli.

>>> from ecwid_coupons.testing import Sandbox
>>> with Sandbox() as sandbox, sandbox.client() as coupons:
...     _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
...     sandbox.place_order([OrderItem(product_id=1, price=25, quantity=2)], coupon_code="ten").total
Decimal('45')

In pytest, the fixture ``ecwid_sandbox`` is a new sandbox for each test.
"""

from ._errors import CommandNotFoundError as CommandNotFoundError
from ._errors import SandboxError as SandboxError
from ._faults import ContentType as ContentType
from ._faults import Drip as Drip
from ._faults import Duplicate as Duplicate
from ._faults import Effect as Effect
from ._faults import Fault as Fault
from ._faults import FaultReport as FaultReport
from ._faults import Html as Html
from ._faults import Latency as Latency
from ._faults import ResetAfter as ResetAfter
from ._faults import ResetBefore as ResetBefore
from ._faults import StaleRead as StaleRead
from ._faults import Status as Status
from ._faults import Truncate as Truncate
from ._orders import OrderItem as OrderItem
from ._orders import PlacedItem as PlacedItem
from ._orders import PlacedOrder as PlacedOrder
from ._orders import Shipping as Shipping
from ._results import Clock as Clock
from ._results import Delivery as Delivery
from ._results import Limits as Limits
from ._results import RecordedRequest as RecordedRequest
from ._sandbox import Sandbox as Sandbox
