"""Stores of a configuration file."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from ecwid_coupons import AsyncClient, AsyncStores, Client, ConfigurationError, Stores
from ecwid_coupons.testing import Sandbox


@pytest.fixture
def config(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration file with the store of the sandbox, and a store without a token."""
    path = tmp_path / "config.toml"
    (tmp_path / "main.token").write_text(sandbox.token)
    path.write_text(
        f"default = 'main'\n[stores.main]\nstore-id = {sandbox.store_id}\ntoken-file = 'main.token'\n"
        f"base-url = '{sandbox.base_url}'\n[stores.broken]\nstore-id = 1004\ntoken-env = 'NO_SUCH_VARIABLE'\n"
    )
    path.chmod(0o600)
    monkeypatch.setenv("ECWID_CONFIG", str(path))
    return path


@pytest.mark.parametrize("class_", [Client, AsyncClient])
def test_a_client_is_made_by_the_name_of_its_store(
    class_: type[Client | AsyncClient], config: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for client in (class_.from_config(), class_.from_config("main", timeout=5), class_.from_config(path=config)):
        assert client.store_id == sandbox.store_id
        assert sandbox.base_url in repr(client)
    for store, problem in [("none", "unknown store: `none`"), ("broken", "NO_SUCH_VARIABLE")]:
        with pytest.raises(ConfigurationError, match=problem):
            class_.from_config(store)
    monkeypatch.setenv("ECWID_CONFIG", "/nowhere/config.toml")
    with pytest.raises(ConfigurationError, match=r"/nowhere/config\.toml"):
        class_.from_config()


def test_stores_are_a_mapping(config: Path, sandbox: Sandbox) -> None:
    with Stores.from_config() as stores:
        assert list(stores) == ["broken", "main"]
        assert repr(stores) == "<Stores: broken, main>"
        assert stores["main"] is stores["main"]
        assert stores["main"].search().count() == 0
        with pytest.raises(KeyError):
            stores["none"]
        with pytest.raises(ConfigurationError, match="store `broken`: `NO_SUCH_VARIABLE` is not set"):
            stores["broken"]
        client = stores["main"]
    assert "closed" in repr(client)


def test_asynchronous_stores(config: Path) -> None:
    async def count() -> int:
        async with AsyncStores.from_config(config, deadline=10) as stores:
            return await stores["main"].search().count()

    assert asyncio.run(count()) == 0


def test_a_token_in_the_file_is_refused_and_not_shown(config: Path) -> None:
    config.write_text("[stores.main]\nstore-id = 1\ntoken = 'hush'\n")
    with pytest.raises(ConfigurationError, match=r"line 3.*cannot contain a token") as caught:
        Stores.from_config()
    assert "hush" not in str(caught.value)


def test_a_file_that_others_can_read_causes_a_warning(config: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "ecwid_coupons"):
        Stores.from_config()
        assert not caplog.records
        config.chmod(0o644)
        Stores.from_config()
    assert "other users can access the configuration file" in caplog.text
