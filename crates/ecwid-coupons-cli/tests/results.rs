//! Tests of results: a command reports a change only if the store confirmed it, and every change that may have happened.

mod program;
// The file and not its crate, because a source distribution would contain a crate that this one names.
#[path = "../../../tests/src/scripted_server.rs"]
#[allow(dead_code, unreachable_pub)]
mod scripted_server;

use program::{Outcome, Sandbox, program_for, run, server};
use scripted_server::{Act, ScriptedServer};

/// Runs the command against a scripted server that then behaves like an empty store.
async fn scripted(acts: Vec<Act>, arguments: &'static [&'static str]) -> Outcome {
    let empty = r#"{"total":0,"count":0,"offset":0,"limit":100,"items":[]}"#;
    let server = ScriptedServer::start(acts, move |_| Act::response(200, empty)).await.unwrap();
    let base_url = server.base_url().to_owned();
    tokio::task::spawn_blocking(move || run(&mut program_for(&base_url, arguments))).await.unwrap()
}

/// Makes the sandbox process the next write and lose its response.
fn lose_the_next_response(sandbox: &Sandbox) {
    let control = sandbox.base_url.replace("/api/v3", "/_sandbox/faults");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let fault = r#"{"effect":{"kind":"resetAfter"},"times":1,"operations":["create_discount_coupon","update_discount_coupon","delete_discount_coupon"]}"#;
    runtime.block_on(async {
        let address = control.trim_start_matches("http://").split('/').next().unwrap().to_owned();
        let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        let request = format!(
            "POST /_sandbox/faults HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{fault}",
            fault.len()
        );
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).await.unwrap();
        assert!(response.starts_with("HTTP/1.1 2"), "{response}");
    });
}

#[test]
fn a_success_status_alone_is_not_a_result() {
    for body in [r#"{"status":"maintenance"}"#, "{}"] {
        let base_url = server("200 OK", "Content-Type: application/json\r\n", body);
        for arguments in [
            &["search"][..],
            &["search", "--format", "json"],
            &["search", "--format", "csv", "--fields", "code"],
            &["get", "X"],
            &["get", "X", "--format", "json"],
            &["get", "X", "--fields", "id"],
            &["create", "--name", "A", "--code", "A"],
            &["update", "A", "--discount", "5"],
            &["delete", "A"],
        ] {
            let outcome = run(&mut program_for(&base_url, arguments));
            assert!(outcome.code != 0, "{body}, {arguments:?}: {outcome:?}");
            assert!(outcome.err.contains("error: "), "{outcome:?}");
            assert!(
                !outcome.out.contains("created")
                    && !outcome.out.contains("updated")
                    && !outcome.out.contains("deleted")
            );
            assert!(!outcome.out.contains("[]"), "{body}, {arguments:?}: {outcome:?}");
        }
    }
    let base_url = server("200 OK", "Content-Type: application/json\r\n", r#"{"id":7,"code":"OTHER","name":"Other"}"#);
    let error = run(&mut program_for(&base_url, &["get", "C1"])).failed(1);
    assert!(error.contains("OTHER") && error.contains("C1"), "{error}");
}

#[tokio::test]
async fn a_search_fails_at_a_response_that_is_not_a_page() {
    let coupons: Vec<_> = (1..=100).map(|id| format!(r#"{{"id":{id},"code":"C{id}"}}"#)).collect();
    let first = format!(r#"{{"total":250,"count":100,"offset":0,"limit":100,"items":[{}]}}"#, coupons.join(","));
    let maintenance = vec![Act::response(200, r#"{"status":"maintenance"}"#); 9];
    let acts = [vec![Act::response(200, &first)], maintenance].concat();
    let outcome = scripted(acts, &["search", "--format", "jsonl"]).await;
    assert_eq!((outcome.code, outcome.out.lines().count()), (1, 100), "{}", outcome.err);
}

#[test]
fn an_update_with_a_lost_response_is_resolved() {
    let sandbox = Sandbox::start(&[]);
    sandbox.run(&["create", "--name", "A", "--code", "OLD"]).ok();
    lose_the_next_response(&sandbox);
    assert_eq!(sandbox.run(&["update", "OLD", "--code", "NEW"]).ok(), "OLD: updated\n");
    sandbox.run(&["get", "NEW"]).ok();
}

#[test]
fn a_delete_with_a_lost_response_reports_an_unknown_count() {
    let sandbox = Sandbox::start(&[]);
    for (format, expected) in [
        ("table", "A: deleted or already gone\n"),
        (
            "jsonl",
            "{\"code\":\"A\",\"coupon\":\"A\",\"deleteCount\":null,\"error\":null,\"errorKind\":null,\"id\":null,\"outcome\":\"unknown\"}\n",
        ),
        ("csv", "coupon,id,code,outcome,deleteCount,error,errorKind\nA,,A,unknown,,,\n"),
    ] {
        sandbox.run(&["create", "--name", "A", "--code", "A"]).ok();
        lose_the_next_response(&sandbox);
        let outcome = sandbox.run(&["delete", "A", "--format", format]);
        assert!(outcome.err.contains("note: a response was lost"), "{outcome:?}");
        assert_eq!(outcome.ok(), expected);
    }
    // A coupon that was deleted before is known to be missing.
    assert_eq!(sandbox.run(&["delete", "A"]).code, 3);
}

#[test]
fn a_create_with_a_lost_response_shows_the_existing_coupon() {
    let sandbox = Sandbox::start(&[]);
    lose_the_next_response(&sandbox);
    let said =
        sandbox.run(&["create", "--name", "A", "--code", "A", "--discount-type", "PERCENT", "--discount", "10"]).ok();
    assert!(said.contains("exists with this content, id ") && said.contains(", ACTIVE, used by 0 orders"), "{said}");
    assert!(said.contains("the response to the create was lost") && !said.contains("created"), "{said}");
    // The formats for programs print a note instead.
    for (code, format) in [("B", "json"), ("C", "jsonl"), ("D", "csv")] {
        lose_the_next_response(&sandbox);
        let outcome = sandbox.run(&["create", "--name", "A", "--code", code, "--format", format]);
        assert!(outcome.err.contains("exists with this content") && outcome.out.contains(code), "{outcome:?}");
    }
}

#[test]
fn an_update_fails_if_another_coupon_has_the_new_code() {
    let sandbox = Sandbox::start(&[]);
    sandbox.run(&["create", "--name", "A", "--code", "OLD"]).ok();
    sandbox.run(&["create", "--name", "B", "--code", "NEW"]).ok();
    lose_the_next_response(&sandbox);
    // The update is refused, and the response is lost.
    sandbox.run(&["update", "OLD", "--code", "NEW"]).failed(4);
    sandbox.run(&["get", "OLD"]).ok();
}

#[tokio::test]
async fn a_failed_change_says_that_it_may_have_taken_effect() {
    for act in [Act::Reset, Act::response(500, ""), Act::response(200, "{}")] {
        let outcome = scripted(vec![act.clone(); 9], &["update", "A", "--discount", "5"]).await;
        assert!(outcome.code != 0 && outcome.err.contains("the write may have taken effect"), "{act:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_coupon_with_other_content_is_not_reported_as_created() {
    let theirs = r#"{"id":7,"name":"A","code":"A","discountType":"PERCENT","discount":50,"status":"ACTIVE"}"#;
    let page = format!(r#"{{"total":1,"count":1,"offset":0,"limit":100,"items":[{theirs}]}}"#);
    let acts = vec![Act::Reset, Act::response(200, &page)];
    let error = scripted(acts, &["create", "--name", "A", "--code", "A"]).await.failed(4);
    assert!(error.contains("`discount` is 50 (sent: 0)") && error.contains("discountType"), "{error}");
}

#[tokio::test]
async fn a_failed_delete_names_the_coupons_that_were_not_attempted() {
    let deleted = Act::response(200, r#"{"deleteCount":1}"#);
    let refused = Act::response(403, r#"{"errorMessage":"No","errorCode":"INVALID_API_TOKEN"}"#);
    let outcome = scripted(vec![deleted, refused], &["delete", "A", "B", "C", "D"]).await;
    assert!(outcome.out.starts_with("A: deleted\nB: failed: delete_discount_coupon: 403 Forbidden: No"), "{outcome:?}");
    assert!(outcome.out.ends_with("\nC: not attempted\nD: not attempted\n"), "{outcome:?}");
    let error = outcome.failed(7);
    assert!(error.contains("coupon `B`; not attempted: `C`, `D`"), "{error}");
    let error = scripted(vec![Act::response(200, "{}"); 9], &["delete", "A", "B"]).await.failed(1);
    assert!(error.contains("coupon `A`, which may have been deleted; not attempted: `B`"), "{error}");
}

/// Sends a signal to the command after its request has arrived, and returns its outcome.
#[cfg(unix)]
async fn interrupted(acts: Vec<Act>, arguments: &[&str], signal: &str) -> Outcome {
    use std::{process::Stdio, time::Duration};

    let requests = acts.len() + 1;
    let server = ScriptedServer::start(acts, |_| Act::Hang).await.unwrap();
    let mut command = program_for(server.base_url(), arguments);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while server.seen().len() < requests {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let done = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(done.success());
    let output = tokio::task::spawn_blocking(|| child.wait_with_output()).await.unwrap().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let outcome =
        Outcome { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) };
    assert!(!outcome.err.contains(program::TOKEN));
    outcome
}

#[tokio::test]
async fn a_row_has_the_identity_of_its_coupon_and_the_error() {
    let refused = Act::response(403, r#"{"errorMessage":"No","errorCode":"INVALID_API_TOKEN"}"#);
    let arguments: &[&str] = &["delete", "A", "B", "--format", "csv"];
    let out = scripted(vec![refused.clone()], arguments).await.out;
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines[0], "coupon,id,code,outcome,deleteCount,error,errorKind");
    assert!(lines[1].starts_with("A,,A,failed,,delete_discount_coupon: 403 Forbidden: No"), "{out}");
    assert!(lines[1].ends_with(",status"), "{out}");
    assert_eq!(lines[2], "B,,B,not_attempted,,,");
    // One coupon has a row too.
    for (act, outcome, kind) in [(refused, "failed", "status"), (Act::response(200, "{}"), "unknown", "decode")] {
        let outcome_of = scripted(vec![act; 9], &["update", "A", "--name", "X", "--format", "jsonl"]).await;
        let row: serde_json::Value = serde_json::from_str(&outcome_of.out).unwrap();
        assert_eq!((row["coupon"].as_str(), row["code"].as_str()), (Some("A"), Some("A")), "{row}");
        assert_eq!((row["outcome"].as_str(), row["errorKind"].as_str()), (Some(outcome), Some(kind)), "{row}");
        let message = row["error"].as_str().unwrap();
        assert!(outcome_of.err.contains(message.split(" [request").next().unwrap()), "{outcome_of:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn an_interrupted_change_says_what_may_have_happened() {
    let create: &[&str] = &["create", "--name", "A", "--code", "A"];
    for (arguments, said) in [
        (create, "interrupted: `A` may have been created"),
        (&["update", "A", "--discount", "5"], "interrupted: `A` may have been updated"),
        (&["delete", "A"], "interrupted: `A` may have been deleted"),
    ] {
        for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
            let error = interrupted(Vec::new(), arguments, signal).await.failed(code);
            assert!(error.contains(said) && error.contains("look up the coupon"), "{error}");
        }
    }
    let deleted = vec![Act::response(200, r#"{"deleteCount":1}"#)];
    let outcome = interrupted(deleted, &["delete", "A", "B", "C"], "-INT").await;
    let expected = "A: deleted\nB: may have been deleted: interrupted: `B` may have been deleted\nC: not attempted\n";
    assert_eq!(outcome.out, expected);
    let error = outcome.failed(130);
    assert!(error.contains("`B` may have been deleted; not attempted: `C`"), "{error}");
}
