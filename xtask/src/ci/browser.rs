//! The step `browser`: the sandbox's web page is opened in Chromium, and its forms are filled in.
//!
//! The browser is a package of npm, so that nothing has to be installed with the rights of an administrator. It is one for
//! Linux on x86-64; elsewhere `ECWID_CHROMIUM` names the program of a Chromium that is there.

use std::{env, fs};

use super::{Skipped, StepResult};
use crate::{
    command,
    sandbox::{STORE_ID, Sandbox, TOKEN},
    tools::node::Packages,
    workspace,
};

const SCRIPT: &str = "tests/browser/web_page.mjs";

/// The variable with the program of a Chromium.
const CHROMIUM: &str = "ECWID_CHROMIUM";

/// Starts a sandbox and runs the script on it.
pub(super) fn run() -> StepResult {
    let is_packed_for = cfg!(all(target_os = "linux", target_arch = "x86_64"));
    if !is_packed_for && env::var_os(CHROMIUM).is_none() {
        let reason = format!("npm has no Chromium for this machine; set {CHROMIUM} to the program of one");
        return Ok(vec![Skipped { part: "the browser", reason }]);
    }
    let packages = Packages::install("browser", "xtask/tools/browser")?;
    // A script finds packages beside itself alone.
    let script = packages.folder().join("web_page.mjs");
    fs::copy(workspace::root().join(SCRIPT), &script)?;
    let sandbox = Sandbox::start(&Sandbox::build(&[])?, &[])?;
    let mut node = packages.node_on(&script);
    node.env("SANDBOX", sandbox.origin()).env("STORE_ID", STORE_ID.to_string()).env("TOKEN", TOKEN);
    // The browser is unpacked there, once, with the libraries that it needs: the package does so where it thinks that it runs as a
    // function in the cloud.
    let unpacked = packages.folder().join("unpacked");
    fs::create_dir_all(&unpacked)?;
    command::run_shown(node.env("TMPDIR", unpacked).env("AWS_LAMBDA_JS_RUNTIME", "nodejs24.x"))?;
    Ok(Vec::new())
}
