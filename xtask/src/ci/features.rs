//! The step `features`: the client is built with each choice of its features.

use crate::command;

/// The choices of TLS besides the default one, which all other steps build.
const CHOICES: [&str; 4] = ["", "rustls", "aws-lc-rs", "ring,aws-lc-rs"];

pub(super) fn run() -> anyhow::Result<()> {
    for features in CHOICES {
        let choice = format!("--package ecwid-coupons --no-default-features --features={features} --locked");
        // What is for tests alone turns features of dependencies on, so that the test cannot see that one is missing.
        command::run(&mut command::cargo(&format!("clippy {choice} -- -D warnings")))?;
        command::run(&mut command::cargo(&format!("test {choice} --test tls_features")))?;
    }
    Ok(())
}
