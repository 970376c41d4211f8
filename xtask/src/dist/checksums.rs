//! `dist checksums`: the SHA-256 of each file, in the format of `sha256sum`.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

const FILE: &str = "SHA256SUMS";

/// Writes the checksums of all files in the folder. `sha256sum --check SHA256SUMS` compares the files with them.
pub(super) fn run(folder: &Path) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_file() && name != FILE {
            let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let hash = Sha256::digest(content).iter().fold(String::new(), |mut hash, byte| {
                let _ = write!(hash, "{byte:02x}");
                hash
            });
            lines.push((name, hash));
        }
    }
    anyhow::ensure!(!lines.is_empty(), "no files in {}", folder.display());
    lines.sort();
    let text: String = lines.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect();
    fs::write(folder.join(FILE), text).with_context(|| format!("cannot write {FILE}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_listed_by_name_without_the_list_itself() {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path()).unwrap_err();
        fs::write(folder.path().join("b"), "abc").unwrap();
        fs::write(folder.path().join("a"), "").unwrap();
        let expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n\
                        ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b\n";
        for _ in 0..2 {
            run(folder.path()).unwrap();
            assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), expected);
        }
    }
}
