//! Texts that a release must not contain, because they are about the time before the first release.

use std::{collections::BTreeMap, fs, path::Path};

use crate::command;

/// The word that stands for the owner of the repository.
const OWNER: &str = "OWNER";

/// The start of a line that is removed for the first release. It may be a heading or a comment.
const BEFORE: &str = "Before the first release";

/// The files that name the placeholders.
const OWN_FILES: &str = "xtask/src/release/";

/// Returns the numbers of the lines with a placeholder, for each file of the repository that a folder belongs to.
pub(super) fn find(root: &Path) -> anyhow::Result<BTreeMap<String, Vec<usize>>> {
    let files = command::ask(command::command("git").args(["ls-files", "-z"]).current_dir(root))?;
    let mut found = BTreeMap::new();
    for file in files.split_terminator('\0').filter(|file| !file.starts_with(OWN_FILES)) {
        // A binary file has no placeholder. A file that is deleted and not yet committed is listed too.
        let Ok(text) = fs::read_to_string(root.join(file)) else { continue };
        let lines: Vec<_> = lines(&text).collect();
        if !lines.is_empty() {
            found.insert(file.to_owned(), lines);
        }
    }
    Ok(found)
}

/// Returns the numbers of the lines with a placeholder.
fn lines(text: &str) -> impl Iterator<Item = usize> {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    let has_placeholder = move |line: &str| {
        line.split(|it: char| !is_part(it)).any(|word| word == OWNER)
            || line.trim_start_matches(['#', '>', '/', '*', '-', '!', ' ']).starts_with(BEFORE)
    };
    text.lines().enumerate().filter(move |(_, line)| has_placeholder(line)).map(|(index, _)| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_a_word_or_the_start_of_a_line() {
        let text = "https://github.com/OWNER/x\nCODEOWNERS and FILE_OWNER\n## Before the first release\nlater: Before the first release\n> Before the first release, wait";
        assert_eq!(lines(text).collect::<Vec<_>>(), [1, 3, 5]);
    }
}
