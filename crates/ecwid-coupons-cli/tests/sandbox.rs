//! Tests of `sandbox` and `demo`.

mod program;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    process::Stdio,
};

use program::{Sandbox, TOKEN, program, run, run_with_input};

#[test]
fn a_sandbox_prints_its_address() {
    let sandbox = Sandbox::start(&[]);
    let port = sandbox.base_url.strip_prefix("http://127.0.0.1:").and_then(|rest| rest.strip_suffix("/api/v3"));
    assert!(port.is_some_and(|port| port.parse::<u16>().is_ok()), "{}", sandbox.base_url);

    let taken = run(&mut program(&["sandbox", "--port", port.unwrap()])).failed(1);
    assert!(taken.contains("cannot listen on 127.0.0.1:") && taken.contains("--port"), "{taken}");
}

#[cfg(unix)]
#[test]
fn a_sandbox_stops_on_a_signal() {
    for signal in ["-INT", "-TERM"] {
        let (code, text) = Sandbox::start(&["--store-id", "7"]).stop(signal);
        assert_eq!(code, Some(0), "{signal}: {text}");
        assert!(
            text.contains("Store id: 7")
                && text.contains("curl")
                && text.contains("Open the web page: http://127.0.0.1:")
                && text.contains("export ECWID_STORE_ID=7"),
            "{text}"
        );
        assert!(!text.contains(TOKEN), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn a_sandbox_lists_all_its_stores() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let tokens = "[[tokens]]\nstoreId = 1005\ntoken = 'secret_x'\n[[tokens]]\nstoreId = 1004\ntoken = 'secret_y'\n";
    std::fs::write(file.path(), tokens).unwrap();
    let (_, text) = Sandbox::start(&["--config", file.path().to_str().unwrap()]).stop("-TERM");
    assert!(
        text.contains("Store id: 1003\nOther stores: 1004, 1005, with their tokens in the file of --config"),
        "{text}"
    );
    assert!(!text.contains("secret_x"), "{text}");
    let (_, text) = Sandbox::start(&[]).stop("-TERM");
    assert!(!text.contains("Other stores"), "{text}");
}

#[test]
fn a_sandbox_stops_when_standard_input_ends() {
    let mut command = program(&["sandbox", "--port", "0", "--stop-with-stdin"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert!(line.starts_with("listening on "), "{line}");
    // Input does not stop the sandbox.
    child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    let address = line.trim_end().strip_prefix("listening on http://").unwrap().strip_suffix("/api/v3").unwrap();
    TcpStream::connect(address).unwrap();
    assert!(child.try_wait().unwrap().is_none());

    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));

    let both = ["sandbox", "--stop-with-stdin", "--token-file", "-"];
    assert!(run_with_input(&mut program(&both), TOKEN).failed(2).contains("--token-file"));
}

#[cfg(unix)]
#[test]
fn a_sandbox_keeps_its_coupons_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let arguments = ["--db", file.to_str().unwrap()];
    let sandbox = Sandbox::start(&arguments);
    sandbox.run(&["create", "--name", "A", "--code", "A", "--discount", "10.50"]).ok();
    assert_eq!(sandbox.stop("-TERM").0, Some(0));
    let sandbox = Sandbox::start(&arguments);
    assert_eq!(sandbox.run(&["get", "A", "--fields", "discount", "--format", "jsonl"]).ok(), "{\"discount\":10.50}\n");

    let error = run(&mut program(&["sandbox", "--port", "0", "--db", "/no/such/folder/store.sqlite"])).failed(1);
    assert!(error.contains("--db"), "{error}");
}

#[test]
fn the_demo_shows_the_documented_examples() {
    let text = run(&mut program(&["demo"])).ok();
    for part in [
        "First order 10% OFF",
        "\"usesLimit\": \"ONCEPERCUSTOMER\"",
        "\"applicationLimit\": \"NEW_CUSTOMER_ONLY\"",
        "\"launchDate\": \"2024-06-06 08:00:00 +0400\"",
        "\"expirationDate\"",
        "MOXQ3YCWXRXA",
        "37208342,",
        "\"37151-1623844935660\"",
        "POST /api/v3/1003/discount_coupons",
        "GET /api/v3/1003/discount_coupons/100000003",
        "GET /api/v3/1003/discount_coupons/FIRST?responseFields=id%2Cname%2Cstatus",
        "GET /api/v3/1003/discount_coupons?availability=ACTIVE",
        "responseFields=items%28id%2Cname%2Cstatus%29",
        "PUT /api/v3/1003/discount_coupons/100000003",
        "\"name\": \"5 OFF\"",
        "\"updateCount\": 1",
        "response 409",
        "hint:  choose another code, or update the coupon that has this code",
        "DELETE /api/v3/1003/discount_coupons/",
        "\"deleteCount\": 1",
        "\"deleteCount\": 0",
        "Authorization: Bearer",
        "The remaining coupons",
        "ecwid-coupons issue --pattern 'SPRING-[*]' --count 2000",
        "    killed: 1,",
        "finished: 2,000 coupons are in the store, and the job knows each of them",
        "Next steps",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("secret_sandbox") && !text.contains('\u{1b}'));
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "{widest:?}");
}

#[test]
fn the_fidelity_ledger_is_shown_in_every_format() {
    let table = run(&mut program(&["sandbox", "--fidelity"])).ok();
    for part in ["route.get_discount_coupon", "error.CONSTRAINT_VIOLATION", "rule.codes-in-any-case", "assumed"] {
        assert!(table.contains(part), "{part}: {table}");
    }
    assert!(table.contains("What the sandbox does not simulate:"), "{table}");

    let json = run(&mut program(&["sandbox", "--fidelity", "--format", "json"])).ok();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let rows = json["behaviors"].as_array().unwrap();
    let lines = run(&mut program(&["sandbox", "--fidelity", "--format", "jsonl"])).ok();
    assert_eq!(lines.lines().count(), rows.len());
    let csv = run(&mut program(&["sandbox", "--fidelity", "--format", "csv"])).ok();
    assert_eq!(csv.lines().count(), rows.len() + 1);
    assert!(rows.iter().all(|row| row["basis"].is_string() && row["test"].is_string()), "{rows:?}");
    assert!(!json["notSimulated"].as_array().unwrap().is_empty());

    run(&mut program(&["sandbox", "--fidelity", "--port", "0"])).failed(2);
    let error = run(&mut program(&["sandbox", "--format", "json"])).failed(2);
    assert!(error.contains("--fidelity"), "{error}");
}

#[test]
fn a_configuration_file_adds_stores() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "[[tokens]]\nstoreId = 1004\ntoken = \"secret_other\"\n").unwrap();
    let sandbox = Sandbox::start(&["--config", file.path().to_str().unwrap()]);
    let mut other = sandbox.program(&["create", "--name", "A", "--code", "A", "--store-id", "1004"]);
    run(other.env("ECWID_TOKEN", "secret_other")).ok();
    sandbox.run(&["get", "A"]).failed(3);

    for wrong in [
        "[[stores]]\nstoreId = 1004\ntoken = other\n",
        "[[stores]]\nstoreId = 1004\nother = 5\n",
        "[[stores]]\nstoreId = 1004\nseed = \"other\"\n",
        "[changes]\nother = true",
        "[[tokens]]\nstoreId = 1004\ntoken = secret_other\n",
        "[[tokens]]\nstore = 1\ntoken = \"secret_other\"",
        "[[tokens]]\ntoken = \"a\"\nstoreId = \"the other, expected \\\" here\"",
        "tokens = \"other\"",
        "other = 1",
        "[other]",
        "[[other]]\nstoreId = 1",
        "[[tokens]]\nother = 1004",
        "[[tokens]]\nother",
        "other",
        "[[tokens]]\nstoreId = other",
        "[[tokens]]\nstoreId = [\"other\"]\ntoken = \"a\"",
        "[[tokens]]\nstoreId = { other = 1 }\ntoken = \"a\"",
        "[[tokens]]\nstoreId = 1\ntoken = { other = 1 }",
        "[[tokens]]\nstoreId = 1\ntoken = \"other",
        "[[tokens]]\nstoreId = 1\ntoken = 'other\nx'",
        "other = 1\nother = 1",
        "\"other\" = 1\n'other' = 2",
        "[tokens.other]",
        "[limits]\nother = 1",
        "[limits]\nrequestsPerMinute = \"other\"",
        "[webhook]\nother = 1",
        "[[faults]]\neffect = { kind = \"other\" }",
        "[[faults]]\nother = 1\neffect = { kind = \"duplicate\" }",
        "[[faults]]\neffect = \"other\"",
        "[[faults]]\neffect = { kind = \"status\", status = 503, other = 1 }",
        "seed = \"other\"",
        "seed = other1234",
        "[[tokens]]\ntoken = \"\\other\"",
    ] {
        std::fs::write(file.path(), wrong).unwrap();
        let error = run(&mut program(&["sandbox", "--config", file.path().to_str().unwrap()])).failed(2);
        assert!(
            error.contains(" at line ") && error.contains(" column ") && !error.contains("other"),
            "{wrong}: {error}"
        );
    }
    // A valid key that is not a setting is not shown either.
    for wrong in [
        "[[tokens]]\nstoreId = 1004\ntoken = \"a\"\nscopes = [\"other4f\"]",
        "[[tokens]]\nstoreId = 1004\ntoken = \"a\"\nscopes = [\"secret_other\"]",
        "[[faults]]\noperations = [\"other4f\"]\neffect = { kind = \"duplicate\" }",
        "[[faults]]\neffect = { kind = \"contentType\", contentType = \"other\\n\" }",
        "[webhook]\nurl = \"other\"",
        "[[tokens]]\nstoreId = 1004\ntoken = \"the other\"",
    ] {
        std::fs::write(file.path(), wrong).unwrap();
        let error = run(&mut program(&["sandbox", "--config", file.path().to_str().unwrap()])).failed(2);
        assert!(!error.contains("other"), "{wrong}: {error}");
    }
}

#[test]
fn a_sandbox_accepts_the_given_host_names() {
    let sandbox = Sandbox::start(&["--allow-host", "shop.test", "--allow-host", "Sandbox"]);
    let address = sandbox.base_url.trim_start_matches("http://").trim_end_matches("/api/v3").to_owned();
    for (host, expected) in [
        ("shop.test", "200"),
        ("SHOP.test:9", "200"),
        ("sandbox:8025", "200"),
        (&*address, "200"),
        ("other.test", "403"),
    ] {
        let mut stream = TcpStream::connect(&address).unwrap();
        let head = format!(
            "GET /api/v3/1003/discount_coupons HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {TOKEN}\r\n\
             connection: close\r\n\r\n"
        );
        std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        assert_eq!(line.split(' ').nth(1), Some(expected), "{host}: {line}");
    }
}

/// A container listens on all addresses, and others call it by its name.
#[cfg(unix)]
#[test]
fn a_sandbox_is_reached_under_another_name() {
    let sandbox = Sandbox::start(&["--host", "0.0.0.0", "--allow-host", "sandbox"]);
    let address = sandbox.base_url.trim_start_matches("http://").trim_end_matches("/api/v3").to_owned();
    let port = address.strip_prefix("127.0.0.1:").expect("a client can use the printed address").to_owned();
    let name = format!("sandbox:{port}");
    let send = |head: String| {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        line.split(' ').nth(1).unwrap().to_owned()
    };
    let get =
        |host: &str, path: &str| send(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"));
    for path in ["/", "/openapi.yaml", "/_sandbox/health"] {
        assert_eq!(get(&name, path), "200", "{path}");
        assert_eq!(get(&format!("other:{port}"), path), "403", "{path}");
    }
    // The forms of the page are accepted under this name, but not under another one.
    let submit = |host: &str| {
        let head = format!(
            "POST /page/requests HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: 8\r\n\r\ndo=clear"
        );
        send(head)
    };
    assert_eq!(submit(&name), "303");
    assert_eq!(submit("other"), "403");
    let (_, text) = sandbox.stop("-TERM");
    assert!(text.contains("warning: other machines can reach the sandbox at `0.0.0.0`"), "{text}");
    let (_, text) = Sandbox::start(&["--host", "127.0.0.1"]).stop("-TERM");
    assert!(!text.contains("warning"), "{text}");
}

#[test]
fn a_sandbox_enforces_the_given_rate_limit() {
    let sandbox = Sandbox::start(&["--requests-per-minute", "1"]);
    sandbox.run(&["search"]).ok();
    let error = sandbox.run(&["search", "--timeout", "0.5"]).failed(5);
    assert!(error.contains("429"), "{error}");
}

#[test]
fn a_sandbox_sends_webhooks() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let sandbox = Sandbox::start(&["--webhook", &url]);
    sandbox.run(&["create", "--name", "A", "--code", "A"]).ok();
    let (stream, _) = listener.accept().unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    assert_eq!(line, "POST /hook HTTP/1.1\r\n");

    let error = run(&mut program(&["sandbox", "--webhook", "https://example.com/"])).failed(2);
    assert!(error.contains("expected an http URL"), "{error}");
}

#[test]
fn a_sandbox_reads_faults_from_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    let faults = "[[faults]]\noperations = [\"get_discount_coupon\"]\neffect = { kind = \"status\", status = 403 }\n";
    std::fs::write(file.path(), faults).unwrap();
    let sandbox = Sandbox::start(&["--faults", path]);
    sandbox.run(&["search"]).ok();
    sandbox.run(&["get", "A"]).failed(7);

    std::fs::write(file.path(), faults.replace("get_", "take_")).unwrap();
    let error = run(&mut program(&["sandbox", "--faults", path])).failed(2);
    assert!(error.contains("take_discount_coupon") && error.contains("get_discount_coupon"), "{error}");
    std::fs::write(file.path(), faults.replace("status = 403", "state = 403")).unwrap();
    let error = run(&mut program(&["sandbox", "--faults", path])).failed(2);
    assert!(
        error
            .contains("invalid file of `--faults` at line 3 column 10: unknown name: `state` (did you mean `status`?)"),
        "{error}"
    );
}

#[test]
fn a_sandbox_is_seeded_loaded_and_dumped() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, dump) = (path("store.sqlite"), path("dump.json"));
    let seeded = Sandbox::start(&["--db", &file, "--seed", "50"]);
    assert_eq!(seeded.run(&["search", "--format", "jsonl"]).ok().lines().count(), 50);
    drop(seeded);
    run(&mut program(&["sandbox", "--db", &file, "--dump", &dump])).ok();
    let shown = run(&mut program(&["sandbox", "--seed", "50", "--dump", "-"])).ok();
    assert_eq!(shown, std::fs::read_to_string(&dump).unwrap());

    let loaded = Sandbox::start(&["--load", &dump]);
    let lines = loaded.run(&["search", "--format", "jsonl"]).ok();
    assert_eq!(lines.lines().count(), 50);
    // The output of `search` can be loaded too.
    let searched = path("coupons.jsonl");
    std::fs::write(&searched, &lines).unwrap();
    let again = Sandbox::start(&["--load", &searched]);
    assert_eq!(again.run(&["search", "--format", "jsonl"]).ok(), lines);

    let config = path("sandbox.toml");
    std::fs::write(&config, "seed = 3\n[limits]\nrequestsPerMinute = 600\n").unwrap();
    let configured = Sandbox::start(&["--config", &config]);
    assert_eq!(configured.run(&["search", "--format", "jsonl"]).ok().lines().count(), 3);

    std::fs::write(&searched, "code,name\n").unwrap();
    let error = run(&mut program(&["sandbox", "--port", "0", "--load", &searched])).failed(1);
    assert!(error.contains("coupons.jsonl") && error.contains("--load"), "{error}");
    run(&mut program(&["sandbox", "--seed", "1", "--load", &dump])).failed(2);
    run(&mut program(&["sandbox", "--dump", "/no/such/folder/dump.json"])).failed(2);
}

#[test]
fn a_configuration_file_seeds_several_stores() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = "seed = 30\n[changes]\nexpiriesUpdate = true\n\
                [[stores]]\nstoreId = 1004\ntoken = \"secret_b\"\nseed = 40\n\
                [[stores]]\nstoreId = 1005\ntoken = \"secret_c\"\nseed = 50\n";
    std::fs::write(file.path(), text).unwrap();
    let sandbox = Sandbox::start(&["--config", file.path().to_str().unwrap()]);
    let mut codes = std::collections::BTreeSet::new();
    for (store, token, count) in [("1003", TOKEN, 30), ("1004", "secret_b", 40), ("1005", "secret_c", 50)] {
        let mut search = sandbox.program(&["search", "--format", "jsonl", "--store-id", store]);
        let found = run(search.env("ECWID_TOKEN", token)).ok();
        assert_eq!(found.lines().count(), count);
        codes.insert(found);
    }
    assert_eq!(codes.len(), 3);
    #[cfg(unix)]
    {
        let (_, text) = sandbox.stop("-TERM");
        assert!(text.contains("Other stores: 1004, 1005") && !text.contains("secret_b"), "{text}");
    }

    std::fs::write(file.path(), "[[stores]]\nstoreId = 1004\nseed = 5\n").unwrap();
    let error = run(&mut program(&["sandbox", "--config", file.path().to_str().unwrap()])).failed(2);
    assert!(error.contains("no token for the store 1004 (expected a token for each store)"), "{error}");
}

#[test]
fn an_error_of_a_file_has_the_line_the_column_and_an_example() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for (text, expected, example) in [
        (
            "[limits]\nrequestsPerMinute = 5000000000",
            "at line 2 column 21: `limits.requestsPerMinute`: invalid value: number `5000000000`, expected a whole number from 0 to 4294967295",
            "`[limits]` with",
        ),
        (
            "[limits]\nrequestPerMinute = 5",
            "at line 2 column 1: unknown name: `requestPerMinute` (did you mean `requestsPerMinute`?)",
            "`[limits]` with",
        ),
        ("seed = 'x'", "at line 1 column 8: `seed`: invalid type: string", "`seed = 20`"),
        (
            "[[tokens]]\nstore_id = 1004",
            "at line 2 column 1: unknown name: `store_id` (did you mean `storeId`?)",
            "`[[tokens]]` with `storeId = 1004`",
        ),
        (
            "[[tokens]]\nstoreId = 'x'",
            "at line 2 column 11: `tokens[0].storeId`: invalid type",
            "`[[tokens]]` with `storeId = 1004`",
        ),
        (
            "[webhooks]\nurl = 'x'",
            "at line 1 column 2: unknown name: `webhooks` (did you mean `webhook`?)",
            "`[limits]` with",
        ),
        (
            "[[faults]]\neffect = { kind = 'state' }",
            "at line 2 column 19: unknown name: `state` (did you mean `status`?)",
            "`[[faults]]` with",
        ),
        ("seed = 1\nseed =", "at line 2 column 7: ", "`[limits]` with"),
    ] {
        std::fs::write(file.path(), text).unwrap();
        let error = run(&mut program(&["sandbox", "--config", file.path().to_str().unwrap()])).failed(2);
        assert!(
            error.contains(expected) && error.contains(&format!("hint: write settings such as {example}")),
            "{text}: {error}"
        );
    }
    for (text, expected) in [
        (
            "[{'code':'A'},\n  {'code':'B',\n   'orderCount':'x'}]",
            "invalid entry 2: orderCount: invalid type: string \"x\", expected a whole number of at most 18 digits at line 3 column 19",
        ),
        (
            "[ {'code':'ä'}, {'code':'B', 'orderCount':'x'}]",
            "invalid entry 2: orderCount: invalid type: string \"x\", expected a whole number of at most 18 digits at line 1 column 45",
        ),
        ("{'code':'A'}\n\n  {'code':'B', 'orderCount':'x'}\n", "at line 3 column 31"),
        (
            "{'code':'A'}\n  {'coupon':{'code':'B',\n 'order_count':3}}",
            "unknown field: `order_count` (did you mean `orderCount`?) at line 3 column 16",
        ),
        ("[{'code':'A'},\n  {'id':7}]", "invalid entry 2: a coupon has no code (its id is 7) at line 2 column 3"),
        ("{'code':'A'}{'storeId':7,'lastId':3}", "invalid entry 2: unknown store: `7` at line 1 column 13"),
        ("[{'code':'A'},\n  {'id':7 x}]", "invalid JSON: expected `,` or `}` at line 2 column 11"),
    ] {
        std::fs::write(file.path(), text.replace('\'', "\"")).unwrap();
        let error = run(program(&["sandbox", "--dump", "-", "--load"]).arg(file.path())).failed(1);
        assert!(
            error.contains(expected) && error.contains("`ecwid-coupons sandbox --seed 2 --dump -` prints an example"),
            "{text}: {error}"
        );
    }
}

#[test]
fn a_number_of_a_fault_out_of_range_is_shown_with_its_limits() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for (effect, expected) in [
        (
            "kind = 'latency', milliseconds = 3600001",
            "invalid milliseconds: `3600001` (expected a number from 0 to 3600000)",
        ),
        (
            "kind = 'latency', milliseconds = 1, jitterMilliseconds = 3600001",
            "invalid jitterMilliseconds: `3600001` (expected",
        ),
        (
            "kind = 'drip', bytes = 1, milliseconds = 3600001",
            "invalid milliseconds: `3600001` (expected a number from 0 to 3600000)",
        ),
        (
            "kind = 'staleRead', milliseconds = 60001",
            "invalid milliseconds: `60001` (expected a number from 0 to 60000)",
        ),
        ("kind = 'status', status = 200", "invalid status: `200` (expected a status from 300 to 599)"),
    ] {
        std::fs::write(file.path(), format!("[[faults]]\neffect = {{ {effect} }}")).unwrap();
        let error = run(program(&["sandbox", "--faults"]).arg(file.path())).failed(2);
        assert!(error.contains(expected), "{effect}: {error}");
    }
}
