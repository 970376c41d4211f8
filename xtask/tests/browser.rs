//! The search for a browser, with programs that imitate browsers.
#![cfg(target_os = "linux")]

use std::{
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
    time::{Duration, Instant},
};

use anyhow::bail;
use tempfile::TempDir;
use xtask::browser::{Browser, Search};

/// Crashes like Chromium without fonts.
const DIES: &str =
    "#!/bin/sh\necho 'SkFontMgr_FontConfigInterface.cpp:210: fatal error: \"Not implemented\"' >&2\nkill -ABRT $$\n";

/// The stub that some systems have instead of the browser.
const STUB: &str = "#!/bin/sh\necho 'install the snap of it first' >&2\nexit 1\n";

/// Opens no page, and writes the ids of its two processes to a file.
const HANGS: &str = "#!/bin/sh\nsleep 1000 &\necho $$ $! > \"$0.pids.new\"\nmv \"$0.pids.new\" \"$0.pids\"\nwait\n";

/// Loads the page without running its script.
const LOADS: &str = "page.urlopen(address).read()";

/// Loads the page and sends the request of its script.
const OPENS: &str = "page.urlopen(address).read()\npage.urlopen(address + 'opened?width=42').read()\ntime.sleep(1000)";

/// Sends the request of the script for a page without fonts.
const SHOWS_NO_TEXT: &str = "page.urlopen(address + 'opened?width=0').read()";

fn in_python(what: &str) -> String {
    let page = "page = urllib.request.build_opener(urllib.request.ProxyHandler({}))\npage.urlopen = page.open";
    // Use the real path, because `python3` can be a launcher.
    let python = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().unwrap().stdout;
    let python = String::from_utf8(python).unwrap();
    format!("#!{python}import sys, time, urllib.request\naddress = sys.argv[-1]\n{page}\n{what}\n")
}

/// A folder of programs.
struct Programs(TempDir);

impl Programs {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(self, name: &str, text: &str) -> Self {
        let file = self.file(name);
        // Write the file under another name, because a program that is open for writing cannot be started.
        let new = self.file("new");
        fs::write(&new, text).unwrap();
        fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(new, file).unwrap();
        self
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Searches in this folder, with `packed` as the npm package.
    fn find_or(&self, packed: impl FnOnce() -> anyhow::Result<Browser>) -> anyhow::Result<Browser> {
        self.search(None, Duration::from_secs(60)).run(packed)
    }

    fn search(&self, set: Option<&str>, limit: Duration) -> Search<'_> {
        Search { set: set.map(OsString::from), path: self.0.path().as_os_str(), limit }
    }

    /// Returns the command that prints the browser. Only these programs are on its `PATH`.
    fn xtask(&self, set: Option<&Path>) -> Output {
        let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
        xtask.arg("browser").env("PATH", self.0.path()).env_remove("ECWID_CHROMIUM");
        xtask.envs(set.map(|program| ("ECWID_CHROMIUM", program))).output().unwrap()
    }
}

fn of(program: PathBuf) -> Browser {
    Browser { program, environment: Vec::new() }
}

fn not_packed() -> anyhow::Result<Browser> {
    bail!("the npm package must not be used")
}

/// Waits until a killed process has ended.
fn ends(process: &str) {
    let since = Instant::now();
    // A process without a waiting parent remains as a zombie with the state Z.
    while fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| !stat.contains(") Z ")) {
        assert!(since.elapsed() < Duration::from_secs(60), "{process} is still running");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_first_program_that_opens_a_page_is_used() {
    let programs = Programs::new();
    let programs =
        programs.with("chromium", DIES).with("chromium-browser", STUB).with("google-chrome", &in_python(OPENS));
    assert_eq!(programs.find_or(not_packed).unwrap(), of(programs.file("google-chrome")));

    let output = programs.xtask(None);
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), programs.file("google-chrome").to_str().unwrap());
}

#[test]
fn the_npm_package_is_used_if_no_program_opens_a_page() {
    let package = Programs::new().with("packed", &in_python(OPENS));
    let packed = Browser { program: package.file("packed"), environment: vec![("FONTCONFIG_PATH", "/fonts".into())] };
    for programs in [Programs::new(), Programs::new().with("chromium", DIES)] {
        assert_eq!(programs.find_or(|| Ok(packed.clone())).unwrap(), packed);
    }
}

#[test]
fn an_error_names_each_candidate_with_its_reason_and_a_hint() {
    let programs = Programs::new().with("chromium", DIES).with("chromium-browser", STUB);
    let programs =
        programs.with("google-chrome", &in_python(LOADS)).with("google-chrome-stable", &in_python(SHOWS_NO_TEXT));
    let package = Programs::new().with("packed", DIES);
    let error = programs.find_or(|| Ok(of(package.file("packed")))).unwrap_err().to_string();
    for (name, reason) in [
        ("chromium: ", "the program exited (signal: 6 (SIGABRT)"),
        ("chromium: ", "fatal error: \"Not implemented\""),
        ("chromium-browser: ", "the program exited (exit status: 1): install the snap of it first"),
        ("google-chrome: ", "the program exited (exit status: 0)"),
        ("google-chrome-stable: ", "the page has no text"),
        ("npm package: ", "the program exited (signal: 6 (SIGABRT)"),
    ] {
        assert!(error.lines().any(|line| line.contains(name) && line.contains(reason)), "{name} {reason}\n{error}");
    }
    assert!(error.contains("hint: install Chromium (Debian: `apt-get install chromium`)"), "{error}");

    let programs = programs.with("apt-get", STUB);
    let error = programs.find_or(|| bail!("npm cannot be started")).unwrap_err().to_string();
    assert!(
        error.contains("npm package: npm cannot be started\nhint: install one with `apt-get install chromium`"),
        "{error}"
    );
}

#[test]
fn all_processes_of_a_hanging_program_are_ended() {
    let programs = Programs::new().with("chromium", HANGS);
    let search = programs.search(None, Duration::from_secs(5));
    let error = search.run(not_packed).unwrap_err().to_string();
    assert!(error.contains("chromium: no page was opened within 5 s"), "{error}");
    let processes = fs::read_to_string(programs.file("chromium.pids")).unwrap();
    processes.split_whitespace().for_each(ends);
}

#[test]
fn a_set_program_is_the_only_candidate() {
    let programs =
        Programs::new().with("chromium", &in_python(OPENS)).with("broken", DIES).with("mine", &in_python(OPENS));
    // The program is set by its path, and by its name on the search path.
    for set in [programs.file("mine").to_str().unwrap(), "mine"] {
        let search = programs.search(Some(set), Duration::from_secs(60));
        assert_eq!(search.run(not_packed).unwrap(), of(programs.file("mine")));
    }
    // An empty variable counts as unset.
    let search = programs.search(Some(""), Duration::from_secs(60));
    assert_eq!(search.run(not_packed).unwrap(), of(programs.file("chromium")));

    let broken = programs.file("broken");
    for (set, reason) in [(broken.clone(), "SIGABRT"), (programs.file("missing"), "(expected a program")] {
        let output = programs.xtask(Some(&set));
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains("`ECWID_CHROMIUM`") && error.contains(set.to_str().unwrap()), "{error}");
        assert!(error.contains(reason), "{error}");
    }
}
