"""A datetime is the instant that Python computes, for time zones of all libraries."""

from __future__ import annotations

import datetime
import json
from typing import Any
from zoneinfo import ZoneInfo

import dateutil.tz
import numpy as np
import pandas as pd
import pytest
import pytz
from ecwid_coupons import Client, Coupon
from ecwid_coupons.testing import Sandbox
from servers import Response, ScriptedServer


class Odd(datetime.tzinfo):
    """A time zone whose offset is unknown or has seconds."""

    def __init__(self, offset: datetime.timedelta | None) -> None:
        self.offset = offset

    def utcoffset(self, time: datetime.datetime | None) -> datetime.timedelta | None:
        return self.offset


BERLIN = ZoneInfo("Europe/Berlin")
MIDNIGHT = datetime.datetime(2030, 1, 1)
IN_FALL = datetime.datetime(2030, 10, 27, 2, 30)

TIMES: dict[str, datetime.datetime] = {
    "zoneinfo, winter": MIDNIGHT.replace(tzinfo=BERLIN),
    "zoneinfo, summer": MIDNIGHT.replace(month=7, tzinfo=BERLIN),
    "zoneinfo, half hours": MIDNIGHT.replace(tzinfo=ZoneInfo("Asia/Kolkata")),
    "zoneinfo, before 1970": datetime.datetime(1890, 1, 1, tzinfo=BERLIN),
    "first time of an hour that comes twice": IN_FALL.replace(tzinfo=BERLIN),
    "second time of an hour that comes twice": IN_FALL.replace(tzinfo=BERLIN, fold=1),
    "an hour that is left out": datetime.datetime(2030, 3, 31, 2, 30, tzinfo=BERLIN),
    "the same, with fold": datetime.datetime(2030, 3, 31, 2, 30, tzinfo=BERLIN, fold=1),
    "pytz": pytz.timezone("Europe/Berlin").localize(MIDNIGHT),
    "pytz, as it should not be used": MIDNIGHT.replace(tzinfo=pytz.timezone("Europe/Berlin")),
    "pytz, UTC": MIDNIGHT.replace(tzinfo=pytz.utc),
    "dateutil": MIDNIGHT.replace(tzinfo=dateutil.tz.gettz("Europe/Berlin")),
    "dateutil, second time": dateutil.tz.enfold(IN_FALL.replace(tzinfo=dateutil.tz.gettz("Europe/Berlin")), 1),
    "dateutil, local": MIDNIGHT.replace(tzinfo=dateutil.tz.tzlocal()),
    "pandas": pd.Timestamp("2030-07-01 00:00", tz="Europe/Berlin"),
    "pandas, UTC": pd.Timestamp("2030-07-01 00:00", tz="UTC"),
    "pandas, second time": pd.Timestamp("2030-10-27 00:00", tz="UTC").tz_convert("Europe/Berlin"),
    "a fixed offset": MIDNIGHT.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))),
    "seconds of an offset": MIDNIGHT.replace(tzinfo=Odd(datetime.timedelta(minutes=53, seconds=28))),
    "microseconds of an offset": MIDNIGHT.replace(tzinfo=Odd(datetime.timedelta(microseconds=-1))),
}

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def instant(time: datetime.datetime) -> datetime.datetime:
    """Returns the instant that Python computes, in whole seconds."""
    return EPOCH + datetime.timedelta(seconds=(time - EPOCH) // datetime.timedelta(seconds=1))


@pytest.mark.parametrize("name", TIMES)
def test_the_instant_is_sent(scripted: ScriptedServer, name: str) -> None:
    time = TIMES[name]
    made, page = (
        Response(body='{"id":1,"code":"TEN"}'),
        Response(body='{"total":0,"count":0,"offset":0,"limit":1,"items":[]}'),
    )
    scripted.response(made, made, Response(body='{"updateCount":1}'), page)
    with Client(**scripted.client_settings()) as coupons:
        coupons.create(name="Ten", code="TEN", launch_date=time)
        coupons.create_many([{"name": "Ten", "code": "TEN", "launch_date": time}])
        coupons.update("TEN", expiration_date=time)
        coupons.search(created_from=time, updated_to=time).count()
    created, row, updated, searched = scripted.requests
    sent = [json.loads(created.body)["launchDate"], json.loads(row.body)["launchDate"]]
    sent.append(json.loads(updated.body)["expirationDate"])
    for text in sent:
        assert datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z") == instant(time)
    seconds = int(instant(time).timestamp())
    assert f"createdFrom={seconds}" in searched.path
    assert f"updatedTo={seconds}" in searched.path
    assert Coupon(launch_date=time).launch_date == instant(time)  # type: ignore[arg-type]


def test_the_clock_of_the_sandbox_accepts_time_zones(sandbox: Sandbox) -> None:
    for name in ("zoneinfo, summer", "second time of an hour that comes twice", "pytz", "dateutil", "pandas"):
        assert sandbox.set_time(TIMES[name]).now == instant(TIMES[name])


@pytest.mark.parametrize(
    ("time", "problem"),
    [
        (MIDNIGHT, "has no time zone"),
        (pd.Timestamp("2030-01-01"), "has no time zone"),
        (MIDNIGHT.replace(tzinfo=Odd(None)), "has no time zone"),
        (MIDNIGHT.replace(tzinfo=datetime.tzinfo()), "the UTC offset of `.*` is unknown"),
        (pd.NaT, "the UTC offset of `NaT` is unknown"),
        (np.datetime64("2030-01-01"), "expected a datetime with a time zone"),
    ],
    ids=["naive", "pandas", "no offset", "no zone", "NaT", "numpy"],
)
def test_an_invalid_instant_is_refused_with_the_reason(scripted: ScriptedServer, time: Any, problem: str) -> None:
    with Client(**scripted.client_settings()) as coupons:
        for call in (
            lambda: coupons.create(name="Ten", code="TEN", launch_date=time),
            lambda: coupons.update("TEN", launch_date=time),
            lambda: coupons.search(created_from=time).count(),
            lambda: coupons.create_many([{"name": "Ten", "code": "TEN", "launch_date": time}]),
        ):
            with pytest.raises((TypeError, ValueError), match=problem):
                call()
    assert scripted.requests == []
