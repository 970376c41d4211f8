//! Jobs of rows that create, change, delete and keep coupons, against the sandbox.

use ecwid_coupons::{
    Client,
    chrono::TimeDelta,
    types::{CouponStatus, CouponUpdate, NewCoupon},
};
use ecwid_coupons_jobs::{Job, JobEvent, PlannedRow, Row, RowChange, RowOutcome, UndoEvent};
use ecwid_coupons_sandbox::{BatchSettings, Effect, Fault, Sandbox};

fn ten(code: &str) -> NewCoupon {
    NewCoupon::percent("Ten", code, 10)
}

fn row(code: &str, change: RowChange) -> PlannedRow {
    let columns = Row::from([("email".to_owned(), format!("{code}@example.com"))]);
    PlannedRow { code: code.to_owned(), change, columns }
}

async fn id(coupons: &Client, code: &str) -> i64 {
    coupons.create(&ten(code)).await.unwrap().id().unwrap()
}

async fn run(job: &mut Job, coupons: &Client) -> Vec<JobEvent> {
    let mut events = Vec::new();
    let mut run = job.run(coupons).unwrap();
    while let Some(event) = run.next().await.unwrap() {
        events.push(event);
    }
    events
}

fn outcomes(job: &Job) -> Vec<(String, &'static str, Option<i64>, Option<String>)> {
    let mut rows = Vec::new();
    job.for_each_row(|row| {
        assert_eq!(row.columns["email"], format!("{}@example.com", row.code));
        rows.push((row.code, row.outcome.as_str(), row.id, row.error));
        Ok(())
    })
    .unwrap();
    rows
}

/// Plans one row of each kind, and rows that the store does not accept.
async fn every_kind(sandbox: &Sandbox, coupons: &Client) -> Vec<PlannedRow> {
    for code in ["SAME", "OTHER"] {
        id(coupons, code).await;
    }
    let (changed, deleted, kept) =
        (id(coupons, "CHANGED").await, id(coupons, "DELETED").await, id(coupons, "KEPT").await);
    let gone = id(coupons, "GONE").await;
    coupons.delete(gone).await.unwrap();
    // The job counts a coupon that is as old as itself as its own.
    sandbox.advance(TimeDelta::minutes(1)).unwrap();
    let update = |update| RowChange::Update { id: changed, update };
    vec![
        row("NEW", RowChange::Create(ten("NEW"))),
        row("SAME", RowChange::Create(ten("same"))),
        row("OTHER", RowChange::Create(ten("OTHER").discount(15))),
        row("CHANGED", update(CouponUpdate::default().discount(12).pause())),
        row("TAKEN", update(CouponUpdate::default().code("OTHER"))),
        row("GONE", RowChange::Update { id: gone, update: CouponUpdate::default().pause() }),
        row("DELETED", RowChange::Delete { id: deleted }),
        row("KEPT", RowChange::Keep { id: kept, reason: Some("`discount` is 10 (file: 11)".to_owned()) }),
    ]
}

async fn check_every_kind(coupons: &Client, job: &Job) {
    let rows = outcomes(job);
    let names: Vec<_> = rows.iter().map(|row| row.1).collect();
    assert_eq!(
        names,
        ["created", "already_exists", "conflict", "updated", "conflict", "refused", "deleted", "already_exists"],
        "{rows:?}"
    );
    assert!(rows[2].3.as_ref().unwrap().contains("`discount`"), "{rows:?}");
    assert_eq!(rows[7].3.as_deref(), Some("`discount` is 10 (file: 11)"));
    assert_eq!(rows[0].2, coupons.get("NEW").await.unwrap().id);
    assert_eq!(rows[1].2, coupons.get("SAME").await.unwrap().id);
    let changed = coupons.get("CHANGED").await.unwrap();
    assert_eq!((rows[3].2, changed.status), (changed.id, Some(CouponStatus::Paused)));
    assert!(coupons.get("DELETED").await.unwrap_err().is_coupon_not_found());
    assert_eq!(coupons.get("OTHER").await.unwrap().discount, Some(10.into()));
    let status = job.status().unwrap();
    let counts = (status.rows, status.created, status.already_exists, status.updated, status.deleted);
    assert_eq!(counts, (8, 1, 2, 1, 1));
    assert_eq!((status.conflict, status.refused, status.is_complete()), (2, 1, true));
}

#[tokio::test(start_paused = true)]
async fn a_row_creates_changes_deletes_or_keeps_a_coupon() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let mut job = Job::in_memory(&coupons, every_kind(&sandbox, &coupons).await).unwrap();
    let events = run(&mut job, &coupons).await;
    check_every_kind(&coupons, &job).await;
    // The first row is alone, and so are the deletes.
    let batches = events.iter().filter_map(|it| match it {
        JobEvent::Sending { rows } => Some(*rows),
        _ => None,
    });
    let batches: Vec<_> = batches.collect();
    assert_eq!(batches, [1, 5, 1]);

    // An undo deletes only what the job created.
    let mut remains = Vec::new();
    job.undo(&coupons, |event| remains.extend(matches!(event, UndoEvent::Remains { .. }).then_some(event)))
        .await
        .unwrap();
    assert_eq!(remains, []);
    assert!(coupons.get("NEW").await.unwrap_err().is_coupon_not_found());
    assert!(coupons.get("SAME").await.is_ok() && coupons.get("CHANGED").await.is_ok());
    assert_eq!(job.status().unwrap().undone, 1);
}

#[tokio::test]
async fn every_kind_works_without_batches() {
    let batches = BatchSettings::default().refuse();
    let sandbox = Sandbox::builder().unlimited().batches(batches).start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let mut job = Job::in_memory(&coupons, every_kind(&sandbox, &coupons).await).unwrap();
    run(&mut job, &coupons).await;
    check_every_kind(&coupons, &job).await;
}

#[tokio::test(start_paused = true)]
async fn a_job_of_changes_continues_where_it_stopped() {
    let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changes.job");
    let mut rows = Vec::new();
    for number in 0..60 {
        let id = id(&coupons, &format!("OLD-{number}")).await;
        let change = if number < 30 {
            RowChange::Update { id, update: CouponUpdate::default().discount(number + 1) }
        } else {
            RowChange::Delete { id }
        };
        rows.push(row(&format!("OLD-{number}"), change));
    }
    rows.push(row("NEW", RowChange::Create(ten("NEW"))));
    drop(Job::create(&coupons, &path, rows.clone()).unwrap());
    assert!(Job::create(&coupons, &path, rows).is_err(), "a job is never overwritten");
    sandbox.add_fault(Fault::new(Effect::ResetAfter).on(["create_batch_request"]).probability(0.5)).unwrap();
    // Each run is dropped after some events, wherever it is.
    for stop in 0.. {
        let mut job = Job::open(&path).unwrap();
        if job.status().unwrap().is_complete() {
            break;
        }
        let mut run = job.run(&coupons).unwrap();
        for _ in 0..stop {
            if !matches!(run.next().await, Ok(Some(_))) {
                break;
            }
        }
    }
    let job = Job::open(&path).unwrap();
    for (number, (_, outcome, id, _)) in outcomes(&job).into_iter().enumerate() {
        let wanted = [RowOutcome::Updated, RowOutcome::Deleted, RowOutcome::Created][number / 30];
        assert_eq!((outcome, id.is_some()), (wanted.as_str(), true), "row {number}");
    }
    let stored = coupons.search().all().await.unwrap();
    assert_eq!(stored.len(), 31);
    for coupon in stored.iter().filter(|it| it.code.as_deref() != Some("NEW")) {
        let number: i64 = coupon.code.as_ref().unwrap()["OLD-".len()..].parse().unwrap();
        assert_eq!(coupon.discount, Some((number + 1).into()));
    }
}

#[tokio::test]
async fn the_columns_of_a_row_keep_their_order_and_replace_no_column_of_the_report() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let columns = [("zip", "00123"), ("id", "7"), ("email", "ann@example.com"), ("code", "old")];
    let columns = columns.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let planned = PlannedRow { columns: Row::from(columns), ..row("NEW", RowChange::Create(ten("NEW"))) };
    let job = Job::in_memory(&coupons, [planned]).unwrap();
    job.for_each_row(|row| {
        let columns: Vec<_> = row.columns.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(columns, ["zip=00123", "input_id=7", "email=ann@example.com", "input_code=old"]);
        assert_eq!((row.code.as_str(), row.id), ("NEW", None));
        Ok(())
    })
    .unwrap();
}
