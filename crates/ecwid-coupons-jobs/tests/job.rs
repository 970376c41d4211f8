//! Jobs against the sandbox: every coupon is created once, wherever a job is interrupted.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use ecwid_coupons::{
    Client,
    types::{CouponUpdate, NewCoupon},
};
use ecwid_coupons_jobs::{Issue, Job, JobError, JobEvent, JobRun, ReportRow, Row, RowOutcome, UndoEvent};
use ecwid_coupons_sandbox::{
    Effect, Fault, Sandbox,
    checkout::{Order, OrderItem},
};
use tempfile::TempDir;

struct Place {
    sandbox: Sandbox,
    coupons: Client,
    folder: TempDir,
}

impl Place {
    async fn new() -> Self {
        let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
        let coupons = sandbox.client().unwrap();
        Self { sandbox, coupons, folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("spring.job")
    }

    fn create(&self, count: usize) -> Job {
        issue("SPRING-[*]").count(count).create(&self.coupons, self.path()).unwrap()
    }

    fn fail(&self, effect: Effect, operation: &str, times: u32) {
        self.sandbox.add_fault(Fault::new(effect).on([operation]).times(times)).unwrap();
    }

    /// Checks that the store has exactly the coupons of the report, with their ids.
    async fn assert_exactly(&self, job: &Job, count: usize) {
        let rows = rows(job);
        assert_eq!(rows.len(), count);
        assert!(rows.iter().all(|row| row.outcome == RowOutcome::Created), "{:?}", job.status().unwrap());
        let reported: BTreeMap<_, _> = rows.into_iter().map(|row| (row.code, row.id.unwrap())).collect();
        let stored = self.coupons.search().all().await.unwrap();
        assert_eq!(stored.len(), count, "the number of coupons at the store");
        let stored: BTreeMap<_, _> = stored.into_iter().map(|it| (it.code.unwrap(), it.id.unwrap())).collect();
        assert_eq!(stored, reported);
    }
}

fn issue(pattern: &str) -> Issue {
    Issue::new(NewCoupon::percent("Spring", "", 10).single_use(), pattern.parse().unwrap())
}

fn rows(job: &Job) -> Vec<ReportRow> {
    let mut rows = Vec::new();
    job.for_each_row(|row| {
        rows.push(row);
        Ok(())
    })
    .unwrap();
    rows
}

/// Runs to the end, or until this many events.
async fn events(mut run: JobRun<'_>, most: usize) -> Result<Vec<JobEvent>, JobError> {
    let mut events = Vec::new();
    while events.len() < most
        && let Some(event) = run.next().await?
    {
        events.push(event);
    }
    Ok(events)
}

#[tokio::test(start_paused = true)]
async fn a_job_creates_its_coupons_with_few_requests() {
    let place = Place::new().await;
    let mut job = place.create(2_001);
    let codes: Vec<_> = rows(&job).into_iter().map(|row| row.code).collect();
    assert_eq!(place.sandbox.received_requests(), []);
    let seen = events(job.run(&place.coupons).unwrap(), usize::MAX).await.unwrap();
    let settled = seen.iter().filter(|event| matches!(event, JobEvent::Settled { outcome: RowOutcome::Created, .. }));
    assert_eq!(settled.count(), 2_001);
    let requests = place.sandbox.received_requests().len();
    assert!(requests <= 5 * 5, "{requests}");
    place.assert_exactly(&job, 2_001).await;
    assert_eq!(rows(&job).into_iter().map(|row| row.code).collect::<Vec<_>>(), codes);
    // Another run has nothing to do.
    let before = place.sandbox.received_requests().len();
    assert_eq!(events(job.run(&place.coupons).unwrap(), usize::MAX).await.unwrap().len(), 0);
    assert_eq!(place.sandbox.received_requests().len(), before);
    assert!(job.status().unwrap().is_complete());
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_coupons_take_less_than_a_minute_at_the_documented_limit() {
    for (milliseconds, seconds) in [(1, 30), (100, 40)] {
        let sandbox = Sandbox::start().await.unwrap();
        let slow = Effect::Latency { milliseconds, jitter_milliseconds: 0 };
        sandbox.add_fault(Fault::new(slow).on(["create_discount_coupon"])).unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        let coupons = Client::builder(sandbox.store_id(), sandbox.token()).base_url(sandbox.base_url());
        let coupons =
            coupons.on_attempt(move |_| assert!(counter.fetch_add(1, Ordering::Relaxed) < 100)).build().unwrap();
        let mut job = issue("SPRING-[*]").count(10_000).in_memory(&coupons).unwrap();
        let start = tokio::time::Instant::now();
        events(job.run(&coupons).unwrap(), usize::MAX).await.unwrap();
        // By the paused clock, so the load of the machine does not matter.
        assert!(start.elapsed() < Duration::from_secs(seconds), "{milliseconds} ms: {:?}", start.elapsed());
        assert_eq!(job.status().unwrap().created, 10_000);
        assert_eq!(coupons.search().count().await.unwrap(), 10_000);
        assert!(requests.load(Ordering::Relaxed) > 20);
    }
}

#[tokio::test(start_paused = true)]
async fn rows_carry_their_columns_into_codes_and_report() {
    let place = Place::new().await;
    let person = |name: &str, email: &str| {
        Row::from([("first_name".to_owned(), name.to_owned()), ("email".to_owned(), email.to_owned())])
    };
    let people = [person("ANN", "ann@example.com"), person("BOB", "bob@example.com")];
    let plan = issue("TY-{first_name}-[*]").rows(people.clone());
    let mut job = plan.create(&place.coupons, place.path()).unwrap();
    events(job.run(&place.coupons).unwrap(), usize::MAX).await.unwrap();
    let rows = rows(&job);
    assert!(rows[0].code.starts_with("TY-ANN-") && rows[1].code.starts_with("TY-BOB-"), "{rows:?}");
    assert_eq!([&rows[0].columns, &rows[1].columns], [&people[0], &people[1]]);

    let missing = issue("TY-{last_name}-[*]").rows(people).create(&place.coupons, place.folder.path().join("b"));
    let text = missing.unwrap_err().to_string();
    assert_eq!(text, "row 0, counted from 0: the pattern needs the column `last_name`, which the row does not have");
    assert!(!place.folder.path().join("b").exists());
    drop(job);
    assert_eq!(std::fs::read_dir(place.folder.path()).unwrap().count(), 1, "no other file remains");
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_job_continues_after_every_event() {
    // 1 row alone, then batches of 500: about six events without progress, and one for each row.
    for most in [0, 1, 2, 3, 4, 5, 200, 503, 504, 505, 506] {
        let place = Place::new().await;
        let slow = Effect::Latency { milliseconds: 300, jitter_milliseconds: 0 };
        place.sandbox.add_fault(Fault::new(slow).on(["create_discount_coupon"])).unwrap();
        let mut job = place.create(700);
        drop(events(job.run(&place.coupons).unwrap(), most).await.unwrap());
        drop(job);
        let mut job = Job::open(place.path()).unwrap();
        events(job.run(&place.coupons).unwrap(), usize::MAX).await.unwrap();
        place.assert_exactly(&job, 700).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_interrupted_at_any_time_creates_each_coupon_once() {
    // The time at which the run is dropped goes through all its waits.
    for stop in (0..1_600).step_by(50) {
        let place = Place::new().await;
        let slow = Effect::Latency { milliseconds: 100, jitter_milliseconds: 0 };
        place.sandbox.add_fault(Fault::new(slow).on(["create_batch_request", "get_batch_status"])).unwrap();
        let mut job = place.create(60);
        let run = events(job.run(&place.coupons).unwrap(), usize::MAX);
        drop(tokio::time::timeout(Duration::from_millis(stop), run).await);
        drop(job);
        let mut job = Job::open(place.path()).unwrap();
        events(job.run(&place.coupons).unwrap(), usize::MAX).await.unwrap();
        place.assert_exactly(&job, 60).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_old_intent_is_looked_up() {
    for (has_arrived, age) in [(true, 61), (false, 61), (true, 5), (false, 5)] {
        let place = Place::new().await;
        let mut job = place.create(10);
        // The first row, then the intent of the others.
        let effect = if has_arrived { Effect::ResetAfter } else { Effect::ResetBefore };
        let mut run = job.run(&place.coupons).unwrap();
        while !matches!(run.next().await.unwrap(), Some(JobEvent::Settled { .. })) {}
        place.fail(effect, "create_batch_request", 4);
        let error = loop {
            match run.next().await {
                Ok(event) => assert!(event.is_some()),
                Err(error) => break error,
            }
        };
        assert!(matches!(&error, JobError::Request(error) if error.is_network()), "{error}");
        drop(run);
        let status = job.status().unwrap();
        assert_eq!((status.created, status.in_flight, status.not_attempted), (1, 9, 0));
        drop(job);
        place.sandbox.advance(ecwid_coupons::chrono::TimeDelta::minutes(age)).unwrap();
        let connection = rusqlite::Connection::open(place.path()).unwrap();
        connection.execute("UPDATE batches SET intended = intended - ?1 * 60000", [age]).unwrap();
        drop(connection);
        let mut job = Job::open(place.path()).unwrap();
        events(job.run(&place.coupons).unwrap(), usize::MAX).await.unwrap();
        place.assert_exactly(&job, 10).await;
    }
}

#[tokio::test(start_paused = true)]
async fn failures_within_batches_lose_and_double_nothing() {
    let place = Place::new().await;
    let after_work = Effect::Status { status: 503, code: None, retry_after: None, after_work: true };
    for effect in [after_work, Effect::too_many_requests(1), Effect::Html { status: 200 }, Effect::Duplicate] {
        place.fail(effect, "create_discount_coupon", 20);
    }
    place.fail(Effect::ResetAfter, "create_batch_request", 1);
    place.fail(Effect::status(503), "get_batch_status", 2);
    let mut job = place.create(600);
    let seen = events(job.run(&place.coupons).unwrap(), usize::MAX).await.unwrap();
    assert!(seen.iter().any(|event| matches!(event, JobEvent::Paced)), "a request of a batch was refused");
    place.assert_exactly(&job, 600).await;
}

#[tokio::test(start_paused = true)]
async fn a_code_that_another_coupon_has_is_drawn_again() {
    let place = Place::new().await;
    let mut job = place.create(20);
    let taken: Vec<_> = rows(&job).into_iter().map(|row| row.code).take(5).collect();
    for code in &taken {
        place.coupons.create(&NewCoupon::absolute("Other", code, 5)).await.unwrap();
    }
    let seen = events(job.run(&place.coupons).unwrap(), usize::MAX).await.unwrap();
    let redrawn = seen.iter().filter(|event| matches!(event, JobEvent::Redrawn { .. })).count();
    assert_eq!(redrawn, 5);
    let status = job.status().unwrap();
    assert_eq!((status.created, status.conflict), (20, 0));
    assert!(rows(&job).iter().all(|row| !taken.contains(&row.code)));
    assert_eq!(place.coupons.search().all().await.unwrap().len(), 25);
}

#[tokio::test(start_paused = true)]
async fn a_code_that_cannot_be_looked_up_is_not_drawn_again() {
    let place = Place::new().await;
    // The store creates a coupon twice, so its response is a conflict. It also fails each lookup for a while.
    place.fail(Effect::Duplicate, "create_discount_coupon", 3);
    place.fail(Effect::status(500), "search_discount_coupons", 30);
    let mut job = place.create(10);
    let codes: Vec<_> = rows(&job).into_iter().map(|row| row.code).collect();
    let seen = events(job.run(&place.coupons).unwrap(), usize::MAX).await.unwrap();
    assert!(!seen.iter().any(|event| matches!(event, JobEvent::Redrawn { .. })), "{seen:?}");
    place.sandbox.clear_faults();
    assert_eq!(rows(&job).into_iter().map(|row| row.code).collect::<Vec<_>>(), codes);
    place.assert_exactly(&job, 10).await;
}

#[tokio::test(start_paused = true)]
async fn a_token_without_the_scope_stops_after_one_row() {
    let sandbox = Sandbox::builder().unlimited().scopes(["read_discount_coupons"]).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let coupons = sandbox.client().unwrap();
    let mut job = issue("[*]").count(50).create(&coupons, folder.path().join("job")).unwrap();
    let error = events(job.run(&coupons).unwrap(), usize::MAX).await.unwrap_err();
    assert!(matches!(&error, JobError::Request(error) if error.is_forbidden()), "{error}");
    assert!(sandbox.received_requests().len() <= 4, "{}", sandbox.received_requests().len());
    assert_eq!(job.status().unwrap().not_attempted, 50);
    // With a good token it continues.
    sandbox.add_token(ecwid_coupons_sandbox::Token::new(1003, "secret_good")).unwrap();
    let good = coupons.with_token("secret_good").unwrap();
    events(job.run(&good).unwrap(), usize::MAX).await.unwrap();
    assert_eq!(job.status().unwrap().created, 50);
}

#[tokio::test(start_paused = true)]
async fn refused_rows_do_not_stop_the_others() {
    let place = Place::new().await;
    let code = Some("WRONG_PARAMETER".to_owned());
    place.fail(Effect::Status { status: 400, code, retry_after: None, after_work: false }, "create_discount_coupon", 3);
    let mut job = place.create(40);
    events(job.run(&place.coupons).unwrap(), usize::MAX).await.unwrap();
    let status = job.status().unwrap();
    assert_eq!((status.created, status.refused), (37, 3));
    let refused: Vec<_> = rows(&job).into_iter().filter(|row| row.outcome == RowOutcome::Refused).collect();
    assert!(refused.iter().all(|row| row.error.as_ref().unwrap().contains("400") && row.id.is_none()), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn an_outage_leaves_a_job_that_can_be_continued() {
    let place = Place::new().await;
    place.sandbox.add_fault(Fault::new(Effect::status(503)).on(["create_discount_coupon"])).unwrap();
    let mut job = place.create(5);
    let error = events(job.run(&place.coupons).unwrap(), usize::MAX).await.unwrap_err();
    assert!(matches!(error, JobError::Unresolved { .. }), "{error}");
    place.sandbox.clear_faults();
    events(job.run(&place.coupons).unwrap(), usize::MAX).await.unwrap();
    place.assert_exactly(&job, 5).await;
}

#[tokio::test(start_paused = true)]
async fn unused_coupons_can_be_undone() {
    let place = Place::new().await;
    let mut job = place.create(700);
    events(job.run(&place.coupons).unwrap(), usize::MAX).await.unwrap();
    let rows_of_job = rows(&job);
    let order = Order::new([OrderItem::new(1, 25)]).email("ann@example.com").coupon_code(&rows_of_job[7].code);
    assert_eq!(place.sandbox.place_order(order).await.unwrap().reason, None);
    place.coupons.delete(&*rows_of_job[8].code).await.unwrap();
    place.coupons.create(&NewCoupon::percent("Other", &rows_of_job[8].code, 5)).await.unwrap();
    place.coupons.update(&*rows_of_job[9].code, &CouponUpdate::default().discount(99)).await.unwrap();
    let mut differing = Vec::new();
    let compared = job.verify(&place.coupons, |it| differing.push((it.row, it.problem))).await.unwrap();
    assert_eq!((compared, differing.len()), (700, 2));
    assert!(differing[0].0 == 8 && differing[0].1.starts_with("another coupon has the code"), "{differing:?}");
    assert_eq!(differing[1], (9, "`discount` is 99 (created: 10)".to_owned()));
    let mut seen = Vec::new();
    job.undo(&place.coupons, |event| seen.push(event)).await.unwrap();
    let code = rows_of_job[7].code.clone();
    assert!(matches!(&seen[0], UndoEvent::Remains { code: remaining, .. } if *remaining == code), "{seen:?}");
    assert_eq!(seen.last(), Some(&UndoEvent::Done { done: 700, total: 700 }));
    let status = job.status().unwrap();
    assert_eq!((status.undone, status.created), (699, 1));
    let left: Vec<_> = place.coupons.search().all().await.unwrap().into_iter().map(|it| it.name.unwrap()).collect();
    assert_eq!(left.len(), 2, "the used coupon, and the one of somebody else: {left:?}");
    // Repeated, it finds the same.
    job.undo(&place.coupons, |_| ()).await.unwrap();
    assert_eq!(job.status().unwrap(), status);
}

#[tokio::test]
async fn a_job_runs_in_one_process_and_for_its_store() {
    let place = Place::new().await;
    let mut job = place.create(3);
    let error = Job::open(place.path()).unwrap_err().to_string();
    let expected = format!("another part of this process ({}) runs the job", std::process::id());
    assert!(error.starts_with(&expected), "{error}");
    let other = Client::builder(1004, "secret_other").base_url(place.sandbox.base_url()).build().unwrap();
    let error = job.run(&other).unwrap_err().to_string();
    assert!(error.contains("the job is for store 1003 at") && error.contains("and not for store 1004"), "{error}");
    let error = issue("[*]").count(1).create(&place.coupons, place.path()).unwrap_err().to_string();
    assert!(error.contains("it exists already"), "{error}");
    drop(job);
    Job::open(place.path()).unwrap();

    let text = place.folder.path().join("text");
    std::fs::write(&text, "no job").unwrap();
    let error = Job::open(&text).unwrap_err().to_string();
    assert!(error.contains("is not a job file"), "{error}");
    let missing = Job::open(place.folder.path().join("missing")).unwrap_err().to_string();
    assert!(missing.contains("cannot use the job file"), "{missing}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(place.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "codes are worth money");
    }
    let bytes = std::fs::read(place.path()).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("secret_"), "the file has no token");
}

#[tokio::test]
async fn a_bad_plan_is_refused() {
    let place = Place::new().await;
    let error = |plan: Issue| plan.create(&place.coupons, place.path()).unwrap_err().to_string();
    assert_eq!(error(issue("[*]")), "the job has no coupons; set their number or their rows");
    let text = error(issue("A-[4]").count(10_000));
    assert!(text.contains("one of 33 tries finds a coupon") && text.contains("with 10 random places"), "{text}");
    assert!(error(issue("A-[1]").count(100)).contains("too few different codes"));
    let template = NewCoupon::percent("Spring", "", 10).for_products([]);
    let text = error(Issue::new(template, "[*]".parse().unwrap()).count(1));
    assert!(text.contains("the template of the coupons: catalogLimit"), "{text}");
    assert_eq!(place.sandbox.received_requests(), []);
    issue("A-[4]").count(1_000).allow_guessable().create(&place.coupons, place.path()).unwrap();
}
