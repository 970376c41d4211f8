//! The example requests and responses of a page.

use serde_json::Value;
use url::Url;

/// An example request, an example response, or both.
#[derive(Clone, Debug, Default)]
pub struct Example {
    pub line: usize,
    /// The request, if there is one.
    pub request: Option<Request>,
    pub body: Option<Json>,
    pub response: Option<Json>,
}

#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    /// The path, starting with `/api/v3`.
    pub path: String,
    /// The decoded query parameters.
    pub query: Vec<(String, String)>,
    /// The headers, except `Host`.
    pub headers: Vec<(String, String)>,
    /// The command line, if the example is a curl command.
    pub curl: Option<String>,
}

/// The JSON text of an example.
#[derive(Clone, Debug)]
pub struct Json {
    pub line: usize,
    /// The text. It can be invalid JSON if the page has an error.
    pub text: String,
}

/// Adds a code block of a page to the examples. `label` is the text above the block.
pub(crate) fn add(examples: &mut Vec<Example>, line: usize, code: &str, label: &str) {
    let blank = code.len() - code.trim_start().len();
    let line = line + code[..blank].matches('\n').count();
    let code = code.trim();
    if let Some((request, body)) = http(code).or_else(|| curl(code)) {
        let body = body.map(|at| Json {
            line: line + code[..at].matches('\n').count(),
            text: code[at..].trim_end().trim_end_matches('\'').to_owned(),
        });
        examples.push(Example { line, request: Some(request), body, response: None });
    } else if code.starts_with(['{', '[']) {
        let json = Json { line, text: code.to_owned() };
        let label = label.to_lowercase();
        match examples.last_mut() {
            Some(Example { request: Some(_), response: response @ None, .. }) => *response = Some(json),
            _ if label.contains("request") && !label.contains("response") => {
                examples.push(Example { line, body: Some(json), ..Example::default() });
            }
            _ => examples.push(Example { line, response: Some(json), ..Example::default() }),
        }
    }
}

/// Returns the length of the request, command or JSON at the start of a text, for formats that do not mark code.
pub(crate) fn code_at(text: &str) -> Option<usize> {
    let first = text.split('\n').next().unwrap_or_default();
    if request_line(first).is_some() {
        let (_, body) = http(text)?;
        let end = body.map(|at| at + json_or_what_is_meant(&text[at..]));
        return Some(end.unwrap_or_else(|| head(text).trim_end().len()));
    }
    if first.starts_with("curl ") {
        return Some(command(text).trim_end().len());
    }
    if first.starts_with(['{', '[']) && !first.starts_with("{%") {
        return Some(json_or_what_is_meant(text));
    }
    None
}

fn request_line(line: &str) -> Option<(&str, &str)> {
    let (method, target) = line.trim_end().strip_suffix(" HTTP/1.1")?.split_once(' ')?;
    method.bytes().all(|byte| byte.is_ascii_uppercase()).then_some((method, target))
}

fn head(text: &str) -> &str {
    let headers = text.split_inclusive('\n').skip(1).take_while(|line| line.trim().contains(": "));
    &text[..text.find('\n').map_or(text.len(), |at| at + 1) + headers.map(str::len).sum::<usize>()]
}

/// Reads an HTTP request. Returns it with the offset of its body.
fn http(text: &str) -> Option<(Request, Option<usize>)> {
    let (method, target) = request_line(text.split('\n').next()?)?;
    let mut request = Request { method: method.to_owned(), ..request_to(target)? };
    let head = head(text);
    request.headers = head.lines().skip(1).filter_map(header).filter(|(name, _)| name != "Host").collect();
    let rest = &text[head.len()..];
    let body = head.len() + rest.len() - rest.trim_start().len();
    Some((request, text[body..].starts_with(['{', '[']).then_some(body)))
}

fn curl(text: &str) -> Option<(Request, Option<usize>)> {
    if !text.starts_with("curl ") {
        return None;
    }
    let command = command(text).trim_end();
    let url = command.split('\'').find(|word| word.starts_with("http"))?;
    let mut words = command.split_whitespace();
    let method = words.find(|word| matches!(*word, "-X" | "--request")).and_then(|_| words.next());
    let body = command.find(['{', '[']).filter(|at| command[..*at].ends_with('\''));
    let method = method.map(|method| method.trim_matches('\'')).unwrap_or(if body.is_some() { "POST" } else { "GET" });
    let mut request = Request {
        method: method.to_owned(),
        curl: Some(command.to_owned()),
        ..request_to(&url[url.find("/api/v3")?..])?
    };
    let quoted = command[..body.unwrap_or(command.len())].split('\'').skip(1).step_by(2);
    request.headers = quoted.filter_map(header).collect();
    Some((request, body))
}

/// Returns the lines of a command. A backslash at the end of a line continues the command.
fn command(text: &str) -> &str {
    let mut lines = text.split_inclusive('\n');
    let goes_on: usize = lines.by_ref().take_while(|line| line.trim_end().ends_with('\\')).map(str::len).sum();
    &text[..goes_on + text[goes_on..].split_inclusive('\n').next().map_or(0, str::len)]
}

fn header(line: &str) -> Option<(String, String)> {
    line.trim().split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()))
}

fn request_to(target: &str) -> Option<Request> {
    let url = Url::parse("http://localhost").ok()?.join(target).ok()?;
    url.path().starts_with("/api/v3/").then(|| Request {
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        ..Request::default()
    })
}

/// Returns the length of JSON. Invalid JSON extends to the next empty line, so that its error can be reported.
fn json_or_what_is_meant(text: &str) -> usize {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match values.next() {
        Some(Ok(value)) if value.is_object() || value.is_array() => values.byte_offset(),
        _ => text.find("\n\n").unwrap_or(text.len()),
    }
}
