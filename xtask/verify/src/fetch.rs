//! `cargo xtask pages fetch`: the vendor's pages as files.
//!
//! The site serves each page as Markdown under its address and `.md`. What comes in place of a page, such as a form to
//! sign in or half of it, never replaces an older file.

mod download;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, bail, ensure};
use url::Url;
use xtask::workspace::DOCUMENT;

use self::download::Downloader;
use crate::{
    document::Document,
    identify,
    lock::{self, Lock},
    pages::Page,
};

/// What is fetched, and how.
#[derive(Clone, Debug)]
pub struct Options {
    pub root: PathBuf,
    /// The folder of the pages; made when missing.
    pub into: PathBuf,
    /// What takes the place of the scheme and host of the addresses, with a path where a mirror has one.
    pub base: Option<String>,
    /// How long a page may take, with its redirects.
    pub timeout: Duration,
    /// How long to wait before the second attempt where the server does not say.
    pub pause: Duration,
}

impl Options {
    /// The pages from the vendor's site.
    pub fn new(root: impl Into<PathBuf>, into: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            into: into.into(),
            base: None,
            timeout: Duration::from_secs(30),
            pause: Duration::from_secs(1),
        }
    }
}

/// What became of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    New,
    Changed,
    /// The file is what was fetched, and was not touched.
    Same,
    /// No page came, and the file was not touched.
    Kept {
        /// Why what came is not the page.
        reason: String,
        /// Whether there is a file.
        older: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    pub address: String,
    /// Its file, from the folder, with slashes.
    pub file: String,
    pub outcome: Outcome,
}

impl fmt::Display for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = &self.file;
        match &self.outcome {
            Outcome::New => write!(f, "new      {file}"),
            Outcome::Changed => write!(f, "changed  {file}"),
            Outcome::Same => write!(f, "same     {file}"),
            Outcome::Kept { reason, older: true } => write!(f, "kept     {file}: {reason}"),
            Outcome::Kept { reason, older: false } => write!(f, "kept     {file}: {reason}; there is no older file"),
        }
    }
}

/// What became of all pages.
#[derive(Clone, Debug)]
pub struct Report {
    pub into: PathBuf,
    /// The pages, by address.
    pub pages: Vec<Fetched>,
}

impl Report {
    /// 0 when every page was fetched, 2 when some were not.
    pub fn exit_code(&self) -> u8 {
        if self.count(|it| matches!(it, Outcome::Kept { .. })) > 0 { 2 } else { 0 }
    }

    fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.pages.iter().filter(|page| is(&page.outcome)).count()
    }
}

/// The counts, and what to do next.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.count(|it| matches!(it, Outcome::Kept { .. }));
        writeln!(
            f,
            "{} pages: {} new, {} changed, {} same, {kept} kept",
            self.pages.len(),
            self.count(|it| *it == Outcome::New),
            self.count(|it| *it == Outcome::Changed),
            self.count(|it| *it == Outcome::Same),
        )?;
        let into = self.into.display();
        if kept > 0 {
            writeln!(
                f,
                "Not every page was fetched: try again later, or copy what a browser shows into a .txt file in {into}."
            )?;
        }
        write!(f, "Next: run `cargo xtask verify --pages {into}` to compare the document with these pages.")
    }
}

struct Target {
    address: String,
    url: Url,
    file: String,
}

/// Fetches every page that the lock or the document names, one after the other; `each` is told of each page in its turn.
pub fn run(options: &Options, mut each: impl FnMut(&Fetched)) -> anyhow::Result<Report> {
    let base = options.base.as_deref().map(read_base).transpose()?;
    let document =
        fs::read_to_string(options.root.join(DOCUMENT)).with_context(|| format!("cannot read {DOCUMENT}"))?;
    let document = Document::read(&document).with_context(|| format!("in {DOCUMENT}"))?;
    let lock = Lock::read(&options.root)?;
    let targets = targets(&document, &lock, base.as_ref())?;
    let into = &options.into;
    fs::create_dir_all(into).with_context(|| format!("cannot make the folder {}", into.display()))?;

    let downloader = Downloader::new(targets.iter().map(|target| &target.url), options.timeout, options.pause)?;
    let mut report = Report { into: into.clone(), pages: Vec::new() };
    for Target { address, url, file } in targets {
        let page =
            downloader.get(&url).and_then(|bytes| match not_the_page(&bytes, &file, &address, &document, &lock) {
                Some(why) => Err(why),
                None => Ok(bytes),
            });
        let outcome = match page {
            Ok(bytes) => store(&into.join(&file), &bytes)?,
            Err(reason) => Outcome::Kept { reason, older: into.join(&file).exists() },
        };
        let fetched = Fetched { address, file, outcome };
        each(&fetched);
        report.pages.push(fetched);
    }
    Ok(report)
}

fn read_base(text: &str) -> anyhow::Result<Url> {
    let help = "give a scheme and host, and a path where a mirror has one, such as https://docs.ecwid.com";
    let url = Url::parse(text).with_context(|| format!("the base {text:?} is no URL; {help}"))?;
    // Not in the message, since what is wrong with it may be a password.
    ensure!(
        url.username().is_empty() && url.password().is_none(),
        "the base at {:?} holds a user name or a password, which are not sent; {help}",
        url.host_str().unwrap_or_default()
    );
    ensure!(matches!(url.scheme(), "http" | "https"), "the base {text:?} is neither http nor https; {help}");
    ensure!(url.query().is_none() && url.fragment().is_none(), "the base {text:?} has a query or a fragment; {help}");
    Ok(url)
}

/// The pages to fetch, by address.
fn targets(document: &Document, lock: &Lock, base: Option<&Url>) -> anyhow::Result<Vec<Target>> {
    let locked = lock.pages.iter().map(|page| page.address.clone()).filter(|address| !address.is_empty());
    let addresses: BTreeSet<_> = locked.chain(document.addresses()).collect();
    ensure!(!addresses.is_empty(), "neither {DOCUMENT} nor {} names a page", lock::PATH);
    let mut targets = Vec::new();
    let mut files = BTreeMap::new();
    for address in addresses {
        let target = target(&address, base)?;
        if let Some(other) = files.insert(target.file.clone(), address.clone()) {
            bail!("the pages {other} and {address} would be the same file {}", target.file);
        }
        targets.push(target);
    }
    Ok(targets)
}

fn target(address: &str, base: Option<&Url>) -> anyhow::Result<Target> {
    let mut url = Url::parse(address).with_context(|| format!("the page address {address:?} is no URL"))?;
    let path = url.path().trim_matches('/').to_owned();
    // One that the parser writes otherwise has a `..` or the like, which would be a file elsewhere than it reads.
    let as_written = url.as_str().trim_end_matches('/') == address.trim_end_matches('/');
    let is_page = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
    let is_name = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.~".contains(&it))
    };
    ensure!(
        as_written && is_page && path.split('/').all(is_name),
        "the page address {address:?} is none that a file can be named after: give https://, a host, and a path of \
         letters, digits and -_.~"
    );
    let mut prefix = String::new();
    if let Some(base) = base {
        prefix = base.path().trim_end_matches('/').to_owned();
        url = base.clone();
    }
    url.set_path(&format!("{prefix}/{path}.md"));
    Ok(Target { address: address.to_owned(), url, file: format!("{path}.md") })
}

/// Why what came is not the page of the address.
fn not_the_page(bytes: &[u8], file: &str, address: &str, document: &Document, lock: &Lock) -> Option<String> {
    let page = match Page::read(file, bytes) {
        Ok(page) => page,
        Err(error) => return Some(format!("it cannot be read: {error:#}")),
    };
    if page.not_a_page.is_some() {
        return page.not_a_page;
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(64)]).to_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with("<!doctype") || start.starts_with("<html") {
        return Some("it is HTML, and not Markdown".to_owned());
    }
    identify::mismatch(&page, address, document, lock)
}

/// Writes a page where it is not there already.
fn store(path: &Path, bytes: &[u8]) -> anyhow::Result<Outcome> {
    let outcome = match fs::read(path) {
        Ok(old) if old == bytes => return Ok(Outcome::Same),
        Ok(_) => Outcome::Changed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Outcome::New,
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(outcome)
}

/// Writes a file whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    // Of a name that is never read as a page.
    builder.prefix(".fetch-").suffix(".part");
    #[cfg(unix)]
    // What a new file usually gets; temporary ones are the owner's alone.
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
