//! Generated pages, and servers that send them correctly or with failures.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, SystemTime},
};

use httpmock::{HttpMockResponse, MockServer, prelude::HttpMockRequest};
use xtask::workspace;
use xtask_verify::{
    lock::{self, Lock},
    pages::{Operation, Part},
};

/// A page of an operation.
pub(crate) const GET: &str = "api-reference/rest-api/discounts/discount-coupons/get-discount-coupon.md";
/// The page of another operation.
pub(crate) const SEARCH: &str = "api-reference/rest-api/discounts/discount-coupons/search-discount-coupons.md";
/// A page that has only examples.
pub(crate) const GUIDE: &str = "discounts-and-tips/add-discounts-to-the-store/discount-coupons.md";
/// A page that is in the document but not in the lock.
pub(crate) const SECTION: &str = "api-reference/rest-api/batch-requests.md";

/// Returns a page for each address of the workspace, by its file. The pages have the operations and names in the lock.
pub(crate) fn pages() -> BTreeMap<String, String> {
    let lock = Lock::read(&workspace::root()).unwrap();
    let mut pages = BTreeMap::new();
    for page in lock.pages {
        let path = page.address.strip_prefix("https://docs.ecwid.com/").unwrap();
        let title = path.rsplit('/').next().unwrap().replace('-', " ");
        let text = match page.operations.first() {
            Some(operation) => operation_page(&title, operation),
            None => format!("# {title}\n\n```http\n{}\n```\n", request()),
        };
        pages.insert(format!("{path}.md"), text);
    }
    assert!(!pages.contains_key(SECTION));
    pages.insert(SECTION.to_owned(), "# Many at once\n\nSome words on a section.\n".to_owned());
    pages
}

fn request() -> &'static str {
    "POST /api/v3/1003/discount_coupons HTTP/1.1\nContent-Type: application/json\n\n{\"name\": \"Ours\"}"
}

fn operation_page(title: &str, operation: &Operation) -> String {
    let mut page = format!("# {title}\n\n{} {}\n", operation.method, operation.url);
    for table in &operation.tables {
        let heading = match table.part {
            Part::Path => "Path params",
            Part::Query => "Query params",
            Part::Headers => "Headers",
            Part::Request => "Request JSON",
            Part::Response => "Response JSON",
        };
        let (level, heading) = if table.object.is_empty() { ("##", heading) } else { ("###", table.object.as_str()) };
        write!(page, "\n{level} {heading}\n\n| Field | Type | Description |\n| --- | --- | --- |\n").unwrap();
        for member in &table.members {
            let type_ = if member.object.is_some() { "object" } else { "string" };
            writeln!(page, "| {} | {type_} | Our words on it. |", member.name).unwrap();
        }
    }
    page
}

/// A response of a site.
#[derive(Clone, Debug, Default)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn page(body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type", "text/markdown; charset=utf-8".to_owned())],
            body: body.into(),
        }
    }

    pub(crate) fn of_type(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, headers: vec![("content-type", content_type.to_owned())], body: body.into() }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self { status, ..Self::page("# Out of order\n") }
    }

    pub(crate) fn redirect(to: impl Into<String>) -> Self {
        Self { status: 302, headers: vec![("location", to.into())], body: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

#[derive(Default)]
struct State {
    /// The responses of each path. The last one is repeated.
    responses: BTreeMap<String, VecDeque<Response>>,
    /// The path and the headers of each request.
    requests: Vec<(String, BTreeMap<String, String>)>,
}

/// A site with a page for each address of the workspace.
pub(crate) struct Site {
    server: MockServer,
    state: Arc<Mutex<State>>,
}

impl Site {
    pub(crate) fn start() -> Self {
        let server = MockServer::start();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        server.mock(|_, then| {
            then.respond_with(move |request: &HttpMockRequest| {
                let mut state = shared.lock().unwrap();
                let path = request.uri().path().trim_start_matches('/').to_owned();
                let headers = request.headers();
                let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
                let headers = headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect();
                state.requests.push((path.clone(), headers));
                let response = match state.responses.get_mut(&path) {
                    Some(responses) if responses.len() > 1 => responses.pop_front().unwrap(),
                    Some(responses) => responses[0].clone(),
                    None => Response::status(404),
                };
                let mut builder = HttpMockResponse::builder().status(response.status).body(response.body);
                for (name, value) in response.headers {
                    builder = builder.header(name, value);
                }
                builder.build()
            });
        });
        let site = Self { server, state };
        for (file, text) in pages() {
            site.response(&file, [Response::page(text)]);
        }
        site
    }

    pub(crate) fn url(&self) -> String {
        self.server.base_url()
    }

    /// Sets the responses of a path, in this order.
    pub(crate) fn response(&self, path: &str, responses: impl IntoIterator<Item = Response>) {
        self.state.lock().unwrap().responses.insert(path.to_owned(), responses.into_iter().collect());
    }

    /// Returns the path and the headers of each request so far.
    pub(crate) fn requests(&self) -> Vec<(String, BTreeMap<String, String>)> {
        self.state.lock().unwrap().requests.clone()
    }

    /// Returns the number of requests for a path.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.requests().iter().filter(|(asked, _)| asked == path).count()
    }
}

/// Starts a server that calls a function with each connection and its number, starting with 0. Returns the base URL.
pub(crate) fn raw_server(response: impl Fn(usize, &mut TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for (number, connection) in listener.incoming().enumerate() {
            let mut connection = connection.unwrap();
            // Closing the connection before the whole request is read would send a reset.
            let mut lines = BufReader::new(connection.try_clone().unwrap()).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            response(number, &mut connection);
            let _ = connection.flush();
        }
    });
    url
}

/// Returns a workspace with these pages in the document, and an empty lock.
pub(crate) fn workspace_of(addresses: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("openapi")).unwrap();
    let mut document = "openapi: 3.0.3\nservers: [{ url: \"https://api.example/v3\" }]\npaths: {}\ntags:\n".to_owned();
    for address in addresses {
        writeln!(document, "  - {{ name: page, externalDocs: {{ url: {address:?} }} }}").unwrap();
    }
    fs::write(root.path().join(workspace::DOCUMENT), document).unwrap();
    fs::write(root.path().join(lock::PATH), "").unwrap();
    root
}

/// A file with its modification time, which is set to a time long ago.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Old {
    bytes: Vec<u8>,
    modified: SystemTime,
}

impl Old {
    /// Writes a file.
    pub(crate) fn write(path: &Path, bytes: &[u8]) -> Self {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = fs::File::create(path).unwrap();
        file.write_all(bytes).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)).unwrap();
        drop(file);
        Self::read(path)
    }

    /// Reads the file.
    pub(crate) fn read(path: &Path) -> Self {
        Self { bytes: fs::read(path).unwrap(), modified: fs::metadata(path).unwrap().modified().unwrap() }
    }
}

/// Returns all files below a folder, by their relative paths.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}
