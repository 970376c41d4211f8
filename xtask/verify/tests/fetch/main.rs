//! `cargo xtask pages fetch` with working and failing sites.

mod program;
mod site;

use std::{fs, io::Write as _, path::Path, sync::mpsc, time::Duration};

use site::{GET, GUIDE, Old, Response, SEARCH, SECTION, Site, files, pages, raw_server, workspace_of};
use xtask::workspace;
use xtask_verify::fetch::{Fetched, Options, Outcome, Report, run};

/// Downloads from a base URL, without a delay before the second attempt.
fn fetch(root: &Path, into: &Path, base: &str) -> anyhow::Result<Report> {
    let options = Options { base: Some(base.to_owned()), pause: Duration::ZERO, ..Options::new(root, into) };
    let mut told = Vec::new();
    let report = run(&options, |page| told.push(page.clone()))?;
    assert_eq!(told, report.pages);
    Ok(report)
}

/// Downloads the pages of the workspace from a site.
fn fetch_all(into: &Path, site: &Site) -> Report {
    fetch(&workspace::root(), into, &site.url()).unwrap()
}

fn outcome<'a>(report: &'a Report, file: &str) -> &'a Outcome {
    &report.pages.iter().find(|page| page.file == file).unwrap().outcome
}

fn reason<'a>(report: &'a Report, file: &str) -> &'a str {
    match outcome(report, file) {
        Outcome::Kept { reason, .. } => reason,
        other => panic!("{file} is {other:?}"),
    }
}

#[test]
fn every_page_is_new_and_then_the_same() {
    let (site, folder) = (Site::start(), tempfile::tempdir().unwrap());
    // The folder does not exist yet.
    let into = folder.path().join("some/folder");
    let report = fetch_all(&into, &site);
    let expected = pages().into_iter().map(|(file, text)| (file, text.into_bytes())).collect();
    assert_eq!(files(&into), expected);
    assert!(report.pages.iter().all(|page| page.outcome == Outcome::New), "{report:?}");
    assert_eq!(report.exit_code(), 0);
    let addresses: Vec<_> = report.pages.iter().map(|page| page.address.clone()).collect();
    assert!(addresses.is_sorted() && addresses.iter().all(|it| it.starts_with("https://docs.ecwid.com/")));
    for (path, headers) in site.requests() {
        assert_eq!(headers["user-agent"], concat!("ecwid-coupons xtask/", env!("CARGO_PKG_VERSION")), "{path}");
        assert_eq!(site.asked(&path), 1, "{path}");
    }

    let old: Vec<_> = expected_files(&into).iter().map(|(path, bytes)| Old::write(path, bytes)).collect();
    let report = fetch_all(&into, &site);
    assert!(report.pages.iter().all(|page| page.outcome == Outcome::Same), "{report:?}");
    assert_eq!(report.exit_code(), 0);
    let now: Vec<_> = expected_files(&into).iter().map(|(path, _)| Old::read(path)).collect();
    assert_eq!(old, now);
}

fn expected_files(into: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    pages().into_iter().map(|(file, text)| (into.join(file), text.into_bytes())).collect()
}

#[test]
fn a_changed_page_replaces_the_file() {
    let (site, folder) = (Site::start(), tempfile::tempdir().unwrap());
    fetch_all(folder.path(), &site);
    let mut pages = pages();
    let page = pages.get_mut(GET).unwrap();
    // The page has another URL, and the tables of the same operation.
    *page = page.replace("/discount_coupons/", "/vouchers/");
    assert!(page.contains("/vouchers/"));
    site.response(GET, [Response::page(page.as_str())]);
    let report = fetch_all(folder.path(), &site);
    assert_eq!(*outcome(&report, GET), Outcome::Changed);
    assert_eq!(report.pages.iter().filter(|page| page.outcome == Outcome::Same).count(), report.pages.len() - 1);
    assert_eq!(report.exit_code(), 0);
    let expected = pages.into_iter().map(|(file, text)| (file, text.into_bytes())).collect();
    assert_eq!(files(folder.path()), expected);
}

#[cfg(unix)]
#[test]
fn a_file_has_the_usual_permissions() {
    use std::os::unix::fs::PermissionsExt as _;

    let (site, folder) = (Site::start(), tempfile::tempdir().unwrap());
    fetch_all(folder.path(), &site);
    let mode = |file: &str| fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
    fs::write(folder.path().join("plain"), "").unwrap();
    assert_eq!(mode(GET), mode("plain"));
}

/// Sends failing responses for a page. Checks that the file is kept, that the other pages are downloaded, and the reason.
fn stays(file: &str, responses: &[Response], why: &str, asked: usize) {
    let (site, folder) = (Site::start(), tempfile::tempdir().unwrap());
    site.response(file, responses.to_vec());
    // First without an existing file, and then with one.
    let report = fetch_all(folder.path(), &site);
    assert!(matches!(outcome(&report, file), Outcome::Kept { older: false, .. }), "{report:?}");
    assert!(!files(folder.path()).contains_key(file));
    let mut expected = pages();
    expected.remove(file);
    assert!(files(folder.path()).keys().eq(expected.keys()), "{file}: {why}");

    site.response(file, responses.to_vec());
    let before = site.asked(file);
    let old = Old::write(&folder.path().join(file), b"# What was there\n");
    let report = fetch_all(folder.path(), &site);
    assert_eq!(Old::read(&folder.path().join(file)), old);
    assert!(reason(&report, file).contains(why), "{:?} has no {why:?}", reason(&report, file));
    assert!(matches!(outcome(&report, file), Outcome::Kept { older: true, .. }));
    assert_eq!(report.exit_code(), 2);
    assert_eq!(site.asked(file) - before, asked, "{why}");
    assert!(report.pages.iter().all(|page| page.file == file || page.outcome == Outcome::Same), "{report:?}");
}

#[test]
fn an_error_status_keeps_the_file() {
    for (status, asked) in [(404, 1), (401, 1), (500, 1), (204, 1), (206, 1), (503, 2), (429, 2)] {
        stays(GET, &[Response::status(status)], &format!("unexpected status: {status}"), asked);
    }
    let wait = |value| Response::status(429).with("retry-after", value);
    stays(GET, &[wait("120")], "with a delay of 120 s until the next request", 1);
    stays(GET, &[wait("0"), Response::status(404)], "unexpected status: 404 Not Found, also at the second attempt", 2);
}

#[test]
fn another_response_than_the_page_keeps_the_file() {
    let form = "# Sign in\n\nYour email and your password, please.\n";
    let html = "<!DOCTYPE html><title>Sign in</title><form>Email <input> Password <input type=password></form>";
    let table = "<html><h1>Get</h1><p>GET https://app.ecwid.com/api/v3/{storeId}/discount_coupons/{id}</p>\
                 <table><tr><td>a</td></tr></table></html>";
    let large = format!("{}{}", pages()[GET], "words ".repeat(1_000_000));
    for (response, why) in [
        (Response::page(form), "a sign-in form"),
        (Response::page(html), "a sign-in form"),
        (Response::page(table), "the page is HTML"),
        (Response::of_type("text/html; charset=utf-8", pages()[GET].as_str()), "text/html"),
        (Response::of_type("application/json", pages()[GET].as_str()), "application/json"),
        (Response::page(""), "it is empty"),
        (Response::page(" \n"), "it is empty"),
        (
            Response::page(pages()[SEARCH].as_str()),
            "the page documents GET https://app.ecwid.com/api/v3/{storeId}/discount_coupons (expected GET",
        ),
        (
            Response::page(pages()[SECTION].as_str()),
            "the page documents no operation (expected GET https://app.ecwid.com/api",
        ),
        (Response::page(large), "the page is larger than 5 MB"),
        (Response::page([pages()[GET].as_bytes(), b"\xff\xfe"].concat()), "it is not UTF-8"),
    ] {
        stays(GET, &[response], why, 1);
    }
    stays(
        GUIDE,
        &[Response::page(pages()[SECTION].as_str())],
        "the page no longer has an example of createDiscountCoupon",
        1,
    );
    // Few checks apply to a page that is not in the lock.
    stays(SECTION, &[Response::page(form)], "a sign-in form", 1);
    stays(SECTION, &[Response::page("<html><h1>Batches</h1></html>")], "HTML", 1);
    stays(SECTION, &[Response::page("Words without a title.\n")], "the page has no title", 1);
}

#[test]
fn markdown_is_accepted_with_several_content_types() {
    let (site, folder) = (Site::start(), tempfile::tempdir().unwrap());
    let page = pages().remove(GET).unwrap();
    for (file, content_type) in [(GET, "text/plain"), (SEARCH, "application/octet-stream"), (GUIDE, "Text/X-Markdown")]
    {
        site.response(file, [Response::of_type(content_type, pages()[file].as_str())]);
    }
    site.response(SECTION, [Response { status: 200, headers: Vec::new(), body: page.into_bytes() }]);
    assert_eq!(fetch_all(folder.path(), &site).exit_code(), 0);
}

#[test]
fn a_rate_limited_request_is_retried_once() {
    let (site, folder) = (Site::start(), tempfile::tempdir().unwrap());
    let page = |file: &str| Response::page(pages()[file].as_str());
    site.response(GET, [Response::status(429).with("retry-after", "0"), page(GET)]);
    site.response(SEARCH, [Response::status(503).with("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"), page(SEARCH)]);
    site.response(GUIDE, [Response::status(503), page(GUIDE)]);
    let report = fetch_all(folder.path(), &site);
    assert_eq!(report.exit_code(), 0, "{report:?}");
    assert_eq!([GET, SEARCH, GUIDE, SECTION].map(|file| site.asked(file)), [2, 2, 2, 1]);
}

#[test]
fn redirects_are_followed_on_the_same_host() {
    let (site, folder) = (Site::start(), tempfile::tempdir().unwrap());
    site.response(GET, [Response::redirect("/hops/1")]);
    for hop in 1..=3 {
        site.response(&format!("hops/{hop}"), [Response::redirect((hop + 1).to_string())]);
    }
    site.response("hops/4", [Response::redirect(format!("{}/hops/5", site.url()))]);
    site.response("hops/5", [Response::page(pages()[GET].as_str())]);
    assert_eq!(*outcome(&fetch_all(folder.path(), &site), GET), Outcome::New);

    site.response("hops/5", [Response::redirect("6")]);
    site.response("hops/6", [Response::page(pages()[GET].as_str())]);
    let report = fetch_all(folder.path(), &site);
    assert!(reason(&report, GET).starts_with("more than 5 redirects, the last to http://"), "{report:?}");
    assert!(reason(&report, GET).ends_with("/hops/6"), "{report:?}");
    assert_eq!(site.asked("hops/6"), 0);

    stays(GET, &[Response::redirect(format!("/{GET}"))], "more than 5 redirects", 6);
    // A redirect without a location.
    stays(GET, &[Response::status(302)], "unexpected status: 302 Found", 1);
}

#[test]
fn a_redirect_to_another_host_is_reported_and_not_followed() {
    let elsewhere = Site::start();
    let port = elsewhere.url().rsplit(':').next().unwrap().to_owned();
    for to in [
        format!("{}/{GET}?token=private", elsewhere.url()),
        format!("//localhost:{port}/{GET}"),
        format!("https://127.0.0.1:{port}/{GET}"),
        "ftp://127.0.0.1/page".to_owned(),
    ] {
        let shown = to.split('?').next().unwrap().trim_start_matches("//").to_owned();
        stays(GET, &[Response::redirect(to)], &format!("{shown}, which is not on http://127.0.0.1:"), 1);
    }
    assert!(elsewhere.requests().is_empty());
}

/// Downloads a single page from a server.
fn fetch_one(base: &str, timeout: Duration) -> Fetched {
    let root = workspace_of(&["https://docs.example/guide/page"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guide/page.md");
    let old = Old::write(&path, b"# What was there\n");
    let options = Options {
        base: Some(base.to_owned()),
        pause: Duration::ZERO,
        timeout,
        ..Options::new(root.path(), folder.path())
    };
    let report = run(&options, |_| ()).unwrap();
    let fetched = report.pages[0].clone();
    let kept = matches!(fetched.outcome, Outcome::Kept { .. });
    assert_eq!(Old::read(&path) == old, kept);
    assert_eq!(files(folder.path()).len(), 1);
    assert_eq!(report.exit_code(), if kept { 2 } else { 0 });
    fetched
}

const PAGE: &str = "# A page\n\nIts words.\n";
const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn an_incomplete_page_keeps_the_file() {
    for head in ["Content-Length: 1000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n17\r\n"] {
        let base = raw_server(move |_, to| write!(to, "HTTP/1.1 200 OK\r\n{head}{PAGE}").unwrap());
        let page = fetch_one(&base, MINUTE).to_string();
        assert!(page.starts_with("kept     guide/page.md: the response ended after 21 bytes: "), "{page}");
        assert!(page.ends_with(", also at the second attempt"), "{page}");
    }
    let base = raw_server(|number, to| {
        let length = if number == 0 { 1000 } else { PAGE.len() };
        write!(to, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{PAGE}").unwrap();
    });
    assert_eq!(fetch_one(&base, MINUTE).outcome, Outcome::Changed);
}

#[test]
fn a_connection_without_a_response_is_retried_once() {
    let base = raw_server(|_, _| ());
    let page = fetch_one(&base, MINUTE).to_string();
    assert!(page.contains("no response: ") && page.ends_with("also at the second attempt"), "{page}");
    let base = raw_server(|number, to| {
        if number == 1 {
            write!(to, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{PAGE}", PAGE.len()).unwrap();
        }
    });
    assert_eq!(fetch_one(&base, MINUTE).outcome, Outcome::Changed);
}

#[test]
fn an_endless_page_is_aborted() {
    let (tell, told) = mpsc::channel();
    let base = raw_server(move |_, to| {
        write!(to, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n# Page\n\r\n").unwrap();
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        let mut written = 0;
        while to.write_all(chunk.as_bytes()).is_ok() {
            written += chunk.len();
        }
        tell.send(written).unwrap();
    });
    let page = fetch_one(&base, MINUTE).to_string();
    assert_eq!(page, "kept     guide/page.md: the page is larger than 5 MB");
    // The server can write more than the limit, because sockets have buffers.
    assert!(told.recv_timeout(MINUTE).unwrap() < 50_000_000);
}

#[test]
fn a_slow_page_times_out() {
    let (hold, held) = mpsc::channel::<()>();
    let base = raw_server(move |_, to| {
        write!(to, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{PAGE}").unwrap();
        let _ = held.recv();
    });
    let page = fetch_one(&base, Duration::from_millis(300)).to_string();
    assert_eq!(page, "kept     guide/page.md: the download took longer than 300ms");
    drop(hold);
}

#[test]
fn an_invalid_base_or_address_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("pages");
    let error = |root: &Path, base: &str| format!("{:#}", fetch(root, &into, base).unwrap_err());
    for (base, why) in [
        ("docs.ecwid.com", "invalid URL in --base"),
        ("", "invalid URL in --base"),
        ("ftp://docs.ecwid.com", "unsupported scheme in --base"),
        ("file:///pages", "unsupported scheme in --base"),
        ("https://docs.ecwid.com/?page=1", "query or fragment in --base"),
        ("https://docs.ecwid.com/#top", "query or fragment in --base"),
    ] {
        let text = error(&workspace::root(), base);
        assert!(text.contains(&format!("{why}: {base:?}")) && text.contains("such as https://"), "{text}");
    }
    let text = error(&workspace::root(), "https://someone:hidden@docs.ecwid.com");
    assert!(
        text.contains("user name or password in --base at \"docs.ecwid.com\"") && !text.contains("hidden"),
        "{text}"
    );

    for address in [
        "https://docs.example/../../etc/page",
        "https://docs.example/a/%2e%2e/page",
        "https://docs.example/a//page",
        "https://docs.example/a\\page",
        "https://docs.example/.hidden",
        "https://docs.example/a%2fb",
        "https://docs.example/page?version=1",
        "https://docs.example/page#part",
        "https://docs.example",
        "ftp://docs.example/page",
        "/etc/page",
    ] {
        let text = error(workspace_of(&[address]).path(), "http://docs.invalid");
        assert!(text.contains(&format!("invalid page address: {address:?}")), "{text}");
    }
    let root = workspace_of(&["https://docs.example/page", "https://other.example/page"]);
    assert!(error(root.path(), "http://docs.invalid").contains("have the same file: page.md"));
    assert!(error(workspace_of(&[]).path(), "http://docs.invalid").contains("no page addresses in"));
    assert!(!into.exists());
}

#[test]
fn a_mirror_can_have_a_path() {
    let (site, folder) = (Site::start(), tempfile::tempdir().unwrap());
    let root = workspace_of(&["https://docs.example/guide/page/"]);
    site.response("mirrors/docs/guide/page.md", [Response::page(PAGE)]);
    for base in ["/mirrors/docs", "/mirrors/docs/"] {
        let report = fetch(root.path(), folder.path(), &format!("{}{base}", site.url())).unwrap();
        assert_eq!(report.exit_code(), 0, "{report:?}");
    }
    assert_eq!(files(folder.path()).into_keys().collect::<Vec<_>>(), ["guide/page.md"]);
}
