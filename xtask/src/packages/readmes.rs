//! READMEs as the registries show them: all lines of examples are visible, and links do not depend on the repository.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use crate::{command, workspace};

/// The folders of the crates whose READMEs link to single items of their documentation.
const WITH_LINKS: [&str; 2] = ["crates/ecwid-coupons", "crates/ecwid-coupons-sandbox"];

/// Looks for lines that only rustdoc hides, and for relative links.
pub(super) fn check(readmes: &[PathBuf]) -> anyhow::Result<()> {
    let mut found = 0;
    for path in readmes {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        for (number, problem) in problems(&text) {
            println!("{}:{number}: {problem}", path.strip_prefix(workspace::root()).unwrap_or(path).display());
            found += 1;
        }
    }
    if found > 0 {
        bail!("{found} problems in READMEs, see above");
    }
    Ok(())
}

/// Checks that each link of a README to an item leads to an item in the built documentation.
pub(crate) fn check_links_to_docs() -> anyhow::Result<()> {
    let docs = command::target()?.join("doc");
    for folder in WITH_LINKS {
        let text = fs::read_to_string(workspace::root().join(folder).join("README.md"))?;
        let links: Vec<_> = targets(&text).filter_map(|(_, target)| item(target)).collect();
        if links.is_empty() {
            bail!("the README in {folder} links to no item (expected links to https://docs.rs)");
        }
        let missing: Vec<_> = links.into_iter().filter(|link| !has_item(&docs, link)).collect();
        if !missing.is_empty() {
            bail!("no such item in the documentation, but the README in {folder} links to it: {}", missing.join(", "));
        }
    }
    Ok(())
}

/// Returns the page and the heading of a link to an item, such as `ecwid_coupons/struct.Client.html#method.get`.
fn item(target: &str) -> Option<&str> {
    Some(target.strip_prefix("https://docs.rs/")?.split_once("/latest/")?.1)
}

/// Returns whether the documentation has the page and the heading of a link.
fn has_item(docs: &Path, link: &str) -> bool {
    let (page, heading) = link.split_once('#').unwrap_or((link, ""));
    let text = fs::read_to_string(docs.join(page)).unwrap_or_default();
    !text.is_empty() && (heading.is_empty() || text.contains(&format!("id=\"{heading}\"")))
}

/// Returns the line number and the text of each problem.
fn problems(text: &str) -> Vec<(usize, String)> {
    let is_absolute = |target: &str| ["https://", "http://", "#"].iter().any(|start| target.starts_with(start));
    let relative = targets(text).filter(|(_, target)| !is_absolute(target));
    let relative = relative.map(|(number, target)| (number, format!("a relative link: {target}")));
    hidden(text).map(|number| (number, "a line that only rustdoc hides".to_owned())).chain(relative).collect()
}

/// Returns the numbers of the lines in Rust examples that rustdoc hides.
fn hidden(text: &str) -> impl Iterator<Item = usize> {
    let mut is_in_rust = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            is_in_rust = !is_in_rust && language.starts_with("rust");
        }
        let line = line.trim_start();
        (is_in_rust && (line == "#" || line.starts_with("# "))).then_some(index + 1)
    })
}

/// Returns the line number and the target of each link.
fn targets(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_in_block = false;
    let lines = text.lines().enumerate().filter(move |(_, line)| {
        is_in_block ^= line.trim_start().starts_with("```");
        !is_in_block
    });
    lines.flat_map(|(index, line)| {
        let inline = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let definition = line.strip_prefix('[').and_then(|rest| Some(rest.split_once("]: ")?.1));
        inline.chain(definition).map(move |target| (index + 1, target))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_lines_and_relative_links_are_problems() {
        let text = "# Heading\n```rust,no_run\n# use a;\n#[test]\n#\n```\n```console\n# shell\n$ a](b)\n```\n\
                    [a](../a.md), [b](https://example.com), [c](#heading)\n[d]: docs/d.md\n[e]: https://example.com\n";
        let expected = [
            (3, "a line that only rustdoc hides"),
            (5, "a line that only rustdoc hides"),
            (11, "a relative link: ../a.md"),
            (12, "a relative link: docs/d.md"),
        ];
        assert_eq!(problems(text), expected.map(|(line, problem)| (line, problem.to_owned())));
    }
}
