"""A client for the discount coupons of Ecwid stores (Lightspeed E-Series).

`Client` is synchronous, and `AsyncClient` is for asyncio. See `Client` for retries, deadlines and the rate limit,
`EcwidError` for errors, and `Search` for pagination and data frames.

>>> from ecwid_coupons import Client
>>> with Client(store_id=1003, token="secret_sandbox", base_url=base_url) as coupons:
...     created = coupons.create(name="First order 10% OFF", code="FIRST", discount_type="PERCENT", discount=10)
...     [coupon.code for coupon in coupons.search(status="ACTIVE")]
['FIRST']
"""

from ._async_client import AsyncClient as AsyncClient
from ._base_client import ClientSettings as ClientSettings
from ._changes import Change as Change
from ._changes import ChangesMode as ChangesMode
from ._changes import Deletions as Deletions
from ._changes import Upserts as Upserts
from ._client import Client as Client
from ._creations import Existing as Existing
from ._creations import Rows as Rows
from ._enums import *  # noqa: F403 - generated, with an __all__
from ._errors import *  # noqa: F403
from ._jobs import Job as Job
from ._jobs import JobDifference as JobDifference
from ._jobs import JobStatus as JobStatus
from ._jobs import KeptCoupon as KeptCoupon
from ._models import *  # noqa: F403
from ._native import IS_DEBUG_BUILD as _IS_DEBUG_BUILD
from ._native import Changes as Changes
from ._native import CouponList as CouponList
from ._native import CouponSchema as CouponSchema
from ._native import CouponStream as CouponStream
from ._native import CouponTable as CouponTable
from ._native import CreationReport as CreationReport
from ._native import DeletedCouponList as DeletedCouponList
from ._native import FileTable as FileTable
from ._native import JobReport as JobReport
from ._native import Pages as Pages
from ._native import __version__ as __version__
from ._native import schema as schema
from ._new_coupon import NewCoupon as NewCoupon
from ._outcomes import CreateOutcome as CreateOutcome
from ._outcomes import CreationRow as CreationRow
from ._outcomes import DeleteOutcome as DeleteOutcome
from ._outcomes import SkippedCoupon as SkippedCoupon
from ._search import AsyncSearch as AsyncSearch
from ._search import Decimals as Decimals
from ._search import Progress as Progress
from ._search import Search as Search
from ._stores import AsyncStores as AsyncStores
from ._stores import Stores as Stores
from ._sync import SyncSummary as SyncSummary
from ._sync import sync as sync
from ._tables import read_table as read_table
from ._types import UNSET as UNSET
from ._types import Amount as Amount
from ._types import ArrowStream as ArrowStream
from ._types import Attempt as Attempt
from ._types import Instant as Instant
from ._types import Unset as Unset
from ._webhooks import WebhookEvent as WebhookEvent
from ._webhooks import WebhookEventType as WebhookEventType
from ._webhooks import WebhookEventTypeValue as WebhookEventTypeValue
from ._webhooks import verify_webhook as verify_webhook

if _IS_DEBUG_BUILD:
    import warnings as _warnings

    _warnings.warn(
        "ecwid_coupons was built without optimization and is slow; hint: build it with `maturin develop --release`",
        RuntimeWarning,
        stacklevel=2,
    )
