//! `sandbox`: runs a sandbox until it is stopped.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
};

use clap::{Args, builder::PossibleValuesParser};
use ecwid_coupons::__private::{UnknownName, in_words, input_file::FILE_LIMIT, line_and_column, read_variable};
use ecwid_coupons_sandbox::{
    Config, DEFAULT_CLIENT_SECRET, DEFAULT_STORE_ID, DEFAULT_TOKEN, Limits, SCOPES, Sandbox, SandboxBuilder, Webhook,
};
use serde_path_to_error::Segment;

use crate::{
    dump::{Inputs, Target},
    exit::{self, Code, Failure},
    fidelity,
    interrupt::Interrupts,
    number,
    output::Format,
    settings::{self, Settings},
};

const TOKEN_VARIABLE: &str = "ECWID_SANDBOX_TOKEN";
const CLIENT_SECRET_VARIABLE: &str = "ECWID_SANDBOX_CLIENT_SECRET";

/// The help of the settings that `sandbox` shares with the other subcommands.
pub(crate) const SHARED: [(&str, &str); 4] = [
    ("store_id", "Simulate the store with this id [default: 1003]"),
    (
        "token_file",
        "Read the accepted token from this file, or from standard input if PATH is - [env: ECWID_SANDBOX_TOKEN] [default: secret_sandbox]",
    ),
    ("format", "Print the output of --fidelity in this format"),
    (
        "config",
        "Read more settings from this TOML file: `[[tokens]]` with `storeId`, `token` and `scopes`, `[limits]`, `[webhook]`, \
         `[[faults]]` and `seed`",
    ),
];

const HELP: &str = "\
When the sandbox is ready, it prints `listening on` and its address to standard output. It runs until Ctrl-C or SIGTERM, or with --stop-with-stdin until standard input ends.";

/// The arguments of `sandbox`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    /// Listen on this port, or on any free port if PORT is 0
    #[arg(long, value_name = "PORT", default_value_t = 8025, value_parser = number::within(0..=u16::MAX))]
    port: u16,

    /// Listen on this address. With an address other than a loopback address, other machines can reach the sandbox
    #[arg(long, value_name = "ADDRESS", default_value_t = Ipv4Addr::LOCALHOST.into())]
    host: IpAddr,

    /// Accept requests to this host name too, such as the name of a container. Loopback addresses, localhost and the address
    /// of --host are always accepted. Can be repeated
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,

    /// Keep the coupons in this database file instead of in memory; a new file is readable by your user only
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,

    /// Seed the store of --store-id with this many generated coupons. The data is deterministic. A database that has coupons is
    /// not changed
    #[arg(long, value_name = "NUMBER", conflicts_with = "load", value_parser = number::within(0..=u32::MAX))]
    seed: Option<u32>,

    /// Load the coupons of this JSON file: a dump, an array of coupons, or one coupon per line. A database that has coupons is
    /// not changed
    #[arg(long, value_name = "FILE")]
    load: Option<PathBuf>,

    /// Write the content of all stores to this file, or to standard output for -, and exit. An existing file is replaced when
    /// the dump is complete. Only your user can read the file, because it contains e-mail addresses of customers
    #[arg(long, value_name = "FILE")]
    dump: Option<PathBuf>,

    /// Grant these access scopes to the token [default: all scopes]
    #[arg(long, value_name = "SCOPE,…", value_delimiter = ',', value_parser = PossibleValuesParser::new(SCOPES))]
    scopes: Option<Vec<String>>,

    /// Limit each token to this many requests per minute, or set no limit if NUMBER is 0 [default: 600, as documented]
    #[arg(long, value_name = "NUMBER", value_parser = number::within(0..=u32::MAX))]
    requests_per_minute: Option<u32>,

    /// Send a webhook to this http URL when a coupon is created, updated or deleted. The webhook is signed with the value of
    /// ECWID_SANDBOX_CLIENT_SECRET, or with client_secret_sandbox if the variable is not set
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,

    /// Add the faults of this TOML file, in tables `[[faults]]` such as `effect = { kind = "status", status = 503 }`
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,

    /// Also stop when standard input ends, so that the sandbox does not outlive the program that started it
    #[arg(long)]
    stop_with_stdin: bool,

    /// Print how each behavior is known (documented, observed or assumed) and exit
    #[arg(long, conflicts_with_all = ["port", "host", "allow_host", "db", "seed", "load", "dump", "scopes", "requests_per_minute", "webhook", "faults", "config", "stop_with_stdin", "store_id", "token_file"])]
    fidelity: bool,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    if arguments.fidelity {
        return fidelity::show(settings.format);
    }
    if settings.format != Format::Table {
        return Err(Failure::usage(
            "`--format` cannot be used with `sandbox` without `--fidelity`",
            "remove `--format` or add `--fidelity`",
        ));
    }
    if arguments.stop_with_stdin && settings.token_file.as_deref() == Some(Path::new("-")) {
        return Err(Failure::usage(
            "`--stop-with-stdin` and `--token-file -` cannot both read standard input",
            format!("set `{TOKEN_VARIABLE}` or pass the path of a token file"),
        ));
    }
    let builder = builder(settings, &arguments)?;
    // Handle signals before the first line is printed, so that a program that has read the line can stop the sandbox.
    let mut signals = Interrupts::listen(&[Code::Interrupted, Code::Terminated])?;
    if let Some(path) = &arguments.dump {
        let Arguments { db, load, faults, .. } = &arguments;
        let files = [("--load", load), ("--config", &settings.config), ("--faults", faults)];
        let token_file = [("--token-file", &settings.token_file)];
        let target = Target::of(path, &Inputs::new(db.as_deref(), files.into_iter().chain(token_file)))?;
        let sandbox = builder.address((Ipv4Addr::LOCALHOST, 0)).start().await?;
        let written = target.write(&sandbox).await;
        // Moves the content of the database's log into its file.
        sandbox.stop().await;
        return written;
    }
    let mut sandbox = builder.start().await?;

    // Do not hold the lock on standard output while the sandbox runs.
    let mut out = io::stdout();
    writeln!(out, "listening on {}", sandbox.base_url()).and_then(|()| out.flush())?;
    let _ = io::stderr().write_all(how_to_use(&sandbox).as_bytes());
    if !arguments.host.is_loopback() {
        exit::warn(&format!(
            "other machines can reach the sandbox at `{}`, and its control API needs no token; do not load customer data",
            arguments.host
        ));
    }

    tokio::select! {
        () = sandbox.stopped() => return Err(Failure::other("the sandbox stopped unexpectedly", "start it again")),
        _ = signals.next() => {}
        () = end_of_stdin(), if arguments.stop_with_stdin => {}
    }
    tokio::select! {
        () = sandbox.stop() => {}
        // After a second signal, do not wait for requests in progress.
        _ = signals.next() => {}
    }
    Ok(())
}

fn builder(settings: &Settings, arguments: &Arguments) -> Result<SandboxBuilder, Failure> {
    let token = settings.token(TOKEN_VARIABLE)?;
    let mut builder = Sandbox::builder()
        .address((arguments.host, arguments.port))
        .store_id(settings.store_id()?.unwrap_or(DEFAULT_STORE_ID))
        .token(token.as_deref().unwrap_or(DEFAULT_TOKEN));
    builder = arguments.allow_host.iter().fold(builder, SandboxBuilder::allow_host);
    if let Some(scopes) = &arguments.scopes {
        builder = builder.scopes(scopes);
    }
    if let Some(path) = &arguments.db {
        builder = builder.database(path);
    }
    if let Some(path) = &arguments.load {
        builder = builder.load(path);
    }
    for (flag, path) in [("--config", &settings.config), ("--faults", &arguments.faults)] {
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

/// Reads a file of settings. No error contains a value from the file, because the file contains tokens.
fn read_config(flag: &str, path: &Path) -> Result<Config, Failure> {
    let text = settings::read_text(path, FILE_LIMIT).map_err(|error| {
        let hint = format!("pass the path of a UTF-8 text file that you can read to `{flag}`");
        Failure::usage(format!("cannot read the file of `{flag}`: {error}"), hint)
    })?;
    let refused = |error: &toml::de::Error, section: &str, key: &str| {
        let (line, column) = line_and_column(&text, error.span().map_or(0, |span| span.start));
        let problem = in_words(&without_text(error.message()));
        let message = format!("invalid file of `{flag}` at line {line} column {column}: {key}{problem}");
        let (_, example) = EXAMPLES.iter().find(|(name, _)| *name == section).unwrap_or(&EXAMPLES[0]);
        Failure::usage(
            message,
            format!("write settings such as {example}; the page `Sandbox` of the documentation has more examples"),
        )
    };
    let parsed = toml::Deserializer::parse(&text).map_err(|error| refused(&error, "", ""))?;
    serde_path_to_error::deserialize(parsed).map_err(|error| {
        let section = error.path().iter().next().map(ToString::to_string);
        refused(error.inner(), &section.unwrap_or_default(), &key_of(&error))
    })
}

/// The settings of a file, and an example of each for hints.
const EXAMPLES: [(&str, &str); 8] = [
    ("limits", "`[limits]` with `requestsPerMinute = 60`"),
    ("batches", "`[batches]` with `countItems = true`"),
    ("changes", "`[changes]` with `ordersUpdate = true`"),
    ("seed", "`seed = 20`"),
    ("stores", "`[[stores]]` with `storeId = 1004`, `token = \"…\"` and `seed = 20`"),
    ("tokens", "`[[tokens]]` with `storeId = 1004` and `token = \"…\"`"),
    ("webhook", "`[webhook]` with `url = \"http://127.0.0.1:9000/\"`"),
    ("faults", "`[[faults]]` with `effect = { kind = \"status\", status = 503 }`"),
];

/// Returns the key of a wrong value and a colon. An unknown key, which can be a token, is not part of the path.
fn key_of(error: &serde_path_to_error::Error<toml::de::Error>) -> String {
    let is_known = error.path().iter().all(|segment| !matches!(segment, Segment::Unknown));
    let is_of_value = error.path().iter().next().is_some() && UnknownName::parse(error.inner().message()).is_none();
    if is_known && is_of_value { format!("`{}`: ", error.path()) } else { String::new() }
}

/// Removes quoted texts from an error of the TOML parser, because they can be values from the file. The name of a misspelled
/// setting is shown with the suggestion.
fn without_text(problem: &str) -> String {
    // These errors contain names of settings, or a number that is out of range.
    if ["missing field ", "duplicate field ", "invalid value: integer "].iter().any(|known| problem.starts_with(known))
    {
        return problem.to_owned();
    }
    if let Some(UnknownName { name, meant: Some(meant), .. }) = UnknownName::parse(problem) {
        return format!("unknown name: `{name}` (did you mean `{meant}`?)");
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
    let mut text = format!("Store id: {store_id}\n");
    let others = sandbox.store_ids().into_iter().filter(|id| *id != store_id).map(|id| id.to_string());
    let others = others.collect::<Vec<_>>().join(", ");
    if !others.is_empty() {
        let _ = writeln!(text, "Other stores: {others}, with their tokens in the file of --config");
    }
    let _ = writeln!(
        text,
        "Send a request: curl -H {quotes}Authorization: Bearer {shown}{quotes} {base_url}/{store_id}/discount_coupons"
    );
    let _ = write!(text, "Set up the command: export ECWID_STORE_ID={store_id} ECWID_BASE_URL={base_url}");
    let _ = match shown {
        DEFAULT_TOKEN => writeln!(text, " ECWID_TOKEN={DEFAULT_TOKEN}"),
        _ => writeln!(text, "; set ECWID_TOKEN to the token of the sandbox"),
    };
    let origin = base_url.trim_end_matches("/api/v3");
    let _ = writeln!(text, "Open the web page: {origin}/");
    let _ = writeln!(text, "Control the clock, orders and faults: {origin}/_sandbox");
    text.push_str("Stop the sandbox: Ctrl-C\n");
    text
}

/// Waits until standard input ends or fails. The input itself is ignored.
async fn end_of_stdin() {
    let _ = tokio::io::copy(&mut tokio::io::stdin(), &mut tokio::io::sink()).await;
}
