//! The search for Java, with programs that imitate it.
#![cfg(unix)]

use std::{ffi::OsString, fs, os::unix::fs::PermissionsExt as _, path::Path};

use tempfile::TempDir;
use xtask::java::Search;

/// Makes a folder with a Java that prints this version.
fn java(version: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let program = home.path().join("bin/java");
    fs::create_dir(home.path().join("bin")).unwrap();
    // Another process may not start the file while it is open for writing.
    fs::write(home.path().join("new"), format!("#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")).unwrap();
    fs::set_permissions(home.path().join("new"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::rename(home.path().join("new"), program).unwrap();
    home
}

/// Returns the program, or the first line of the error.
fn found(home: Option<&Path>, path: &Path) -> Result<OsString, String> {
    let search = Search { home: home.map(Into::into), path: path.as_os_str() };
    let found = search.run().map(Into::into);
    found.map_err(|error| {
        let text = format!("{error:#}");
        assert!(text.contains("hint: install Java 17 or newer (Debian: `apt-get install default-jre-headless`)"));
        text.lines().next().unwrap_or_default().to_owned()
    })
}

#[test]
fn java_on_the_path_is_found_if_it_is_new_enough() {
    let (new, old) = (java("17.0.1"), java("11.0.20"));
    let program = |home: &TempDir| home.path().join("bin/java");
    assert_eq!(found(None, &new.path().join("bin")), Ok(program(&new).into()));
    let too_old = format!("`{}` is too old: Java 11 (expected 17 or newer)", program(&old).display());
    assert_eq!(found(None, &old.path().join("bin")), Err(too_old.clone()));
    // The variable decides alone, as for Spark.
    assert_eq!(found(Some(new.path()), &old.path().join("bin")), Ok(program(&new).into()));
    assert_eq!(found(Some(old.path()), &new.path().join("bin")), Err(too_old));
}

#[test]
fn a_missing_java_is_an_error() {
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(found(None, empty.path()), Err("Spark needs Java: no `java` is on the `PATH`".to_owned()));
    let shown = empty.path().join("bin/java").display().to_string();
    assert_eq!(found(Some(empty.path()), empty.path()), Err(format!("Spark needs Java: cannot start `{shown}`")));
}
