//! `dist archive`: the command with its manual pages and completions, for users without Python or Rust.

use std::{fs, path::Path, process::Command};

use anyhow::Context as _;

use super::{
    files::{folder, time, venv, version},
    wheels,
};
use crate::{command, packages::LICENSES, sandbox::Sandbox, workspace};

const README: &str = "crates/ecwid-coupons-cli/README.md";

/// The shells, and the names of the files from which they load the completions of a command.
const COMPLETIONS: [(&str, &str); 5] = [
    ("bash", "ecwid-coupons.bash"),
    ("elvish", "ecwid-coupons.elv"),
    ("fish", "ecwid-coupons.fish"),
    ("powershell", "_ecwid-coupons.ps1"),
    ("zsh", "_ecwid-coupons"),
];

const UNPACK_PROGRAM: &str = "
import pathlib, sys, zipfile
wheel, into = sys.argv[1:]
with zipfile.ZipFile(wheel) as opened:
    [member] = [name for name in opened.namelist() if pathlib.PurePosixPath(name).stem == 'ecwid-coupons' and '/scripts/' in name]
    program = pathlib.Path(into, pathlib.PurePosixPath(member).name)
    program.write_bytes(opened.read(member))
    program.chmod(0o755)
";

/// Packs a folder into an archive whose bytes depend only on the files and on the time.
const PACK: &str = "
import gzip, pathlib, sys, tarfile, time, zipfile
folder, archive, seconds = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
files = sorted(path for path in folder.rglob('*') if path.is_file())

def plain(member):
    member.uid = member.gid = 0
    member.uname = member.gname = ''
    member.mtime = seconds
    member.mode = 0o755 if member.mode & 0o100 else 0o644
    return member

if archive.endswith('.zip'):
    with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED) as opened:
        for path in files:
            info = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), time.gmtime(seconds)[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            opened.writestr(info, path.read_bytes())
else:
    with gzip.GzipFile('', 'wb', fileobj=open(archive, 'wb'), mtime=seconds) as packed:
        with tarfile.open(fileobj=packed, mode='w') as opened:
            for path in files:
                opened.add(path, path.relative_to(folder.parent).as_posix(), filter=plain)
";

/// Builds the archive for a target.
pub(super) fn run(target: &str) -> anyhow::Result<()> {
    let name = format!("ecwid-coupons-{}-{target}", version()?);
    let build = tempfile::tempdir_in(command::target()?)?;
    let content = build.path().join(&name);
    fs::create_dir(&content)?;

    // The wheel and the archive have the same program.
    unpack_program(&wheels::command(target)?, &content)?;
    write_help(&content)?;
    let root = workspace::root();
    for file in [README].iter().chain(&LICENSES) {
        copy(&root.join(file), &content)?;
    }
    let extension = if target.contains("-windows-") { "zip" } else { "tar.gz" };
    let archive = folder()?.join(format!("{name}.{extension}"));
    command::ask(script(PACK)?.arg(&content).arg(&archive).arg(time()?))?;
    println!("built {}", archive.display());
    Ok(())
}

/// Writes the program in a wheel of the command to a folder.
pub(super) fn unpack_program(wheel: &Path, into: &Path) -> anyhow::Result<()> {
    command::ask(script(UNPACK_PROGRAM)?.arg(wheel).arg(into)).map(drop)
}

fn script(text: &str) -> anyhow::Result<Command> {
    let mut python = command::command(venv()?.program("python"));
    python.args(["-c", text]);
    Ok(python)
}

/// Writes the manual pages and the completions. They are the same for all targets, so the command is built for this machine.
fn write_help(content: &Path) -> anyhow::Result<()> {
    let program = Sandbox::build(&[])?;
    let pages = content.join("man");
    fs::create_dir(&pages)?;
    command::run(command::command(&program).arg("man").arg(&pages))?;
    let completions = content.join("completions");
    fs::create_dir(&completions)?;
    for (shell, file) in COMPLETIONS {
        let text = command::ask(command::command(&program).args(["completions", shell]))?;
        fs::write(completions.join(file), text)?;
    }
    Ok(())
}

fn copy(file: &Path, into: &Path) -> anyhow::Result<()> {
    let to = into.join(file.file_name().context("no file name")?);
    fs::copy(file, to).with_context(|| format!("cannot copy {}", file.display()))?;
    Ok(())
}
