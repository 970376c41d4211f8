//! Tests of the files that a user names: encoding, size and content.
#![cfg(unix)]

mod program;

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Stdio},
};

use program::{Outcome, Sandbox, TOKEN, program, run, run_with_input};

const COUPON: &str = r#"{"name":"Größe","code":"A","discountType":"PERCENT","discount":10}"#;
const FAULTS: &str =
    "[[faults]]\noperations = [\"get_discount_coupon\"]\neffect = { kind = \"status\", status = 503 }\n";

/// Each flag that reads a text file, with a valid text.
const TEXTS: [(&[&str], &str); 6] = [
    (&["create", "--sandbox", "--json"], COUPON),
    (&["update", "DISC", "--sandbox", "--json"], COUPON),
    (&["sandbox", "--dump", "/dev/null", "--load"], COUPON),
    (&["sandbox", "--dump", "/dev/null", "--config"], FAULTS),
    (&["sandbox", "--dump", "/dev/null", "--faults"], FAULTS),
    (&["sandbox", "--dump", "/dev/null", "--token-file"], TOKEN),
];

fn run_on(arguments: &[&str], file: impl AsRef<Path>) -> Outcome {
    run(program(arguments).arg(file.as_ref()))
}

/// Runs each flag with a text in another encoding, and checks the common error.
fn refuse_all(encode: impl Fn(&str) -> Vec<u8>, expected: &[&str]) {
    let file = tempfile::NamedTempFile::new().unwrap();
    for (arguments, text) in TEXTS {
        fs::write(file.path(), encode(text)).unwrap();
        let outcome = run_on(arguments, file.path());
        assert!(matches!(outcome.code, 1 | 2), "{arguments:?}: {outcome:#?}");
        assert!(expected.iter().all(|part| outcome.err.contains(part)), "{arguments:?}: {outcome:#?}");
    }
}

#[test]
fn every_text_file_may_start_with_a_byte_order_mark() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for (arguments, text) in TEXTS {
        fs::write(file.path(), format!("\u{feff}{text}")).unwrap();
        run_on(arguments, file.path()).ok();
    }
    run_with_input(&mut program(&["create", "--sandbox", "--json", "-"]), &format!("\u{feff}{COUPON}")).ok();
    let sandbox = Sandbox::start(&[]);
    let mut search = program(&["search", "--store-id", "1003", "--base-url", &sandbox.base_url, "--token-file", "-"]);
    run_with_input(&mut search, &format!("\u{feff}{TOKEN}\r\n")).ok();
}

#[test]
fn other_encodings_are_refused_with_a_hint() {
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let utf_32 = |text: &str| text.chars().flat_map(|next| u32::from(next).to_be_bytes()).collect::<Vec<_>>();
    let fix = "Out-File -Encoding utf8";
    refuse_all(|text| [&b"\xff\xfe"[..], &utf_16(text)].concat(), &["it is UTF-16 text", fix]);
    refuse_all(utf_16, &["it is UTF-16 text", fix]);
    refuse_all(utf_32, &["it is UTF-32 text", fix]);
    refuse_all(|text| [text.as_bytes(), b"\n# \xe9"].concat(), &["invalid UTF-8 at byte offset ", "as UTF-8"]);

    // The file of certificates is read as text, too.
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), utf_16("-----BEGIN CERTIFICATE-----")).unwrap();
    let mut search = program(&["search", "--store-id", "1003", "--ca-file"]);
    assert!(run(search.env("ECWID_TOKEN", TOKEN).arg(file.path())).failed(2).contains("it is UTF-16 text"));
}

#[test]
fn the_size_of_every_file_is_limited() {
    for (arguments, _) in TEXTS {
        let outcome = run_on(arguments, "/dev/zero");
        assert!(matches!(outcome.code, 1 | 2) && outcome.err.contains("NUL at byte offset 0"), "{outcome:#?}");
    }
    // An endless text is refused with little memory.
    let endless = |arguments: &[&str]| {
        let mut yes = Command::new("yes").arg(" ").stdout(Stdio::piped()).spawn().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -v 1000000; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_ecwid-coupons")]);
        let outcome = run(command.args(arguments).stdin(yes.stdout.take().unwrap()));
        yes.kill().unwrap();
        yes.wait().unwrap();
        outcome
    };
    assert!(endless(&["sandbox", "--dump", "-", "--token-file", "-"]).failed(2).contains("larger than 64 KiB"));
    for arguments in [["create", "--sandbox", "--json", "-"], ["sandbox", "--port=0", "--config", "-"]] {
        assert!(endless(&arguments).failed(2).contains("larger than 16 MiB"));
    }
    let mut search = program(&["search", "--store-id", "1003", "--ca-file", "/dev/zero"]);
    assert!(run(search.env("ECWID_TOKEN", TOKEN)).failed(2).contains("larger than 16 MiB"));
    let mut search = program(&["search", "--store-id", "1003"]);
    assert!(run(search.env("ECWID_TOKEN", TOKEN).env("ECWID_CA_FILE", "/dev/zero")).failed(2).contains("16 MiB"));
}

#[test]
fn a_directory_is_reported_as_a_directory() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, _) in TEXTS {
        let outcome = run_on(arguments, folder.path());
        assert!(matches!(outcome.code, 1 | 2) && outcome.err.contains("it is a directory"), "{outcome:#?}");
    }
    let mut search = program(&["search", "--store-id", "1003", "--ca-file"]);
    let error = run(search.env("ECWID_TOKEN", TOKEN).arg(folder.path())).failed(2);
    assert!(error.contains("it is a directory"), "{error}");
}

#[test]
fn text_around_a_token_is_reported() {
    let sandbox = Sandbox::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let search = ["search", "--store-id", "1003", "--base-url", &sandbox.base_url, "--token-file"];
    for (text, problem) in [
        (format!("ECWID_TOKEN={TOKEN}\n"), "an assignment"),
        (format!("export ECWID_TOKEN={TOKEN}\n"), "an assignment"),
        (format!("\"{TOKEN}\"\n"), "quotes"),
        (format!("'{TOKEN}'"), "quotes"),
        (format!("{{\"token\": \"{TOKEN}\"}}"), "JSON"),
        (format!("Bearer {TOKEN}"), "something before the token"),
        (format!("{TOKEN}\n{TOKEN}\n"), "several lines"),
    ] {
        fs::write(&file, &text).unwrap();
        let error = run(program(&search).arg(&file)).failed(2);
        assert!(
            error.contains(&format!("invalid token file: it contains {problem}"))
                && error.contains("it must contain only the token"),
            "{error}"
        );
        // The same mistake in the variable is reported too.
        let error = run(sandbox.program(&["search"]).env("ECWID_TOKEN", text.trim())).failed(2);
        assert!(error.contains(&format!("invalid token: it has {problem}")), "{error}");
    }
}

#[test]
fn a_token_file_that_other_users_can_access_causes_a_warning() {
    let sandbox = Sandbox::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, TOKEN).unwrap();
    let search = ["search", "--store-id", "1003", "--base-url", &sandbox.base_url, "--format", "json", "--token-file"];
    for (mode, is_open) in [(0o666, true), (0o640, true), (0o604, true), (0o620, true), (0o600, false), (0o400, false)]
    {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let outcome = run(program(&search).arg(&file));
        let is_warned = outcome.err.contains("warning: ") && outcome.err.contains("chmod 600");
        assert!(is_warned == is_open && !outcome.err.contains(file.to_str().unwrap()), "{mode:o}: {outcome:#?}");
        assert_eq!(outcome.ok(), "[]\n");
    }
    let piped = run_with_input(program(&search).arg("-"), TOKEN);
    assert!(!piped.err.contains("warning"), "{piped:#?}");
}

#[test]
fn a_last_id_that_leaves_no_more_ids_is_refused() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), r#"[{"lastId":9223372036854775807}]"#).unwrap();
    let error = run_on(&["sandbox", "--dump", "/dev/null", "--load"], file.path()).failed(1);
    assert!(error.contains("'lastId'") && error.contains("999999999999999999"), "{error}");
}

#[test]
fn a_file_that_cannot_be_read_has_another_hint_than_a_wrong_one() {
    let folder = tempfile::tempdir().unwrap();
    let (latin, wrong) = (folder.path().join("latin"), folder.path().join("wrong"));
    fs::write(&latin, b"\xe9").unwrap();
    fs::write(&wrong, "x").unwrap();
    let none = folder.path().join("none");
    for (arguments, flag) in [
        (&["create", "--sandbox", "--json"][..], "`--json`"),
        (&["sandbox", "--dump", "/dev/null", "--load"], "`--load`"),
        (&["sandbox", "--dump", "/dev/null", "--config"], "`--config`"),
        (&["sandbox", "--dump", "/dev/null", "--faults"], "`--faults`"),
        (&["search", "--store", "main", "--config"], ""),
    ] {
        for path in [&none, folder.path(), &latin] {
            let error = run_on(arguments, path).err;
            let hint = error.lines().find(|line| line.starts_with("hint: ")).unwrap();
            assert!(
                error.starts_with("error: cannot read ") && hint.contains("UTF-8 text file that you can read"),
                "{error}"
            );
            assert!(hint.contains(flag), "{hint}");
        }
        let error = run_on(arguments, &wrong).err;
        assert!(error.contains("error: ") && !error.contains("that you can read"), "{error}");
    }
}
