//! A job that is killed at each point where its file or the store has changed, and then continued. The outcome is always the
//! same: each coupon once, and each id in the report.

use std::{collections::BTreeMap, fs, time::Duration};

use ecwid_coupons::{Client, chrono::TimeDelta, types::NewCoupon};
use ecwid_coupons_jobs::{Issue, Job, JobError, JobEvent};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};

/// The rows of a job. The first is sent alone, so the second batch has 39.
const ROWS: usize = 40;

/// What happened last before the job was killed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Point {
    /// The plan was written.
    Planned,
    /// The intent of a batch was written. Nothing was sent.
    Intended,
    /// The batch was sent. Its response was lost.
    Sent,
    /// The ticket of the batch was written.
    Ticket,
    /// The store reported progress.
    Progress,
    /// The results of the first batch were written.
    FirstSettled,
    /// The results of all batches were written, but not all were reported to the caller.
    Settled,
    /// A new code was written for a row, because another coupon has the old one.
    Redrawn,
}

const POINTS: [Point; 8] = [
    Point::Planned,
    Point::Intended,
    Point::Sent,
    Point::Ticket,
    Point::Progress,
    Point::FirstSettled,
    Point::Settled,
    Point::Redrawn,
];

/// Runs a job until a point, and drops it there. A dropped run leaves what a killed process leaves: the file and the store.
async fn run_until(point: Point, sandbox: &Sandbox, coupons: &Client, job: &mut Job) {
    if point == Point::Planned {
        return;
    }
    let (mut sent, mut settled) = (0, 0);
    let mut run = job.run(coupons).unwrap();
    loop {
        let event = match run.next().await {
            Ok(event) => event.expect("the point is reached before the end"),
            Err(JobError::Request(error)) if error.is_network() => break,
            Err(error) => panic!("{error}"),
        };
        match (point, event) {
            // The second batch is next.
            (Point::Intended | Point::Sent, JobEvent::Settled { .. }) => {
                let effect = if point == Point::Sent { Effect::ResetAfter } else { Effect::ResetBefore };
                sandbox.add_fault(Fault::new(effect).on(["create_batch_request"]).times(4)).unwrap();
            }
            (Point::Ticket, JobEvent::Sending { .. }) if sent == 1 => break,
            (Point::Ticket, JobEvent::Sending { .. }) => sent += 1,
            (Point::Progress, JobEvent::Progress { .. }) if settled > 0 => break,
            (Point::FirstSettled, JobEvent::Settled { .. }) | (Point::Redrawn, JobEvent::Redrawn { .. }) => break,
            (Point::Settled, JobEvent::Settled { .. }) if settled == ROWS - 2 => break,
            (_, JobEvent::Settled { .. }) => settled += 1,
            _ => {}
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_continues_from_every_point() {
    for point in POINTS {
        // The batch still runs at the store, or it has ended; the store recognizes its key, or has forgotten it.
        for (is_running, age) in [(true, 0), (false, 0), (true, 61), (false, 61)] {
            let name = format!("{point:?}, is_running {is_running}, age {age}");
            let sandbox = Sandbox::builder().unlimited().start().await.unwrap();
            let slow = Effect::Latency { milliseconds: 1_500, jitter_milliseconds: 1_000 };
            sandbox.add_fault(Fault::new(slow).on(["create_discount_coupon"])).unwrap();
            let coupons = sandbox.client().unwrap();
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("spring.job");
            let plan = Issue::new(NewCoupon::percent("Spring", "", 10), "SPRING-[10]".parse().unwrap()).count(ROWS);
            let mut job = plan.create(&coupons, &path).unwrap();
            if point == Point::Redrawn {
                let mut code = String::new();
                job.for_each_row(|row| {
                    if row.row == 7 {
                        code = row.code;
                    }
                    Ok(())
                })
                .unwrap();
                coupons.create(&NewCoupon::absolute("Other", &code, 5)).await.unwrap();
            }
            run_until(point, &sandbox, &coupons, &mut job).await;
            drop(job);
            sandbox.clear_faults();
            if !is_running {
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
            if age > 0 {
                sandbox.advance(TimeDelta::minutes(age)).unwrap();
                let connection = rusqlite::Connection::open(&path).unwrap();
                connection.execute("UPDATE batches SET intended = intended - ?1 * 60000", [age]).unwrap();
            }
            let mut job = Job::open(&path).unwrap();
            let mut run = job.run(&coupons).unwrap();
            while run.next().await.unwrap_or_else(|error| panic!("{name}: {error}")).is_some() {}
            drop(run);
            let mut reported = BTreeMap::new();
            job.for_each_row(|row| {
                assert_eq!(row.outcome.as_str(), "created", "{name}: {row:?}");
                reported.insert(row.code, row.id);
                Ok(())
            })
            .unwrap();
            let stored =
                coupons.search().all().await.unwrap().into_iter().filter(|it| it.name.as_deref() == Some("Spring"));
            let stored: Vec<_> = stored.map(|it| (it.code.unwrap(), it.id)).collect();
            assert_eq!(stored.len(), ROWS, "{name}");
            assert_eq!(stored.into_iter().collect::<BTreeMap<_, _>>(), reported, "{name}");
        }
    }
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_nothing_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let coupons = sandbox.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spring.job");
    let plan = Issue::new(NewCoupon::percent("Spring", "", 10), "SPRING-[10]".parse().unwrap()).count(2_000);
    drop(plan.create(&coupons, &path).unwrap());
    let whole = fs::read(&path).unwrap();
    let middle = whole.len() / 2 / 4096 * 4096;
    let mut torn = whole.clone();
    torn.truncate(middle + 100);
    let mut overwritten = whole.clone();
    overwritten[middle..middle + 4096].fill(b'x');
    let other = [b"code,name\n".to_vec(), vec![b'A'; 5_000]].concat();
    for (name, bytes) in [("torn", torn), ("overwritten", overwritten), ("another file", other), ("empty", Vec::new())]
    {
        fs::write(&path, bytes).unwrap();
        let error = Job::open(&path).unwrap_err();
        assert!(matches!(&error, JobError::NotAJob { .. }), "{name}: {error}");
        assert!(error.to_string().contains("spring.job"), "{name}: {error}");
    }
    assert_eq!(sandbox.received_requests().len(), 0);
    fs::write(&path, whole).unwrap();
    assert_eq!(Job::open(&path).unwrap().status().unwrap().not_attempted, 2_000);
}
