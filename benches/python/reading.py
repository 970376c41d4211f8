"""Measures parsing of pages to coupons and to data frames."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import ecwid_coupons
import msgspec
import orjson
import pandas
import polars
import pydantic
from pydantic import BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel

from measured import CPU, WALL, Contender, Row, Work, measure

DATES = ["launchDate", "expirationDate", "creationDate", "updateDate"]
FORMAT = "%Y-%m-%d %H:%M:%S %z"


class CatalogLimit(msgspec.Struct):
    products: list[int] | None = None
    categories: list[int] | None = None


class ShippingLimit(msgspec.Struct, rename="camel"):
    shipping_methods: list[str] | None = None


class Coupon(msgspec.Struct, rename="camel"):
    """A coupon in the fastest form for msgspec: amounts are floats, and dates stay text."""

    id: int | None = None
    name: str | None = None
    code: str | None = None
    discount_type: str | None = None
    status: str | None = None
    discount: float | None = None
    launch_date: str | None = None
    expiration_date: str | None = None
    total_limit: float | None = None
    uses_limit: str | None = None
    application_limit: str | None = None
    repeat_customer_only: bool | None = None
    creation_date: str | None = None
    update_date: str | None = None
    order_count: int | None = None
    catalog_limit: CatalogLimit | None = None
    shipping_limit: ShippingLimit | None = None


class Page(msgspec.Struct):
    items: list[Coupon]


def _with_t(text: object) -> object:
    return text.replace(" ", "T", 1).replace(" ", "") if isinstance(text, str) else text


Instant = Annotated[datetime, BeforeValidator(_with_t)]


class Model(pydantic.BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class CatalogLimitModel(Model):
    products: list[int] | None = None
    categories: list[int] | None = None


class ShippingLimitModel(Model):
    shipping_methods: list[str] | None = None


class CouponModel(Model):
    """A coupon for pydantic. Its dates are converted to a form that pydantic can parse."""

    id: int | None = None
    name: str | None = None
    code: str | None = None
    discount_type: str | None = None
    status: str | None = None
    discount: float | None = None
    launch_date: Instant | None = None
    expiration_date: Instant | None = None
    total_limit: float | None = None
    uses_limit: str | None = None
    application_limit: str | None = None
    repeat_customer_only: bool | None = None
    creation_date: Instant | None = None
    update_date: Instant | None = None
    order_count: int | None = None
    catalog_limit: CatalogLimitModel | None = None
    shipping_limit: ShippingLimitModel | None = None


class PageModel(pydantic.BaseModel):
    items: list[CouponModel]


def polars_of_dicts(coupons: list[dict[str, Any]]) -> polars.DataFrame:
    """Returns a Polars frame with dates from dictionaries."""
    frame = polars.from_dicts(coupons, infer_schema_length=None)
    return frame.with_columns(polars.col(DATES).str.to_datetime(FORMAT))


def pandas_of_dicts(coupons: list[dict[str, Any]]) -> pandas.DataFrame:
    """Returns a pandas frame with dates from dictionaries."""
    frame = pandas.DataFrame(coupons)
    for name in DATES:
        frame[name] = pandas.to_datetime(frame[name], format=FORMAT, utc=True)
    return frame


def rows(pages: Sequence[bytes], rounds: int) -> list[Row]:
    """Returns the rows about parsing."""
    count = len(ecwid_coupons.CouponList.from_json(pages))
    decoder = msgspec.json.Decoder(Page)

    def each(read: Any) -> Any:
        return lambda: [coupon for page in pages for coupon in read(page)]

    msgspec_structs = each(lambda page: decoder.decode(page).items)
    ours = ecwid_coupons.CouponList

    def all_there(done: Any) -> None:
        assert len(done) == count, f"{len(done)} coupons of {count}"

    per_second = 1e9 / count
    objects = Work(
        "bytes to a list of coupons, one thread",
        "ns of CPU per coupon",
        [
            Contender("ecwid_coupons", each(ours.from_json), is_ours=True, target=0.8),
            Contender("msgspec structs, dates as text", msgspec_structs),
            Contender("pydantic models", each(_pydantic_items)),
            Contender("json, dicts", each(lambda page: json.loads(page)["items"])),
            Contender("orjson, dicts", each(lambda page: orjson.loads(page)["items"])),
        ],
        per_second,
        yardstick="msgspec structs, dates as text",
        clock=CPU,
    )
    parallel = Work(
        "bytes to a list of coupons, pages in parallel",
        "ns per coupon",
        [
            Contender("ecwid_coupons", lambda: list(ours.from_json(pages)), is_ours=True, target=0.6),
            Contender("msgspec structs, dates as text", msgspec_structs),
        ],
        per_second,
        yardstick="msgspec structs, dates as text",
        clock=WALL,
    )
    frames = Work(
        "bytes to a frame with dates",
        "ns per coupon",
        [
            Contender("ecwid_coupons, polars", lambda: ours.from_json(pages).to_polars(), is_ours=True, target=0.05),
            Contender("ecwid_coupons, pandas", lambda: ours.from_json(pages).to_pandas(), is_ours=True),
            Contender("json, polars.from_dicts", lambda: polars_of_dicts(each(lambda p: json.loads(p)["items"])())),
            Contender("orjson, polars.from_dicts", lambda: polars_of_dicts(each(lambda p: orjson.loads(p)["items"])())),
            Contender("json, pandas.DataFrame", lambda: pandas_of_dicts(each(lambda p: json.loads(p)["items"])())),
        ],
        per_second,
        yardstick="json, polars.from_dicts",
    )
    return [row for work in (objects, parallel, frames) for row in measure(work, rounds, all_there)]


def _pydantic_items(page: bytes) -> list[CouponModel]:
    return PageModel.model_validate_json(page).items
