//! `cargo xtask drift`: compares the OpenAPI document with the current pages, and keeps an issue on GitHub about the differences.
//!
//! The text of the pages can be anything. It reaches GitHub in a file, and is a code block of the issue.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};
use clap::Args;
use serde::Deserialize;

use crate::{command, verify};

const TITLE: &str = "The API documentation of Ecwid has changed";

/// The maximum length of an issue. GitHub counts characters, which are at most as many as the bytes.
const MAX_LENGTH: usize = 65_536;

const INTRODUCTION: &str = "The OpenAPI document and the current pages of Ecwid differ. Follow the section \"When Ecwid changes \
    its API documentation\" in `ARCHITECTURE.md`.\n\nThis issue is closed automatically when there is no difference any more. \
    `cargo xtask verify` printed:";

#[derive(Args, Debug)]
pub struct Arguments {
    /// Compare the pages in this folder; defaults to new downloads
    #[arg(long, value_name = "DIR")]
    pages: Option<PathBuf>,
}

/// An issue, as `gh issue list` prints it.
#[derive(Deserialize)]
struct Issue {
    number: u64,
    title: String,
}

/// Opens or updates the issue if there are differences, and closes it if there are none.
///
/// Calls the program `gh`, which needs a token that can write issues.
///
/// # Errors
///
/// `gh` fails, or there are no differences but a page could not be checked. In the second case, the issue does not change.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let pages = match &arguments.pages {
        Some(folder) => env::current_dir()?.join(folder),
        None => download()?,
    };
    let (status, output) = command::capture(verify::program().args(["verify", "--no-types", "--pages"]).arg(pages))?;
    print!("{output}");
    match status.code() {
        Some(0) => close(),
        Some(1) => open(&output),
        _ => bail!("the pages could not be checked, see above"),
    }
}

/// Downloads all pages into a new folder. A page that cannot be downloaded is missing in it, which the comparison reports.
fn download() -> anyhow::Result<PathBuf> {
    let folder = command::target()?.join("drift-pages");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let (_, output) = command::capture(verify::program().args(["pages", "fetch", "--into"]).arg(&folder))?;
    print!("{output}");
    Ok(folder)
}

fn open(output: &str) -> anyhow::Result<()> {
    let file = tempfile::NamedTempFile::new()?;
    fs::write(file.path(), body(output))?;
    match issue()? {
        None => call(gh("create").args(["--title", TITLE, "--body-file"]).arg(file.path())),
        Some(number) => call(gh("edit").arg(number).arg("--body-file").arg(file.path())),
    }
}

fn close() -> anyhow::Result<()> {
    match issue()? {
        None => Ok(()),
        Some(number) => call(gh("close").arg(number).args(["--comment", "There is no difference any more."])),
    }
}

/// Returns the number of the open issue. Only issues of GitHub Actions count, because anyone can open one with this title.
fn issue() -> anyhow::Result<Option<String>> {
    let list = ["--app", "github-actions", "--state", "open", "--limit", "1000", "--json", "number,title"];
    let issues = command::ask(gh("list").args(list))?;
    let issues: Vec<Issue> = serde_json::from_str(&issues).context("cannot read the issues")?;
    Ok(issues.into_iter().find(|issue| issue.title == TITLE).map(|issue| issue.number.to_string()))
}

fn gh(subcommand: &str) -> Command {
    let mut gh = command::command(Path::new("gh"));
    gh.args(["issue", subcommand]);
    gh
}

fn call(gh: &mut Command) -> anyhow::Result<()> {
    print!("{}", command::ask(gh)?);
    Ok(())
}

/// Returns the text of the issue, with the output in a code block that the output cannot end.
fn body(output: &str) -> String {
    let output: String = output.chars().map(|it| if it.is_control() && it != '\n' { ' ' } else { it }).collect();
    let longest = output.split(|it| it != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let block = |output: &str| format!("{INTRODUCTION}\n\n{fence}text\n{output}\n{fence}\n");
    let whole = block(output.trim_end());
    if whole.len() <= MAX_LENGTH {
        return whole;
    }
    let note = "\nThe output was cut, because it is too long for an issue.\n";
    let room = MAX_LENGTH.saturating_sub(block("").len() + note.len());
    let kept = (0..=room).rev().find_map(|end| output.get(..end)).unwrap_or_default();
    // A code block with such long fences, which only a hostile page has, would not fit.
    let text = if room > 0 { block(kept) } else { format!("{INTRODUCTION} nothing that can be shown.\n") };
    format!("{text}{note}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the lines of the code block, and checks that it ends at the last line.
    fn code(body: &str) -> Vec<&str> {
        let lines: Vec<_> = body.lines().collect();
        let start = lines.iter().position(|line| line.starts_with("```")).unwrap();
        let fence = lines[start].trim_end_matches("text");
        let length = lines[start + 1..].iter().position(|line| line.starts_with(fence)).unwrap();
        lines[start + 1..=start + length].to_vec()
    }

    #[test]
    fn the_output_cannot_end_its_code_block() {
        for output in ["a", "a\n```\n@everyone", "````\n```", "a ```````` b\n~~~\n</details>"] {
            assert_eq!(code(&body(output)), output.lines().collect::<Vec<_>>());
        }
        assert_eq!(code(&body("a\u{1b}[31m\0b\r\n")), ["a [31m b"]);
    }

    #[test]
    fn a_long_output_is_cut() {
        for output in ["ä\n".repeat(MAX_LENGTH), "€".repeat(MAX_LENGTH), "a`".repeat(MAX_LENGTH)] {
            let body = body(&output);
            assert!((MAX_LENGTH - 3..=MAX_LENGTH).contains(&body.len()), "{}", body.len());
            assert!(output.starts_with(&code(&body).join("\n")) && body.ends_with("too long for an issue.\n"));
        }
        let hostile = body(&"`".repeat(MAX_LENGTH));
        assert!(hostile.len() < MAX_LENGTH && hostile.ends_with("too long for an issue.\n"), "{hostile}");
    }
}
