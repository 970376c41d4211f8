//! Starts the command `ecwid-coupons`, which is installed in the same folder.

use std::{
    env::{self, consts::EXE_SUFFIX},
    io,
    process::{Command, ExitCode},
};

fn main() -> ExitCode {
    let place = env::current_exe().map(|program| program.with_file_name(format!("ecwid-coupons{EXE_SUFFIX}")));
    let result = place.and_then(|place| run(Command::new(&place).args(env::args_os().skip(1))));
    result.unwrap_or_else(|error| {
        eprintln!("error: cannot start `ecwid-coupons`: {error}\nhint: reinstall `ecwid-coupons-cli`");
        ExitCode::FAILURE
    })
}

/// Replaces this process by the command.
#[cfg(unix)]
fn run(command: &mut Command) -> io::Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;

    Err(command.exec())
}

/// Runs the command, and returns its exit code. Only Unix can replace a process.
#[cfg(windows)]
fn run(command: &mut Command) -> io::Result<ExitCode> {
    // Both processes receive Ctrl-C. While this value exists, it does not end this process, so that the command can end first.
    let _ctrl_c = tokio::signal::windows::ctrl_c()?;
    let code = command.status()?.code().unwrap_or(1);
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}
