//! The requests and answers that are printed in the vendor's pages.
//!
//! The pages are not part of this project. They are read from the folder `ECWID_PAGES`, or from `../shared/docs` beside the
//! workspace; where neither is there, the tests that need them say that they are skipped.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

/// A printed request, and the answer printed after it.
#[derive(Clone, Debug, Default)]
pub struct Example {
    /// The page's file name.
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
    /// The JSON text of the answer.
    pub answer: Option<String>,
    /// The command line, when the request is printed as one.
    pub curl: Option<String>,
}

impl Example {
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
    let folder =
        std::env::var_os("ECWID_PAGES").map_or_else(|| super::workspace().join("../shared/docs"), PathBuf::from);
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    (!files.is_empty()).then(|| files.iter().flat_map(|file| read(file)).collect())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "md" || extension == "txt") {
            files.push(path);
        }
    }
}

fn read(file: &Path) -> Vec<Example> {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let page = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut examples: Vec<Example> = Vec::new();
    let (mut offset, mut line) = (0, 1);
    while offset < text.len() {
        let rest = &text[offset..];
        let first = rest.lines().next().unwrap_or_default();
        let length = if let Some((mut example, length)) = http(rest).or_else(|| curl(rest)) {
            (example.page, example.line) = (page.clone(), line);
            examples.push(example);
            length
        } else if let (Some(length), Some(example)) =
            (json(rest), examples.last_mut().filter(|example| example.answer.is_none()))
        {
            example.answer = Some(rest[..length].to_owned());
            length
        } else {
            first.len()
        };
        // On to the next line.
        let end =
            offset + length + text[offset + length..].find('\n').map_or(text.len() - offset - length, |at| at + 1);
        line += text[offset..end].matches('\n').count();
        offset = end;
    }
    examples
}

/// A request as HTTP: the request line, headers, an empty line, a JSON body.
fn http(text: &str) -> Option<(Example, usize)> {
    let mut lines = text.split_inclusive('\n');
    let request_line = lines.next()?;
    let (method, rest) = request_line.trim_end().strip_suffix(" HTTP/1.1")?.split_once(' ')?;
    let mut example = Example { method: method.to_owned(), ..target(rest)? };
    let mut length = request_line.len();
    for header in lines {
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        if name != "Host" {
            example.headers.push((name.to_owned(), value.to_owned()));
        }
        length += header.len();
    }
    let blank = text[length..].len() - text[length..].trim_start().len();
    if let Some(body) = json(&text[length + blank..]) {
        example.body = Some(text[length + blank..][..body].to_owned());
        length += blank + body;
    }
    // The last line is left for the caller to step over.
    Some((example, text[..length].trim_end().len()))
}

/// A request as a curl command.
fn curl(text: &str) -> Option<(Example, usize)> {
    if !text.starts_with("curl ") {
        return None;
    }
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        length += line.len();
        if !line.trim_end().ends_with('\\') {
            break;
        }
    }
    let command = text[..length].trim_end();
    let mut quoted = command.split('\'').skip(1).step_by(2);
    let url = quoted.next()?;
    let mut example =
        Example { method: "GET".to_owned(), curl: Some(command.to_owned()), ..target(&url[url.find("/api/v3")?..])? };
    example.headers = quoted
        .filter_map(|header| header.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Some((example, command.len()))
}

fn target(target: &str) -> Option<Example> {
    let url = reqwest::Url::parse("http://localhost").ok()?.join(target).ok()?;
    url.path().starts_with("/api/v3/").then(|| Example {
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        ..Example::default()
    })
}

/// The length of the JSON object or list that the text begins with.
fn json(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = values.next()?.ok()?;
    (text.starts_with(['{', '[']) && (value.is_object() || value.is_array())).then(|| values.byte_offset())
}
