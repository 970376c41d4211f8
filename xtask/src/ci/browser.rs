//! The step `browser`: opens the sandbox's web page in a browser, and fills in its forms.

use std::fs;

use crate::{
    browser::{self, CHROMIUM},
    command,
    sandbox::{STORE_ID, Sandbox, TOKEN},
    tools::node::Packages,
    workspace,
};

const SCRIPT: &str = "tests/browser/web_page.mjs";

pub(super) fn run() -> anyhow::Result<()> {
    let browser = browser::find()?;
    println!("browser: {}", browser.program.display());
    let packages = Packages::install("browser", "xtask/tools/browser")?;
    // Node.js looks for packages only in the folders around the script.
    let script = packages.folder().join("web_page.mjs");
    fs::copy(workspace::root().join(SCRIPT), &script)?;
    let sandbox = Sandbox::start(&Sandbox::build(&[])?, &[])?;
    let mut node = packages.node_on(&script);
    node.env("SANDBOX", sandbox.origin()).env("STORE_ID", STORE_ID.to_string()).env("TOKEN", TOKEN);
    node.env(CHROMIUM, &browser.program).envs(browser.environment);
    command::run_shown(&mut node)?;
    Ok(())
}
