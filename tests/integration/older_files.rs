//! Files of older versions can still be used. The files in `tests/fixtures/files` are those of released versions, and the number in
//! a name is the version of its format. For a new version of a format, add a file and keep the old ones.

use std::{fs, path::PathBuf};

use ecwid_coupons::{Client, Cursor, types::CouponUpdate};
use ecwid_coupons_jobs::{Job, JobError, SqliteCopy, SyncOptions};
use ecwid_coupons_sandbox::Sandbox;
use ecwid_coupons_tests::workspace;
use rusqlite::Connection;

/// The moment at which the files were written.
const THEN: &str = "2026-11-29T18:25:30Z";

/// A cursor after the coupons `A` and `B`.
const CURSOR_2: &str = r#"{"version":"2","store":1003,"filters":{"status":"ACTIVE"},"fields":null,"limit":1,"anyOrder":false,"skipUnreadable":false,"offset":0,"next":1,"seen":{"ids":{"ids":[100000001,100000002],"last":100000002,"direction":"rising"}}}"#;

fn file(name: &str) -> PathBuf {
    workspace().join("tests/fixtures/files").join(name)
}

/// Returns a database with the content of an SQL file.
fn database(name: &str) -> tempfile::TempPath {
    let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
    Connection::open(&path).unwrap().execute_batch(&fs::read_to_string(file(name)).unwrap()).unwrap();
    path
}

/// Returns a store with the coupons of the dump.
async fn store() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    sandbox.set_time(THEN.parse().unwrap()).unwrap();
    sandbox.load_json(fs::File::open(file("dump.json")).unwrap()).await.unwrap();
    let client = sandbox.client().unwrap();
    (sandbox, client)
}

#[tokio::test]
async fn a_dump_is_loaded() {
    let (_sandbox, client) = store().await;
    let codes: Vec<_> = client.search().all().await.unwrap().into_iter().filter_map(|coupon| coupon.code).collect();
    assert_eq!(codes, ["A", "B", "S-J5T2HHH"]);
}

#[tokio::test]
async fn a_search_continues_after_a_cursor() {
    let (_sandbox, client) = store().await;
    let rest = client.resume(CURSOR_2.parse::<Cursor>().unwrap()).all().await.unwrap();
    assert_eq!(rest.into_iter().filter_map(|coupon| coupon.code).collect::<Vec<_>>(), ["S-J5T2HHH"]);
}

#[tokio::test]
async fn a_job_continues() {
    let (sandbox, client) = store().await;
    let path = database("job-1.sql");
    // The sandbox has another port each time.
    Connection::open(&path).unwrap().execute("UPDATE job SET base_url = ?1", [sandbox.base_url()]).unwrap();
    let mut job = Job::open(&path).unwrap();
    let status = job.status().unwrap();
    assert_eq!((status.created, status.not_attempted), (1, 1));

    let mut run = job.run(&client).unwrap();
    while run.next().await.unwrap().is_some() {}
    drop(run);
    assert_eq!(job.status().unwrap().created, 2);
    assert_eq!(job.verify(&client, |difference| panic!("{difference:?}")).await.unwrap(), 2);
    drop(job);

    // The file of a newer version is refused, and stays as it is.
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 2).unwrap();
    let before = fs::read(&path).unwrap();
    let error = Job::open(&path).unwrap_err();
    assert!(
        matches!(&error, JobError::NotAJob { .. }) && error.to_string().contains("it has version 2 (expected 1)"),
        "{error}"
    );
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_copy_is_updated() {
    let (_sandbox, client) = store().await;
    let path = database("copy-1.sql");
    client.update("B", &CouponUpdate::default().pause()).await.unwrap();
    let copy = SqliteCopy::open(&path).unwrap();
    let summary = copy.sync(&client, &SyncOptions::default()).await.unwrap();
    // The copy has a coupon that the store does not have.
    assert_eq!((summary.new, summary.deleted, summary.coupons), (0, 1, 3));
    let select = "SELECT status, first_seen FROM current_coupons WHERE code = 'B'";
    let row = Connection::open(&path).unwrap().query_row(select, [], |row| Ok((row.get(0)?, row.get(1)?)));
    assert_eq!(row.unwrap(), ("PAUSED".to_owned(), "2026-11-29T18:25:28Z".to_owned()));
}
