//! `dist image`: the files of the sandbox's image. `Containerfile` copies them, so that no compiler runs in the image.

use std::fs;

use anyhow::{Context as _, bail};

use super::{archive, wheels};
use crate::command;

/// The targets of the static programs, and the names of their architectures in images.
const TARGETS: [(&str, &str); 2] = [("x86_64-unknown-linux-musl", "amd64"), ("aarch64-unknown-linux-musl", "arm64")];

/// Writes the program for a target to `target/image`. Defaults to the architecture of this machine.
pub(super) fn run(target: Option<&str>) -> anyhow::Result<()> {
    let is_wanted = |name: &str| target.map_or(name.starts_with(std::env::consts::ARCH), |target| name == target);
    let Some((target, architecture)) = TARGETS.into_iter().find(|(name, _)| is_wanted(name)) else {
        let names = TARGETS.map(|(name, _)| name).join("` or `");
        bail!("no image for this target: `{}` (expected `{names}`)", target.unwrap_or(std::env::consts::ARCH))
    };
    let into = command::target()?.join("image").join(architecture);
    fs::create_dir_all(&into).with_context(|| format!("cannot make {}", into.display()))?;
    archive::unpack_program(&wheels::command(target)?, &into)?;
    println!("wrote the program to {}", into.display());
    Ok(())
}
