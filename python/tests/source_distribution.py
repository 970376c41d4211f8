"""Unpacks a source distribution so that cargo compiles its crates."""

from __future__ import annotations

import tarfile
from pathlib import Path


def unpack(archive: Path, into: Path) -> Path:
    """Returns the folder of the unpacked distribution.

    In the target folder of the workspace, cargo would take a crate of the same version for that of the workspace,
    and would not compile files that are older than its results. So the copy has another version and new files. The file
    of the extension has no version in its name, so its library has another name too.
    """
    with tarfile.open(archive) as opened:
        opened.extractall(into, filter=lambda member, path: tarfile.data_filter(member, path).replace(mtime=None))
    (folder,) = into.iterdir()
    manifest = folder / "Cargo.toml"
    text = manifest.read_text(encoding="utf-8")
    version = folder.name.rpartition("-")[2]
    assert text.count(f'\nversion = "{version}"\n') == 1
    manifest.write_text(text.replace(f'\nversion = "{version}"\n', f'\nversion = "{version}+copy"\n'), encoding="utf-8")
    extension = folder / "crates" / "ecwid-coupons-python" / "Cargo.toml"
    if extension.exists():
        text = extension.read_text(encoding="utf-8")
        assert text.count('\nname = "_native"\n') == 1
        extension.write_text(text.replace('\nname = "_native"\n', '\nname = "_native_copy"\n'), encoding="utf-8")
    return folder
