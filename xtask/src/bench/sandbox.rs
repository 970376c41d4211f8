//! `cargo xtask bench sandbox`: compares the sandbox of the command with Prism.

use std::{fs, path::Path};

use anyhow::Context as _;
use serde_norway::Value;
use ureq::http::Method;

use super::{prism::Prism, program::measure, row::Results};
use crate::{
    command,
    sandbox::{STORE_ID, Sandbox, TOKEN},
    tools::node::Packages,
    workspace::{self, DOCUMENT},
};

/// The number of coupons in the sandbox, which fill a page of a search.
const COUPONS: &str = "1000";

pub(super) fn run(program: &Path, packages: &Packages, rounds: u32, seconds: u64) -> anyhow::Result<Results> {
    let sandbox = Sandbox::start(&Sandbox::build(&["--release"])?, &["--seed", COUPONS])?;
    let prism = Prism::start(packages, Path::new(DOCUMENT))?;
    let page = sandbox.send(Method::GET, &format!("/api/v3/{STORE_ID}/discount_coupons?limit=100"), None)?;
    let folder = tempfile::tempdir()?;
    let document = folder.path().join("with-page.yaml");
    fs::write(&document, with_page(&page)?)?;
    let prism_with_page = Prism::start(packages, &document)?;

    let mut program = command::command(program);
    program.args(["--sandbox", sandbox.origin().trim_start_matches("http://")]);
    program.args(["--prism", &prism.address().to_string()]);
    program.args(["--prism-with-page", &prism_with_page.address().to_string()]);
    program.args(["--store-id", &STORE_ID.to_string(), "--token", TOKEN]);
    program.args(["--rounds", &rounds.to_string(), "--seconds", &seconds.to_string()]);
    measure(&mut program)
}

/// Returns the document with a page as the example of the response to a search.
fn with_page(page: &str) -> anyhow::Result<String> {
    let path = workspace::root().join(DOCUMENT);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut document: Value = serde_norway::from_str(&text)?;
    let place = ["paths", "/{storeId}/discount_coupons", "get", "responses", "200", "content", "application/json"];
    let response = place.iter().try_fold(&mut document, |value, name| value.get_mut(name));
    let response =
        response.and_then(Value::as_mapping_mut).with_context(|| format!("{DOCUMENT} has no {}", place.join(".")))?;
    response.insert("example".into(), serde_json::from_str(page)?);
    Ok(serde_norway::to_string(&document)?)
}
