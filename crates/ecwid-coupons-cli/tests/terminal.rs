//! Help, completions, manual pages, logs, colors, counts and output files.

mod program;

use std::{collections::BTreeSet, fs, process::Command};

use program::{TOKEN, alone, program, program_for, run, server};

const COMMANDS: [&str; 18] = [
    "search",
    "get",
    "create",
    "update",
    "delete",
    "issue",
    "import",
    "job",
    "pull",
    "plan",
    "apply",
    "schema",
    "sync",
    "check",
    "config",
    "sandbox",
    "completions",
    "demo",
];

#[test]
fn the_help_lists_all_commands() {
    let help = run(&mut program(&["-h"])).ok();
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let mut listed: Vec<_> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    listed.retain(|command| *command != "help");
    assert_eq!(BTreeSet::from_iter(listed), BTreeSet::from(COMMANDS), "{help}");
}

#[test]
fn help_is_short_with_h_and_has_settings_and_examples_otherwise() {
    for command in COMMANDS {
        let short = run(&mut program(&[command, "-h"])).ok();
        let long = run(&mut program(&[command, "--help"])).ok();
        assert_eq!(run(&mut program(&["help", command])).ok(), long);
        assert!(!short.contains("--ca-file") && !short.contains("Examples:"), "{short}");
        assert!(short.contains(&format!("Run `ecwid-coupons help {command}`")), "{short}");
        let examples = long.split("Examples:\n").nth(1).unwrap();
        assert!(["demo", "schema"].contains(&command) || examples.lines().count() == 3, "{examples}");
        assert!(examples.lines().all(|line| line.starts_with(&format!("  ecwid-coupons {command}"))), "{examples}");
        assert_eq!(
            long.contains("--ca-file"),
            !["schema", "sandbox", "completions", "demo"].contains(&command),
            "{long}"
        );
    }
    assert!(run(&mut program(&["-h"])).ok().contains("--store-id"), "the settings are in the help of the command");
    assert!(run(&mut program(&["--help"])).ok().contains("Exit codes:"));
}

#[test]
fn the_examples_are_accepted() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("coupon.json"), r#"{"name":"A","code":"A"}"#).unwrap();
    for command in ["search", "get", "create", "update", "delete"] {
        let long = run(&mut program(&[command, "--help"])).ok();
        for example in long.split("Examples:\n").nth(1).unwrap().lines() {
            let line = example.trim().strip_prefix("ecwid-coupons ").unwrap();
            let line =
                line.replace("FIRST", "DISC").replace("--code DISC --discount-type", "--code NEW --discount-type");
            let line = line.replace("--all-stores ", "").replace(" SECOND --if-unused", " DISC2 --if-unused");
            // Examples have quotes, so a shell splits them.
            let mut shell = Command::new("sh");
            shell.args(["-c", &format!("\"$0\" --sandbox {line}"), env!("CARGO_BIN_EXE_ecwid-coupons")]);
            let outcome = run(shell.current_dir(folder.path()));
            // No coupon of the sandbox has the code 123.
            assert_eq!(outcome.code, if line.ends_with("--code 123") { 3 } else { 0 }, "{line}: {outcome:?}");
        }
    }
    assert!(fs::read_to_string(folder.path().join("coupons.csv")).unwrap().starts_with("id,name,"));
}

#[test]
fn completions_and_manual_pages_have_all_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&mut program(&["completions", shell])).ok();
        assert!(
            COMMANDS.iter().all(|command| script.contains(command)) && script.contains("skip-unreadable"),
            "{shell}"
        );
    }
    let script = run(&mut program(&["completions", "bash"])).ok();
    let complete = "COMP_WORDS=(ecwid-coupons sea); COMP_CWORD=1; _ecwid__coupons ecwid-coupons sea ecwid-coupons; \
                    printf '%s\\n' \"${COMPREPLY[@]}\"";
    let completed = Command::new("bash").args(["-c", &format!("{script}\n{complete}")]).output().unwrap();
    assert_eq!(String::from_utf8(completed.stdout).unwrap(), "search\n", "bash completes the command");
    for (word, flag) in [("search", "--status"), ("delete", "--if-unused"), ("sandbox", "--seed")] {
        let partial = &flag[..flag.len() - 2];
        let complete = format!(
            "COMP_WORDS=(ecwid-coupons {word} {partial}); COMP_CWORD=2; _ecwid__coupons ecwid-coupons {partial} {word}; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let completed = Command::new("bash").args(["-c", &format!("{script}\n{complete}")]).output().unwrap();
        assert_eq!(String::from_utf8(completed.stdout).unwrap(), format!("{flag}\n"), "bash completes flags of {word}");
    }

    let script = run(&mut program(&["completions", "zsh"])).ok();
    let load = format!("autoload -Uz compinit; compinit -uD; {script}\nprint -r -- $_comps[ecwid-coupons]");
    match Command::new("zsh").args(["-fc", &load]).output() {
        Ok(loaded) => {
            assert_eq!(String::from_utf8([loaded.stderr, loaded.stdout].concat()).unwrap(), "_ecwid-coupons\n")
        }
        Err(_) => println!("SKIPPED: zsh is not installed"),
    }

    let folder = tempfile::tempdir().unwrap();
    run(program(&["man"]).arg(folder.path())).ok();
    let page = fs::read_to_string(folder.path().join("ecwid-coupons-search.1")).unwrap();
    assert!(page.contains("skip\\-unreadable") && page.contains("Examples:"), "{page}");
    assert!(page.contains("Send requests to this address"), "settings have descriptions: {page}");
    assert!(COMMANDS.iter().all(|command| folder.path().join(format!("ecwid-coupons-{command}.1")).exists()));
}

#[test]
fn requests_are_logged_without_the_token() {
    let quiet = alone(&["get", "DISC"]);
    assert_eq!(quiet.err, "");
    let lines = alone(&["get", "DISC", "-v"]);
    let line = "GET /{storeId}/discount_coupons/{discountCouponId}: 200, ";
    assert!(lines.err.starts_with(line) && lines.err.contains("attempt 1 [request "), "{lines:?}");
    assert_eq!(lines.out, quiet.out);
    let events = alone(&["get", "DISC", "-vv"]).err;
    assert!(events.contains("http.response.status_code=200") && events.contains("the call succeeded"), "{events}");
    // A server that returns the request, with all events of all libraries.
    let body: &str = format!(r#"{{"errorMessage":"Bearer {TOKEN}"}}"#).leak();
    let base_url = server("400 Bad Request", "Content-Type: application/json\r\n", body);
    let outcome = run(program_for(&base_url, &["get", "A", "-vv"]).env("ECWID_LOG", "trace").env("RUST_LOG", "trace"));
    assert!(outcome.code == 1 && outcome.err.contains("TRACE") && !outcome.err.contains(TOKEN), "{outcome:?}");
    let error = run(program(&["get", "A", "--sandbox"]).env("ECWID_LOG", "ecwid=loud")).failed(2);
    assert!(error.contains("invalid filter in `ECWID_LOG`"), "{error}");
}

#[test]
fn colors_can_be_forced_and_disabled() {
    let is_colored = |arguments: &[&str], variable: &str| {
        let outcome = run(program(arguments).arg("--sandbox").env(variable, "1"));
        (outcome.out.contains('\u{1b}'), outcome.err.contains('\u{1b}'))
    };
    assert_eq!(is_colored(&["search", "--color", "always"], "NO_COLOR"), (true, false));
    assert_eq!(is_colored(&["search", "--color=never"], "CLICOLOR_FORCE"), (false, false));
    assert_eq!(is_colored(&["search"], "UNUSED"), (false, false));
    // Also in errors, and in errors about arguments.
    assert_eq!(is_colored(&["get", "NONE", "--color", "always"], "UNUSED"), (false, true));
    assert_eq!(is_colored(&["get", "--color", "always", "--unknown"], "UNUSED"), (false, true));
    assert_eq!(is_colored(&["get", "--color", "never", "--unknown"], "CLICOLOR_FORCE"), (false, false));
}

#[test]
fn coupons_can_be_counted() {
    assert_eq!(alone(&["search", "--count"]).ok(), "2\n");
    assert_eq!(alone(&["search", "--count", "--discount-type", "PERCENT"]).ok(), "1\n");
    assert_eq!(alone(&["search", "--count", "--limit", "1"]).code, 2);
}

#[test]
fn an_output_file_is_replaced_when_it_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("coupons.csv");
    let path = file.to_str().unwrap();
    let printed = alone(&["search", "--format", "csv"]).ok();
    fs::write(&file, "old").unwrap();
    assert_eq!(alone(&["search", "--format", "csv", "--output", path]).ok(), "");
    assert_eq!(fs::read_to_string(&file).unwrap(), printed);
    for format in ["json", "jsonl"] {
        alone(&["search", "--format", format, "--output", path]).ok();
        assert_eq!(fs::read_to_string(&file).unwrap(), alone(&["search", "--format", format]).ok());
    }
    // A failure leaves the old file.
    let before = fs::read_to_string(&file).unwrap();
    let base_url = server("500 Internal Server Error", "Content-Type: application/json\r\n", "{}");
    run(&mut program_for(&base_url, &["search", "--format", "csv", "--timeout", "0.2", "--output", path]));
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing else is left");

    let folder = folder.path().to_str().unwrap();
    for wrong in [folder, &format!("{folder}/none/x.csv")] {
        let error = alone(&["search", "--format", "csv", "--output", wrong]).failed(2);
        assert!(error.contains("cannot write the file of `--output`"), "{error}");
    }
}

#[test]
fn the_version_has_the_commit_of_a_clone() {
    let version = run(&mut program(&["--version"])).ok();
    let commit = Command::new("git").args(["log", "-1", "--format=%cs"]).output().ok().filter(|it| it.status.success());
    assert!(version.starts_with(&format!("ecwid-coupons {}", env!("CARGO_PKG_VERSION"))), "{version}");
    assert_eq!(version.contains(" ("), commit.is_some(), "{version}");
    // The commit and its date. The build may be older than the last commit.
    if let Some((_, build)) = version.trim_end().strip_suffix(')').and_then(|version| version.split_once(" (")) {
        let (hash, date) = build.split_once(' ').unwrap();
        assert!(hash.len() >= 7 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{version}");
        assert!(date.split('-').map(str::len).eq([4, 2, 2]), "{version}");
    }
}
