//! The list of the files in each archive, so that reviewers see what is shipped.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};

use super::LICENSES;
use crate::{command, tools::python::Venv, workspace};

const LIST: &str = "xtask/tools/packages/archives.txt";

const HEAD: &str = "\
# The files in each published archive, written by `cargo xtask packages`.
# The Rust sources in a folder `src`, and the Python sources in a package, are one line for each folder.
";

/// Prints the name of each file in an archive.
const NAMES: &str = "
import sys, tarfile, zipfile
path = sys.argv[1]
names = zipfile.ZipFile(path).namelist() if path.endswith('.whl') else tarfile.open(path).getnames()
print('\\n'.join(names))
";

/// Compares the files in the archives with the list, or writes the list unless `check` is set.
pub(super) fn compare(venv: &Venv, archives: &[PathBuf], check: bool) -> anyhow::Result<()> {
    let version = command::metadata("--no-deps")?;
    let version = version.packages.first().context("no package in the workspace")?.version.to_string();
    let mut list = HEAD.to_owned();
    for archive in archives {
        let names = command::ask(command::command(venv.program("python")).args(["-c", NAMES]).arg(archive))?;
        for license in LICENSES {
            ensure!(names.lines().any(|name| name.ends_with(license)), "no {license} in {}", archive.display());
        }
        let _ = writeln!(list, "\n[{}]", kind(archive, &version));
        for name in shortened(&names, &version) {
            let _ = writeln!(list, "{name}");
        }
    }

    let path = workspace::root().join(LIST);
    if !check {
        return fs::write(&path, list).with_context(|| format!("cannot write {LIST}"));
    }
    let listed = fs::read_to_string(&path).unwrap_or_default();
    if listed != list {
        let (old, new): (BTreeSet<_>, BTreeSet<_>) = (listed.lines().collect(), list.lines().collect());
        old.difference(&new).for_each(|line| println!("- {line}"));
        new.difference(&old).for_each(|line| println!("+ {line}"));
        bail!("other files are packed than {LIST} lists; see above\nhint: run `cargo xtask packages`");
    }
    Ok(())
}

/// Returns the name of an archive without its version and platform.
fn kind(archive: &Path, version: &str) -> String {
    let name = archive.file_name().unwrap_or_default().to_string_lossy();
    let package = name.split(&format!("-{version}")).next().unwrap_or_default();
    format!("{package}, {}", name.rsplit('.').next().unwrap_or_default())
}

/// Returns the names in order, without the version, and one name for the sources in a folder.
fn shortened(names: &str, version: &str) -> BTreeSet<String> {
    let shortened = names.lines().map(|name| {
        let name = name.replace(&format!("-{version}"), "");
        match name.rsplit_once('/') {
            Some((folder, file)) if file.ends_with(".rs") && format!("{folder}/").contains("/src/") => {
                format!("{folder}/*.rs")
            }
            Some((folder, file)) if file.ends_with(".py") && folder.contains("ecwid_coupons") => {
                format!("{folder}/*.py")
            }
            _ => name,
        }
    });
    shortened.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_one_name_for_each_folder() {
        let names =
            "a-0.1.0/build.rs\na-0.1.0/src/lib.rs\na-0.1.0/src/b/mod.rs\na-0.1.0/src/b/c.rs\na-0.1.0/tests/t.rs";
        let expected = ["a/build.rs", "a/src/*.rs", "a/src/b/*.rs", "a/tests/t.rs"];
        assert_eq!(shortened(names, "0.1.0"), expected.map(str::to_owned).into());
    }

    #[test]
    fn an_archive_is_named_without_its_version_and_platform() {
        for (file, name) in [
            ("ecwid_coupons-0.1.0-cp311-abi3-linux_x86_64.whl", "ecwid_coupons, whl"),
            ("ecwid_coupons-0.1.0.tar.gz", "ecwid_coupons, gz"),
            ("ecwid-coupons-jobs-0.1.0.crate", "ecwid-coupons-jobs, crate"),
        ] {
            assert_eq!(kind(Path::new(file), "0.1.0"), name);
        }
    }
}
