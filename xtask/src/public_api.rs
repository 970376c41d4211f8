//! `cargo xtask public-api`: the list of what the client's users can name, in a file, so that a change of it is seen in review.

use std::{collections::BTreeSet, fs, path::PathBuf};

use anyhow::{Context, bail};
use public_api::Builder;
use serde::Deserialize;

use crate::{command, workspace};

pub const LIST: &str = "crates/ecwid-coupons/public-api.txt";

/// Writes the list; with `check`, writes nothing and fails when the list is not what the code says.
///
/// Answers what to do where this toolchain's rustdoc writes its JSON in another format than is read here.
pub fn run(check: bool) -> anyhow::Result<Option<String>> {
    let json = document()?;
    if let Some(reason) = unreadable(&fs::read_to_string(&json)?)? {
        return Ok(Some(reason));
    }
    let api = Builder::from_rustdoc_json(&json)
        // They follow from the rest, and from the toolchain.
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
    bail!("{LIST} is not what the code says; look at the change above, and run `cargo xtask public-api`");
}

/// Why rustdoc's JSON cannot be read here, if it cannot.
fn unreadable(json: &str) -> anyhow::Result<Option<String>> {
    let written: Format = serde_json::from_str(json).context("rustdoc wrote no JSON")?;
    let (theirs, ours) = (written.format_version, rustdoc_types::FORMAT_VERSION);
    Ok((theirs != ours).then(|| {
        format!(
            "this toolchain's rustdoc writes format {theirs} of its JSON, and the crate public-api reads {ours}: \
             take a release of it that reads {theirs}, with its rustdoc-types, in Cargo.toml"
        )
    }))
}

/// Lets rustdoc describe the client as JSON; the file. The features that add nothing to the API are left out, since they take
/// long to build.
fn document() -> anyhow::Result<PathBuf> {
    // A folder of its own: what is allowed to rustdoc here is seen by build scripts too, which would run again each time.
    let target = command::target()?.join("tools").join("public-api");
    command::run(
        command::cargo("rustdoc --package ecwid-coupons --lib --no-default-features --features schemars --locked")
            .arg("--target-dir")
            .arg(&target)
            .args(["--", "-Z", "unstable-options", "--output-format", "json"])
            // The JSON is not stable; a stable toolchain writes it all the same, in a format that is numbered.
            .env("RUSTC_BOOTSTRAP", "1"),
    )?;
    Ok(target.join("doc").join("ecwid_coupons.json"))
}

/// The lines that are in one of the lists alone.
fn changes(old: &str, new: &str) -> String {
    let lines = |list: &str| list.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (old_lines, new_lines) = (lines(old), lines(new));
    let gone = old.lines().filter(|line| !new_lines.contains(*line)).map(|line| format!("-{line}\n"));
    let added = new.lines().filter(|line| !old_lines.contains(*line)).map(|line| format!("+{line}\n"));
    gone.chain(added).collect()
}

/// The one member of rustdoc's JSON that is the same in every format.
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
        assert!(reason.contains(&format!("a release of it that reads {}", ours + 1)), "{reason}");
    }

    #[test]
    fn a_change_is_what_went_and_what_came() {
        assert_eq!(super::changes("pub fn a\npub fn b\n", "pub fn a\npub fn c\n"), "-pub fn b\n+pub fn c\n");
        assert_eq!(super::changes("", "pub fn a\n"), "+pub fn a\n");
        assert_eq!(super::changes("pub fn a\n", "pub fn a\n"), "");
    }
}
