//! A token that a server returns, or that was passed as another value, is in no error.

use std::time::Duration;

use ecwid_coupons::{Client, Error, types::NewCoupon};
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer};

const TOKEN: &str = "secret_do_not_show";

/// A token without Ecwid's prefix. The patterns do not match it.
const ODD: &str = "0dd/T0ken\"of-mine";

async fn responded(token: &str, response: Act, max_body: usize) -> Error {
    let server = ScriptedServer::start(Vec::new(), move |_| response.clone()).await.unwrap();
    let client = Client::builder(1003, token).base_url(server.base_url()).max_attempts(1);
    client.deadline(Duration::from_secs(5)).max_body_size(max_body).build().unwrap().get("CODE").await.unwrap_err()
}

/// Returns all text of an error.
fn all(error: &Error) -> String {
    let members = serde_json::to_string(error.api_error()).unwrap();
    format!(
        "{error} {error:?} {} {members} {:?} {:?} {:?}",
        error.summary(),
        error.api_error(),
        error.body(),
        error.hint()
    )
}

/// Escapes all characters of a token as in JSON.
fn escaped(token: &str) -> String {
    token.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect()
}

fn percent_encoded(token: &str) -> String {
    token.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

#[tokio::test]
async fn an_escaped_token_is_redacted() {
    for token in [TOKEN, ODD] {
        let json = serde_json::to_string(token).unwrap();
        let json = json.trim_matches('"');
        let first = format!("\\u{:04x}{}", token.as_bytes()[0], &json[1..]);
        for form in [json.to_owned(), first, escaped(token), percent_encoded(token), json.replace('/', "\\/")] {
            let errors = [
                format!(r#"{{"errorMessage":"{form} is no token","errorCode":"X"}}"#),
                format!(r#"{{"errorMessage":"no","errorCode":"{form}"}}"#),
                format!(r#"{{"errorMessage":"no","args":{{"{form}":["{form}"]}}}}"#),
                format!(r#"{{"errorMessage":"no","request":{{"headers":{{"authorization":"Bearer {form}"}}}}}}"#),
                format!(r#"{{"errorMessage":"{{\"token\":\"{}\"}}"}}"#, form.replace('\\', "\\\\")),
            ];
            let others = [
                format!("<pre>{form}</pre>"),
                format!(r#"["{form}"]"#),
                format!(r#"{{"id":"{form}"}}"#),
                // The token starts at the end of the excerpt.
                format!("{}{form}", "x".repeat(495)),
            ];
            let others = others.iter().flat_map(|body| [(403, body), (200, body)]);
            for (status, body) in errors.iter().map(|body| (403, body)).chain(others) {
                let shown = all(&responded(token, Act::response(status, body), 10_000).await);
                assert!(!shown.contains(token) && !shown.contains(json) && !shown.contains(&form), "{body}: {shown}");
                assert!(shown.contains('…'), "{body}: {shown}");
            }
            // The size limit of the body cuts the token off.
            let body = format!("{}{form}", "x".repeat(150 - form.len() + 3));
            for status in [403, 200] {
                let shown = all(&responded(token, Act::response(status, &body), 150).await);
                let left = &form[..form.len() - 6];
                assert!(shown.contains("xxx…") && !shown.contains(left), "{body}: {shown}");
            }
        }
        let reason = format!("HTTP/1.1 400 {token}\r\ncontent-length: 0\r\n\r\n");
        let shown = all(&responded(token, Act::Bytes(reason.into_bytes()), 10_000).await);
        assert!(!shown.contains(token) && shown.contains('…'), "{shown}");
        let kind = Act::with(200, &[("content-type", token)], "<html>");
        assert!(!all(&responded(token, kind, 10_000).await).contains(token));
    }
}

#[tokio::test]
async fn other_text_is_not_redacted() {
    let body = r#"{"errorMessage":"a is no token, but \u0061 letter","errorCode":"A","args":{"a":1.50}}"#;
    let error = responded("a", Act::response(400, body), 10_000).await;
    assert_eq!(error.api_error().error_message.as_deref(), Some("a is no token, but a letter"));
    assert_eq!(error.api_error().args.as_ref().unwrap()["a"].as_str(), "1.50");
    // Too short to be recognized in other text, except as a header.
    let error = responded("a", Act::response(502, "<pre>Authorization: Bearer a</pre> a"), 10_000).await;
    assert_eq!(error.body(), Some("<pre>Authorization: …</pre> a"));
}

#[test]
fn a_misplaced_token_is_redacted() {
    let builder = || Client::builder(1003, ODD);
    for token in [TOKEN, "public_do_not_show", ODD] {
        for base_url in [
            token.to_owned(),
            format!("https://app.ecwid.com/api/v3?token={token}"),
            format!("http://shop.example/{}", percent_encoded(ODD)),
            format!("ftp://{token}"),
            format!("http://user:{token}@127.0.0.1"),
        ] {
            let builder = builder().base_url(base_url);
            let shown = format!("{builder:?} {}", builder.clone().build().unwrap_err());
            assert!(!shown.contains(token) && !shown.contains(&percent_encoded(ODD)), "{shown}");
        }
        for proxy in [token.to_owned(), format!("ftp://{token}"), format!("http://[{token}")] {
            let shown = builder().proxy(proxy).build().unwrap_err().to_string();
            assert!(!shown.contains(token), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_token_as_host_or_code_is_redacted() {
    let client = Client::builder(1003, TOKEN).base_url(format!("https://{TOKEN}/api/v3")).max_attempts(1);
    let client = client.deadline(Duration::from_secs(5)).proxy("http://127.0.0.1:1").build().unwrap();
    let shown = format!("{} {client:?}", all(&client.get("CODE").await.unwrap_err()));
    assert!(!shown.contains(TOKEN), "{shown}");
    let shown = client.get(format!("{TOKEN}/../x")).await.unwrap_err().to_string();
    assert!(!shown.contains(TOKEN), "{shown}");
}

#[tokio::test]
async fn a_token_in_a_stored_field_is_redacted() {
    for token in [TOKEN, ODD] {
        let name = serde_json::to_string(token).unwrap();
        let page = format!(r#"{{"total":1,"count":1,"items":[{{"id":7,"code":"CODE","name":{name}}}]}}"#);
        let server =
            ScriptedServer::start(vec![Act::response(409, "{}")], move |_| Act::response(200, &page)).await.unwrap();
        let client = Client::builder(1003, token).base_url(server.base_url()).build().unwrap();
        let error = client.create_or_get(&NewCoupon::new("Name", "CODE")).await.unwrap_err();
        assert!(error.is_conflict() && error.differences()[0].field == "name", "{error}");
        assert!(!all(&error).contains(&token[1..]) && !all(&error).contains(&name[2..name.len() - 1]), "{error:?}");
    }
}
