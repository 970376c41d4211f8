//! `cargo xtask public-api`: the list of the client's public API in a file, so that reviewers see its changes.

use std::{collections::BTreeSet, fs, path::PathBuf};

use anyhow::{Context, bail};
use public_api::Builder;
use serde::Deserialize;

use crate::{command, workspace};

pub const LIST: &str = "crates/ecwid-coupons/public-api.txt";

/// Writes the list. With `check`, fails if the list is out of date, and writes nothing.
///
/// Returns a message if the JSON of this toolchain's rustdoc has an unsupported format.
pub fn run(check: bool) -> anyhow::Result<Option<String>> {
    let json = document()?;
    if let Some(reason) = unreadable(&fs::read_to_string(&json)?)? {
        return Ok(Some(reason));
    }
    let api = Builder::from_rustdoc_json(&json)
        // These impls follow from the rest of the API and from the toolchain.
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()?;
    let list: String = api.items().map(|item| format!("{item}\n")).collect();

    let path = workspace::root().join(LIST);
    if !check {
        fs::write(&path, list).with_context(|| format!("cannot write {}", path.display()))?;
        return Ok(None);
    }
    let listed = fs::read_to_string(&path).unwrap_or_default();
    if listed == list {
        return Ok(None);
    }
    print!("{}", changes(&listed, &list));
    bail!("{LIST} is out of date; the changes are above\nhint: run `cargo xtask public-api`");
}

/// Returns a message if the format of rustdoc's JSON is not supported.
fn unreadable(json: &str) -> anyhow::Result<Option<String>> {
    let written: Format = serde_json::from_str(json).context("cannot read the JSON of rustdoc")?;
    let (theirs, ours) = (written.format_version, rustdoc_types::FORMAT_VERSION);
    Ok((theirs != ours).then(|| {
        format!(
            "unsupported format of rustdoc's JSON: {theirs} (expected {ours})\nhint: in Cargo.toml, use a release of \
             public-api that reads {theirs}, and the matching rustdoc-types"
        )
    }))
}

/// Runs rustdoc on the client, and returns the path of the JSON. Features that do not change the API are disabled, because
/// they take long to build.
fn document() -> anyhow::Result<PathBuf> {
    // A separate target folder, because build scripts also see `RUSTC_BOOTSTRAP` and would run again each time.
    let target = command::target()?.join("tools").join("public-api");
    command::run(
        command::cargo("rustdoc --package ecwid-coupons --lib --no-default-features --locked")
            .args(["--features", "blocking,config,schemars,test-util,webhook"])
            .arg("--target-dir")
            .arg(&target)
            .args(["--", "-Z", "unstable-options", "--output-format", "json"])
            // The JSON is unstable. This variable makes a stable toolchain write it, with the number of its format.
            .env("RUSTC_BOOTSTRAP", "1"),
    )?;
    Ok(target.join("doc").join("ecwid_coupons.json"))
}

/// Returns the removed and the added lines.
fn changes(old: &str, new: &str) -> String {
    let lines = |list: &str| list.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (old_lines, new_lines) = (lines(old), lines(new));
    let gone = old.lines().filter(|line| !new_lines.contains(*line)).map(|line| format!("-{line}\n"));
    let added = new.lines().filter(|line| !old_lines.contains(*line)).map(|line| format!("+{line}\n"));
    gone.chain(added).collect()
}

/// The only member of rustdoc's JSON that is the same in all formats.
#[derive(Deserialize)]
struct Format {
    format_version: u32,
}

#[cfg(test)]
mod tests {
    #[test]
    fn another_format_is_named() {
        let json = |version: u32| format!(r#"{{"root":1,"index":{{}},"format_version":{version}}}"#);
        let ours = rustdoc_types::FORMAT_VERSION;
        assert_eq!(super::unreadable(&json(ours)).unwrap(), None);
        let reason = super::unreadable(&json(ours + 1)).unwrap().unwrap();
        assert!(reason.contains(&format!("public-api that reads {}", ours + 1)), "{reason}");
    }

    #[test]
    fn a_change_is_what_went_and_what_came() {
        assert_eq!(super::changes("pub fn a\npub fn b\n", "pub fn a\npub fn c\n"), "-pub fn b\n+pub fn c\n");
        assert_eq!(super::changes("", "pub fn a\n"), "+pub fn a\n");
        assert_eq!(super::changes("pub fn a\n", "pub fn a\n"), "");
    }
}
