//! Running other programs.

use std::{
    env,
    ffi::OsStr,
    io::{self, BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use cargo_metadata::{Message, Metadata, MetadataCommand, Package};

use crate::workspace;

pub(crate) struct Spent {
    /// The command line.
    pub(crate) command: String,
    pub(crate) time: Duration,
}

/// The times of the commands since the last call of [`take_spent`].
static SPENT: Mutex<Vec<Spent>> = Mutex::new(Vec::new());

/// Returns the time of each command that ended since the last call.
pub(crate) fn take_spent() -> Vec<Spent> {
    std::mem::take(&mut SPENT.lock().unwrap_or_else(PoisonError::into_inner))
}

fn add_spent(command: &Command, since: Instant) {
    let spent = Spent { command: shown(command), time: since.elapsed() };
    SPENT.lock().unwrap_or_else(PoisonError::into_inner).push(spent);
}

/// Returns a command that runs in the root of the workspace without standard input.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root()).stdin(Stdio::null());
    // `cargo run` sets these variables for xtask. A nested cargo would pass them to build scripts, and the scripts would run
    // again whenever the variables appear or disappear.
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") || name.to_string_lossy().starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// Returns the output of `cargo metadata` with this argument.
pub(crate) fn metadata(argument: &str) -> anyhow::Result<Metadata> {
    let metadata = ask(cargo("metadata --format-version 1 --locked").arg(argument))?;
    Ok(MetadataCommand::parse(metadata)?)
}

/// Returns whether a package is published on crates.io.
pub(crate) fn is_published(package: &Package) -> bool {
    package.publish.as_deref() != Some(&[])
}

/// Returns the target folder of cargo.
pub(crate) fn target() -> anyhow::Result<PathBuf> {
    Ok(metadata("--no-deps")?.target_directory.into())
}

/// Returns the cargo that runs xtask, with arguments that contain no spaces.
pub fn cargo(arguments: &str) -> Command {
    let mut cargo = command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments.split(' '));
    cargo
}

/// Runs the command, and fails if the command fails. Prints the output only then.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let (status, output) = capture(command)?;
    if !status.success() {
        print!("{output}");
    }
    check(command, status)
}

/// Runs the command, prints its output immediately, and returns it. Fails if the command fails.
pub(crate) fn run_shown(command: &mut Command) -> anyhow::Result<String> {
    let (status, output) = read_lines(command, |line| print!("{line}"))?;
    check(command, status)?;
    Ok(output)
}

/// Runs the command, and returns its status and its output to standard output and standard error.
pub(crate) fn capture(command: &mut Command) -> anyhow::Result<(ExitStatus, String)> {
    read_lines(command, |_| ())
}

fn read_lines(command: &mut Command, each: impl Fn(&str)) -> anyhow::Result<(ExitStatus, String)> {
    // Standard output is reserved for output that programs read, such as the results of a benchmark.
    eprintln!("$ {}", shown(command));
    let since = Instant::now();
    let (reader, writer) = io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    let child = command.spawn();
    // The command holds the writing ends of the pipe. Replace them, because reading would not end otherwise.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = child.with_context(|| format!("cannot start `{}`", shown(command)))?;

    let (mut reader, mut output, mut line) = (BufReader::new(reader), String::new(), Vec::new());
    while reader.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        each(&text);
        output.push_str(&text);
        line.clear();
    }
    let status = child.wait()?;
    add_spent(command, since);
    Ok((status, output))
}

/// Runs the command and returns its standard output, without printing the command line.
pub fn ask(command: &mut Command) -> anyhow::Result<String> {
    let since = Instant::now();
    let output = command.output().with_context(|| format!("cannot start `{}`", shown(command)))?;
    add_spent(command, since);
    if !output.status.success() {
        print!("{}", String::from_utf8_lossy(&output.stderr));
    }
    check(command, output.status)?;
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs a cargo command that builds one program, and returns the path of the program.
pub(crate) fn artifact(cargo: &mut Command) -> anyhow::Result<PathBuf> {
    // The progress of the build goes to standard error, because standard output is reserved for results.
    let messages = ask(cargo.args(["--message-format", "json"]).stderr(Stdio::inherit()))?;
    let mut messages = Message::parse_stream(messages.as_bytes());
    let program = messages.find_map(|message| match message {
        Ok(Message::CompilerArtifact(artifact)) => artifact.executable,
        _ => None,
    });
    program.map(PathBuf::from).with_context(|| format!("no program was built by `{}`", shown(cargo)))
}

fn check(command: &Command, status: ExitStatus) -> anyhow::Result<()> {
    if !status.success() {
        bail!("`{}` failed: {status}", shown(command));
    }
    Ok(())
}

/// Returns the command line with the name of the program, and with paths relative to the root of the workspace.
fn shown(command: &Command) -> String {
    let root = workspace::root();
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let arguments =
        command.get_args().map(|argument| Path::new(argument).strip_prefix(&root).unwrap_or(Path::new(argument)));
    [Path::new(program)].into_iter().chain(arguments).map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
