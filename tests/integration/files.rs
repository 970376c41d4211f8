//! The database file of a sandbox.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use ecwid_coupons::types::NewCoupon;
use ecwid_coupons_sandbox::Sandbox;
use futures_util::future::join_all;
use tokio::sync::Barrier;

#[tokio::test]
async fn a_file_keeps_the_coupons() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let sandbox = Sandbox::builder().database(&file).start().await.unwrap();
    let created = sandbox.client().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    sandbox.stop().await;
    let sandbox = Sandbox::builder().database(&file).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    assert_eq!(coupons.get("CODE").await.unwrap().id, created.id());
    // The id of a deleted coupon is not reused.
    coupons.delete("CODE").await.unwrap();
    assert!(coupons.create(&NewCoupon::new("Name", "CODE")).await.unwrap().id() > created.id());
}

#[tokio::test]
async fn files_of_other_programs_are_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "no database, and longer than the header of one, so that it is not taken for an empty file")
        .unwrap();
    let error = Sandbox::builder().database(&file).start().await.unwrap_err().to_string();
    assert!(
        error.contains("notes.txt") && error.contains("not a database") && error.contains("choose a new file"),
        "{error}"
    );
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("no database"));

    // A file next to it with the name of a log makes no difference.
    std::fs::write(folder.path().join("notes.txt-wal"), "no log").unwrap();
    assert!(Sandbox::builder().database(&file).start().await.is_err());

    // The other program keeps the last file open, so a part of it is still in the log.
    let others = ["", "PRAGMA user_version = 1;", "PRAGMA user_version = 1; PRAGMA journal_mode = wal;"];
    for (index, settings) in others.into_iter().enumerate() {
        let file = folder.path().join(format!("other #{index}%41.sqlite"));
        let other = rusqlite::Connection::open(&file).unwrap();
        other.execute_batch(&format!("{settings} CREATE TABLE coupons (mine TEXT)")).unwrap();
        let before = files(folder.path());
        let error = Sandbox::builder().database(&file).start().await.unwrap_err().to_string();
        assert!(error.contains("another program") && !error.contains("TABLE"), "{error}");
        assert!(files(folder.path()) == before, "{settings}");
        drop(other);
        let before = files(folder.path());
        assert!(Sandbox::builder().database(&file).start().await.is_err(), "{settings}");
        assert!(files(folder.path()) == before, "{settings}");
    }
}

#[tokio::test]
async fn files_with_another_schema_version_are_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    Sandbox::builder().database(&file).seed(1).start().await.unwrap().stop().await;
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 5).unwrap();
    let before = files(folder.path());
    let error = Sandbox::builder().database(&file).start().await.unwrap_err().to_string();
    assert!(error.contains("version 5 of the schema (expected ") && error.contains("load the dump"), "{error}");
    assert!(files(folder.path()) == before);
}

/// A killed sandbox or a full disk can leave a log with data that the file does not have.
#[tokio::test]
async fn data_in_the_log_only_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let copy = |name: &str| {
        let copy = folder.path().join(name);
        for beside in ["", "-wal"] {
            std::fs::copy(format!("{}{beside}", file.display()), format!("{}{beside}", copy.display())).unwrap();
        }
        copy
    };
    let shorten = |path: &Path, length: u64| {
        std::fs::OpenOptions::new().write(true).open(path).unwrap().set_len(length).unwrap();
    };
    let sandbox = Sandbox::builder().database(&file).seed(20).start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    let killed = copy("killed.sqlite");
    sandbox.stop().await;

    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.execute_batch("PRAGMA wal_autocheckpoint = 0; VACUUM").unwrap();
    let (short, shortest, empty) = (copy("short.sqlite"), copy("shortest.sqlite"), copy("empty.sqlite"));
    shorten(&short, 4096);
    shorten(&shortest, 7);
    shorten(&empty, 0);

    // The database of another program, according to the file without its log.
    let (id, version): (i64, i64) = connection
        .query_row("SELECT application_id, user_version FROM pragma_application_id, pragma_user_version", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let marks = |id, version| format!("PRAGMA application_id = {id}; PRAGMA user_version = {version};");
    connection
        .execute_batch(&format!("{} PRAGMA wal_checkpoint(truncate); {}", marks(0, 0), marks(id, version)))
        .unwrap();
    let unmarked = copy("unmarked.sqlite");
    drop(connection);

    for path in [&killed, &short, &shortest, &unmarked] {
        let sandbox = Sandbox::builder().database(path).start().await.map_err(|error| format!("{path:?}: {error}"));
        let sandbox = sandbox.unwrap();
        let coupons = sandbox.client().unwrap();
        assert_eq!(coupons.get("CODE").await.unwrap().name.as_deref(), Some("Name"), "{path:?}");
        assert_eq!(coupons.search().page().await.unwrap().total, Some(21), "{path:?}");
        sandbox.stop().await;
        let kept: i64 = rusqlite::Connection::open(path)
            .unwrap()
            .query_row("SELECT count(*) FROM coupons", [], |row| row.get(0))
            .unwrap();
        assert_eq!(kept, 21, "{path:?}");
    }
    // SQLite treats an empty file as a new database and deletes its log.
    let before = files(folder.path());
    let error = Sandbox::builder().database(&empty).start().await.unwrap_err().to_string();
    assert!(error.contains("empty.sqlite-wal") && error.contains("would delete"), "{error}");
    assert!(files(folder.path()) == before);
}

/// Returns the files of a folder by name.
fn files(folder: &Path) -> BTreeMap<std::ffi::OsString, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name(), std::fs::read(entry.path()).unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 6)]
async fn several_sandboxes_start_on_one_new_file() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..20 {
        let file = folder.path().join(format!("{round}.sqlite"));
        let together = Arc::new(Barrier::new(6));
        let start = |_| {
            let (together, builder) = (Arc::clone(&together), Sandbox::builder().database(&file));
            tokio::spawn(async move {
                together.wait().await;
                builder.start().await
            })
        };
        let started = join_all((0..6).map(start)).await;
        let sandboxes: Vec<_> = started.into_iter().map(|sandbox| sandbox.unwrap().unwrap()).collect();
        sandboxes[0].client().unwrap().create(&NewCoupon::new("Name", "CODE")).await.unwrap();
        for sandbox in &sandboxes {
            assert!(sandbox.client().unwrap().get("code").await.unwrap().id > Some(100_000_000));
        }
    }
}

#[tokio::test]
async fn a_read_does_not_wait_for_the_write_of_another_process() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let sandbox = Sandbox::builder().database(&file).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    coupons.create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; DELETE FROM coupons").unwrap();
    assert!(coupons.get("CODE").await.is_ok());
    assert_eq!(coupons.search().page().await.unwrap().total, Some(1));
}
