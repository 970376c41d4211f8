//! What changes are read: by mode, age and size of the store, and which cursors are refused.

use std::{collections::BTreeSet, time::Duration};

use ecwid_coupons::{
    Client,
    chrono::{DateTime, TimeDelta, Utc},
    types::{CouponUpdate, NewCoupon},
};
use ecwid_coupons_jobs::{Change, Changes, ChangesCursor, ChangesError, ChangesMode, ChangesReader};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};

/// What a read has returned.
#[derive(Debug, PartialEq)]
struct Read {
    upserts: BTreeSet<String>,
    deletions: BTreeSet<i64>,
    is_complete: bool,
    cursor: ChangesCursor,
}

async fn read(changes: Changes) -> Result<Read, ChangesError> {
    let mut reader = changes.read().await?;
    let (mut upserts, mut deletions) = (BTreeSet::new(), BTreeSet::new());
    while let Some(change) = reader.try_next().await? {
        match change {
            Change::Upserts(coupons) => {
                assert!(deletions.is_empty(), "deletions come last");
                upserts.extend(coupons.into_iter().filter_map(|coupon| coupon.code));
            }
            Change::Deletions(deleted) => deletions.extend(deleted.into_iter().filter_map(|deleted| deleted.id)),
        }
    }
    Ok(Read { upserts, deletions, is_complete: reader.is_complete(), cursor: reader.cursor()?.clone() })
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn create(client: &Client, code: &str) -> i64 {
    client.create(&NewCoupon::percent("10% OFF", code, 10)).await.unwrap().id().unwrap()
}

fn codes(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

/// Returns a store with the coupons `A` and `B`, a client of it, and a cursor after an hour without changes.
async fn store() -> (Sandbox, Client, ChangesCursor) {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    sandbox.set_time(time("2030-01-01T00:00:00Z")).unwrap();
    let client = sandbox.client().unwrap();
    for code in ["A", "B"] {
        create(&client, code).await;
        sandbox.advance(TimeDelta::hours(1)).unwrap();
    }
    let first = read(Changes::of(&client)).await.unwrap();
    assert!(first.is_complete && first.deletions.is_empty());
    assert_eq!(first.upserts, codes(&["A", "B"]));
    sandbox.advance(TimeDelta::hours(1)).unwrap();
    (sandbox, client, first.cursor)
}

#[tokio::test]
async fn each_mode_reads_what_it_says() {
    let (sandbox, client, cursor) = store().await;
    let since = |mode| Changes::of(&client).since(cursor.clone()).mode(mode);
    for (mode, upserts) in [
        (ChangesMode::Auto, codes(&[])),
        (ChangesMode::Incremental, codes(&[])),
        (ChangesMode::Full, codes(&["A", "B"])),
    ] {
        let unchanged = read(since(mode)).await.unwrap();
        assert_eq!((&unchanged.upserts, unchanged.is_complete), (&upserts, mode == ChangesMode::Full), "{mode:?}");
    }
    let c = create(&client, "C").await;
    client.update("B", &CouponUpdate::default().name("New")).await.unwrap();
    client.delete(c).await.unwrap();
    let incremental = read(since(ChangesMode::Incremental)).await.unwrap();
    assert_eq!((incremental.upserts, incremental.deletions), (codes(&["B"]), BTreeSet::from([c])));
    assert!(!incremental.is_complete);
    // A small store is read completely. A copy that cannot find missing coupons still gets the deletions.
    for mode in [ChangesMode::Auto, ChangesMode::Full] {
        let all = read(since(mode)).await.unwrap();
        assert_eq!((all.upserts, all.deletions, all.is_complete), (codes(&["A", "B"]), BTreeSet::from([c]), true));
        let without = read(since(mode).without_deletions_if_complete()).await.unwrap();
        assert!(without.deletions.is_empty() && without.is_complete);
    }
    // The next read begins where this one ended.
    sandbox.advance(TimeDelta::hours(1)).unwrap();
    let settled = read(Changes::of(&client).since(incremental.cursor)).await.unwrap();
    let next = read(Changes::of(&client).since(settled.cursor)).await.unwrap();
    assert!(next.upserts.is_empty() && next.deletions.is_empty() && !next.is_complete);
}

#[tokio::test]
async fn all_coupons_are_read_again_after_some_time() {
    let (sandbox, client, cursor) = store().await;
    sandbox.clear_requests();
    let refreshed = Changes::of(&client).since(cursor).refresh_every(Duration::ZERO);
    assert_eq!(read(refreshed).await.unwrap().upserts, codes(&["A", "B"]));
    // The stats, the coupons and the deletions.
    assert_eq!(sandbox.received_requests().len(), 3);
}

#[tokio::test]
async fn a_large_store_is_not_read_completely_after_each_change() {
    let sandbox = Sandbox::builder().unlimited().seed(20_001).start().await.unwrap();
    let client = sandbox.client().unwrap();
    let first = read(Changes::of(&client)).await.unwrap();
    assert!(first.is_complete);
    sandbox.advance(TimeDelta::hours(1)).unwrap();
    create(&client, "NEW-CODE").await;
    let next = read(Changes::of(&client).since(first.cursor.clone())).await.unwrap();
    assert!(!next.is_complete && next.upserts.contains("NEW-CODE") && next.upserts.len() < 2_000);
    let refreshed = Changes::of(&client).since(first.cursor).refresh_every(Duration::ZERO);
    assert!(read(refreshed).await.unwrap().is_complete);
}

#[tokio::test]
async fn a_cursor_that_cannot_be_continued_is_refused() {
    let (sandbox, client, cursor) = store().await;
    let other = Client::builder(1004, "secret_other").base_url(sandbox.base_url()).build().unwrap();
    let error = read(Changes::of(&other).since(cursor.clone())).await.unwrap_err();
    assert!(matches!(error, ChangesError::OtherStore { wanted: 1004, given: 1003 }), "{error}");

    // The store no longer lists all deletions.
    sandbox.set_time(time("2030-08-01T00:00:00Z")).unwrap();
    client.delete("A").await.unwrap();
    let since = Changes::of(&client).since(cursor.clone());
    for mode in [ChangesMode::Auto, ChangesMode::Full, ChangesMode::Incremental] {
        let error = read(since.clone().mode(mode)).await.unwrap_err();
        assert!(matches!(error, ChangesError::TooOld { days: 211 }), "{mode:?}: {error}");
        let complete = read(since.clone().mode(mode).without_deletions_if_complete()).await.unwrap();
        assert!(complete.is_complete && complete.upserts == codes(&["B"]), "{mode:?}");
    }

    let text = cursor.to_string();
    assert_eq!(text.parse::<ChangesCursor>().unwrap(), cursor);
    assert_eq!(cursor.store_id(), 1003);
    for (text, problem) in [
        ("".to_owned(), "invalid cursor: "),
        ("later".to_owned(), "invalid cursor: "),
        (text.replace("\"version\":1", "\"version\":2"), "unsupported version of a cursor: `2` (expected `1`)"),
        (text.replace("\"store\":1003,", ""), "missing field `store`"),
        (text.replace("1003", "\"1003\""), "invalid type"),
    ] {
        let error = text.parse::<ChangesCursor>().unwrap_err().to_string();
        assert!(error.contains(problem), "{text}: {error}");
    }
}

#[tokio::test]
async fn there_is_no_cursor_before_the_end_or_after_a_failure() {
    let sandbox = Sandbox::builder().unlimited().seed(500).start().await.unwrap();
    let client = sandbox.client().unwrap();
    let unfinished = |reader: &ChangesReader| matches!(reader.cursor(), Err(ChangesError::Unfinished));
    let mut reader = Changes::of(&client).read().await.unwrap();
    assert!(unfinished(&reader));
    reader.try_next().await.unwrap();
    assert!(unfinished(&reader));

    let refused = Effect::Status { status: 400, code: None, retry_after: None, after_work: false };
    sandbox.add_fault(Fault::new(refused).on(["search_discount_coupons"]).skip(2)).unwrap();
    let mut reader = Changes::of(&client).read().await.unwrap();
    let failure = loop {
        match reader.try_next().await {
            Ok(change) => assert!(change.is_some(), "the failure is reported"),
            Err(error) => break error,
        }
    };
    assert!(matches!(failure, ChangesError::Request(_)), "{failure}");
    assert!(unfinished(&reader));
    assert!(matches!(reader.try_next().await, Err(ChangesError::Unfinished)), "the failure is not an end");
}

#[tokio::test]
async fn a_failure_of_the_stats_is_reported_unless_the_scope_is_missing() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let client = sandbox.client().unwrap();
    let refused = Effect::Status { status: 401, code: None, retry_after: None, after_work: false };
    sandbox.add_fault(Fault::new(refused).on(["get_latest_store_update_stats"])).unwrap();
    let error = read(Changes::of(&client)).await.unwrap_err();
    assert!(matches!(&error, ChangesError::Request(error) if error.is_unauthorized()), "{error}");
}

#[tokio::test]
async fn a_dropped_future_loses_no_change() {
    use futures_util::FutureExt as _;

    let (_sandbox, client, cursor) = store().await;
    let mut deleted = BTreeSet::new();
    for number in 0..120 {
        let id = create(&client, &format!("GONE-{number}")).await;
        client.delete(id).await.unwrap();
        deleted.insert(id);
    }
    let changes = Changes::of(&client).since(cursor).mode(ChangesMode::Incremental);
    let mut reader = changes.read().await.unwrap();
    let mut found = BTreeSet::new();
    loop {
        // Each poll that is not ready drops the future.
        match reader.try_next().now_or_never() {
            Some(Ok(Some(Change::Deletions(deletions)))) => {
                found.extend(deletions.into_iter().filter_map(|deleted| deleted.id));
            }
            Some(Ok(Some(Change::Upserts(_)))) => {}
            Some(Ok(None)) => break,
            Some(Err(error)) => panic!("{error}"),
            None => tokio::task::yield_now().await,
        }
    }
    assert_eq!(found, deleted);
}
