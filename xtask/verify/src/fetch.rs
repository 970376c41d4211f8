//! `cargo xtask pages fetch`: downloads the vendor's documentation pages.
//!
//! The site serves each page as Markdown at its address with the suffix `.md`. An incomplete page, or a response that is not the
//! page, such as a sign-in form, never replaces an existing file.

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

/// The options of a download.
#[derive(Clone, Debug)]
pub struct Options {
    pub root: PathBuf,
    /// The folder of the pages. It is created if necessary.
    pub into: PathBuf,
    /// The base URL of a mirror, which replaces the scheme and the host of the addresses. It can have a path.
    pub base: Option<String>,
    /// The time limit for a page, including its redirects.
    pub timeout: Duration,
    /// The delay before the second attempt, unless the response has a `Retry-After` header.
    pub pause: Duration,
}

impl Options {
    /// Downloads from the vendor's site.
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

/// The outcome of a download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    New,
    Changed,
    /// The existing file has the same content, and was not changed.
    Same,
    /// The download failed, and the existing file was not changed.
    Kept {
        /// The reason of the failure.
        reason: String,
        /// Whether there is an existing file.
        older: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    pub address: String,
    /// The path of the file in the folder, with slashes.
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
            Outcome::Kept { reason, older: false } => write!(f, "kept     {file}: {reason}; there is no existing file"),
        }
    }
}

/// The outcomes of all downloads.
#[derive(Clone, Debug)]
pub struct Report {
    pub into: PathBuf,
    /// The pages, sorted by address.
    pub pages: Vec<Fetched>,
}

impl Report {
    /// Returns 0 if all pages were downloaded, and 2 otherwise.
    pub fn exit_code(&self) -> u8 {
        if self.count(|it| matches!(it, Outcome::Kept { .. })) > 0 { 2 } else { 0 }
    }

    fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.pages.iter().filter(|page| is(&page.outcome)).count()
    }
}

/// Writes the counts and the next step.
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
                "Some downloads failed. Try again later, or copy the text of the page from a browser to a .txt file in {into}."
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

/// Downloads all pages in the lock and the document, one after the other, and calls `each` with each outcome.
pub fn run(options: &Options, mut each: impl FnMut(&Fetched)) -> anyhow::Result<Report> {
    let base = options.base.as_deref().map(read_base).transpose()?;
    let document =
        fs::read_to_string(options.root.join(DOCUMENT)).with_context(|| format!("cannot read {DOCUMENT}"))?;
    let document = Document::read(&document).with_context(|| format!("in {DOCUMENT}"))?;
    let lock = Lock::read(&options.root)?;
    let targets = targets(&document, &lock, base.as_ref())?;
    let into = &options.into;
    fs::create_dir_all(into).with_context(|| format!("cannot create the folder {}", into.display()))?;

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
    let help = "(expected a scheme, a host and an optional path, such as https://docs.ecwid.com)";
    let url = Url::parse(text).with_context(|| format!("invalid URL in --base: {text:?} {help}"))?;
    // The message does not contain the URL, because the URL has a password.
    ensure!(
        url.username().is_empty() && url.password().is_none(),
        "user name or password in --base at {:?} {help}",
        url.host_str().unwrap_or_default()
    );
    ensure!(matches!(url.scheme(), "http" | "https"), "unsupported scheme in --base: {text:?} {help}");
    ensure!(url.query().is_none() && url.fragment().is_none(), "query or fragment in --base: {text:?} {help}");
    Ok(url)
}

/// Returns the pages to download, sorted by address.
fn targets(document: &Document, lock: &Lock, base: Option<&Url>) -> anyhow::Result<Vec<Target>> {
    let locked = lock.pages.iter().map(|page| page.address.clone()).filter(|address| !address.is_empty());
    let addresses: BTreeSet<_> = locked.chain(document.addresses()).collect();
    ensure!(!addresses.is_empty(), "no page addresses in {DOCUMENT} and {}", lock::PATH);
    let mut targets = Vec::new();
    let mut files = BTreeMap::new();
    for address in addresses {
        let target = target(&address, base)?;
        if let Some(other) = files.insert(target.file.clone(), address.clone()) {
            bail!("the pages {other} and {address} have the same file: {}", target.file);
        }
        targets.push(target);
    }
    Ok(targets)
}

fn target(address: &str, base: Option<&Url>) -> anyhow::Result<Target> {
    let mut url = Url::parse(address).with_context(|| format!("invalid page address: {address:?} (expected a URL)"))?;
    let path = url.path().trim_matches('/').to_owned();
    // The parser changes addresses with parts such as `..`, which would lead to a file in another folder.
    let as_written = url.as_str().trim_end_matches('/') == address.trim_end_matches('/');
    let is_page = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
    let is_name = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.~".contains(&it))
    };
    ensure!(
        as_written && is_page && path.split('/').all(is_name),
        "invalid page address: {address:?} (expected https://, a host, and a path of letters, digits and -_.~)"
    );
    let mut prefix = String::new();
    if let Some(base) = base {
        prefix = base.path().trim_end_matches('/').to_owned();
        url = base.clone();
    }
    url.set_path(&format!("{prefix}/{path}.md"));
    Ok(Target { address: address.to_owned(), url, file: format!("{path}.md") })
}

/// Returns why a response is not the page of the address, or `None` if it is.
fn not_the_page(bytes: &[u8], file: &str, address: &str, document: &Document, lock: &Lock) -> Option<String> {
    let page = match Page::read(file, bytes) {
        Ok(page) => page,
        Err(error) => return Some(format!("cannot read the page: {error:#}")),
    };
    if page.not_a_page.is_some() {
        return page.not_a_page;
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(64)]).to_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with("<!doctype") || start.starts_with("<html") {
        return Some("the page is HTML (expected Markdown)".to_owned());
    }
    identify::mismatch(&page, address, document, lock)
}

/// Writes a page unless the file has the same content.
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

/// Writes a file atomically.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    // A file with this name is never read as a page.
    builder.prefix(".fetch-").suffix(".part");
    #[cfg(unix)]
    // The usual permissions of a new file. Temporary files are readable only by their owner.
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
