//! The command line of the maintainers' commands. `cargo xtask --help` lists them.

#[cfg(test)]
mod workflows;

use std::{ffi::OsString, process::ExitCode};

use anyhow::bail;
use clap::{Args, Parser, Subcommand};
use xtask::{
    bench, browser, ci, dist, docs, drift, fuzz, generate, man, packages, public_api, python_matrix, release, verify,
};

/// The maintainers' commands of ecwid-coupons
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate code from openapi/ecwid-coupons.yaml
    Generate {
        /// Fail if a generated file is out of date, and write nothing
        #[arg(long)]
        check: bool,
    },
    /// Compare openapi/ecwid-coupons.yaml with the vendor's documentation pages
    #[command(disable_help_flag = true)]
    Verify(Passed),
    /// Download the vendor's documentation pages
    #[command(disable_help_flag = true)]
    Pages(Passed),
    /// Keep an issue on GitHub about differences between the document and the vendor's current pages
    Drift(drift::Arguments),
    /// Run the fuzz targets of the client
    Fuzz(fuzz::Arguments),
    /// Measure the performance, compared with other libraries and servers
    ///
    /// A missed target is reported but is no failure, because a busy machine can miss a target.
    Bench(bench::Arguments),
    /// Write the public API of the client to crates/ecwid-coupons/public-api.txt
    PublicApi {
        /// Fail if the file is out of date, and write nothing
        #[arg(long)]
        check: bool,
    },
    /// Pack the crates and the Python packages, and write the list of their files to xtask/tools/packages/archives.txt
    Packages {
        /// Fail if the file is out of date, and write nothing
        #[arg(long)]
        check: bool,
    },
    /// Build the files that a release uploads, into target/dist
    Dist {
        #[command(subcommand)]
        part: dist::Part,
    },
    /// Test the Python package with the oldest or newest libraries that its extras allow
    PythonMatrix(python_matrix::Arguments),
    /// Write the manual pages of the command to target/man
    Man,
    /// Build the documentation site into target/site
    ///
    /// Fails on a warning, such as a link to a page or heading that does not exist.
    Docs,
    /// Print the browser in which `ci` tests the sandbox's web page
    ///
    /// If `ECWID_CHROMIUM` is set, it is that program. Otherwise it is the first browser that opens a test page: a browser on the
    /// `PATH`, or else the browser of an npm package. If no browser opens the page, the exit code is 1 and the message says how
    /// to install one.
    Browser,
    /// Prepare a release in the work tree, and upload nothing
    ///
    /// Writes the version and the changelog if the checks pass. They compare the public interfaces with those of the last release, find
    /// placeholders, and pack the archives.
    Release(release::Arguments),
    /// Run all checks that a change must pass
    Ci(ci::Arguments),
}

/// Arguments that are passed to the program of another package, which also prints their help.
#[derive(Args)]
struct Passed {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl Passed {
    fn on(self, command: &str) -> anyhow::Result<u8> {
        verify::run(&[&[command.into()], self.arguments.as_slice()].concat())
    }
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Generate { check } => generate::run(check).map(|()| 0),
        Command::Verify(passed) => passed.on("verify"),
        Command::Pages(passed) => passed.on("pages"),
        Command::Drift(arguments) => drift::run(&arguments).map(|()| 0),
        Command::Fuzz(arguments) => fuzz::run(&arguments).map(|()| 0),
        Command::Bench(arguments) => bench::run(&arguments).map(|()| 0),
        Command::PublicApi { check } => {
            public_api::run(check).and_then(|unreadable| unreadable.map_or(Ok(0), |reason| bail!(reason)))
        }
        Command::Packages { check } => packages::run(check).map(|()| 0),
        Command::Dist { part } => dist::run(&part).map(|()| 0),
        Command::PythonMatrix(arguments) => python_matrix::run(&arguments).map(|()| 0),
        Command::Man => man::run().map(|()| 0),
        Command::Docs => docs::run().map(|site| {
            println!("wrote the site to {}; show it with `python3 -m http.server --directory {0}`", site.display());
            0
        }),
        Command::Browser => browser::find().map(|browser| {
            println!("{}", browser.program.display());
            0
        }),
        Command::Release(arguments) => release::run(&arguments).map(|()| 0),
        Command::Ci(arguments) => ci::run(&arguments).map(|()| 0),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // Returning the error would print a backtrace if the environment enables backtraces of panics.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
