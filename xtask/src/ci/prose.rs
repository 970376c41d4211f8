//! The step `prose`: spelling, Markdown, and phrases that have a plain replacement.

use std::fs;

use anyhow::bail;

use crate::{command, tools::python::Venv, workspace};

const REQUIREMENTS: &str = "xtask/tools/prose/requirements.txt";

/// The endings of files whose text people read.
const TEXTS: &[&str] = &["md", "rs", "py", "pyi", "yaml", "toml", "html", "js", "mjs", "ipynb"];

/// This file, which has to name the phrases.
const THIS_FILE: &str = "xtask/src/ci/prose.rs";

/// Phrases that readers stumbled over, in lower case, each with its replacement.
const PHRASES: &[(&str, &str)] = &[
    ("as every call can fail", "see [`Error`] for errors common to all calls"),
    ("begin with so many", "seed with this many"),
    ("goes by the", "depends on the"),
    ("in a box", "local sandbox"),
    ("lets go of", "closes"),
    ("load anew", "reload"),
    ("means nothing to", "cannot be used with"),
    ("missed in silence", "skipped"),
    ("never doubled", "never duplicated"),
    ("no retry doubles", "no retry duplicates"),
    ("nobody is told of", "is not sent"),
    ("surely did nothing", "did not process the request"),
    ("told apart from", "distinguished from"),
    ("what has none", "name the thing"),
    ("what it is sent", "the request"),
];

/// Runs the spell checker and the Markdown linter, and looks for the phrases.
pub(super) fn run() -> anyhow::Result<()> {
    let venv = Venv::installed("prose", REQUIREMENTS)?;
    let typos = ["--config", "xtask/tools/prose/typos.toml", "--format", "brief", "."];
    command::run(command::command(venv.program("typos")).args(typos))?;
    let rumdl = ["check", "--config", "xtask/tools/prose/rumdl.toml", "--no-cache", "."];
    command::run(command::command(venv.program("rumdl")).args(rumdl))?;

    let files = command::ask(command::command("git").arg("ls-files"))?;
    let mut found = 0;
    for file in files.lines().filter(|&file| is_text(file) && file != THIS_FILE) {
        // A file that is deleted and not yet committed is listed too.
        let Ok(text) = fs::read_to_string(workspace::root().join(file)) else { continue };
        for (number, phrase, instead) in phrases_in(&text) {
            println!("{file}:{number}: \"{phrase}\" (instead: \"{instead}\")");
            found += 1;
        }
    }
    if found > 0 {
        bail!("{found} phrases have a plain replacement, see above");
    }
    Ok(())
}

fn is_text(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, ending)| TEXTS.contains(&ending))
}

/// Returns the line number of each phrase in a text, with the phrase and its replacement.
///
/// A phrase may be broken over two lines of a comment.
fn phrases_in(text: &str) -> Vec<(usize, &'static str, &'static str)> {
    let lines: Vec<String> = text.lines().map(words).collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let next = lines.get(index + 1).map_or("", String::as_str);
        let both = format!("{line} {next}");
        let starts_here = |phrase: &str| both.contains(phrase) && !next.contains(phrase);
        found.extend(
            PHRASES
                .iter()
                .filter(|(phrase, _)| starts_here(phrase))
                .map(|&(phrase, instead)| (index + 1, phrase, instead)),
        );
    }
    found
}

/// Returns a line in lower case without the marks of a comment.
fn words(line: &str) -> String {
    line.trim().trim_start_matches(['/', '!', '#', '*']).trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_in_any_case_and_over_two_lines() {
        assert_eq!(phrases_in("a\nA store In A Box"), [(2, "in a box", "local sandbox")]);
        assert_eq!(phrases_in("/// a store in\n/// a box\n"), [(1, "in a box", "local sandbox")]);
        assert_eq!(phrases_in("a store in\n\na box"), []);
    }

    #[test]
    fn phrases_are_in_lower_case_and_in_order() {
        assert!(PHRASES.is_sorted());
        assert!(PHRASES.iter().all(|(phrase, _)| phrase.to_lowercase() == *phrase));
    }
}
