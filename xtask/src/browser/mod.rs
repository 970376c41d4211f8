//! Finds a browser for the test of the sandbox's web page.
//!
//! A program with the name of a browser does not always open a page. It can be a stub that prints how to install the browser, or
//! it can lack libraries or fonts. Each candidate is therefore tested with a page first.

mod packed;
mod probe;

use std::{
    collections::BTreeSet,
    env,
    ffi::{OsStr, OsString},
    fmt::Write as _,
    fs,
    time::Duration,
};

use anyhow::{Context as _, anyhow, bail};

pub use self::probe::Browser;

/// The environment variable with the program of a browser. If it is set, this program is the only candidate.
pub const CHROMIUM: &str = "ECWID_CHROMIUM";

/// The programs to look for on the `PATH`, in this order.
const PROGRAMS: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chromium-headless-shell"];

/// The time limit for opening the page. The first start of a browser on a busy machine takes seconds.
const LIMIT: Duration = Duration::from_secs(60);

/// Package managers, each with the command that installs Chromium.
const INSTALLERS: [(&str, &str); 4] = [
    ("apt-get", "apt-get install chromium"),
    ("dnf", "dnf install chromium"),
    ("pacman", "pacman -S chromium"),
    ("brew", "brew install --cask chromium"),
];

#[derive(Debug)]
pub struct Search<'a> {
    /// The value of [`CHROMIUM`].
    pub set: Option<OsString>,
    /// The folders of programs, in the format of `PATH`.
    pub path: &'a OsStr,
    /// The time limit of each candidate.
    pub limit: Duration,
}

/// Returns a browser that opens a page on this machine.
pub fn find() -> anyhow::Result<Browser> {
    let path = env::var_os("PATH").unwrap_or_default();
    let search = Search { set: env::var_os(CHROMIUM), path: &path, limit: LIMIT };
    search.run(packed::unpack)
}

impl Search<'_> {
    /// Returns the first candidate that opens a page.
    ///
    /// If a program is set, it is the only candidate. Otherwise the candidates are the programs on the search path, and then the
    /// browser that `packed` provides.
    pub fn run(&self, packed: impl FnOnce() -> anyhow::Result<Browser>) -> anyhow::Result<Browser> {
        if let Some(set) = self.set.as_deref().filter(|it| !it.is_empty()) {
            let shown = set.to_string_lossy();
            let program = which::which_in(set, Some(self.path), env::current_dir()?)
                .map_err(|error| anyhow!("invalid `{CHROMIUM}`: `{shown}` (expected a program; {error})"))?;
            let browser = Browser { program, environment: Vec::new() };
            self.probe(&browser).with_context(|| format!("the browser in `{CHROMIUM}` opens no page: `{shown}`"))?;
            return Ok(browser);
        }

        let mut failures = Vec::new();
        for browser in self.installed()? {
            match self.probe(&browser) {
                Ok(()) => return Ok(browser),
                Err(error) => failures.push((browser.program.display().to_string(), error)),
            }
        }
        match packed().and_then(|browser| self.probe(&browser).map(|()| browser)) {
            Ok(browser) => return Ok(browser),
            Err(error) => failures.push(("the Chromium of the npm package".to_owned(), error)),
        }
        let mut tried = String::new();
        for (candidate, error) in failures {
            write!(tried, "\n  {candidate}: {error:#}")?;
        }
        bail!("no browser opens a page:{tried}\nhint: {}, or set `{CHROMIUM}` to the program of one", self.advice())
    }

    fn probe(&self, browser: &Browser) -> anyhow::Result<()> {
        probe::opens_a_page(browser, self.limit)
    }

    /// Returns the browsers on the search path, without duplicates.
    fn installed(&self) -> anyhow::Result<Vec<Browser>> {
        let (here, mut seen) = (env::current_dir()?, BTreeSet::new());
        let found =
            PROGRAMS.iter().flat_map(|name| which::which_in_all(name, Some(self.path), &here).into_iter().flatten());
        let new = found.filter(|program| seen.insert(fs::canonicalize(program).unwrap_or_else(|_| program.clone())));
        Ok(new.map(|program| Browser { program, environment: Vec::new() }).collect())
    }

    fn advice(&self) -> String {
        let is_here =
            |manager: &str| which::which_in_global(manager, Some(self.path)).is_ok_and(|mut it| it.next().is_some());
        match INSTALLERS.iter().find(|(manager, _)| is_here(manager)) {
            Some((_, command)) => format!("install one with `{command}`"),
            None => "install Chromium (Debian: `apt-get install chromium`)".to_owned(),
        }
    }
}
