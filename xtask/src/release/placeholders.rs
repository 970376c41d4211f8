//! Texts that a release must not contain, because they are about the time before the first release.

use std::{collections::BTreeMap, fs, path::Path};

use crate::command;

/// The word that stands for the owner of the repository.
const OWNER: &str = "OWNER";

/// A phrase in sentences that are not true after the first release, in lower case.
const BEFORE: &str = "before the first release";

/// Commands that install a package from a clone. They are replaced by those that install it from a registry.
const FROM_CLONE: [&str; 4] =
    ["--path crates/", "--path ../ecwid-coupons/", "pip install ./python", "pip install './python"];

/// The files that name the placeholders.
const OWN_FILES: &str = "xtask/src/release/";

/// Returns the numbers of the lines with a placeholder, for each file of the repository that a folder belongs to.
pub(super) fn find(root: &Path) -> anyhow::Result<BTreeMap<String, Vec<usize>>> {
    let files = command::ask(command::command("git").args(["ls-files", "-z"]).current_dir(root))?;
    let mut found = BTreeMap::new();
    for file in files.split_terminator('\0').filter(|file| !file.starts_with(OWN_FILES)) {
        // A binary file has no placeholder. A file that is deleted and not yet committed is listed too.
        let Ok(text) = fs::read_to_string(root.join(file)) else { continue };
        let lines = lines(&text);
        if !lines.is_empty() {
            found.insert(file.to_owned(), lines);
        }
    }
    Ok(found)
}

/// Returns the numbers of the lines with a placeholder.
fn lines(text: &str) -> Vec<usize> {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    let lines: Vec<_> = text.lines().collect();
    let has_placeholder = |index: &usize| {
        let line = lines[*index];
        // The phrase may be broken over two lines.
        let next = lines.get(index + 1).unwrap_or(&"").trim_start().to_lowercase();
        let both = format!("{} {next}", line.to_lowercase());
        line.split(|it: char| !is_part(it)).any(|word| word == OWNER)
            || both.contains(BEFORE) && !next.contains(BEFORE)
            || FROM_CLONE.iter().any(|command| line.contains(command))
    };
    (0..lines.len()).filter(has_placeholder).map(|index| index + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_a_word_a_phrase_or_a_command() {
        let text = "\
https://github.com/OWNER/ecwid-coupons
CODEOWNERS and FILE_OWNER
## Before the first release
Use a clone before the first
release.
$ pip install './python[polars]'
$ pip install -e python
$ cargo install ecwid-coupons-cli
";
        assert_eq!(lines(text), [1, 3, 4, 6]);
    }
}
