//! The program of `cargo xtask verify` and `cargo xtask pages`.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use xtask::workspace;
use xtask_verify::{Format, Options, fetch, run, today};

/// Compares the OpenAPI document with the vendor's pages.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compare openapi/ecwid-coupons.yaml with the vendor's pages.
    ///
    /// Without --pages it is compared with openapi/pages.lock.toml, which is what the pages said when they were last read.
    /// Exits with 0 when all agrees, 1 when something disagrees, 2 when something could not be checked.
    Verify {
        /// The folder of the pages, of which every .md and .txt file is read; or one page.
        #[arg(long, value_name = "DIR")]
        pages: Option<PathBuf>,
        /// Write what the pages say into openapi/pages.lock.toml.
        #[arg(long, requires = "pages")]
        update_lock: bool,
        /// Look at this operation alone; may be given several times.
        #[arg(long = "operation", value_name = "ID", conflicts_with = "update_lock")]
        operations: Vec<String>,
        /// Do not build the client to compare its types with the document.
        #[arg(long)]
        no_types: bool,
        /// How the findings are written.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Work with the vendor's pages.
    #[command(arg_required_else_help = true)]
    Pages {
        #[command(subcommand)]
        command: PagesCommand,
    },
}

#[derive(Subcommand)]
enum PagesCommand {
    /// Fetch every page that the document or openapi/pages.lock.toml names.
    ///
    /// What comes in place of a page, such as a form to sign in or half of it, is reported and leaves the older file alone.
    /// Exits with 0 when every page was fetched, 2 when some were not.
    Fetch {
        /// The folder that the pages are written to, each at the path of its address.
        #[arg(long, value_name = "DIR")]
        into: PathBuf,
        /// Where the pages are fetched from, in place of the scheme and host of their addresses; for a mirror.
        #[arg(long, value_name = "URL")]
        base: Option<String>,
    },
}

fn main() -> ExitCode {
    let root = workspace::root();
    let result = match Arguments::parse().command {
        Command::Verify { pages, update_lock, operations, no_types, format } => {
            let types = !no_types;
            let options = Options { root: root.clone(), pages, update_lock, operations, types, today: today() };
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
        // Not by returning it, which would add a backtrace where the environment asks for those of panics. 1 says that there are
        // differences, and so 2 says that it could not look.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
