//! The configuration file: which stores it names, where their tokens are, and what is wrong with it.

use std::{fs, path::PathBuf};

use ecwid_coupons::{Config, Error, TokenSource};
use ecwid_coupons_sandbox::Sandbox;
use tempfile::TempDir;

/// A folder with a `config.toml` of this text and a file with a token.
fn written(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, text).unwrap();
    fs::write(folder.path().join("main.token"), "secret_main\n").unwrap();
    (folder, path)
}

/// The error of a text, without the path of its file.
fn problem(text: &str) -> String {
    let (_folder, path) = written(text);
    problem_of(Config::read(&path).unwrap_err(), &path)
}

fn problem_of(error: Error, path: &std::path::Path) -> String {
    error.summary().replace(&format!("`{}`", path.display()), "FILE")
}

#[tokio::test]
async fn each_store_has_its_own_settings() {
    let sandbox = Sandbox::start().await.unwrap();
    let text = format!(
        "default = 'main'\n[stores.main]\nstore-id = {}\ntoken-file = 'main.token'\nbase-url = '{}'\n\
         [stores.outlet]\nstore-id = 1004\ntoken-env = 'PATH'\nrequests-per-minute = 200\nproxy = 'http://proxy.example:3128'\n",
        sandbox.store_id(),
        sandbox.base_url()
    );
    let (folder, path) = written(&text);
    fs::write(folder.path().join("main.token"), format!("\n {}\n", sandbox.token())).unwrap();

    let config = Config::read(&path).unwrap();
    assert_eq!(config.stores().map(|store| store.name()).collect::<Vec<_>>(), ["main", "outlet"]);
    let main = config.default_store().unwrap();
    assert_eq!(main.token_source(), &TokenSource::File(folder.path().join("main.token")));
    assert_eq!(main.builder().unwrap().build().unwrap().search().count().await.unwrap(), 0);

    let outlet = config.store("outlet").unwrap();
    assert_eq!((outlet.store_id(), outlet.requests_per_minute()), (1004, Some(200)));
    assert_eq!(outlet.proxy(), Some("http://proxy.example:3128"));
    assert_eq!(outlet.builder().unwrap().build().unwrap().store_id(), 1004);
}

#[test]
fn the_only_store_is_the_default() {
    let (_folder, path) = written("[stores.a]\nstore-id = 1\ntoken-env = 'A'\n");
    assert_eq!(Config::read(&path).unwrap().default_store().unwrap().name(), "a");
}

#[test]
fn a_store_that_is_missing_is_named_with_those_that_are_there() {
    let two = "[stores.a]\nstore-id = 1\ntoken-env = 'A'\n[stores.b]\nstore-id = 2\ntoken-env = 'B'\n";
    let (_folder, path) = written(two);
    let config = Config::read(&path).unwrap();
    let error = |error: Error| problem_of(error, &path);
    assert_eq!(error(config.store("c").unwrap_err()), "unknown store: `c` (expected `a`, `b`) in FILE");
    assert_eq!(
        error(config.default_store().unwrap_err()),
        "no store is named, and the file has no `default` (expected `a`, `b`) in FILE"
    );
    let (_folder, path) = written("");
    let error = problem_of(Config::read(&path).unwrap().default_store().unwrap_err(), &path);
    assert!(error.starts_with("there is no store (expected [stores.main] with `store-id = 1003`"), "{error}");
}

#[test]
fn an_error_names_the_line_and_no_value() {
    let store = |line: &str| format!("[stores.main]\nstore-id = 1003\n{line}\n");
    for (text, expected) in [
        (store("token = 'hush'"), "line 3, column 1: the file cannot contain a token; save it elsewhere"),
        (store("token = hush"), "line 3, column 9: "),
        (store("tokenfile = 'hush'"), "line 3, column 1: unknown key: `tokenfile` (did you mean `token-file`?)"),
        (
            store("token-file = 7"),
            "line 3, column 14: [stores.main]: invalid `token-file` (expected a string that is not empty, such as \"main.token\")",
        ),
        (store("token-env = ' '"), "line 3, column 13: [stores.main]: invalid `token-env`"),
        (
            store("token-command = 'pass show hush'"),
            "line 3, column 17: [stores.main]: invalid `token-command` (expected a list",
        ),
        (
            store(""),
            "line 1, column 1: [stores.main]: expected exactly one of `token-file`, `token-env` and `token-command`",
        ),
        (store("token-env = 'A'\ntoken-file = 'hush'"), "line 1, column 1: [stores.main]: expected exactly one of"),
        (
            store("token-env = 'A'\nrequests-per-minute = 0"),
            "line 4, column 23: [stores.main]: invalid `requests-per-minute`: 0 (expected an integer from 1 to 4294967295",
        ),
        (
            store("token-env = 'A'\nrequests-per-minute = 4294967296"),
            "line 4, column 23: [stores.main]: invalid `requests-per-minute`: 4294967296 (expected an integer from 1 to",
        ),
        (
            store("token-env = 'A'\nrequest-per-minute = 1"),
            "line 4, column 1: unknown key: `request-per-minute` (did you",
        ),
        (store("hue = 1"), "line 3, column 1: unknown key: `hue` (expected one of `store-id`, `token-file`"),
        ("[store.main]\nstore-id = 1".to_owned(), "line 1, column 2: unknown key: `store` (did you mean `stores`?)"),
        ("[stores.main]\ntoken-env = 'A'\n".to_owned(), "line 1, column 1: [stores.main]: `store-id` is missing"),
        (
            "[stores.main]\nstore-id = 'hush'\ntoken-env = 'A'\n".to_owned(),
            "line 2, column 12: [stores.main]: invalid `store-id` (expected an integer from 1 to",
        ),
        ("default = 'hush'\n".to_owned(), "line 1, column 11: `default` is not a store of the file"),
        ("token = 'hush'\n".to_owned(), "line 1, column 1: the file cannot contain a token"),
        (
            "[stores]\nmain = 'hush'\n".to_owned(),
            "line 2, column 8: invalid type (expected a table such as [stores.main])",
        ),
    ] {
        let problem = problem(&text);
        assert!(problem.starts_with(&format!("invalid configuration file FILE: {expected}")), "{text:?}: {problem}");
        assert!(!problem.contains("hush"), "{text:?}: {problem}");
    }
}

#[test]
fn a_file_that_cannot_be_read_has_another_hint_than_a_wrong_one() {
    let (folder, path) = written("[stores.main]\nstore-id = 1003\ntoken-file = '.'\n");
    fs::write(folder.path().join("latin"), b"# \xe9").unwrap();
    for (file, expected) in [
        ("none.toml", "cannot read the configuration file FILE: "),
        (".", "cannot read the configuration file FILE: it is a directory"),
        ("latin", "cannot read the configuration file FILE: invalid UTF-8 at byte offset 2"),
    ] {
        let path = folder.path().join(file);
        let error = Config::read(&path).unwrap_err();
        assert_eq!(error.hint(), Some("check that the path is a UTF-8 text file that you can read"));
        assert!(problem_of(error, &path).starts_with(expected));
    }
    let error = Config::read(&path).unwrap().default_store().unwrap().read_token().unwrap_err();
    assert!(error.summary().contains("cannot read the token file"), "{error}");
    assert_eq!(error.hint(), Some("check that the path is a UTF-8 text file that you can read"));
    fs::write(&path, "x").unwrap();
    assert_eq!(Config::read(&path).unwrap_err().hint(), Some("correct the file"));
}

#[test]
fn a_token_that_cannot_be_read_is_named_by_its_store() {
    let (folder, path) = written("[stores.main]\nstore-id = 1003\ntoken-file = 'main.token'\n");
    let read = |path: &std::path::Path| Config::read(path).unwrap().default_store().unwrap().read_token();
    assert_eq!(read(&path).unwrap(), "secret_main");
    for (token, expected) in
        [("", "it contains nothing (expected the token)"), ("ECWID_TOKEN=secret_main", "it contains an assignment")]
    {
        fs::write(folder.path().join("main.token"), token).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("invalid token file") && error.contains(expected), "{error}");
        assert!(!error.contains("secret_main"), "{error}");
    }
    fs::remove_file(folder.path().join("main.token")).unwrap();
    assert!(read(&path).unwrap_err().to_string().contains("main.token"));

    fs::write(&path, "[stores.main]\nstore-id = 1003\ntoken-env = 'NO_SUCH_VARIABLE'\n").unwrap();
    assert!(read(&path).unwrap_err().to_string().contains("`NO_SUCH_VARIABLE` is not set"));
}

#[cfg(unix)]
#[test]
fn a_command_prints_the_token() {
    for (words, expected) in [
        (r#"["printf", "secret_a\n"]"#, Ok("secret_a")),
        (r#"["sh", "-c", "exit 3"]"#, Err("`sh` failed with exit status: 3")),
        (r#"["true"]"#, Err("`true` printed nothing (expected the token)")),
        (r#"["printf", "token: secret_a"]"#, Err("` printed something before the token")),
        (r#"["no-such-program", "secret_a"]"#, Err("cannot run `no-such-program`")),
    ] {
        let (_folder, path) = written(&format!("[stores.main]\nstore-id = 1003\ntoken-command = {words}\n"));
        let token = Config::read(&path).unwrap().default_store().unwrap().read_token();
        match (token, expected) {
            (Ok(token), Ok(expected)) => assert_eq!(token, expected),
            (Err(error), Err(expected)) => {
                let error = error.to_string();
                assert!(error.contains(expected) && !error.contains("secret_a"), "{error}");
            }
            (token, expected) => panic!("{words}: {token:?}, {expected:?}"),
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_open_is_known() {
    use std::os::unix::fs::PermissionsExt as _;

    let (_folder, path) = written("");
    for (mode, is_open) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o620, true)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(Config::read(&path).unwrap().is_open_to_others(), is_open, "{mode:o}");
    }
}
