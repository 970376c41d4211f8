//! The step `browser`: opens the sandbox's web page and the documentation site in a browser.

use std::{fs, process::Command};

use crate::{
    browser::{self, Browser, CHROMIUM},
    command, docs,
    sandbox::{STORE_ID, Sandbox, TOKEN},
    tools::node::Packages,
    workspace,
};

pub(super) fn run() -> anyhow::Result<()> {
    let browser = browser::find()?;
    println!("browser: {}", browser.program.display());
    let packages = Packages::install("browser", "xtask/tools/browser")?;

    let sandbox = Sandbox::start(&Sandbox::build(&[])?, &[])?;
    let mut node = script(&packages, &browser, "web_page.mjs")?;
    node.env("SANDBOX", sandbox.origin()).env("STORE_ID", STORE_ID.to_string()).env("TOKEN", TOKEN);
    command::run_shown(&mut node)?;

    let site = docs::run()?;
    command::run_shown(script(&packages, &browser, "site.mjs")?.env("SITE", site))?;
    Ok(())
}

/// Returns a command that runs a script of `tests/browser`.
fn script(packages: &Packages, browser: &Browser, name: &str) -> anyhow::Result<Command> {
    // Node.js looks for packages only in the folders around the script.
    let script = packages.folder().join(name);
    fs::copy(workspace::root().join("tests/browser").join(name), &script)?;
    let mut node = packages.node_on(&script);
    node.env(CHROMIUM, &browser.program).envs(browser.environment.iter().map(|(name, value)| (name, value)));
    Ok(node)
}
