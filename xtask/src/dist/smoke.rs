//! `dist smoke`: installs the built wheels into a new environment, and uses them together.

use std::path::Path;

use anyhow::ensure;

use super::files::version;
use crate::{
    command,
    tools::python::{Interpreter, Venv},
};

/// Creates and finds coupons with the installed package, in a sandbox of the installed command.
const USE: &str = r#"
import asyncio, sys

import ecwid_coupons
from ecwid_coupons import AsyncClient
from ecwid_coupons.testing import Sandbox

folder, version = sys.argv[1:]
assert ecwid_coupons.__file__.startswith(folder), ecwid_coupons.__file__
assert ecwid_coupons.__version__ == version, ecwid_coupons.__version__

async def count(sandbox):
    async with AsyncClient(sandbox.store_id, sandbox.token, base_url=sandbox.base_url) as coupons:
        return await coupons.search(status="ACTIVE").count()

with Sandbox() as sandbox:
    with sandbox.client() as coupons:
        assert coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount="10").id
        assert coupons.get("ten").discount == 10
        assert [coupon.code for coupon in coupons.search(code="TEN")] == ["TEN"]
    assert asyncio.run(count(sandbox)) == 1
print(f"Python {sys.version.split()[0]} used ecwid-coupons {version}")
"#;

/// Installs the wheels of the folder that fit this machine, and uses them.
pub(super) fn run(folder: &Path, interpreter: Option<&str>) -> anyhow::Result<()> {
    let version = version()?;
    let environment = tempfile::tempdir()?;
    let python = interpreter.map_or_else(Interpreter::find, Interpreter::given)?;
    let venv = Venv::create(&python, environment.path())?;
    // The local files alone: a missing wheel is not replaced by a package of a registry, or by a build from source.
    let wheels = ["--no-index", "--only-binary", ":all:", "--find-links"];
    let packages = ["ecwid-coupons", "ecwid-coupons-cli"].map(|name| format!("{name}=={version}"));
    command::run(venv.pip("install").args(wheels).arg(folder).args(&packages))?;

    for program in ["ecwid-coupons", "ecwid-coupons-cli"] {
        let output = command::ask(command::command(venv.program(program)).arg("--version"))?;
        ensure!(
            output.starts_with(&format!("ecwid-coupons {version}")),
            "unexpected output of `{program} --version`: {output}"
        );
    }
    command::run(command::command(venv.program("ecwid-coupons")).arg("demo"))?;
    let mut python = command::command(venv.program("python"));
    print!("{}", command::ask(python.args(["-c", USE]).arg(environment.path()).arg(&version))?);
    Ok(())
}
