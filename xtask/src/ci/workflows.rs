//! The step `workflows`: checks the files of hosted CI in `.github`, which cannot run here.
//!
//! The tests of the xtask also check the commands of the workflows.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, ensure};

use crate::{command, tools::python::Venv, workspace};

const REQUIREMENTS: &str = "xtask/tools/workflows/requirements.txt";

/// The options of zizmor: all audits that need no network, also those that report matters of style.
const ZIZMOR: [&str; 7] = ["--offline", "--quiet", "--persona", "auditor", "--collect", "all", "--strict-collection"];

/// The schemas of check-jsonschema, with the folder and the name of the files. An empty name stands for all other files.
const SCHEMAS: [(&str, &str, &str); 4] = [
    ("vendor.github-workflows", ".github/workflows", ""),
    ("vendor.dependabot", ".github", "dependabot.yml"),
    ("vendor.github-issue-config", ".github/ISSUE_TEMPLATE", "config.yml"),
    ("vendor.github-issue-forms", ".github/ISSUE_TEMPLATE", ""),
];

pub(super) fn run() -> anyhow::Result<()> {
    let venv = Venv::installed("workflows", REQUIREMENTS)?;
    command::run(command::command(venv.program("zizmor")).args(ZIZMOR).arg(".github"))?;
    let shellcheck = venv.program("shellcheck");
    let mut actionlint = command::command(venv.program("actionlint"));
    actionlint.args(["-no-color", "-pyflakes", "", "-shellcheck"]).arg(shellcheck);
    command::run(actionlint.args(files(".github/workflows", "")?))?;
    for (schema, folder, name) in SCHEMAS {
        let mut check = command::command(venv.program("check-jsonschema"));
        command::run(check.args(["--builtin-schema", schema]).args(files(folder, name)?))?;
    }
    Ok(())
}

/// Returns the file with this name in a folder, or all files that no schema names.
fn files(folder: &str, name: &str) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(workspace::root().join(folder)).with_context(|| format!("cannot read {folder}"))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    let is_named = |file: &PathBuf, name: &str| !name.is_empty() && file.ends_with(name);
    files.retain(|file| match name {
        "" => !SCHEMAS.iter().any(|(_, _, name)| is_named(file, name)),
        name => is_named(file, name),
    });
    files.sort();
    ensure!(!files.is_empty(), "no {name} in {folder}");
    Ok(files)
}
