//! The maintainers' commands: `cargo xtask --help` lists them.

use std::{path::PathBuf, process::ExitCode};

use anyhow::bail;
use clap::{Parser, Subcommand};
use xtask::{bench, browser, ci, generate, pages, public_api, report::Format, verify, workspace};

/// The maintainers' commands of ecwid-coupons.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write everything that is generated from openapi/ecwid-coupons.yaml.
    Generate {
        /// Write nothing; fail when a generated file is not what the document says.
        #[arg(long)]
        check: bool,
    },
    /// Hold openapi/ecwid-coupons.yaml against the vendor's pages.
    ///
    /// Without --pages it is held against openapi/pages.lock.toml, which is what the pages said when they were last read.
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
    Pages {
        #[command(subcommand)]
        command: PagesCommand,
    },
    /// Measure how fast it is, each time beside the plain way to do the same.
    Bench {
        #[command(subcommand)]
        subject: bench::Subject,
    },
    /// Write crates/ecwid-coupons/public-api.txt: what users of the client can name.
    PublicApi {
        /// Write nothing; fail when the list is not what the code says.
        #[arg(long)]
        check: bool,
    },
    /// Print the browser that `ci` opens the sandbox's web page in.
    ///
    /// It is the program that `ECWID_CHROMIUM` names, or else the first that opens a page: of those on the PATH, and then the one
    /// of an npm package. Exits with 1 and says how to install one when none does.
    Browser,
    /// Run everything that a change must pass.
    Ci(ci::Arguments),
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
    let command = Arguments::parse().command;
    // What looks for differences says with 1 that it found some, and so with 2 that it could not look.
    let failure = if matches!(command, Command::Verify { .. } | Command::Pages { .. }) { 2 } else { 1 };
    let result = match command {
        Command::Generate { check } => generate::run(check).map(|()| 0),
        Command::Verify { pages, update_lock, operations, no_types, format } => verify::run(&verify::Options {
            root: workspace::root(),
            pages,
            update_lock,
            operations,
            types: !no_types,
            today: verify::today(),
        })
        .and_then(|report| {
            print!("{}", report.write(format, &workspace::root())?);
            Ok(report.exit_code())
        }),
        Command::Pages { command: PagesCommand::Fetch { into, base } } => {
            let options = pages::fetch::Options { base, ..pages::fetch::Options::new(workspace::root(), into) };
            pages::fetch::run(&options, |page| println!("{page}")).map(|report| {
                println!("{report}");
                report.exit_code()
            })
        }
        Command::Bench { subject } => bench::run(&subject).map(|()| 0),
        Command::PublicApi { check } => public_api::run(check).and_then(|outcome| match outcome {
            public_api::Outcome::Current => Ok(0),
            public_api::Outcome::Unreadable { reason } => bail!("{reason}"),
        }),
        Command::Browser => browser::find().map(|browser| {
            println!("{}", browser.program.display());
            0
        }),
        Command::Ci(arguments) => ci::run(&arguments).map(|()| 0),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // Not by returning it, which would add a backtrace where the environment asks for those of panics.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(failure)
        }
    }
}
