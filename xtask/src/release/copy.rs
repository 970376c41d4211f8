//! A copy of the work tree, in which a release is prepared.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::command;

/// The name of the copy in the target folder.
const NAME: &str = "next-release";

/// Copies the work tree as a repository of its own, and returns its folder. The copy replaces an older one.
///
/// Changes that are not committed are copied too, and are committed in the copy, so that its diff is the release.
pub(super) fn create(root: &Path) -> anyhow::Result<PathBuf> {
    let copy = command::target()?.join(NAME);
    if copy.exists() {
        fs::remove_dir_all(&copy).with_context(|| format!("cannot remove {}", copy.display()))?;
    }
    command::run(command::command("git").args(["clone", "--quiet", "--shared"]).arg(root).arg(&copy))?;
    let git = |arguments: &[&str]| command::ask(command::command("git").args(arguments).current_dir(root));
    let changed = git(&["diff", "--name-only", "-z", "HEAD"])?;
    let added = git(&["ls-files", "-z", "--others", "--exclude-standard"])?;
    for file in changed.split_terminator('\0').chain(added.split_terminator('\0')) {
        let (from, to) = (root.join(file), copy.join(file));
        if !from.exists() {
            fs::remove_file(&to).with_context(|| format!("cannot remove {}", to.display()))?;
            continue;
        }
        fs::create_dir_all(to.parent().context("a file without a folder")?)?;
        fs::copy(&from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    command::run(command::command("git").args(["add", "--all"]).current_dir(&copy))?;
    Ok(copy)
}
