//! Texts that a release must not contain, because they are about the time before the first release.

use std::{fs, path::Path};

use crate::command;

/// The word that stands for the owner of the repository.
const OWNER: &str = "OWNER";

/// The start of a line that is removed for the first release. It may be a heading or a comment.
const BEFORE: &str = "Before the first release";

/// The files that name the placeholders.
const OWN_FILES: &str = "xtask/src/release/";

/// A line with a placeholder.
pub(super) struct Placeholder {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) text: &'static str,
}

/// Returns the placeholders in all files of the repository that a folder belongs to.
pub(super) fn find(root: &Path) -> anyhow::Result<Vec<Placeholder>> {
    let files = command::ask(command::command("git").args(["ls-files", "-z"]).current_dir(root))?;
    let mut found = Vec::new();
    for file in files.split_terminator('\0').filter(|file| !file.starts_with(OWN_FILES)) {
        // A binary file has no placeholder. A file that is deleted and not yet committed is listed too.
        let Ok(text) = fs::read_to_string(root.join(file)) else { continue };
        found.extend(lines(&text).map(|(line, text)| Placeholder { file: file.to_owned(), line, text }));
    }
    Ok(found)
}

/// Returns the number of each line with a placeholder, and the placeholder.
fn lines(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let is_part = |it: char| it.is_alphanumeric() || it == '_';
        let start = line.trim_start_matches(['#', '>', '/', '*', '-', '!', ' ']);
        if line.split(|it: char| !is_part(it)).any(|word| word == OWNER) {
            Some((index + 1, OWNER))
        } else {
            start.starts_with(BEFORE).then_some((index + 1, BEFORE))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_a_word_or_the_start_of_a_line() {
        let text = "https://github.com/OWNER/x\nCODEOWNERS and FILE_OWNER\n## Before the first release\nlater: Before the first release\n> Before the first release, wait";
        assert_eq!(lines(text).collect::<Vec<_>>(), [(1, OWNER), (3, BEFORE), (5, BEFORE)]);
    }
}
