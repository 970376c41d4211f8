//! The program that `cargo xtask verify` and `cargo xtask pages` run.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use xtask::workspace;
use xtask_verify::{Format, Options, fetch, run, today};

/// Compare the OpenAPI document with the vendor's documentation pages
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compare openapi/ecwid-coupons.yaml with the vendor's documentation pages
    ///
    /// Without --pages, compares the document with openapi/pages.lock.toml, which has the claims of the pages that were read last.
    /// The exit code is 0 if everything agrees, 1 if there are differences, and 2 if a claim could not be checked.
    Verify {
        /// Read all .md and .txt files of this folder, or a single page
        #[arg(long, value_name = "DIR")]
        pages: Option<PathBuf>,
        /// Write the claims of the pages to openapi/pages.lock.toml
        #[arg(long, requires = "pages")]
        update_lock: bool,
        /// Accept that the folder has no page of an operation whose page is in the lock
        #[arg(long, requires = "pages")]
        skip_missing_pages: bool,
        /// Check only this operation; can be repeated
        #[arg(long = "operation", value_name = "ID", conflicts_with = "update_lock")]
        operations: Vec<String>,
        /// Skip the comparison with the generated types, which builds the client
        #[arg(long)]
        no_types: bool,
        /// Set the output format
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Work with the vendor's documentation pages
    #[command(arg_required_else_help = true)]
    Pages {
        #[command(subcommand)]
        command: PagesCommand,
    },
}

#[derive(Subcommand)]
enum PagesCommand {
    /// Download all pages in the document and openapi/pages.lock.toml
    ///
    /// An incomplete page, or a response that is not the page, such as a sign-in form, is reported and does not replace an
    /// existing file. The exit code is 0 if all pages were downloaded, and 2 otherwise.
    Fetch {
        /// Write the pages to this folder, each at the path of its address
        #[arg(long, value_name = "DIR")]
        into: PathBuf,
        /// Download from a mirror with this URL, which replaces the scheme and the host of the addresses
        #[arg(long, value_name = "URL")]
        base: Option<String>,
    },
}

fn main() -> ExitCode {
    let root = workspace::root();
    let result = match Arguments::parse().command {
        Command::Verify { pages, update_lock, skip_missing_pages, operations, no_types, format } => {
            let types = !no_types;
            let root_path = root.clone();
            let options =
                Options { root: root_path, pages, update_lock, skip_missing_pages, operations, types, today: today() };
            run(&options).and_then(|report| {
                print!("{}", report.write(format, &root)?);
                Ok(report.exit_code())
            })
        }
        Command::Pages { command: PagesCommand::Fetch { into, base } } => {
            let options = fetch::Options { base, ..fetch::Options::new(root, into) };
            fetch::run(&options, |page| println!("{page}")).map(|report| {
                println!("{report}");
                report.exit_code()
            })
        }
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // Returning the error would print a backtrace if the environment enables backtraces of panics. The exit code is 2, because
        // 1 means that there are differences.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
