"""The files and the environment of a sandbox."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from ecwid_coupons import Client
from ecwid_coupons.testing import OrderItem, Sandbox, SandboxError, Shipping

ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="it is about POSIX files and processes")


def entries(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_failed_dump_does_not_change_the_file(tmp_path: Path) -> None:
    file = tmp_path / "store.json"
    file.write_text("an older one")
    sandbox = Sandbox()
    sandbox.stop()
    for target in (file, tmp_path / "new.json"):
        with pytest.raises(SandboxError, match="check whether it was stopped"):
            sandbox.dump(target)
    assert entries(tmp_path) == {"store.json": b"an older one"}


@ON_POSIX
def test_a_dump_is_readable_for_this_user_only(sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "store.json"
    link = tmp_path / "link"
    link.symlink_to(file.name)
    before = os.umask(0)
    try:
        sandbox.dump(file)
        assert mode(file) == 0o600
        file.chmod(0o666)
        sandbox.dump(link)
    finally:
        os.umask(before)
    assert mode(file) == 0o600
    assert link.is_symlink()
    # A pipe is written directly.
    sandbox.dump("/dev/null")
    with pytest.raises(OSError, match="No space left"):
        sandbox.dump("/dev/full")
    with pytest.raises(OSError, match=r"no/such"):
        sandbox.dump(tmp_path / "no/such/file")
    with pytest.raises(IsADirectoryError):
        sandbox.dump(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"store.json", "link"}


def test_a_dump_does_not_replace_the_files_of_the_sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    loaded, database = tmp_path / "load.json", tmp_path / "store.sqlite"
    loaded.write_text('[{"name": "A", "code": "A"}]')
    (tmp_path / "sandbox.toml").write_text("seed = 0\n")
    with Sandbox(load="load.json", config="sandbox.toml", database="store.sqlite") as sandbox:
        os.link(loaded, tmp_path / "hard.json")
        os.link(database, tmp_path / "hard.sqlite")
        (tmp_path / "link").symlink_to(database)
        before = entries(tmp_path)
        monkeypatch.chdir("/")
        for name in ("load.json", "hard.json"):
            with pytest.raises(ValueError, match="another file than that of `load`"):
                sandbox.dump(tmp_path / name)
        with pytest.raises(ValueError, match="another file than that of `config`"):
            sandbox.dump(tmp_path / "sandbox.toml")
        for name in ("store.sqlite", "store.sqlite-wal", "store.sqlite-shm", "hard.sqlite", "link"):
            with pytest.raises(ValueError, match="another file than that of `database`"):
                sandbox.dump(tmp_path / name)
        assert entries(tmp_path) == before
        sandbox.dump(tmp_path / "dump.json")


@pytest.mark.parametrize("name", [":memory:", "file:m.db?mode=memory"])
@ON_POSIX
def test_the_database_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    for count in (1, 2):
        with Sandbox(database=name) as sandbox, sandbox.client() as coupons:
            coupons.create(name="A", code=f"A{count}", discount=1)
            assert coupons.search().count() == count
    assert set(entries(tmp_path)) == {name}
    assert mode(tmp_path / name) == 0o600


@ON_POSIX
@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_an_invalid_database_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "database")
    with pytest.raises(SandboxError, match="expected a regular file"):
        Sandbox(database=tmp_path / "database")
    assert [path.name for path in tmp_path.iterdir()] == ["database"]


def test_an_amount_with_a_large_exponent_is_refused() -> None:
    long = ["1e99999999", "-1e99999999", "1e999999999999999999", "1e-99999999", "9" * 31]
    with Sandbox() as sandbox:
        for amount in (*long, *map(Decimal, long), 10**5000):
            with pytest.raises(ValueError, match="expected up to 30 digits") as error:
                sandbox.place_order([OrderItem(1, amount)])
            assert len(str(error.value)) < 200
            with pytest.raises(ValueError, match="expected up to 30 digits"):
                sandbox.place_order([OrderItem(1, 1)], shipping=Shipping("by-bike", amount))
        assert sandbox.place_order([OrderItem(1, "0e99999999")]).total == 0


@ON_POSIX
def test_the_process_has_no_credentials_of_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ECWID_TOKEN", "ECWID_STORE_ID", "ECWID_BASE_URL", "ECWID_CA_FILE", "ECWID_LATER", "ecwid_token"):
        monkeypatch.setenv(name, "secret_of_a_store")
    monkeypatch.setenv("KEPT", "kept")
    command = tmp_path / "ecwid-coupons"
    command.write_text('#!/bin/sh\nenv > "$0.env"\nexit 3\n')
    command.chmod(0o755)
    with pytest.raises(SandboxError):
        Sandbox(command=command)
    environment = (tmp_path / "ecwid-coupons.env").read_text()
    assert "secret_of_a_store" not in environment
    assert "KEPT=kept" in environment
    assert "ECWID_SANDBOX_TOKEN=secret_sandbox" in environment


def test_certificates_may_have_a_byte_order_mark_and_have_a_size_limit(tmp_path: Path) -> None:
    file = tmp_path / "root.pem"
    file.write_bytes("-----BEGIN CERTIFICATE-----".encode("utf-16"))
    cases = {file: "it is UTF-16 text", tmp_path: "it is a directory"}
    if Path("/dev/zero").exists():
        cases[Path("/dev/zero")] = "larger than 16 MiB"
    for path, problem in cases.items():
        with pytest.raises(ValueError, match=problem):
            Client(1003, "secret_sandbox", ca_file=path)


@pytest.mark.parametrize("token", ['"secret_x"', "ECWID_TOKEN=secret_x", "Bearer secret_x", "secret_x\nsecret_y"])
def test_a_token_with_extra_text_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="invalid token: it has") as error:
        Client(1003, token)
    assert "secret_x" not in str(error.value)
