//! `cargo xtask packages`: packs the crates and the Python packages, and checks the archives as their registries would.

mod archives;
mod readmes;

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail, ensure};

pub(crate) use self::readmes::check_links_to_docs;
use crate::{
    command,
    tools::python::{self, Venv},
    workspace,
};

const REQUIREMENTS: &str = "xtask/tools/packages/requirements.txt";

/// The folders of the Python packages, from the root of the workspace.
pub(crate) const PYTHON_PACKAGES: [&str; 2] = ["python", "python/cli"];

/// Each package has its own copy, because a symbolic link is a text file in a checkout on Windows.
pub(crate) const LICENSES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// Unpacks archives into a folder. The files get the current time, because cargo does not compile files that are older than its
/// results.
const UNPACK: &str = "
import sys, tarfile
into, *archives = sys.argv[1:]
for archive in archives:
    with tarfile.open(archive) as opened:
        opened.extractall(into, filter=lambda member, path: tarfile.data_filter(member, path).replace(mtime=None))
";

/// Packs everything, and writes the list of the packed files. With `check`, fails if the list is out of date, and writes nothing.
pub fn run(check: bool) -> anyhow::Result<()> {
    let metadata = command::metadata("--no-deps")?;
    let published = metadata.packages.iter().filter(|package| command::is_published(package));
    let crates: Vec<_> = published.collect();
    let folders: Vec<PathBuf> =
        crates.iter().filter_map(|it| it.manifest_path.parent()).map(|folder| folder.as_std_path().into()).collect();
    let folders: Vec<_> =
        folders.into_iter().chain(PYTHON_PACKAGES.map(|folder| workspace::root().join(folder))).collect();
    check_licenses(&folders)?;
    let readmes: Vec<_> = folders.iter().map(|folder| folder.join("README.md")).collect();
    readmes::check(&readmes)?;

    let target = command::target()?;
    let venv = Venv::installed("packages", REQUIREMENTS)?;
    let mut names: Vec<&str> = crates.iter().map(|it| it.name.as_str()).collect();
    // In the order of their archives.
    names.sort_by_key(|name| format!("{name}-{}.crate", crates[0].version));
    let mut archives = pack_crates(&names, &target)?;
    compile_crates(&venv, &names, &archives, &target)?;
    let python_archives = pack_python(&venv, &target.join("python-packages"))?;
    check_python(&venv, &python_archives)?;
    archives.extend(python_archives);
    archives::compare(&venv, &archives, check)
}

/// Checks that each package has a copy of both license texts.
fn check_licenses(folders: &[PathBuf]) -> anyhow::Result<()> {
    for license in LICENSES {
        let text = fs::read_to_string(workspace::root().join(license))?;
        for path in folders.iter().map(|folder| folder.join(license)) {
            let copy = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            ensure!(copy == text, "not a copy of {license}: {}\nhint: copy the file", path.display());
            ensure!(!path.is_symlink(), "a symbolic link: {}\nhint: copy {license}", path.display());
        }
    }
    Ok(())
}

/// Packs the crates, and returns the archives.
fn pack_crates(names: &[&str], target: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folder = target.join("package");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let mut package = command::cargo("package --locked --allow-dirty --quiet --no-verify");
    package.args(names.iter().flat_map(|name| ["--package", name]));
    command::run(package.arg("--target-dir").arg(target))?;
    files_in(&folder, "crate")
}

/// Compiles each packed crate with its default features, in a workspace that has only the packed crates.
///
/// `cargo package` would do this without `--no-verify`. But it compiles all dependencies again, or it takes the crates of an
/// earlier run for those of this run if it uses the same target folder.
fn compile_crates(venv: &Venv, names: &[&str], archives: &[PathBuf], target: &Path) -> anyhow::Result<()> {
    let folder = target.join("unpacked-crates");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir(&folder)?;
    command::run(command::command(venv.program("python")).args(["-c", UNPACK]).arg(&folder).args(archives))?;

    let mut manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n\n[patch.crates-io]\n".to_owned();
    for (name, archive) in names.iter().zip(archives) {
        let unpacked = archive.file_stem().unwrap_or_default().to_string_lossy();
        let _ = writeln!(manifest, "{name} = {{ path = \"{unpacked}\" }}");
    }
    // With the profile of the workspace, the compiled dependencies are used.
    let workspace: toml::Table = fs::read_to_string(workspace::root().join("Cargo.toml"))?.parse()?;
    let profile = toml::Table::from_iter([("profile".to_owned(), workspace["profile"].clone())]);
    fs::write(folder.join("Cargo.toml"), format!("{manifest}\n{profile}"))?;
    fs::copy(workspace::root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    for name in names {
        let mut build = command::cargo("build --quiet --package");
        command::run(build.arg(name).arg("--target-dir").arg(target).current_dir(&folder))?;
    }
    Ok(())
}

/// Returns the folder of the Python packages that this step builds.
pub(crate) fn pack_wheels() -> anyhow::Result<PathBuf> {
    let folder = command::target()?.join("python-packages");
    build_wheels(&Venv::installed("packages", REQUIREMENTS)?, &folder)?;
    Ok(folder)
}

/// Builds a wheel and a source distribution of each Python package, and returns their paths.
fn pack_python(venv: &Venv, into: &Path) -> anyhow::Result<Vec<PathBuf>> {
    build_wheels(venv, into)?;
    build_sdists(venv, into)?;
    Ok([files_in(into, "whl")?, files_in(into, "gz")?].concat())
}

/// Builds the wheel of each Python package into a new folder.
fn build_wheels(venv: &Venv, into: &Path) -> anyhow::Result<()> {
    if into.exists() {
        fs::remove_dir_all(into).with_context(|| format!("cannot remove {}", into.display()))?;
    }
    for package in PYTHON_PACKAGES {
        command::run(maturin(venv, package).args(["build", "--profile", "dev", "--locked", "--out"]).arg(into))?;
    }
    Ok(())
}

/// Builds the source distribution of each Python package.
pub(crate) fn build_sdists(venv: &Venv, into: &Path) -> anyhow::Result<()> {
    PYTHON_PACKAGES
        .iter()
        .try_for_each(|package| command::run(maturin(venv, package).args(["sdist", "--out"]).arg(into)))
}

/// Runs the checks of the Python packaging tools.
pub(crate) fn check_python(venv: &Venv, archives: &[PathBuf]) -> anyhow::Result<()> {
    command::run(command::command(venv.program("twine")).args(["check", "--strict"]).args(archives))?;
    for archive in archives {
        if archive.extension().is_some_and(|it| it == "whl") {
            let mut contents = command::command(venv.program("check-wheel-contents"));
            // W007: the wheel of the command has programs and no module.
            command::run(contents.args(["--ignore", "W007"]).arg(archive))?;
        } else {
            let mut pyroma = command::command(venv.program("pyroma"));
            // pyroma installs the build backend.
            let backend = venv.download("build-backend", python::BUILD_BACKEND)?;
            pyroma.env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", &backend);
            command::run(pyroma.arg("--min=10").arg(archive))?;
        }
    }
    Ok(())
}

/// Returns a command that runs maturin in the folder of a Python package.
pub(crate) fn maturin(venv: &Venv, package: &str) -> Command {
    let mut maturin = command::command(venv.program("maturin"));
    maturin.current_dir(workspace::root().join(package));
    maturin
}

/// Returns the files with this extension in a folder, in order.
pub(crate) fn files_in(folder: &Path, extension: &str) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    let mut found: Vec<_> =
        paths.into_iter().filter(|path| path.extension().is_some_and(|it| it == extension)).collect();
    found.sort();
    if found.is_empty() {
        bail!("no file `*.{extension}` in {}", folder.display());
    }
    Ok(found)
}
