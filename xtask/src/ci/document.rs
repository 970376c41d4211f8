//! The step `document`: the OpenAPI document is valid, each field has a description, and the linter finds nothing.
//!
//! The validator is a Python program and the linter a Node.js one. Python is the one thing that must be there: pip
//! installs Node.js beside the validator. All of it is pinned in `xtask/tools`.

use anyhow::bail;

use crate::{command, generate, tools::node::Packages, workspace::DOCUMENT};

const LINTER_SETTINGS: &str = "openapi/redocly.yaml";

/// Looks for the descriptions, installs the tools where they are not yet, and runs both.
pub(super) fn run() -> anyhow::Result<()> {
    // The linter does not ask for these.
    let undescribed = generate::undescribed_fields()?;
    if !undescribed.is_empty() {
        bail!("{DOCUMENT} does not describe the fields {}", undescribed.join(", "));
    }

    // The linter first: what both find it says in a line, and the validator in a thousand.
    command::run(
        Packages::install("npm", "xtask/tools")?
            .node("@redocly/cli/bin/cli.js")
            .args(["lint", DOCUMENT, "--config", LINTER_SETTINGS, "--format=stylish"])
            .env("REDOCLY_TELEMETRY", "off")
            .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"),
    )?;
    let mut validator = command::command(Packages::venv()?.program("openapi-spec-validator"));
    command::run(validator.args(["--schema", "3.0", "--validation-errors", "all", DOCUMENT]))
}
