//! Tests of failures: exit codes and messages, which never contain a token.

mod program;

use std::net::TcpListener;

use program::{Sandbox, TOKEN, alone, program, program_for, run, run_with_input, server};

#[test]
fn wrong_arguments_are_refused_before_anything_is_sent() {
    for (arguments, problem) in [
        (&["create", "--name", "A"][..], "--code"),
        (&["create", "--name", "A", "--code", "B", "--discount-type", "HALF"], "ABS, PERCENT, SHIPPING"),
        (&["create", "--name", "A", "--code", "B", "--discount", "ten"], "ten"),
        (&["create", "--name", "A", "--code", "B", "--order-count", "1.5"], "1.5"),
        (&["create", "--name", "A", "--code", "B", "--launch-date", "tomorrow"], "2024-06-30"),
        (&["create", "--name", "A", "--code", "B", "--products", "1,x"], "--catalog-limit-products"),
        (&["create", "--name", "A", "--code", "B", "--repeat-customer-only", "maybe"], "true, false"),
        (&["get", ".."], "use the coupon's id"),
        (&["get", ""], "the code is empty"),
        (&["get"], "<COUPON|--id <ID>|--code <CODE>>"),
        (&["delete"], "<COUPON|--id <ID>|--code <CODE>>"),
        (&["search", "--status", "OPEN"], "ACTIVE, PAUSED"),
        (&["search", "--limit", "0"], "--limit"),
        (&["search", "--offset", "18446744073709551615"], "--offset"),
        (&["search", "--created-from", "2024"], "2024-06-30"),
        (&["search", "--fields", "a("], "id,name,catalogLimit.products"),
        (&["search", "--base-url", "http://127.0.0.1:1/api/v3"], "--sandbox"),
        (&["search", "--timeout", "0"], "from 0.001"),
        (&["search", "--format", "xml"], "jsonl"),
        (&["find"], "find"),
    ] {
        let error = alone(arguments).failed(2);
        assert!(error.contains(problem), "{arguments:?}: {error}");
    }
    for command in ["demo", "sandbox"] {
        for arguments in [["--format", "json", command], [command, "--format", "json"]] {
            let error = run(&mut program(&arguments)).failed(2);
            assert!(error.contains(&format!("`--format` cannot be used with `{command}`")), "{error}");
        }
    }
    for (arguments, reason) in [
        (["sandbox", "--timeout", "3"], "because it applies to requests to a store"),
        (["demo", "--timeout", "3"], "because `demo` has no settings"),
    ] {
        let error = run(&mut program(&arguments)).failed(2);
        assert!(error.contains(&format!("`--timeout` cannot be used with `{}`, {reason}", arguments[0])), "{error}");
    }
}

#[test]
fn a_number_out_of_range_is_refused_with_the_range() {
    for (arguments, expected) in [
        (&["search", "--limit", "0"][..], "'0' for '--limit <N>': must be an integer from 1 to 9223372036854775807"),
        (&["search", "--limit", "ten"], "must be an integer from 1 to 9223372036854775807"),
        (
            &["search", "--limit", "99999999999999999999"],
            "'99999999999999999999' for '--limit <N>': must be an integer from 1 to 9223372036854775807",
        ),
        (&["search", "--timeout", "0"], "'0' for '--timeout <SECONDS>': must be a number from 0.001 to 31536000"),
        (&["search", "--timeout", "1e30"], "'1e30' for '--timeout <SECONDS>': must be a number from 0.001 to 31536000"),
        (&["search", "--timeout", "nan"], "must be a number from 0.001 to 31536000"),
        (&["search", "--offset", "9223372036854775808"], "must be an integer from 0 to 9223372036854775807"),
        (&["search", "--prefetch", "17"], "must be an integer from 1 to 16"),
        (&["get", "--id", "0"], "must be an integer from 1 to 9223372036854775807"),
        (&["delete", "--id", "x"], "must be an integer from 1 to 9223372036854775807"),
        (&["sandbox", "--port", "99999"], "must be an integer from 0 to 65535"),
        (&["sandbox", "--seed", "4294967296"], "must be an integer from 0 to 4294967295"),
        (&["sandbox", "--requests-per-minute", "x"], "must be an integer from 0 to 4294967295"),
        (&["create", "--order-count", "1.5"], "invalid integer: `1.5` (expected a whole number"),
        (&["create", "--products", "1,x"], "invalid integer: `x` (expected a whole number"),
    ] {
        let error = run(&mut program(arguments)).failed(2);
        assert!(error.contains(expected), "{arguments:?}: {error}");
        // The message says what is expected, so there is no hint.
        assert!(!error.contains("hint:") && error.lines().count() == 1, "{arguments:?}: {error}");
    }
}

#[test]
fn an_unknown_field_to_show_is_reported_with_a_suggestion() {
    let note = |fields: &str| alone(&["search", "--fields", fields]).err;
    let misspelled = "note: unknown field: `nmae` (did you mean `name`?); it is requested anyway\n";
    assert!(note("code,nmae").starts_with(misspelled), "{}", note("code,nmae"));
    assert!(note("code,color").starts_with("note: unknown field: `color`; it is requested anyway\n"));
}

#[test]
fn a_file_with_a_problem_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("coupon.json");
    let file = file.to_str().unwrap();
    for (json, problem) in [
        (
            r#"{"name":"A","code":"A","dicsount":5}"#,
            " at line 1 column 35: unknown field: `dicsount` (did you mean `discount`?)",
        ),
        (r#"{"name":"A","code":"A","discount":0.30000000000000004}"#, " at line 1 column 35: discount: "),
        (r#"{"name":"A"}"#, ": missing field `code`"),
        (r#"{"name":"A""#, ": the text ends inside an object at line 1 column 11"),
    ] {
        std::fs::write(file, json).unwrap();
        let error = alone(&["create", "--json", file]).failed(2);
        assert!(error.contains(&format!("`{file}`{problem}")), "{json}: {error}");
    }
    // A value of a flag is not from the file.
    std::fs::write(file, r#"{"name":"A","code":"A"}"#).unwrap();
    let error = alone(&["create", "--json", file, "--discount", "0.30000000000000004"]).failed(2);
    assert!(error.starts_with("error: discount: "), "{error}");
    std::fs::write(file, r#"{"name":null}"#).unwrap();
    let error = alone(&["update", "DISC", "--json", file]).failed(2);
    assert!(error.contains(&format!("`{file}` at line 1 column 9: invalid value: `null` for `name`")), "{error}");
}

#[test]
fn missing_and_wrong_settings_are_named() {
    let search = |variables: &[(&str, &str)]| run(program(&["search"]).envs(variables.iter().copied())).failed(2);
    let error = search(&[]);
    for name in [
        "missing store id and access token",
        "--store-id",
        "ECWID_STORE_ID",
        "ECWID_TOKEN",
        "--token-file",
        "--sandbox",
    ] {
        assert!(error.contains(name), "{name}: {error}");
    }
    assert!(search(&[("ECWID_STORE_ID", "1003"), ("ECWID_TOKEN", " ")]).starts_with("error: missing access token\n"));
    assert!(search(&[("ECWID_TOKEN", TOKEN)]).starts_with("error: missing store id\n"));
    assert!(
        search(&[("ECWID_TOKEN", TOKEN), ("ECWID_STORE_ID", "mine")]).contains("invalid store id in `ECWID_STORE_ID`")
    );
    assert!(
        search(&[("ECWID_TOKEN", TOKEN), ("ECWID_STORE_ID", "-1")])
            .contains("invalid store id in `ECWID_STORE_ID`: -1 (expected an integer from 1 to 9223372036854775807)")
    );
    // A token in the wrong variable or argument is not shown either.
    for variables in [
        &[("ECWID_TOKEN", "1003"), ("ECWID_STORE_ID", TOKEN)][..],
        &[("ECWID_TOKEN", "x"), ("ECWID_STORE_ID", "1"), ("ECWID_BASE_URL", TOKEN)],
    ] {
        let error = search(variables);
        assert!(!error.contains(TOKEN), "{error}");
    }
    for arguments in [&["search", TOKEN][..], &["search", "--store-id", TOKEN], &["get", "A", "--fields", TOKEN, TOKEN]]
    {
        let error = run(&mut program(arguments)).failed(2);
        assert!(!error.contains(TOKEN), "{error}");
    }
    let spaced = format!("{TOKEN} {TOKEN}");
    assert!(search(&[("ECWID_TOKEN", &spaced), ("ECWID_STORE_ID", "1")]).contains("invalid token: it has a space"));
    let error = search(&[("ECWID_TOKEN", TOKEN), ("ECWID_STORE_ID", "1"), ("ECWID_BASE_URL", "ftp://example.org")]);
    assert!(error.contains("it is not an HTTP address"), "{error}");
    let error = search(&[("ECWID_TOKEN", TOKEN), ("ECWID_STORE_ID", "1"), ("ECWID_CA_FILE", TOKEN)]);
    assert!(error.contains("cannot read the file of root certificates") && error.contains("--ca-file"), "{error}");
}

#[test]
fn a_token_on_the_command_line_is_refused() {
    let with_equals = format!("--token={TOKEN}");
    for arguments in [
        &["get", "A", "--token", TOKEN][..],
        &["--token", TOKEN, "search"],
        &["search", &with_equals],
        &["sandbox", "--token", TOKEN],
    ] {
        let error = run(&mut program(arguments)).failed(2);
        assert!(
            error.contains("ECWID_TOKEN") && error.contains("--token-file") && error.contains("command line"),
            "{error}"
        );
    }
    // The path of a file can be a token in the wrong place.
    run(&mut program(&["search", "--store-id", "1", "--token-file", TOKEN])).failed(2);
    // A value that looks like the flag is accepted.
    alone(&["search", "--code=--token"]).ok();
}

#[test]
fn a_token_is_read_from_a_file() {
    let sandbox = Sandbox::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, format!("  {TOKEN}\n")).unwrap();
    let search = ["search", "--store-id", "1003", "--base-url", &sandbox.base_url, "--format", "json", "--token-file"];
    let wrong = ("ECWID_TOKEN", "secret_of_another_store");
    assert_eq!(run(program(&search).arg(&file).envs([wrong])).ok(), "[]\n");
    assert_eq!(run_with_input(program(&search).arg("-"), TOKEN).ok(), "[]\n");
    assert!(run_with_input(program(&search).arg("-"), " \n").failed(2).contains("empty token file"));
}

#[test]
fn each_kind_of_failure_has_an_exit_code() {
    let sandbox = Sandbox::start(&["--scopes", "read_discount_coupons,create_discount_coupons"]);
    sandbox.run(&["create", "--name", "A", "--code", "A"]).ok();
    let error = sandbox.run(&["get", "NOPE"]).failed(3);
    assert!(error.contains("no coupon has the code `NOPE`: 404 Not Found"), "{error}");
    assert!(sandbox.run(&["search", "--store-id", "7"]).code != 0);
    assert!(
        sandbox
            .run(&["create", "--name", "B", "--code", "a"])
            .failed(4)
            .contains("update the coupon that has this code")
    );
    assert!(sandbox.run(&["delete", "A"]).failed(7).contains("update_discount_coupons"));
    assert!(sandbox.run(&["create", "--name", " ", "--code", "C"]).failed(1).contains("400"));
    let error = run(sandbox.program(&["search"]).env("ECWID_TOKEN", "secret_of_another_store")).failed(7);
    assert!(!error.contains("secret_of_another_store"), "{error}");
}

#[test]
fn a_rate_limit_has_its_own_exit_code() {
    let body = r#"{"errorMessage":"Too many requests","errorCode":"RATE_LIMITED"}"#;
    let base_url = server("429 Too Many Requests", "Retry-After: 7\r\nContent-Type: application/json\r\n", body);
    let error = run(&mut program_for(&base_url, &["get", "A", "--timeout", "2"])).failed(5);
    assert!(error.contains("7 s"), "{error}");
}

#[test]
fn an_unreachable_store_has_its_own_exit_code() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = run(&mut program_for(&format!("http://{closed}/api/v3"), &["get", "A"])).failed(6);
    assert!(error.contains("cannot reach"), "{error}");

    // The server accepts the connection and sends nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/api/v3", silent.local_addr().unwrap());
    let error = run(&mut program_for(&base_url, &["get", "A", "--timeout", "0.2"])).failed(6);
    assert!(error.contains("within 0.2 s"), "{error}");
}

#[test]
fn a_response_without_a_coupon_is_an_error() {
    let base_url = server("200 OK", "Content-Type: text/html\r\n", "<html>\u{1b}[2J Sign in to the network</html>");
    let error = run(&mut program_for(&base_url, &["get", "A"])).failed(1);
    assert!(error.contains("Sign in to the network") && !error.contains('\u{1b}'), "{error}");

    // Control characters in a message of the server are escaped too.
    let body = r#"{"errorMessage":"no\u001b[2J\nhint: call this number","errorCode":"X"}"#;
    let base_url = server("400 Bad Request", "Content-Type: application/json\r\n", body);
    let error = run(&mut program_for(&base_url, &["get", "A"])).failed(1);
    assert!(!error.contains('\u{1b}') && error.lines().count() == 2, "{error}");
}

#[test]
fn the_help_lists_exit_codes_but_no_values_of_the_environment() {
    let help = run(program(&["--help"]).env("ECWID_TOKEN", TOKEN).env("ECWID_STORE_ID", "424242")).ok();
    assert!(!help.contains("424242"));
    for code in 0..8 {
        assert!(help.lines().any(|line| line.starts_with(&format!("  {code}  "))), "{code}: {help}");
    }
    for name in [
        "search",
        "get",
        "create",
        "update",
        "delete",
        "sandbox",
        "demo",
        "ECWID_TOKEN",
        "ECWID_STORE_ID",
        "ECWID_BASE_URL",
    ] {
        assert!(help.contains(name), "{name}");
    }
}

#[test]
fn a_wrong_base_url_is_not_reported_as_a_missing_coupon() {
    let sandbox = Sandbox::start(&[]);
    let error =
        run(sandbox.program(&["delete", "A"]).env("ECWID_BASE_URL", sandbox.base_url.trim_end_matches("/api/v3")))
            .failed(1);
    assert!(error.contains("ends with `/api/v3`"), "{error}");
    let html = server("404 Not Found", "", "<html>no such page</html>");
    let error = run(&mut program_for(&html, &["get", "A"])).failed(1);
    assert!(error.contains("ends with `/api/v3`"), "{error}");
}

#[test]
fn a_closed_pipe_does_not_stop_deletes() {
    let sandbox = Sandbox::start(&[]);
    for code in ["A", "B", "C"] {
        sandbox.run(&["create", "--name", "-5% today", "--code", code]).ok();
    }
    let mut delete = sandbox.program(&["delete", "A", "B", "C"]);
    // The reading end of the pipe is closed before the command writes.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = delete.stdout(writer).status().unwrap();
    assert_eq!(status.code(), Some(0));
    assert_eq!(sandbox.run(&["search", "--format", "jsonl"]).ok(), "");
}
