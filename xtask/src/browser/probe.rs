//! Tests a browser with a page.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, anyhow, bail, ensure};
use process_wrap::std::{ChildWrapper, CommandWrap};

use crate::command;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Browser {
    pub program: PathBuf,
    /// The environment variables of the browser.
    pub environment: Vec<(&'static str, PathBuf)>,
}

/// The page. Its script reports the width of its text, which is 0 if there are no fonts.
const PAGE: &str = "<!doctype html><title>Probe</title><span>Opened</span>\
    <script>fetch('/opened?width=' + document.querySelector('span').offsetWidth)</script>";

/// The arguments of the browser. The debugging port keeps a headless browser running. The test of the web page uses the others.
const ARGUMENTS: [&str; 6] = [
    "--headless",
    "--no-sandbox",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--remote-debugging-port=0",
];

const PAUSE: Duration = Duration::from_millis(20);

/// Starts a browser and waits until it has opened the page and run the script. Then ends all processes of the browser.
pub(super) fn opens_a_page(browser: &Browser, limit: Duration) -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("log");
    let mut command = command::command(&browser.program);
    command.args(ARGUMENTS).arg(format!("--user-data-dir={}", folder.path().join("profile").display()));
    command.arg(format!("http://{}/", listener.local_addr()?));
    command.envs(browser.environment.iter().map(|(name, value)| (name, value)));
    command.stdout(Stdio::null()).stderr(File::create(&log)?);

    let mut command = CommandWrap::from(command);
    // A browser has many processes. Killing the first one does not end the others.
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);
    let mut process = command.spawn().context("cannot start the program")?;
    let result = watch(&listener, process.as_mut(), limit);
    // An error means that all processes have already ended.
    let _ = process.kill();
    result.map_err(|problem| {
        let log = fs::read(&log).unwrap_or_default();
        match String::from_utf8_lossy(&log).lines().rfind(|line| !line.trim().is_empty()) {
            Some(line) => anyhow!("{problem}: {}", line.trim()),
            None => problem,
        }
    })
}

fn watch(listener: &TcpListener, process: &mut dyn ChildWrapper, limit: Duration) -> anyhow::Result<()> {
    let since = Instant::now();
    loop {
        match listener.accept() {
            Ok((stream, _)) => match response(stream).as_deref() {
                Some("/opened?width=0") => bail!("the page has no text (is a font installed?)"),
                Some(path) if path.starts_with("/opened?width=") => return Ok(()),
                _ => {}
            },
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                if let Some(status) = process.try_wait()? {
                    bail!("the program exited ({status})");
                }
                ensure!(since.elapsed() < limit, "no page was opened within {} s", limit.as_secs());
                thread::sleep(PAUSE);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Responds to a request with the page, and returns the path of the request. Returns `None` if no request arrives.
fn response(mut stream: TcpStream) -> Option<String> {
    stream.set_nonblocking(false).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(1))).ok()?;
    let mut request = [0; 4096];
    let length = stream.read(&mut request).ok()?;
    let headers = format!("content-type: text/html\r\ncontent-length: {}\r\nconnection: close", PAGE.len());
    // An error is fine, because the request has arrived.
    let _ = write!(stream, "HTTP/1.1 200 OK\r\n{headers}\r\n\r\n{PAGE}");
    String::from_utf8_lossy(&request[..length]).split_whitespace().nth(1).map(str::to_owned)
}
