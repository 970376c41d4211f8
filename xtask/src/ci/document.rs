//! The step `document`: checks that the OpenAPI document is valid, describes each field, and passes the linter.
//!
//! The validator is a Python program, and the linter runs in Node.js. Only Python must be installed, because pip installs Node.js
//! too. All packages are pinned in `xtask/tools`.

use anyhow::bail;

use crate::{command, generate, tools::node::Packages, workspace::DOCUMENT};

const LINTER_SETTINGS: &str = "openapi/redocly.yaml";

/// Checks the descriptions, installs the tools if necessary, and runs both tools.
pub(super) fn run() -> anyhow::Result<()> {
    // The linter does not check the descriptions of fields.
    let undescribed = generate::undescribed_fields()?;
    if !undescribed.is_empty() {
        bail!("fields without a description in {DOCUMENT}: {}", undescribed.join(", "));
    }

    // The linter runs first, because it reports in one line what the validator reports in a thousand.
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
