//! `sandbox`: a store in a box, until it is told to stop.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    net::Ipv4Addr,
    path::{Path, PathBuf},
};

use clap::{Args, builder::PossibleValuesParser};
use ecwid_coupons::__private::{in_words, input_file::FILE_LIMIT, read_variable};
use ecwid_coupons_sandbox::{
    Config, DEFAULT_CLIENT_SECRET, DEFAULT_STORE_ID, DEFAULT_TOKEN, Limits, SCOPES, Sandbox, SandboxBuilder, Webhook,
};

use crate::{
    dump::{Inputs, Target},
    exit::{Code, Failure},
    fidelity,
    interrupt::Interrupts,
    output::Format,
    settings::{self, Settings},
};

const TOKEN_VARIABLE: &str = "ECWID_SANDBOX_TOKEN";
const CLIENT_SECRET_VARIABLE: &str = "ECWID_SANDBOX_CLIENT_SECRET";

/// What the settings that it shares with the other commands mean here.
pub(crate) const SHARED: [(&str, &str); 3] = [
    ("store_id", "The id of the store to be [default: 1003]"),
    (
        "token_file",
        "A file that holds the token to take, or - for standard input [env: ECWID_SANDBOX_TOKEN] [default: secret_sandbox]",
    ),
    ("format", "How to show what --fidelity shows"),
];

const HELP: &str = "\
The first line on standard output is `listening on` and the address, once requests are taken. The sandbox runs until Ctrl-C \
or SIGTERM, or until standard input ends with --stop-with-stdin, and it listens on this machine alone.";

/// The settings of the sandbox.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    /// The port to listen on, or 0 for any that is free
    #[arg(long, value_name = "PORT", default_value_t = 8025)]
    port: u16,

    /// A host name that requests may be sent to besides localhost and loopback addresses, such as one that a container forwards from;
    /// may be given several times
    #[arg(long, value_name = "NAME")]
    host_name: Vec<String>,

    /// The file to keep the coupons in, made when it is not there and then for this user alone; without it they are in memory
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,

    /// Begin with so many coupons of the kind that a store has after some years; they are the same ones each time. A file that has
    /// coupons already stays as it is
    #[arg(long, value_name = "NUMBER", conflicts_with = "load")]
    seed: Option<u32>,

    /// Begin with the coupons of this JSON file: a dump, or coupons in an array or one to a line. A file that has coupons already
    /// stays as it is
    #[arg(long, value_name = "FILE")]
    load: Option<PathBuf>,

    /// Write all that is in the stores to this file, or to standard output for -, and stop. The file is replaced once the dump is
    /// complete, and this user alone can read it, since it holds e-mail addresses of customers
    #[arg(long, value_name = "FILE")]
    dump: Option<PathBuf>,

    /// The access scopes of the token; all of them unless given
    #[arg(long, value_name = "SCOPE,…", value_delimiter = ',', value_parser = PossibleValuesParser::new(SCOPES))]
    scopes: Option<Vec<String>>,

    /// How many requests a token may send in a minute, or 0 for as many as it likes [default: 600, as documented]
    #[arg(long, value_name = "NUMBER")]
    requests_per_minute: Option<u32>,

    /// Tell this http URL of created, updated and deleted coupons [env for what they are signed with:
    /// ECWID_SANDBOX_CLIENT_SECRET] [default: client_secret_sandbox]
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,

    /// A TOML file with `[[faults]]` that the sandbox is to have, such as `effect = { kind = "status", status = 503 }`
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,

    /// A TOML file with more settings: `[[tokens]]` with `storeId`, `token` and `scopes`, `[limits]`, `[webhook]`, `[[faults]]` and
    /// `seed`
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Stop when standard input ends too, so that the sandbox never outlives a program that holds the other end of it
    #[arg(long)]
    stop_with_stdin: bool,

    /// Show how far each behaviour of the sandbox can be trusted, and start none
    #[arg(long, conflicts_with_all = ["port", "host_name", "db", "seed", "load", "dump", "scopes", "requests_per_minute", "webhook", "faults", "config", "stop_with_stdin", "store_id", "token_file"])]
    fidelity: bool,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    if arguments.fidelity {
        return fidelity::show(settings.format);
    }
    if settings.format != Format::Table {
        return Err(Failure::usage(
            "--format means nothing to `sandbox` without --fidelity",
            "leave it out, or add --fidelity to see what the sandbox can be trusted in",
        ));
    }
    if arguments.stop_with_stdin && settings.token_file.as_deref() == Some(Path::new("-")) {
        return Err(Failure::usage(
            "--stop-with-stdin and `--token-file -` both read standard input",
            format!("give the token another way, such as {TOKEN_VARIABLE}"),
        ));
    }
    let builder = builder(settings, &arguments)?;
    // Signals are caught before the first line is out, so that whoever read it can stop the sandbox.
    let mut signals = Interrupts::listen(&[Code::Interrupted, Code::Terminated])?;
    if let Some(path) = &arguments.dump {
        let Arguments { db, load, config, faults, .. } = &arguments;
        let files = [("--load", load), ("--config", config), ("--faults", faults)];
        let token_file = [("--token-file", &settings.token_file)];
        let target = Target::of(path, &Inputs::new(db.as_deref(), files.into_iter().chain(token_file)))?;
        let sandbox = builder.address((Ipv4Addr::LOCALHOST, 0)).start().await?;
        let written = target.write(&sandbox).await;
        // So that what is in the log of the database goes into its file.
        sandbox.stop().await;
        return written;
    }
    let mut sandbox = builder.start().await?;

    // Locked for a moment only: the sandbox runs on.
    let mut out = io::stdout();
    writeln!(out, "listening on {}", sandbox.base_url()).and_then(|()| out.flush())?;
    let _ = io::stderr().write_all(how_to_use(&sandbox).as_bytes());

    tokio::select! {
        () = sandbox.stopped() => return Err(Failure::other("the sandbox ended by itself", "start it again")),
        _ = signals.next() => {}
        () = end_of_stdin(), if arguments.stop_with_stdin => {}
    }
    tokio::select! {
        () = sandbox.stop() => {}
        // Told a second time, it does not wait for requests under way.
        _ = signals.next() => {}
    }
    Ok(())
}

fn builder(settings: &Settings, arguments: &Arguments) -> Result<SandboxBuilder, Failure> {
    let token = settings.token(TOKEN_VARIABLE)?;
    let mut builder = Sandbox::builder()
        .address((Ipv4Addr::LOCALHOST, arguments.port))
        .store_id(settings.store_id()?.unwrap_or(DEFAULT_STORE_ID))
        .token(token.as_deref().unwrap_or(DEFAULT_TOKEN));
    builder = arguments.host_name.iter().fold(builder, SandboxBuilder::host_name);
    if let Some(scopes) = &arguments.scopes {
        builder = builder.scopes(scopes);
    }
    if let Some(path) = &arguments.db {
        builder = builder.database(path);
    }
    if let Some(path) = &arguments.load {
        builder = builder.load(path);
    }
    for (flag, path) in [("--config", &arguments.config), ("--faults", &arguments.faults)] {
        if let Some(path) = path {
            builder = builder.config(read_config(flag, path)?);
        }
    }
    if let Some(coupons) = arguments.seed {
        builder = builder.seed(coupons);
    }
    builder = match arguments.requests_per_minute {
        Some(0) => builder.unlimited(),
        Some(requests) => builder.limits(Limits::default().requests_per_minute(requests)),
        None => builder,
    };
    if let Some(url) = &arguments.webhook {
        let secret = read_variable(CLIENT_SECRET_VARIABLE)?.unwrap_or_else(|| DEFAULT_CLIENT_SECRET.to_owned());
        builder = builder.webhook(Webhook::new(url).client_secret(secret));
    }
    Ok(builder)
}

/// The settings in a file. The file holds tokens, so that no value of it is in a message.
fn read_config(flag: &str, path: &Path) -> Result<Config, Failure> {
    const HINT: &str = "the README of the sandbox has a file of tokens and one of faults";
    let text = settings::read_text(path, FILE_LIMIT)
        .map_err(|error| Failure::usage(format!("the file of {flag} cannot be read: {error}"), HINT))?;
    toml::from_str(&text).map_err(|error| {
        let line = text[..error.span().map_or(0, |span| span.start.min(text.len()))].lines().count().max(1);
        Failure::usage(
            format!("the file of {flag} is not valid near line {line}: {}", in_words(&without_text(error.message()))),
            HINT,
        )
    })
}

/// What is wrong in the file, without what stands there in quotes or backticks: a value, or a name that is not known.
fn without_text(problem: &str) -> String {
    // These name what the settings have.
    if ["missing field ", "duplicate field "].iter().any(|known| problem.starts_with(known)) {
        return problem.to_owned();
    }
    let (found, expected) = problem.rsplit_once(", expected ").map_or((problem, None), |(a, b)| (a, Some(b)));
    let quotes = ['"', '`', '\''];
    let found = match (found.find(quotes), found.rfind(quotes)) {
        (Some(start), Some(end)) if start < end => format!("{}…{}", &found[..=start], &found[end..]),
        _ => found.to_owned(),
    };
    expected.map_or(found.clone(), |expected| format!("{found}, expected {expected}"))
}

fn how_to_use(sandbox: &Sandbox) -> String {
    let (base_url, store_id) = (sandbox.base_url(), sandbox.store_id());
    let (shown, quotes) = if sandbox.token() == DEFAULT_TOKEN { (DEFAULT_TOKEN, '\'') } else { ("$ECWID_TOKEN", '"') };
    let mut text = format!("store id {store_id}\n");
    let _ = writeln!(
        text,
        "to call it: curl -H {quotes}Authorization: Bearer {shown}{quotes} {base_url}/{store_id}/discount_coupons"
    );
    let _ = write!(text, "to use it:  export ECWID_STORE_ID={store_id} ECWID_BASE_URL={base_url}");
    let _ = match shown {
        DEFAULT_TOKEN => writeln!(text, " ECWID_TOKEN={DEFAULT_TOKEN}"),
        _ => writeln!(text, ", and ECWID_TOKEN to the token that it was given"),
    };
    let origin = base_url.trim_end_matches("/api/v3");
    let _ = writeln!(text, "to look at it: {origin}/");
    let _ = writeln!(text, "to move its clock, place orders, make it fail: {origin}/_sandbox");
    text.push_str("to stop it: Ctrl-C\n");
    text
}

/// Waits until standard input ends, or breaks. What comes before that means nothing.
async fn end_of_stdin() {
    let _ = tokio::io::copy(&mut tokio::io::stdin(), &mut tokio::io::sink()).await;
}
