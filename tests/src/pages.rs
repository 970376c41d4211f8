//! The requests and responses that are printed in the vendor's pages, as tests want them.
//!
//! The pages are not part of this project, and `xtask-verify` reads them. They are in the folder `ECWID_PAGES`, or in
//! `../shared/docs` beside the workspace; where neither is there, the tests that need them say that they are skipped.

use xtask_verify::pages::{self, Json, Page, Request};

/// A printed request, and the response printed after it.
#[derive(Clone, Debug, Default)]
pub struct Example {
    /// The page's file, from the folder.
    pub page: String,
    /// The line the request begins at.
    pub line: usize,
    /// The method.
    pub method: String,
    /// The path, from `/api/v3` on.
    pub path: String,
    /// The query parameters, decoded.
    pub query: Vec<(String, String)>,
    /// The headers, without `Host`.
    pub headers: Vec<(String, String)>,
    /// The JSON text of the body.
    pub body: Option<String>,
    /// The JSON text of the response.
    pub response: Option<String>,
    /// The command line, when the request is printed as one.
    pub curl: Option<String>,
}

impl Example {
    /// Nothing for a response without a request, which cannot be replayed.
    fn new(page: &Page, example: &pages::Example) -> Option<Self> {
        let Request { method, path, query, headers, curl } = example.request.clone()?;
        let text = |json: &Option<Json>| json.as_ref().map(|json| json.text.clone());
        let (body, response) = (text(&example.body), text(&example.response));
        Some(Self { page: page.file.clone(), line: example.line, method, path, query, headers, body, response, curl })
    }

    /// Where the example stands.
    pub fn place(&self) -> String {
        format!("{}:{} {} {}", self.page, self.line, self.method, self.path)
    }

    /// The store id in the path; the guide prints `STOREID` in its place.
    pub fn store_id(&self) -> i64 {
        self.path.split('/').nth(3).and_then(|id| id.parse().ok()).unwrap_or(1003)
    }

    /// The coupon in the path.
    pub fn coupon(&self) -> Option<&str> {
        self.path.split('/').nth(5)
    }

    /// The token in the headers.
    pub fn token(&self) -> &str {
        self.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
    }

    /// The header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The query parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// All examples of all pages, or nothing where there are no pages.
pub fn examples() -> Option<Vec<Example>> {
    let pages = pages::read_folder(&xtask::workspace::pages()?).unwrap_or_else(|error| panic!("{error:#}"));
    let of = |page: &Page| {
        let all = page.operations.iter().flat_map(|operation| &operation.examples).chain(&page.examples);
        all.filter_map(|example| Example::new(page, example)).collect::<Vec<_>>()
    };
    Some(pages.iter().flat_map(of).collect())
}
