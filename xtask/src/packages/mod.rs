//! `cargo xtask packages`: packs the crates and the Python packages, and checks the archives as their registries would.

mod archives;
mod readmes;

use std::{
    fs,
    path::{Path, PathBuf},
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
const PYTHON_PACKAGES: [&str; 2] = ["python", "python/cli"];

/// Each package has its own copy, because a symbolic link is a text file in a checkout on Windows.
const LICENSES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// The profile of the workspace, which a packed crate does not have. With it, the compiled dependencies are used.
const PROFILE: [&str; 4] =
    ["--config", "profile.dev.debug='line-tables-only'", "--config", "profile.dev.package.'*'.debug=false"];

/// Packs everything, and writes the list of the packed files. With `check`, fails if the list is out of date, and writes nothing.
pub fn run(check: bool) -> anyhow::Result<()> {
    let metadata = command::metadata("--no-deps")?;
    let published = metadata.packages.iter().filter(|package| package.publish.as_deref() != Some(&[]));
    let crates: Vec<_> = published.collect();
    let folders: Vec<PathBuf> =
        crates.iter().filter_map(|it| it.manifest_path.parent()).map(|folder| folder.as_std_path().into()).collect();
    let folders: Vec<_> =
        folders.into_iter().chain(PYTHON_PACKAGES.map(|folder| workspace::root().join(folder))).collect();
    check_licenses(&folders)?;
    let readmes: Vec<_> = folders.iter().map(|folder| folder.join("README.md")).collect();
    readmes::check(&readmes)?;

    let target = command::target()?;
    let names: Vec<&str> = crates.iter().map(|it| it.name.as_str()).collect();
    let mut archives = pack_crates(&names, &target)?;
    let venv = Venv::installed("packages", REQUIREMENTS)?;
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

/// Packs the crates, compiles each packed crate, and returns the archives.
fn pack_crates(names: &[&str], target: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folder = target.join("package");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let mut package = command::cargo("package --locked --allow-dirty --quiet");
    package.args(names.iter().flat_map(|name| ["--package", name]));
    command::run(package.args(PROFILE).arg("--target-dir").arg(target))?;
    files_in(&folder, "crate")
}

/// Builds a wheel and a source distribution of each Python package, and returns their paths.
fn pack_python(venv: &Venv, into: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if into.exists() {
        fs::remove_dir_all(into).with_context(|| format!("cannot remove {}", into.display()))?;
    }
    for package in PYTHON_PACKAGES {
        for arguments in [&["build", "--profile", "dev", "--locked"][..], &["sdist"]] {
            let mut maturin = command::command(venv.program("maturin"));
            maturin.args(arguments).arg("--out").arg(into).current_dir(workspace::root().join(package));
            command::run(&mut maturin)?;
        }
    }
    Ok([files_in(into, "whl")?, files_in(into, "gz")?].concat())
}

/// Runs the checks of the Python packaging tools.
fn check_python(venv: &Venv, archives: &[PathBuf]) -> anyhow::Result<()> {
    command::run(command::command(venv.program("twine")).args(["check", "--strict"]).args(archives))?;
    let backend = venv.download("build-backend", python::BUILD_BACKEND)?;
    for archive in archives {
        if archive.extension().is_some_and(|it| it == "whl") {
            let mut contents = command::command(venv.program("check-wheel-contents"));
            // W007: the wheel of the command has programs and no module.
            command::run(contents.args(["--ignore", "W007"]).arg(archive))?;
        } else {
            let mut pyroma = command::command(venv.program("pyroma"));
            // pyroma installs the build backend.
            pyroma.env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", &backend);
            command::run(pyroma.arg("--min=10").arg(archive))?;
        }
    }
    Ok(())
}

/// Returns the files with this extension in a folder, in order.
fn files_in(folder: &Path, extension: &str) -> anyhow::Result<Vec<PathBuf>> {
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
