//! The output and the exit codes of the command.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use crate::site::{GET, Response, Site, pages};

fn fetch(into: &Path, base: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask-verify"));
    command.args(["pages", "fetch", "--base", base, "--into"]).arg(into);
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY", "REQUEST_METHOD"] {
        command.env_remove(name);
    }
    command
}

fn printed(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_command_prints_the_outcome_of_each_page() {
    let (site, folder) = (Site::start(), tempfile::tempdir().unwrap());
    let into = folder.path().join("pages");
    let run = || printed(&fetch(&into, &site.url()).output().unwrap());
    let all = pages().len();
    let lines = |with: &dyn Fn(&str) -> &'static str| {
        pages().keys().map(|file| format!("{}{file}\n", with(file))).collect::<String>()
    };
    let next = format!(
        "Next: run `cargo xtask verify --pages {}` to compare the document with these pages.\n",
        into.display()
    );

    let expected = format!("{}{all} pages: {all} new, 0 changed, 0 same, 0 kept\n{next}", lines(&|_| "new      "));
    assert_eq!(run(), (Some(0), expected, String::new()));

    fs::write(into.join(GET), "# Older\n").unwrap();
    let of = |file: &str| if file == GET { "changed  " } else { "same     " };
    let expected = format!("{}{all} pages: 0 new, 1 changed, {} same, 0 kept\n{next}", lines(&of), all - 1);
    assert_eq!(run(), (Some(0), expected, String::new()));

    site.response(GET, [Response::status(404)]);
    let (code, out, err) = run();
    assert_eq!((code, err.as_str()), (Some(2), ""));
    assert!(out.contains(&format!("\nkept     {GET}: unexpected status: 404 Not Found\n")), "{out}");
    assert!(
        out.contains(&format!("\n{all} pages: 0 new, 0 changed, {} same, 1 kept\nSome downloads failed.", all - 1)),
        "{out}"
    );
    assert!(out.ends_with(&next), "{out}");
}

#[test]
fn an_error_exits_with_2() {
    let (site, folder) = (Site::start(), tempfile::tempdir().unwrap());
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    // One file has the path of the folder. Another file has the path of a subfolder.
    fs::write(folder.path().join("api-reference"), "").unwrap();
    for (into, why) in [(file.as_path(), "cannot create the folder"), (folder.path(), "cannot ")] {
        let (code, _, err) = printed(&fetch(into, &site.url()).output().unwrap());
        assert_eq!(code, Some(2), "{err}");
        assert!(err.starts_with(&format!("error: {why}")) && err.contains(&*into.to_string_lossy()), "{err}");
    }
    let (code, out, err) = printed(&fetch(&folder.path().join("pages"), "gopher://docs").output().unwrap());
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("error: unsupported scheme in --base: \"gopher://docs\""), "{err}");
}

#[test]
fn a_proxy_of_the_environment_is_used_except_for_this_machine() {
    let (site, other, folder) = (Site::start(), Site::start(), tempfile::tempdir().unwrap());
    let mut command = fetch(&folder.path().join("far"), "http://docs.invalid");
    assert_eq!(printed(&command.env("HTTP_PROXY", site.url()).output().unwrap()).0, Some(0));
    assert_eq!(site.requests()[0].1["host"], "docs.invalid");

    let asked = other.requests().len();
    let mut command = fetch(&folder.path().join("near"), &site.url());
    assert_eq!(printed(&command.env("HTTP_PROXY", other.url()).output().unwrap()).0, Some(0));
    assert_eq!(other.requests().len(), asked);
}
