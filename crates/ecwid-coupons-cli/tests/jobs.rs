//! Jobs: what `issue` and `job` print, and that a job survives signals and kills.

mod program;

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use ecwid_coupons_sandbox::{Effect, Fault};
use program::{Sandbox, TOKEN, program, run};
use serde_json::Value;

const TEMPLATE: [&str; 8] =
    ["--name", "Spring", "--discount-type", "PERCENT", "--discount", "10", "--uses-limit", "SINGLE"];

fn issue<'a>(arguments: &[&'a str], job: &'a Path) -> Vec<&'a str> {
    let job = ["--job", job.to_str().unwrap()];
    [&["issue"], arguments, &TEMPLATE[..], &job].concat()
}

fn report(outcome: &str) -> Vec<BTreeMap<String, Value>> {
    outcome.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_dry_run_sends_nothing_and_writes_no_file() {
    let sandbox = Sandbox::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let job = folder.path().join("spring.job");
    let dry = issue(&["--pattern", "SPRING-[*]", "--count", "10000", "--dry-run"], &job);
    let outcome = sandbox.run(&dry);
    assert!(outcome.err.contains("nothing was written or sent"), "{}", outcome.err);
    let text = outcome.ok();
    assert!(text.starts_with("10,000 coupons like `SPRING-"), "{text}");
    assert!(text.ends_with("` (10% off), in 21 batches; one of 6.3 billion tries guesses a code\n"), "{text}");
    // The last two arguments are `--job` and its file.
    let without_job = &dry[..dry.len() - 2];
    assert!(sandbox.run(without_job).ok().starts_with("10,000 coupons like `SPRING-"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert_eq!(sandbox.run(&["search", "--count"]).ok(), "0\n");
}

#[test]
fn a_job_is_issued_shown_and_undone() {
    let sandbox = Sandbox::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let job = folder.path().join("spring.job");
    let file = job.to_str().unwrap();
    let outcome = sandbox.run(&issue(&["--pattern", "SPRING-[*]", "--count", "700"], &job));
    assert!(outcome.err.contains("run `ecwid-coupons job report"), "{}", outcome.err);
    assert_eq!(outcome.ok(), "700 coupons: 700 created\n");
    assert_eq!(sandbox.run(&["job", "status", file]).ok(), "700 coupons: 700 created\n");
    let counts: Value = serde_json::from_str(&sandbox.run(&["job", "status", file, "--format", "json"]).ok()).unwrap();
    assert_eq!((&counts["rows"], &counts["created"], &counts["in_flight"]), (&700.into(), &700.into(), &0.into()));

    let csv = sandbox.run(&["job", "report", file, "--format", "csv"]).ok();
    assert_eq!(csv.lines().next(), Some("row,code,id,outcome,error"));
    let rows = report(&sandbox.run(&["job", "report", file, "--format", "jsonl"]).ok());
    let stored = report(&sandbox.run(&["search", "--format", "jsonl", "--fields", "id,code"]).ok());
    let by_code = |rows: &[BTreeMap<String, Value>]| {
        rows.iter().map(|row| (row["code"].to_string(), row["id"].clone())).collect::<BTreeMap<_, _>>()
    };
    assert_eq!((by_code(&rows), rows.len()), (by_code(&stored), 700));
    let table = sandbox.run(&["job", "report", file]).ok();
    assert_eq!(table.lines().filter(|line| line.contains("SPRING-") && line.contains(" created")).count(), 700);

    assert_eq!(sandbox.run(&["job", "verify", file]).ok(), "700 coupons compared, no differences\n");
    let code = rows[3]["code"].as_str().unwrap();
    sandbox.run(&["update", code, "--discount", "11"]).ok();
    let outcome = sandbox.run(&["job", "verify", file]);
    assert_eq!((outcome.code, outcome.out), (8, format!("{code}: `discount` is 11 (created: 10)\n")));
    sandbox.run(&["update", code, "--discount", "10"]).ok();

    // Another run has nothing to do.
    assert_eq!(sandbox.run(&["job", "run", file]).ok(), "700 coupons: 700 created\n");
    assert_eq!(sandbox.run(&["job", "resume", file, "--format", "jsonl"]).ok(), "");
    assert_eq!(sandbox.run(&["job", "run", file, "--dry-run"]).ok(), "0 coupons would be created\n");
    let dry = sandbox.run(&["job", "undo", file, "--dry-run"]).ok();
    assert_eq!(dry, "700 coupons would be deleted, except those that an order used\n");
    assert_eq!(sandbox.run(&["job", "undo", file]).ok(), "700 coupons: 700 undone\n");
    assert_eq!(sandbox.run(&["search", "--count"]).ok(), "0\n");
    assert_eq!(sandbox.run(&["job", "undo", file]).ok(), "the job has no coupons to undo\n");
}

#[test]
fn settled_rows_are_printed_for_programs() {
    let sandbox = Sandbox::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let job = folder.path().join("job");
    let arguments = ["--pattern", "A-[12]", "--count", "30", "--format", "jsonl"];
    let rows = report(&sandbox.run(&issue(&arguments, &job)).ok());
    assert_eq!(rows.len(), 30);
    assert!(rows.iter().all(|row| row["outcome"] == "created" && row["id"].is_i64() && row["error"].is_null()));
}

#[test]
fn bad_plans_and_files_are_refused() {
    let sandbox = Sandbox::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let job = folder.path().join("job");
    let failed = |arguments: &[&str]| sandbox.run(&issue(arguments, &job)).failed(2);
    for (arguments, expected) in [
        (&["--pattern", "A-[4", "--count", "3"][..], "`[` without `]` at character 3"),
        (&["--pattern", "A", "--count", "3"], "has no random part"),
        (&["--pattern", "A-[4]", "--count", "10000"], "one of 33 tries finds a coupon"),
        (&["--pattern", "A-[1]", "--count", "100"], "too few different codes"),
        (&["--pattern", "A-[*]", "--count", "0"], "from 1 to 1000000"),
        (&["--pattern", "A-[*]", "--count", "3", "--code", "X"], "the pattern gives the codes"),
        (&["--pattern", "{email}-[*]", "--count", "3"], "the pattern needs the column `email`"),
    ] {
        let error = failed(arguments);
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
    assert!(!job.exists());
    // 10 euros off where 10 percent was meant costs money.
    let dry =
        ["issue", "--pattern", "[*]", "--count", "3", "--name", "N", "--discount", "10", "--dry-run", "--job", "j"];
    let outcome = sandbox.run(&dry);
    assert!(
        outcome.err.contains("no discount type was given") && outcome.out.contains("(10 off in the store's currency)")
    );
    let text = folder.path().join("text");
    std::fs::write(&text, "no job").unwrap();
    let error = sandbox.run(&["job", "run", text.to_str().unwrap()]).failed(2);
    assert!(error.contains("is not a job file") && error.contains("that `ecwid-coupons issue` made"), "{error}");
    let error = sandbox.run(&["job", "status", folder.path().join("none").to_str().unwrap()]).failed(2);
    assert!(error.contains("cannot use the job file"), "{error}");

    sandbox.run(&issue(&["--pattern", "A-[4]", "--count", "200", "--allow-guessable"], &job)).ok();
    let error = failed(&["--pattern", "A-[*]", "--count", "3"]);
    assert!(error.contains("it exists already; continue that job"), "{error}");
    let error = sandbox.run(&["job", "report", "no-such.job"]).failed(2);
    assert!(error.contains("`no-such.job`: No such file") && error.contains("hint: check the path"), "{error}");
    let mut other = sandbox.program(&["job", "run", job.to_str().unwrap()]);
    let error = run(other.env("ECWID_STORE_ID", "1004")).failed(2);
    assert!(error.contains("the job is for store 1003 at") && error.contains("`--store`"), "{error}");
}

/// A sandbox of this process, and the command with its settings.
async fn local(faults: impl IntoIterator<Item = Fault>) -> ecwid_coupons_sandbox::Sandbox {
    let builder = ecwid_coupons_sandbox::Sandbox::builder().unlimited().token(TOKEN);
    faults.into_iter().fold(builder, ecwid_coupons_sandbox::SandboxBuilder::fault).start().await.unwrap()
}

fn command(sandbox: &ecwid_coupons_sandbox::Sandbox, arguments: &[&str]) -> Command {
    let mut command = program(arguments);
    command
        .env("ECWID_STORE_ID", "1003")
        .env("ECWID_TOKEN", TOKEN)
        .env("ECWID_BASE_URL", sandbox.base_url())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Checks that the store has exactly the coupons of the job, with their ids.
async fn assert_exactly(sandbox: &ecwid_coupons_sandbox::Sandbox, file: &str, count: usize) {
    let rows = report(&run(&mut command(sandbox, &["job", "report", file, "--format", "jsonl"])).ok());
    assert!(rows.iter().all(|row| row["outcome"] == "created"), "{rows:?}");
    let reported: BTreeMap<_, _> =
        rows.iter().map(|row| (row["code"].as_str().unwrap().to_owned(), row["id"].as_i64())).collect();
    assert_eq!((rows.len(), reported.len()), (count, count));
    let stored = sandbox.client().unwrap().search().all().await.unwrap();
    assert_eq!(stored.len(), count, "the number of coupons at the store");
    let stored: BTreeMap<_, _> = stored.into_iter().map(|coupon| (coupon.code.unwrap(), coupon.id)).collect();
    assert_eq!(stored, reported);
}

/// Kills jobs until this many kills. `ECWID_COUPONS_KILLS` sets a larger number.
#[tokio::test(flavor = "multi_thread")]
async fn jobs_survive_kills() {
    let wanted = std::env::var("ECWID_COUPONS_KILLS").map_or(10, |number| number.parse().unwrap());
    let (mut kills, mut jobs) = (0, 0);
    while kills < wanted {
        kills += kill_a_job(20_261_129 + jobs).await;
        jobs += 1;
    }
    println!("{jobs} jobs, {kills} kills");
}

/// Runs a job with failures of all kinds, kills it at random times until it is done, and checks the store. Returns the
/// number of kills.
async fn kill_a_job(seed: u64) -> u32 {
    let mut random = fastrand::Rng::with_seed(seed);
    let often = |effect: Effect, operation: &str, probability: f64| {
        Fault::new(effect).on([operation]).probability(probability).seed(seed)
    };
    let slow = Effect::Latency { milliseconds: 20, jitter_milliseconds: 20 };
    let sandbox = local([
        often(Effect::ResetAfter, "create_batch_request", 0.2),
        often(Effect::status(503), "get_batch_status", 0.2),
        often(Effect::Html { status: 200 }, "create_discount_coupon", 0.01),
        often(Effect::Duplicate, "create_discount_coupon", 0.01),
        Fault::new(Effect::too_many_requests(1)).on(["create_discount_coupon"]).skip(100).times(1),
        Fault::new(slow).on(["create_discount_coupon"]),
    ])
    .await;
    let folder = tempfile::tempdir().unwrap();
    let job = folder.path().join("spring.job");
    let file = job.to_str().unwrap();
    let planned = issue(&["--pattern", "SPRING-[*]", "--count", "450"], &job);
    let mut kills = 0;
    loop {
        let next = if job.exists() { vec!["job", "run", file] } else { planned.clone() };
        let mut child = command(&sandbox, &next).spawn().unwrap();
        // A run in ten lives for long, because the client waits ten seconds after a 429 within a batch.
        let life = Duration::from_millis(if random.u8(..10) == 0 { 20_000 } else { random.u64(1..500) });
        let end = tokio::time::Instant::now() + life;
        while child.try_wait().unwrap().is_none() && tokio::time::Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(5).min(life)).await;
        }
        if child.try_wait().unwrap().is_none() {
            // On Unix, this is `kill -9`.
            child.kill().unwrap();
            kills += 1;
        }
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            break;
        }
    }
    assert_exactly(&sandbox, file, 450).await;
    kills
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_the_job_after_the_batch() {
    for (signals, expected) in [(1, 130), (2, 130)] {
        let slow = Effect::Latency { milliseconds: 200, jitter_milliseconds: 0 };
        let sandbox = local([Fault::new(slow).on(["create_discount_coupon"])]).await;
        let folder = tempfile::tempdir().unwrap();
        let job = folder.path().join("spring.job");
        let file = job.to_str().unwrap();
        let child = command(&sandbox, &issue(&["--pattern", "[*]", "--count", "1200"], &job)).spawn().unwrap();
        // The second batch is under way.
        while sandbox.received_requests().iter().filter(|it| it.method == "POST").count() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        for _ in 0..signals {
            assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let output = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap()).await.unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(expected), "{text}");
        assert!(text.contains("stopping after this batch"), "{text}");
        assert!(text.contains(&format!("continue with `ecwid-coupons job run {file}`")), "{text}");
        let in_flight = if signals == 1 { "" } else { "500 not known yet, " };
        assert!(text.contains(in_flight) && text.contains("not attempted"), "{text}");
        assert_eq!(text.contains("not known yet"), signals == 2, "{text}");
        run(&mut command(&sandbox, &["job", "run", file])).ok();
        assert_exactly(&sandbox, file, 1200).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_ends_at_once() {
    let hangs = Effect::Latency { milliseconds: 600_000, jitter_milliseconds: 0 };
    let sandbox = local([Fault::new(hangs).on(["create_batch_request"]).times(1)]).await;
    let folder = tempfile::tempdir().unwrap();
    let job = folder.path().join("job");
    let mut first = command(&sandbox, &issue(&["--pattern", "[*]", "--count", "3"], &job)).spawn().unwrap();
    while sandbox.faults()[0].fired == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let second = run(&mut command(&sandbox, &["job", "run", job.to_str().unwrap()]));
    first.kill().unwrap();
    first.wait().unwrap();
    let error = second.failed(1);
    assert!(error.contains(&format!("another process ({}) runs the job", first.id())), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_coupons_have_an_exit_code() {
    let code = Some("WRONG_PARAMETER".to_owned());
    let refusal = Effect::Status { status: 400, code, retry_after: None, after_work: false };
    let sandbox = local([Fault::new(refusal).on(["create_discount_coupon"]).times(2)]).await;
    let folder = tempfile::tempdir().unwrap();
    let job = folder.path().join("job");
    let outcome = run(&mut command(&sandbox, &issue(&["--pattern", "[*]", "--count", "20"], &job)));
    assert_eq!((outcome.code, outcome.out.as_str()), (8, "20 coupons: 18 created, 2 refused\n"));
    assert!(outcome.err.contains("2 coupons refused or in conflict") && outcome.err.contains("job report"));
    let text = run(&mut command(&sandbox, &["job", "report", job.to_str().unwrap()])).ok();
    assert_eq!(
        text.lines()
            .filter(|line| line.contains("  refused  ") && line.contains("create_discount_coupon: 400"))
            .count(),
        2,
        "{text}"
    );
}
