//! `cargo xtask dist`: builds the files that a release uploads, into `target/dist`.

mod archive;
mod checksums;
mod files;
mod image;
mod sbom;
mod smoke;
mod wheels;

use std::env;

use clap::Subcommand;

use self::files::{folder, keep, venv};
use crate::{command, packages};

#[derive(Subcommand)]
pub enum Part {
    /// Build the wheels of both Python packages
    ///
    /// A wheel for Linux is linked with zig, so it can be built on any Linux machine and runs on old distributions. A wheel for
    /// macOS or Windows is built on that system.
    Wheels(Target),
    /// Build the source distributions of both Python packages
    Sdists,
    /// Build an archive with the command, its manual pages and completions
    Archive(Target),
    /// Write the program that `Containerfile` copies into the image of the sandbox, into target/image
    Image {
        /// The target triple of a static program; defaults to that with the architecture of this machine
        #[arg(long, value_name = "TRIPLE")]
        target: Option<String>,
    },
    /// Write a software bill of materials (SBOM) of the command and of the Python extension, in the format of CycloneDX
    Sbom,
    /// Install the wheels from target/dist that fit this machine into a new environment, and use them
    Smoke {
        /// The Python to use; defaults to that of the other commands
        #[arg(long, value_name = "PROGRAM")]
        python: Option<String>,
    },
    /// Write SHA256SUMS, the checksums of all files in target/dist
    Checksums,
}

#[derive(clap::Args)]
pub struct Target {
    /// The target triple; defaults to that of this machine
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
}

/// Builds this part.
///
/// # Errors
///
/// A file cannot be built or written, or does not pass the checks of its registry.
pub fn run(part: &Part) -> anyhow::Result<()> {
    match part {
        Part::Wheels(target) => wheels::run(&target.triple()?),
        Part::Sdists => build_sdists(),
        Part::Archive(target) => archive::run(&target.triple()?),
        Part::Image { target } => image::run(target.as_deref()),
        Part::Sbom => sbom::run(),
        Part::Smoke { python } => smoke::run(&folder()?, python.as_deref()),
        Part::Checksums => checksums::run(&folder()?),
    }
}

impl Target {
    fn triple(&self) -> anyhow::Result<String> {
        match &self.target {
            Some(triple) => Ok(triple.clone()),
            None => host(),
        }
    }
}

/// Builds the source distributions, and checks them before they get into the folder of the release.
fn build_sdists() -> anyhow::Result<()> {
    let venv = venv()?;
    let into = tempfile::tempdir_in(command::target()?)?;
    packages::build_sdists(&venv, into.path())?;
    let archives = packages::files_in(into.path(), "gz")?;
    packages::check_python(&venv, &archives)?;
    archives.iter().try_for_each(|archive| keep(archive).map(drop))
}

/// Tests the wheels that the step `packages` builds. The release profile takes many times as long.
pub(crate) fn smoke_packages() -> anyhow::Result<()> {
    smoke::run(&packages::pack_wheels()?, None)
}

/// Returns the target triple of this machine.
fn host() -> anyhow::Result<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Ok(command::ask(command::command(rustc).args(["--print", "host-tuple"]))?.trim().to_owned())
}
