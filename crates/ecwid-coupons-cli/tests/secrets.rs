//! Tests of tokens in responses and in wrong places, and of the addresses that a token is sent to.

mod program;

use std::process::Command;

use program::{Outcome, Sandbox, TOKEN, alone, program, program_for, run, run_with_input, server};

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

#[test]
fn a_token_in_the_wrong_place_is_not_shown_on_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, ODD).unwrap();
    let sandbox = Sandbox::start(&[]);
    sandbox.run(&["create", "--name", "Name", "--code", "A", "--discount", "5"]).ok();
    let own = |arguments: &[&str]| sandbox.program(arguments);
    let of_file = |arguments: &[&str]| {
        let mut command = program(arguments);
        command.env("ECWID_STORE_ID", "1003").env("ECWID_BASE_URL", &sandbox.base_url).arg("--token-file").arg(&file);
        command
    };
    // The token of the command, and another one of the vendor's form.
    for token in [TOKEN, "secret_of_another_store"] {
        let inside = format!("id,catalogLimit.{token}");
        for arguments in
            [&["search", "--fields", token][..], &["search", "--fields", &inside], &["get", "A", "--fields", token]]
        {
            for format in ["table", "json", "csv"] {
                let outcome = run(own(arguments).args(["--format", format]));
                assert!(!outcome.out.contains(token) && !outcome.err.contains(token), "{arguments:?}: {outcome:?}");
                assert!(outcome.failed(2).contains("remove the token from `--fields`"));
            }
        }
        for arguments in [&["delete", "-"][..], &["update", "-", "--name", "X"]] {
            for format in ["table", "json", "jsonl", "csv"] {
                let mut command = own(arguments);
                let outcome = run_with_input(command.args(["--format", format]), &format!("{token}\nNONE\n"));
                assert!(!outcome.out.contains(token) && !outcome.err.contains(token), "{arguments:?}: {outcome:?}");
                assert!(outcome.out.contains('…') && outcome.out.contains("NONE"), "{outcome:?}");
                assert_eq!(outcome.code, 3);
            }
        }
        let outcome = run(&mut own(&["create", "--name", "Name", "--code", token, "--discount", "5"]));
        assert!(outcome.out.contains('…') && !outcome.out.contains(token), "{outcome:?}");
    }
    for arguments in [&["search", "--fields", ODD][..], &["get", "A", "--fields", ODD]] {
        let outcome = run(&mut of_file(arguments));
        assert!(!outcome.out.contains(ODD) && !outcome.err.contains(ODD), "{outcome:?}");
        assert!(outcome.code == 2 && outcome.err.contains("remove the token from `--fields`"), "{outcome:?}");
    }
    // Nothing was sent, because the name would be a part of the URL.
    let sent = sandbox.control("requests");
    assert!(sent.contains("discount_coupons") && !sent.contains("responseFields"), "{sent}");
    // A name of the configuration file.
    let config = folder.path().join("config.toml");
    let text = format!("[stores.{ODD}]\nstore-id = 1003\ntoken-file = 'token'\nbase-url = '{}'\n", sandbox.base_url);
    std::fs::write(&config, text).unwrap();
    for arguments in [&["check"][..], &["search", "--count"], &["config", "show"]] {
        let mut command = program(arguments);
        let outcome =
            run(command.args(["--all-stores", "--format", "csv"]).env("ECWID_CONFIG", &config).env("ECWID_TOKEN", ODD));
        assert!(!outcome.out.contains(ODD) && !outcome.err.contains(ODD), "{arguments:?}: {outcome:?}");
    }
}

#[test]
fn a_refused_public_token_has_a_hint() {
    let body = r#"{"errorMessage":"no","errorCode":"INSUFFICIENT_APP_SCOPE"}"#;
    for status in ["403 Forbidden", "401 Unauthorized"] {
        let base_url = server(status, "Content-Type: application/json\r\n", body);
        for (token, is_public) in [("public_abcdefghijk", true), ("secret_abcdefghijk", false)] {
            let error = run(program_for(&base_url, &["search"]).env("ECWID_TOKEN", token)).failed(7);
            assert_eq!(error.contains("a public token cannot read or change coupons"), is_public, "{error}");
        }
    }
}

/// Runs commands with tokens in each place, and looks for the tokens in everything that others can see.
#[cfg(target_os = "linux")]
mod hunt {
    use std::{
        ffi::OsStr,
        fs,
        os::unix::{
            ffi::OsStrExt as _,
            process::{CommandExt as _, ExitStatusExt as _},
        },
        process::Command,
    };

    use super::program::{Sandbox, TOKEN, program};

    const OUTLET: &str = "secret_of_the_outlet_77";
    const THIRD: &str = "secret_of_the_third_88";

    fn has_token(text: &[u8]) -> bool {
        let text = String::from_utf8_lossy(text);
        [TOKEN, OUTLET, THIRD].iter().any(|token| text.contains(token))
    }

    /// Writes a configuration with the three places of a token. The program of `token-command` saves what others can see of it
    /// and of the command, and its environment.
    fn configure(sandbox: &Sandbox) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("main.token", TOKEN);
        write("third.token", THIRD);
        let script = "cat /proc/$$/cmdline /proc/$PPID/cmdline >> \"$1/cmdline\"; cat /proc/$$/environ >> \"$1/environ\"; cat \"$1/third.token\"";
        let url = &sandbox.base_url;
        let at = folder.path().display();
        write(
            "config.toml",
            &format!(
                "[stores.main]\nstore-id = 1003\ntoken-file = 'main.token'\nbase-url = '{url}'\n\
                 [stores.outlet]\nstore-id = 1003\ntoken-env = 'OUTLET_TOKEN'\nbase-url = '{url}'\n\
                 [stores.third]\nstore-id = 1003\ntoken-command = ['sh', '-c', '''{script}''', 'sh', '{at}']\nbase-url = '{url}'\n"
            ),
        );
        folder
    }

    fn environment<'a>(command: &'a mut Command, folder: &tempfile::TempDir) -> &'a mut Command {
        command
            .env("ECWID_CONFIG", folder.path().join("config.toml"))
            .env("ECWID_TOKEN", TOKEN)
            .env("ECWID_SANDBOX_TOKEN", TOKEN)
            .env("OUTLET_TOKEN", OUTLET)
            .env("ECWID_LOG", "trace")
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
    }

    #[test]
    fn no_token_is_in_output_or_in_a_command_line() {
        let sandbox = Sandbox::start(&[]);
        let folder = configure(&sandbox);
        let path = env!("CARGO_BIN_EXE_ecwid-coupons");
        // A shell with -x prints each command with its arguments.
        let script = format!(
            "set -e\n\
             {path} create --store main --name Name --code A --discount 5 -vv\n\
             {path} config show --all-stores\n\
             {path} check --all-stores --write -vv || test $? = 7\n\
             {path} search --all-stores -vv || test $? = 7\n\
             {path} search --all-stores --count -v || test $? = 7\n\
             {path} update A --store main --discount 7 -vv\n\
             {path} search --store-id 1003 --base-url {} --token-file main.token -vv\n\
             {path} delete A --store main -vv\n",
            sandbox.base_url
        );
        fs::write(folder.path().join("script"), script).unwrap();
        let mut shell = Command::new("sh");
        let output = environment(shell.args(["-x", "script"]), &folder).current_dir(folder.path()).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{err}");
        assert!(err.contains("TRACE") && err.contains("+ "), "{err}");
        assert!(!has_token(&output.stdout) && !has_token(&output.stderr), "{output:?}");

        let cmdline = fs::read(folder.path().join("cmdline")).unwrap();
        let lines = String::from_utf8_lossy(&cmdline);
        assert!(lines.contains("--all-stores") && lines.contains("third.token"), "both processes: {lines}");
        assert!(!has_token(&cmdline), "{lines}");
        // Nor does the program of `token-command` receive the tokens of other stores.
        let environ = fs::read(folder.path().join("environ")).unwrap();
        assert!(String::from_utf8_lossy(&environ).contains("ECWID_CONFIG"));
        assert!(!has_token(&environ), "{}", String::from_utf8_lossy(&environ));
    }

    #[test]
    fn no_token_is_in_the_output_of_a_crash() {
        let sandbox = Sandbox::start(&[]);
        let folder = configure(&sandbox);
        let path = env!("CARGO_BIN_EXE_ecwid-coupons");
        // With little memory, threads cannot start and allocations fail. How much is needed depends on the machine.
        let mut crashes = 0;
        for limit in [100_000, 200_000, 300_000, 400_000, 500_000] {
            let script = format!("ulimit -c 0; ulimit -v {limit}; exec {path} search --all-stores -vv");
            let mut shell = Command::new("sh");
            let output = environment(shell.args(["-c", &script]), &folder).output().unwrap();
            crashes += usize::from(output.status.signal().is_some() || output.status.code() == Some(101));
            assert!(!has_token(&output.stdout) && !has_token(&output.stderr), "{output:?}");
        }
        assert!(crashes > 0);
        // A program name that is not UTF-8.
        let mut demo = program(&["demo"]);
        let output = environment(demo.arg0(OsStr::from_bytes(b"\xff")), &folder).output().unwrap();
        assert!(output.status.success() && !has_token(&output.stderr) && !has_token(&output.stdout), "{output:?}");
    }
}
