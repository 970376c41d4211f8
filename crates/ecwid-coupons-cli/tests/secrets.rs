//! Tests of tokens in responses and in wrong places, and of the addresses that a token is sent to.

mod program;

use std::process::Command;

use program::{Outcome, TOKEN, alone, program, program_for, run, server};

/// A token in another form than the vendor's tokens.
const ODD: &str = "0dd-T0ken-of-mine";

fn with_odd(mut command: Command) -> Outcome {
    let outcome = run(command.env("ECWID_STORE_ID", "1003").env("ECWID_TOKEN", ODD));
    assert!(!outcome.err.contains(ODD) && !outcome.out.contains(ODD), "{outcome:?}");
    outcome
}

#[test]
fn an_escaped_token_in_a_response_is_not_shown() {
    let escaped: &str = ODD.bytes().map(|byte| format!("\\u{byte:04x}")).collect::<String>().leak();
    for form in [ODD, escaped, "%30dd-T0ken-of-mine"] {
        let body: &str = format!(r#"{{"errorMessage":"{form}?","errorCode":"X"}}"#).leak();
        let base_url = server("400 Bad Request", "Content-Type: application/json\r\n", body);
        let error = with_odd(program_for_odd(&base_url, &["get", "A"])).failed(1);
        assert!(error.contains("…?") && !error.contains(form), "{error}");
    }
}

fn program_for_odd(base_url: &str, arguments: &[&str]) -> Command {
    let mut command = program(arguments);
    command.env("ECWID_BASE_URL", base_url);
    command
}

#[test]
fn a_token_in_the_wrong_place_is_not_shown() {
    for token in [TOKEN, ODD] {
        for arguments in [
            &["search", "--store-id", token][..],
            &["search", "--token-file", token],
            &["search", "--ca-file", token],
            &["search", "--base-url", token],
            &["search", "--format", token],
            &["search", "--timeout", token],
            &["search", "--limit", token],
            &["search", token],
            &["search", &format!("--{token}")],
            &["search", "--status", token],
            &["search", "--created-from", token],
            &["search", "--fields", &format!("{token}(")],
            &["get", &format!("{token}/../x")],
            &["create", "--json", token],
            &["create", "--name", "A", "--code", "A", "--discount", token],
            &["update", "A", "--clear", token],
            &["sandbox", "--db", token, "--port", token],
            &["sandbox", "--config", token],
            &[token],
        ] {
            assert_ne!(with_odd(program(arguments)).code, 0, "{arguments:?}");
        }
        for variable in ["ECWID_BASE_URL", "ECWID_CA_FILE", "ECWID_ALLOW_HTTP"] {
            let mut command = program(&["search"]);
            command.env(variable, token);
            let error = with_odd(command).failed(2);
            let way_out = if variable == "ECWID_CA_FILE" {
                "--ca-file"
            } else if variable == "ECWID_BASE_URL" {
                "base URL"
            } else {
                variable
            };
            assert!(error.contains(way_out), "{error}");
        }
        let swapped = run(program(&["search"]).env("ECWID_STORE_ID", token).env("ECWID_TOKEN", "1003")).failed(2);
        assert!(!swapped.contains(token), "{swapped}");
        let mut command = program(&["get", "A", "--base-url", "https://shop.invalid/api/v3"]);
        command.env("HTTPS_PROXY", format!("ftp://{token}:{token}@proxy.example"));
        assert!(with_odd(command).failed(2).contains("HTTPS_PROXY"));
    }
}

#[test]
fn http_to_another_machine_must_be_allowed() {
    let elsewhere = "http://shop.invalid/api/v3";
    let get = || program_for(elsewhere, &["get", "A", "--timeout", "0.5"]);
    let error = run(&mut get()).failed(2);
    assert!(error.contains("unencrypted") && error.contains("`--allow-http`"), "{error}");
    assert!(!error.contains("`allow_http`"), "only the flag: {error}");
    run(get().env("ECWID_ALLOW_HTTP", "0")).failed(2);
    assert!(run(get().env("ECWID_ALLOW_HTTP", "maybe")).failed(2).contains("ECWID_ALLOW_HTTP"));
    // Nothing listens there, but the command tried to connect.
    run(get().arg("--allow-http")).failed(6);
    run(get().env("ECWID_ALLOW_HTTP", "true")).failed(6);
    run(&mut program_for("http://app.ecwid.com./api/v3", &["get", "A"])).failed(2);
    alone(&["search", "--allow-http"]).failed(2);
}

#[test]
fn a_proxy_that_requires_a_password_is_reported() {
    let proxy = server("407 Proxy Authentication Required", "Proxy-Authenticate: Basic\r\n", "<html>");
    let proxy = proxy.trim_end_matches("/api/v3");
    for (base_url, name, code) in
        [("https://shop.invalid/api/v3", "HTTPS_PROXY", 6), ("http://shop.invalid/api/v3", "HTTP_PROXY", 1)]
    {
        let mut get = program_for(base_url, &["get", "A", "--allow-http"]);
        let error = run(get.env(name, proxy)).failed(code);
        assert!(error.contains("set the user name and the password of the proxy"), "{error}");
    }
}

#[test]
fn a_token_from_a_file_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, ODD).unwrap();
    let coupon = format!(r#"{{"id":1,"code":"X-{ODD}","orderCount":"{ODD}"}}"#);
    let body = format!(r#"{{"total":1,"count":1,"offset":0,"limit":100,"items":[{coupon}]}}"#);
    let base_url = server("200 OK", "Content-Type: application/json\r\n", body.leak());
    for arguments in [&["search", "--skip-unreadable"][..], &["search"], &["search", "--fields", ODD], &["get", ODD]] {
        let mut command = program(arguments);
        command.args(["--store-id", "1003", "--base-url", &base_url, "--token-file"]).arg(&file);
        let outcome = run(&mut command);
        assert!(!outcome.err.is_empty() && !outcome.err.contains(ODD), "{arguments:?}: {outcome:?}");
    }
}
