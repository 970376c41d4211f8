//! The Chromium of an npm package, which can be installed without administrator rights.

use std::fs;

use anyhow::{Context as _, ensure};

use super::probe::Browser;
use crate::{command, tools::node::Packages};

/// The environment variable that makes the package unpack its libraries too, as it does for cloud functions.
const RUNTIME: (&str, &str) = ("AWS_LAMBDA_JS_RUNTIME", "nodejs24.x");

const UNPACK: &str = "import packed from '@sparticuz/chromium'; await packed.executablePath()";

/// The font settings. The settings of the package refer to a folder that is not used here. Without fonts, the browser shows no
/// text or crashes.
const FONTS: &str = r#"<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"#;

/// Installs the package if necessary, and unpacks the browser.
pub(super) fn unpack() -> anyhow::Result<Browser> {
    ensure!(cfg!(all(target_os = "linux", target_arch = "x86_64")), "unsupported platform (expected Linux on x86-64)");
    let packages = Packages::install("chromium", "xtask/tools/chromium")?;
    let folder = packages.folder().join("unpacked");
    // The package would not unpack into existing files.
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut node = packages.node_evaluating(UNPACK);
    command::ask(node.env("TMPDIR", &folder).env(RUNTIME.0, RUNTIME.1))?;
    let fonts = folder.join("fonts");
    fs::write(fonts.join("fonts.conf"), FONTS).with_context(|| format!("cannot write {}", fonts.display()))?;
    let environment = vec![("FONTCONFIG_PATH", fonts), ("LD_LIBRARY_PATH", folder.join("al2023").join("lib"))];
    Ok(Browser { program: folder.join("chromium"), environment })
}
