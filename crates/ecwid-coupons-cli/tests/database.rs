//! Tests of the database of `sandbox --db` and of the file of `sandbox --dump`.
#![cfg(unix)]

mod program;

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    os::unix::{fs::PermissionsExt as _, net::UnixListener},
    path::{Path, PathBuf},
    process::Command,
};

use program::{Sandbox, program, run};
use tempfile::TempDir;

/// The folder of a test.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// The regular files in it, and the names of what else there is.
    fn entries(&self) -> BTreeMap<OsString, Option<Vec<u8>>> {
        let entries = fs::read_dir(self.0.path()).unwrap().map(Result::unwrap);
        let read = |entry: fs::DirEntry| entry.file_type().unwrap().is_file().then(|| fs::read(entry.path()).unwrap());
        entries.map(|entry| (entry.file_name(), read(entry))).collect()
    }

    /// A database with a coupon of this code.
    fn database(&self, name: &str, code: &str) -> String {
        let file = self.text(name);
        let sandbox = Sandbox::start(&["--db", &file]);
        sandbox.run(&["create", "--name", code, "--code", code, "--discount", "1"]).ok();
        assert_eq!(sandbox.stop("-TERM").0, Some(0));
        file
    }
}

fn mode(path: impl AsRef<Path>) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Returns the program in a shell that first runs other commands.
fn in_shell(setup: &str, arguments: &[&str]) -> Command {
    let mut command = program(&[]);
    let program = command.get_program().to_owned();
    command = Command::new("sh");
    command.arg("-c").arg(format!("{setup}; exec \"$@\"")).arg("sh").arg(program).args(arguments);
    command
}

#[test]
fn every_database_name_is_the_path_of_a_file() {
    for name in [":memory:", "file:m.db?mode=memory", "file:m.db", "-store", "größe #1%41.sqlite"] {
        let folder = Folder::new();
        let db = format!("--db={name}");
        let sandbox = Sandbox::start_in(folder.0.path(), &[&db]);
        sandbox.run(&["create", "--name", "A", "--code", "A", "--discount", "1"]).ok();
        assert_eq!(sandbox.run(&["search", "--format", "jsonl"]).ok().lines().count(), 1, "{name}");
        assert_eq!(sandbox.stop("-TERM").0, Some(0));
        assert_eq!(folder.entries().into_keys().collect::<Vec<_>>(), [name]);
        let dump = run(program(&["sandbox", &db, "--dump", "-"]).current_dir(folder.0.path())).ok();
        assert!(dump.contains(r#""code":"A""#), "{name}: {dump}");
    }
    let error = run(&mut program(&["sandbox", "--port", "0", "--db="])).failed(2);
    assert!(error.contains("--db"), "{error}");
}

#[test]
fn a_file_that_is_not_a_database_is_refused_and_not_changed() {
    let folder = Folder::new();
    let _listener = UnixListener::bind(folder.path("socket")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.path("fifo")).status().unwrap().success());
    fs::create_dir(folder.path("directory")).unwrap();
    fs::write(folder.path("short"), "x").unwrap();
    fs::write(folder.path("text"), "code,name\n".repeat(1000)).unwrap();
    std::os::unix::fs::symlink("fifo", folder.path("link")).unwrap();
    let before = folder.entries();
    for (name, expected) in [
        ("socket", "a socket"),
        ("fifo", "a FIFO"),
        ("link", "a FIFO"),
        ("directory", "a directory"),
        ("short", "not a database"),
        ("text", "not a database"),
    ] {
        let error = run(&mut program(&["sandbox", "--port", "0", "--db", &folder.text(name)])).failed(1);
        assert!(error.contains(expected) && error.contains(name), "{error}");
        assert_eq!(folder.entries(), before, "{name}");
    }
    let error = run(&mut program(&["sandbox", "--port", "0", "--db", "/dev/null"])).failed(1);
    assert!(error.contains("a device"), "{error}");
    for beside in ["-wal", "-shm", "-journal"] {
        assert!(!Path::new(&format!("/dev/null{beside}")).exists());
    }
}

#[test]
fn other_users_can_read_neither_the_database_nor_a_dump() {
    let folder = Folder::new();
    let (db, dump) = (folder.text("store.sqlite"), folder.text("dump.json"));
    let sandbox = Sandbox::start_by(in_shell("umask 0", &["sandbox", "--port", "0", "--db", &db]));
    sandbox.run(&["create", "--name", "A", "--code", "A", "--discount", "1"]).ok();
    for beside in ["", "-wal", "-shm"] {
        assert_eq!(mode(format!("{db}{beside}")), 0o600, "{beside}");
    }
    drop(sandbox);
    fs::write(&dump, "an older one").unwrap();
    fs::set_permissions(&dump, fs::Permissions::from_mode(0o666)).unwrap();
    for _ in 0..2 {
        run(&mut in_shell("umask 0", &["sandbox", "--db", &db, "--dump", &dump])).ok();
        assert_eq!(mode(&dump), 0o600);
        fs::remove_file(&dump).unwrap();
    }
}

#[test]
fn a_dump_does_not_replace_an_input_file_of_the_sandbox() {
    let folder = Folder::new();
    let db = folder.database("store.sqlite", "A");
    let (load, config) = (folder.text("load.json"), folder.text("config.toml"));
    fs::write(&load, r#"[{"name":"A","code":"A"}]"#).unwrap();
    fs::write(&config, "seed = 1\n").unwrap();
    std::os::unix::fs::symlink("store.sqlite", folder.path("link")).unwrap();
    fs::hard_link(&db, folder.path("hard")).unwrap();
    std::os::unix::fs::symlink("later.sqlite", folder.path("dangling")).unwrap();
    let before = folder.entries();
    let (link, later) = (folder.text("link"), folder.text("later.sqlite"));
    for (flag, input, output) in [
        ("--db", &db, "store.sqlite"),
        ("--db", &db, "link"),
        ("--db", &db, "hard"),
        ("--db", &db, "./../"),
        ("--db", &db, "store.sqlite-wal"),
        ("--db", &db, "store.sqlite-shm"),
        ("--db", &db, "store.sqlite-journal"),
        ("--db", &link, "store.sqlite"),
        ("--db", &link, "store.sqlite-wal"),
        ("--db", &later, "later.sqlite"),
        ("--db", &later, "dangling"),
        ("--load", &load, "load.json"),
        ("--config", &config, "config.toml"),
        ("--faults", &config, "config.toml"),
    ] {
        let output = match output {
            "./../" => {
                format!("{}/../{}/store.sqlite", folder.text(""), folder.0.path().file_name().unwrap().display())
            }
            name => folder.text(name),
        };
        let error = run(&mut program(&["sandbox", flag, input, "--dump", &output])).failed(2);
        assert!(error.contains(&format!("`--dump` and `{flag}` name the same file")), "{output}: {error}");
        assert_eq!(folder.entries(), before, "{flag} {input} {output}");
    }
}

#[test]
fn a_failed_dump_does_not_change_the_existing_file() {
    let folder = Folder::new();
    fs::write(folder.path("dump.json"), "an older one").unwrap();
    let before = folder.entries();
    let dump = ["sandbox", "--seed", "500", "--dump", &folder.text("dump.json")];
    let error = run(&mut in_shell("trap '' XFSZ; ulimit -f 8", &dump)).failed(1);
    assert!(error.contains("File too large"), "{error}");
    assert_eq!(folder.entries(), before);
    // A symbolic link stays a link, and its target is replaced.
    std::os::unix::fs::symlink("dump.json", folder.path("link")).unwrap();
    run(&mut program(&["sandbox", "--seed", "5", "--dump", &folder.text("link")])).ok();
    assert!(folder.path("link").is_symlink());
    assert!(fs::read_to_string(folder.path("dump.json")).unwrap().ends_with("]\n"));
    // A file that is not a regular file is not replaced but written to.
    run(&mut program(&["sandbox", "--seed", "5", "--dump", "/dev/null"])).ok();
    let error = run(&mut program(&["sandbox", "--seed", "500", "--dump", "/dev/full"])).failed(1);
    assert!(error.contains("No space left"), "{error}");
    let piped = run(&mut program(&["sandbox", "--seed", "5", "--dump", "/dev/stdout"])).ok();
    assert!(piped.ends_with("]\n"), "{piped}");
}

#[test]
fn a_stopped_sandbox_leaves_everything_in_the_database_file() {
    let folder = Folder::new();
    let db = folder.text("store.sqlite");
    let sandbox = Sandbox::start(&["--db", &db]);
    sandbox.run(&["create", "--name", "A", "--code", "A", "--discount", "1"]).ok();
    // A killed sandbox leaves the last writes in the log.
    drop(sandbox);
    assert!(folder.path("store.sqlite-wal").exists());
    run(&mut program(&["sandbox", "--db", &db, "--dump", &folder.text("dump.json")])).ok();
    assert!(!folder.path("store.sqlite-wal").exists(), "{:?}", folder.entries().keys());
    fs::copy(&db, folder.path("copy.sqlite")).unwrap();
    let dump = run(&mut program(&["sandbox", "--db", &folder.text("copy.sqlite"), "--dump", "-"])).ok();
    assert!(dump.contains(r#""code":"A""#), "{dump}");
    // This also applies to coupons that the dump loads, and to a dump that fails.
    for number in 0..8 {
        let (file, failed) = (folder.text(&format!("{number}.sqlite")), number % 2 == 1);
        let out = if failed { "/dev/full" } else { "/dev/null" };
        let outcome = run(&mut program(&["sandbox", "--db", &file, "--seed", "300", "--dump", out]));
        assert_eq!(outcome.code, i32::from(failed), "{outcome:#?}");
        assert!(!folder.path(&format!("{number}.sqlite-wal")).exists(), "{number}");
    }
}
