//! `dist sbom`: a software bill of materials (SBOM) of each published program and module, in the format of CycloneDX.
//!
//! The wheels contain them. The archive of the command and the image of the sandbox have the program of the command's wheel, so the
//! SBOM of the command is theirs too.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, ensure};

use super::files::{TIME, folder, time, venv, version};
use crate::{command, tools, workspace};

const VERSION: &str = "0.5.9";

/// The crates whose programs and modules are published as compiled files.
const CRATES: [&str; 2] = ["ecwid-coupons-cli", "ecwid-coupons-python"];

/// The name of the files that cargo-cyclonedx writes next to each `Cargo.toml`, without its extension.
const WRITTEN: &str = "sbom-of-dist";

/// Replaces the folder of the workspace in an SBOM, and validates the result.
const CLEAN: &str = r##"
import pathlib, re, sys
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
written, root, into = sys.argv[1:]
text = pathlib.Path(written).read_text(encoding="utf-8")
# A package of the workspace has its name as the reference in place of its folder, and no address to download it from.
text = re.sub(re.escape(f"path+{pathlib.Path(root).as_uri()}") + r"/(?:[^\"#]*/)?([^\"#/]+)#", r"\1@", text)
text = re.sub(r"\?download_url=file:[^\"#]*", "", text)
if problem := make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_5).validate_str(text):
    sys.exit(f"not a valid SBOM: {problem}")
if found := re.search(r"[^\"]*file:/[^\"]*", text):
    sys.exit(f"a path in the SBOM: {found[0]}")
pathlib.Path(into).write_text(text, encoding="utf-8", newline="\n")
"##;

/// Writes the SBOM of each program and module.
pub(super) fn run() -> anyhow::Result<()> {
    let venv = venv()?;
    let program = tools::cargo_program("cargo-cyclonedx", VERSION, None)?;
    let mut cyclonedx = command::command(program);
    // Build dependencies are not part of the published files. The files are the same for all platforms.
    cyclonedx.args(["cyclonedx", "--format", "json", "--spec-version", "1.5", "--target", "all", "--no-build-deps"]);
    let written = command::run(cyclonedx.args(["--override-filename", WRITTEN]).env(TIME, time()?));
    let mut written_of = Vec::new();
    for package in command::metadata("--no-deps")?.packages {
        let file = package.manifest_path.with_file_name(format!("{WRITTEN}.json"));
        if !file.exists() {
            continue;
        }
        if CRATES.contains(&package.name.as_str()) {
            let mut python = command::command(venv.program("python"));
            let into = path(&package.name)?;
            command::ask(python.args(["-c", CLEAN]).arg(&file).arg(workspace::root()).arg(&into))?;
            written_of.push(package.name);
        }
        fs::remove_file(&file).with_context(|| format!("cannot remove {file}"))?;
    }
    written?;
    ensure!(written_of.len() == CRATES.len(), "not all SBOMs were written: {written_of:?}");
    Ok(())
}

/// Returns the path of the SBOM of a crate.
pub(super) fn path(name: &str) -> anyhow::Result<PathBuf> {
    Ok(folder()?.join(format!("{name}-{}.cdx.json", version()?)))
}
