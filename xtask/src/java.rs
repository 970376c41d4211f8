//! Finds Java, which Spark needs, and installs it on Debian if it is missing.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};

use crate::command;

/// The minimum major version of Java for Spark 4.
const MINIMUM: u32 = 17;

const VARIABLE: &str = "JAVA_HOME";

/// The Debian package with a Java of at least this version.
const PACKAGE: &str = "default-jre-headless";

#[derive(Debug)]
pub struct Search<'a> {
    /// The value of `JAVA_HOME`. If it is set, no other Java is tried, because Spark would not use it.
    pub home: Option<OsString>,
    /// The folders of programs, in the format of `PATH`.
    pub path: &'a OsStr,
}

/// Returns the program of Java. If there is none, installs Debian's, which requires root and `apt-get`.
pub fn find_or_install() -> anyhow::Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let search = Search { home: env::var_os(VARIABLE).filter(|home| !home.is_empty()), path: &path };
    let missing = match search.run() {
        Ok(java) => return Ok(java),
        Err(error) => error,
    };
    if search.home.is_some() || !search.has("apt-get") || !is_root() {
        return Err(missing);
    }
    println!("{missing:#}");
    let mut install = command::command("apt-get");
    install.args(["install", "--yes", "--no-install-recommends", PACKAGE]).env("DEBIAN_FRONTEND", "noninteractive");
    command::run(command::command("apt-get").arg("update"))
        .and_then(|()| command::run(&mut install))
        .with_context(|| format!("cannot install Debian's package {PACKAGE}"))?;
    search.run()
}

impl Search<'_> {
    /// Returns the program if its version is high enough.
    pub fn run(&self) -> anyhow::Result<PathBuf> {
        let hint = format!(
            "hint: install Java {MINIMUM} or newer (Debian: `apt-get install {PACKAGE}`), or set `{VARIABLE}` to its folder"
        );
        let program = match &self.home {
            Some(home) => Path::new(home).join("bin").join(format!("java{}", env::consts::EXE_SUFFIX)),
            None => which::which_in("java", Some(self.path), env::current_dir()?)
                .map_err(|_| anyhow::anyhow!("Spark needs Java: no `java` is on the `PATH`\n{hint}"))?,
        };
        let shown = program.display();
        let output = command::command(&program).arg("-version").output();
        let output = output.with_context(|| format!("Spark needs Java: cannot start `{shown}`\n{hint}"))?;
        // The version goes to standard error.
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let Some(version) = major(&text) else {
            bail!("Spark needs Java: `{shown}` prints no version: {}\n{hint}", text.trim());
        };
        ensure!(version >= MINIMUM, "`{shown}` is too old: Java {version} (expected {MINIMUM} or newer)\n{hint}");
        Ok(program)
    }

    fn has(&self, program: &str) -> bool {
        which::which_in_global(program, Some(self.path)).is_ok_and(|mut found| found.next().is_some())
    }
}

/// Returns the major version in the output of `java -version`, such as `openjdk version "17.0.15" 2025-04-15`.
fn major(text: &str) -> Option<u32> {
    let version = text.split_once("version \"")?.1;
    let mut numbers = version.split(['.', '"', '-', '+']);
    match numbers.next()?.parse().ok()? {
        // Java 8 has the version 1.8.
        1 => numbers.next()?.parse().ok(),
        major => Some(major),
    }
}

fn is_root() -> bool {
    command::ask(command::command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        for (text, expected) in [
            ("openjdk version \"17.0.15\" 2025-04-15\nOpenJDK Runtime Environment", Some(17)),
            ("Picked up JAVA_TOOL_OPTIONS: -X\nopenjdk version \"21\" 2023-09-19", Some(21)),
            ("openjdk version \"26-ea\" 2026-03-17", Some(26)),
            ("java version \"1.8.0_402\"", Some(8)),
            ("The operation couldn't be completed. Unable to locate a Java Runtime.", None),
            ("", None),
        ] {
            assert_eq!(major(text), expected, "{text}");
        }
    }
}
