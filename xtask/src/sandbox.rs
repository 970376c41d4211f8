//! [`Sandbox`]: a sandbox that the command runs in a separate process.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use serde_json::Value;
use ureq::{
    Agent,
    http::{Method, Request},
};

use crate::command::{self, artifact};

pub(crate) const TOKEN: &str = "secret_sandbox";

pub(crate) const STORE_ID: i64 = 1003;

/// A sandbox that runs until this value is dropped.
pub(crate) struct Sandbox {
    process: Child,
    base_url: String,
    agent: Agent,
}

impl Sandbox {
    /// Starts a sandbox on a free port, without a rate limit.
    pub(crate) fn start(program: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut command = command::command(program);
        command.args(["sandbox", "--port", "0", "--requests-per-minute", "0"]).env("ECWID_SANDBOX_TOKEN", TOKEN);
        command.args(["--store-id", &STORE_ID.to_string()]).args(arguments);
        let settings = Agent::config_builder().proxy(None).timeout_global(Some(Duration::from_secs(20)));
        let agent = settings.http_status_as_error(false).build().new_agent();
        let mut process =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().context("cannot start the sandbox")?;
        let output = process.stdout.take();
        // From here on, dropping this value ends the process, also if it does not print its address.
        let mut sandbox = Self { process, base_url: String::new(), agent };
        let mut line = String::new();
        BufReader::new(output.context("the sandbox has no output")?).read_line(&mut line)?;
        let address = line.trim().strip_prefix("listening on ").context("the sandbox did not print its address")?;
        address.clone_into(&mut sandbox.base_url);
        Ok(sandbox)
    }

    /// Builds the command, and returns the path of its program.
    pub(crate) fn build(arguments: &[&str]) -> anyhow::Result<PathBuf> {
        artifact(command::cargo("build --package ecwid-coupons-cli --bin ecwid-coupons --locked").args(arguments))
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The address of the web page, without the trailing slash.
    pub(crate) fn origin(&self) -> &str {
        self.base_url.trim_end_matches("/api/v3")
    }

    /// Sends a request and returns the body of the response. Fails unless the status is a success.
    pub(crate) fn send(&self, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<String> {
        let request = Request::builder().method(&method).uri(format!("{}{path}", self.origin()));
        let request = request.header("authorization", format!("Bearer {TOKEN}"));
        let mut response = match body {
            Some(body) => self.agent.run(request.header("content-type", "application/json").body(body.to_string())?)?,
            None => self.agent.run(request.body(())?)?,
        };
        let status = response.status();
        ensure!(status.is_success(), "unexpected response of the sandbox to {method} {path}: {status}");
        Ok(response.body_mut().read_to_string()?)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
