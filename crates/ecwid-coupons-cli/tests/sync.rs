//! `sync`: the copy equals the stores, also after kills, and costs no more requests than necessary.

mod program;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use ecwid_coupons::{
    Client, EcwidDateTime,
    chrono::{DateTime, SecondsFormat, TimeDelta, Utc},
    types::{Coupon, CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::{
    ChangeSettings, Effect, Fault, Sandbox, Token,
    checkout::{Order, OrderItem},
};
use fastrand::Rng;
use program::{TOKEN, program, run};
use rusqlite::{Connection, types::Value};
use serde_json::Value as Json;

/// The columns of the view that are no fields of a coupon.
const OWN: [&str; 4] = ["store_id", "first_seen", "as_of", "expired_now"];

/// The fields that change without an update, if the store does not count orders and expiries as updates.
const VOLATILE: [&str; 2] = ["status", "order_count"];

/// A row of the view, by the names of the columns.
type Row = BTreeMap<String, Value>;

async fn sandbox() -> Sandbox {
    Sandbox::builder().token(TOKEN).unlimited().start().await.unwrap()
}

fn start(sandbox: &Sandbox, to: &Path, arguments: &[&str]) -> Command {
    let mut command = program(&["sync", "--to", to.to_str().unwrap()]);
    command.args(arguments).env("ECWID_STORE_ID", "1003").env("ECWID_TOKEN", TOKEN);
    command.env("ECWID_BASE_URL", sandbox.base_url());
    command
}

#[track_caller]
fn sync(sandbox: &Sandbox, to: &Path, arguments: &[&str]) -> Json {
    let arguments = [arguments, &["--format", "jsonl"]].concat();
    serde_json::from_str(&run(&mut start(sandbox, to, &arguments)).ok()).unwrap()
}

/// Returns the rows of the copy by the ids of the coupons.
fn copied(path: &Path, store_id: i64) -> BTreeMap<i64, Row> {
    let connection = Connection::open(path).unwrap();
    let mut select = connection.prepare("SELECT * FROM current_coupons WHERE store_id = ?1").unwrap();
    let names: Vec<String> = select.column_names().map(str::to_owned).collect();
    let rows = select.query_map([store_id], |row| {
        let cell = |(at, name): (usize, &String)| Ok((name.clone(), row.get::<_, Value>(at)?));
        names.iter().enumerate().map(cell).collect::<rusqlite::Result<Row>>()
    });
    let id = |row: &Row| match row["id"] {
        Value::Integer(id) => id,
        ref other => panic!("{other:?}"),
    };
    rows.unwrap().map(|row| row.map(|row| (id(&row), row)).unwrap()).collect()
}

fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Returns the row that a coupon should have, computed from its JSON.
fn expected(coupon: &Coupon) -> Row {
    let json = serde_json::to_value(coupon).unwrap();
    let text = |json: &Json| match json {
        Json::Null => Value::Null,
        Json::String(text) => Value::Text(text.clone()),
        other => Value::Text(other.to_string()),
    };
    let date = |name: &str| match json[name].as_str() {
        Some(text) => {
            let date: EcwidDateTime = serde_json::from_value(text.into()).unwrap();
            Value::Text(time_text(date.to_utc().unwrap()))
        }
        None => Value::Null,
    };
    let integer = |json: &Json| json.as_i64().map_or(Value::Null, Value::Integer);
    let real = |json: &Json| json.as_f64().map_or(Value::Null, Value::Real);
    [
        ("id", integer(&json["id"])),
        ("name", text(&json["name"])),
        ("code", text(&json["code"])),
        ("discount_type", text(&json["discountType"])),
        ("status", text(&json["status"])),
        ("discount", text(&json["discount"])),
        ("discount_real", real(&json["discount"])),
        ("launch_date", date("launchDate")),
        ("expiration_date", date("expirationDate")),
        ("total_limit", text(&json["totalLimit"])),
        ("total_limit_real", real(&json["totalLimit"])),
        ("uses_limit", text(&json["usesLimit"])),
        ("application_limit", text(&json["applicationLimit"])),
        (
            "repeat_customer_only",
            json["repeatCustomerOnly"].as_bool().map_or(Value::Null, |it| Value::Integer(it.into())),
        ),
        ("creation_date", date("creationDate")),
        ("update_date", date("updateDate")),
        ("order_count", integer(&json["orderCount"])),
        ("catalog_limit_products", text(&json["catalogLimit"]["products"])),
        ("catalog_limit_categories", text(&json["catalogLimit"]["categories"])),
        ("shipping_limit_shipping_methods", text(&json["shippingLimit"]["shippingMethods"])),
        ("extra", Value::Null),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// Compares the copy with the store, except for some columns.
async fn assert_equal(client: &Client, path: &Path, except: &[&str], what: &str) {
    let without = |row: Row| -> Row {
        row.into_iter().filter(|(name, _)| !OWN.contains(&name.as_str()) && !except.contains(&name.as_str())).collect()
    };
    let copied: BTreeMap<_, _> =
        copied(path, client.store_id()).into_iter().map(|(id, row)| (id, without(row))).collect();
    let stored = client.search().all().await.unwrap();
    let stored: BTreeMap<_, _> = stored.iter().map(|coupon| (coupon.id.unwrap(), without(expected(coupon)))).collect();
    assert_eq!(copied.keys().collect::<Vec<_>>(), stored.keys().collect::<Vec<_>>(), "{what}");
    for (id, row) in &stored {
        assert_eq!(copied[id], *row, "{what}: coupon {id}");
    }
}

/// A store that changes at random.
struct Model {
    sandbox: Sandbox,
    client: Client,
    random: Rng,
    made: u32,
}

impl Model {
    async fn step(&mut self) {
        let codes: Vec<_> =
            self.client.search().all().await.unwrap().into_iter().filter_map(|coupon| coupon.code).collect();
        let one = |random: &mut Rng| codes.get(random.usize(..codes.len().max(1))).cloned();
        match self.random.u8(0..12) {
            0..=4 => {
                self.made += 1;
                let code = format!("CODE-{}", self.made);
                let mut new = NewCoupon::percent("10% OFF", code, 10);
                if self.random.bool() {
                    new = new.single_use();
                }
                if self.random.bool() {
                    new = new.for_products([i64::from(self.made), 7]);
                }
                if self.random.bool() {
                    new = new.expiration_date(EcwidDateTime::from(self.sandbox.now() + TimeDelta::days(2)));
                }
                self.client.create(&new).await.unwrap();
            }
            5 | 6 => {
                let Some(code) = one(&mut self.random) else { return };
                let update = match self.random.u8(0..3) {
                    0 => CouponUpdate::default().discount(self.random.i64(1..100)),
                    1 => CouponUpdate::default().name(format!("Name {}", self.random.u8(..))),
                    _ => CouponUpdate::default().clear_expiration_date(),
                };
                self.client.update(code.as_str(), &update).await.unwrap();
            }
            7 => {
                let Some(code) = one(&mut self.random) else { return };
                self.client.delete(code.as_str()).await.unwrap();
            }
            8 | 9 => {
                let Some(code) = one(&mut self.random) else { return };
                let order = Order::new([OrderItem::new(7, 100)]).coupon_code(code).email("ann@example.com");
                // The coupon may be expired or used up.
                let _ = self.sandbox.place_order(order).await;
            }
            _ => {
                self.sandbox.advance(TimeDelta::hours(self.random.i64(1..30))).unwrap();
            }
        }
    }
}

/// Runs a sync and kills it after a random time, or not at all if it was faster.
fn kill(command: &mut Command, random: &mut Rng) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(random.u64(5..120)));
    child.kill().unwrap();
    child.wait().unwrap();
}

async fn model(changes: ChangeSettings, seed: u64) {
    let sandbox = Sandbox::builder().token(TOKEN).unlimited().changes(changes).start().await.unwrap();
    sandbox.set_time("2030-01-01T00:00:00Z".parse().unwrap()).unwrap();
    let client = sandbox.client().unwrap();
    let mut model = Model { sandbox, client, random: Rng::with_seed(seed), made: 0 };
    let folder = tempfile::tempdir().unwrap();
    let (full, incremental) = (folder.path().join("full.sqlite"), folder.path().join("incremental.sqlite"));
    for run in 0..50 {
        for _ in 0..10 {
            model.step().await;
        }
        let what = format!("{changes:?}, seed {seed}, run {run}");
        let slow = Effect::Latency { milliseconds: 20, jitter_milliseconds: 20 };
        if run % 3 == 2 {
            model.sandbox.add_fault(Fault::new(slow)).unwrap();
            for (path, mode) in [(&full, "full"), (&incremental, "incremental")] {
                kill(&mut start(&model.sandbox, path, &["--mode", mode]), &mut model.random);
            }
            model.sandbox.clear_faults();
        }
        sync(&model.sandbox, &full, &["--mode", "full", "--max-delete", "100%"]);
        assert_equal(&model.client, &full, &[], &format!("{what}, full")).await;
        sync(&model.sandbox, &incremental, &["--mode", "incremental"]);
        assert_equal(&model.client, &incremental, &VOLATILE, &format!("{what}, incremental")).await;
        if run % 10 == 9 {
            sync(&model.sandbox, &incremental, &["--refresh-every", "0s"]);
            assert_equal(&model.client, &incremental, &[], &format!("{what}, refreshed")).await;
        }
    }
    assert!(model.made > 100, "{}", model.made);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_equals_a_store_that_changes_at_random() {
    model(ChangeSettings::default(), 18).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_equals_a_store_whose_orders_and_expiries_are_updates() {
    model(ChangeSettings::default().orders_update().expiries_update(), 19).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_store_costs_one_request_and_a_full_read_of_10_000_coupons_costs_102() {
    let sandbox = Sandbox::builder().token(TOKEN).unlimited().seed(10_000).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.sqlite");
    let requests = || {
        let requests = sandbox.received_requests();
        sandbox.clear_requests();
        requests.into_iter().map(|request| request.target).collect::<Vec<_>>()
    };
    let first = sync(&sandbox, &copy, &[]);
    assert_eq!((&first["result"], &first["coupons"]), (&"all coupons read".into(), &10_000.into()));
    assert_eq!(requests().len(), 102);
    for mode in ["auto", "incremental"] {
        let again = sync(&sandbox, &copy, &["--mode", mode]);
        assert_eq!((&again["result"], &again["coupons"]), (&"unchanged".into(), &10_000.into()));
        assert_eq!(requests(), ["/api/v3/1003/latest-stats"]);
    }
    // A change in an incremental sync costs a page and the deletions.
    let client = sandbox.client().unwrap();
    client.create(&NewCoupon::percent("10% OFF", "NEW", 10)).await.unwrap();
    client.delete("NEW").await.unwrap();
    requests();
    let changed = sync(&sandbox, &copy, &["--mode", "incremental"]);
    assert_eq!(changed["result"], "changes read");
    // The search goes back ten minutes before the last change that the copy has.
    assert!(changed["read"].as_i64().unwrap() < 1_000 && requests().len() <= 12, "{changed}");
    assert_equal(&client, &copy, &[], "incremental").await;
    requests();
    let refreshed = sync(&sandbox, &copy, &["--refresh-every", "0s"]);
    assert_eq!((&refreshed["result"], requests().len()), (&"all coupons read".into(), 102));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_in_the_same_second_is_not_missed() {
    let sandbox = sandbox().await;
    let now: DateTime<Utc> = "2030-01-01T00:00:00Z".parse().unwrap();
    sandbox.set_time(now).unwrap();
    let client = sandbox.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.sqlite");
    for code in ["A", "B", "C"] {
        // The clock stands still, so the store reports the same time each time.
        client.create(&NewCoupon::percent("10% OFF", code, 10)).await.unwrap();
        sync(&sandbox, &copy, &["--mode", "incremental"]);
        assert_equal(&client, &copy, &[], code).await;
    }
    client.delete("A").await.unwrap();
    sync(&sandbox, &copy, &["--mode", "incremental"]);
    assert_equal(&client, &copy, &[], "deleted").await;
    sandbox.advance(TimeDelta::seconds(5)).unwrap();
    sync(&sandbox, &copy, &["--mode", "incremental"]);
    assert_eq!(sync(&sandbox, &copy, &[])["result"], "unchanged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mass_deletion_needs_consent() {
    let sandbox = Sandbox::builder().token(TOKEN).unlimited().seed(100).start().await.unwrap();
    let client = sandbox.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.sqlite");
    let (few, many) = (folder.path().join("few.sqlite"), folder.path().join("many.sqlite"));
    sync(&sandbox, &copy, &[]);
    let stored = client.search().all().await.unwrap();
    let delete = async |range: std::ops::Range<usize>| {
        for coupon in &stored[range] {
            client.delete(coupon.id.unwrap()).await.unwrap();
        }
    };
    delete(0..20).await;
    std::fs::copy(&copy, &few).unwrap();
    assert_eq!(sync(&sandbox, &few, &["--mode", "full"])["deleted"], 20);
    delete(20..21).await;
    std::fs::copy(&copy, &many).unwrap();
    let before = copied(&many, 1003);
    let error = run(&mut start(&sandbox, &many, &["--mode", "full"])).failed(4);
    assert!(error.contains("no longer has 21 of 100 coupons, and at most 20 may be deleted at once"), "{error}");
    assert!(error.contains("--max-delete 100%"), "{error}");
    assert_eq!(copied(&many, 1003), before);
    assert_eq!(sync(&sandbox, &many, &["--mode", "full", "--max-delete", "21%"])["deleted"], 21);
    assert_equal(&client, &many, &[], "with consent").await;
    // The deletions that the store lists need no consent.
    sandbox.advance(TimeDelta::seconds(5)).unwrap();
    assert_eq!(sync(&sandbox, &copy, &["--mode", "incremental"])["deleted"], 21);

    // An empty response is no reason to delete all, even if these are few.
    delete(21..97).await;
    let error = run(&mut start(&sandbox, &copy, &["--mode", "full"])).failed(4);
    assert!(error.contains("no longer has 76 of 79 coupons"), "{error}");
    sync(&sandbox, &copy, &["--mode", "full", "--max-delete", "100%"]);
    delete(97..100).await;
    let error = run(&mut start(&sandbox, &copy, &["--mode", "full"])).failed(4);
    assert!(error.contains("no longer has 3 of 3 coupons"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_sync_changes_nothing_and_is_recorded() {
    let sandbox = Sandbox::builder().token(TOKEN).unlimited().seed(500).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.sqlite");
    sync(&sandbox, &copy, &[]);
    let before = copied(&copy, 1003);
    let state = || {
        let connection = Connection::open(&copy).unwrap();
        let select = "SELECT cursor, error FROM sync_state WHERE store_id = 1003";
        connection
            .query_row(select, [], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?)))
            .unwrap()
    };
    let cursor = state().0;
    let client = sandbox.client().unwrap();
    client.update(*before.keys().next().unwrap(), &CouponUpdate::default().name("New")).await.unwrap();
    let refused = Effect::Status { status: 400, code: None, retry_after: None, after_work: false };
    sandbox.add_fault(Fault::new(refused).on(["search_discount_coupons"]).skip(3)).unwrap();
    run(&mut start(&sandbox, &copy, &["--mode", "full"])).failed(1);
    assert_eq!(copied(&copy, 1003), before);
    let (unchanged, error) = state();
    assert_eq!(unchanged, cursor);
    assert!(error.unwrap().contains("400"), "the failure is recorded");
    sandbox.clear_faults();
    sync(&sandbox, &copy, &[]);
    assert_eq!(state().1, None);
    assert_equal(&client, &copy, &[], "after the failure").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_without_the_scope_of_the_stats_reads_all_coupons() {
    let sandbox =
        Sandbox::builder().token(TOKEN).scopes(["read_discount_coupons"]).unlimited().seed(150).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.sqlite");
    for mode in ["auto", "incremental", "full"] {
        let result = sync(&sandbox, &copy, &["--mode", mode]);
        assert_eq!((&result["result"], &result["coupons"]), (&"all coupons read".into(), &150.into()), "{mode}");
    }
}

/// Writes a configuration with the stores `main` and `outlet` of a sandbox and a store that does not exist.
fn configuration(sandbox: &Sandbox, folder: &Path) -> PathBuf {
    let path = folder.join("config.toml");
    let store = |name: &str, id: i64, variable: &str| {
        format!("[stores.{name}]\nstore-id = {id}\ntoken-env = \"{variable}\"\nbase-url = \"{}\"\n", sandbox.base_url())
    };
    let text = ["main", "outlet", "closed"].iter().zip(1003..).map(|(name, id)| store(name, id, name));
    std::fs::write(&path, text.collect::<String>()).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn the_failure_of_a_store_does_not_stop_the_others() {
    let outlet = Token::new(1004, "secret_outlet");
    let sandbox = Sandbox::builder()
        .token(TOKEN)
        .add_token(outlet)
        .unlimited()
        .seed(120)
        .seed_store(1004, 30)
        .start()
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (copy, config) = (folder.path().join("copy.sqlite"), configuration(&sandbox, folder.path()));
    let command = |arguments: &[&str]| {
        let mut command = program(&["sync", "--to", copy.to_str().unwrap(), "--config", config.to_str().unwrap()]);
        command.args(arguments).env("main", TOKEN).env("outlet", "secret_outlet").env("closed", "secret_closed");
        run(&mut command)
    };
    let outcome = command(&["--all-stores"]);
    assert_eq!(outcome.code, 7, "{outcome:?}");
    assert!(outcome.err.contains("error: store `closed`: ") && outcome.err.contains("1 of 3 stores failed"));
    let lines: Vec<Vec<&str>> = outcome.out.lines().skip(2).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["closed", "FAILED"]);
    assert_eq!(lines[1][..7], ["main", "all", "coupons", "read", "120", "120", "120"]);
    assert_eq!(lines[2][..7], ["outlet", "all", "coupons", "read", "30", "30", "30"]);
    assert_equal(&sandbox.client().unwrap(), &copy, &[], "main").await;
    assert_equal(&sandbox.client_with("secret_outlet").unwrap(), &copy, &[], "outlet").await;
    let connection = Connection::open(&copy).unwrap();
    let select = "SELECT name, coupons, error IS NULL FROM sync_state ORDER BY name";
    let states: Vec<(String, Option<i64>, bool)> = connection
        .prepare(select)
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let expected = [("closed", None, false), ("main", Some(120), true), ("outlet", Some(30), true)];
    assert_eq!(states, expected.map(|(name, coupons, ok)| (name.to_owned(), coupons, ok)));
    let text = std::fs::read(&copy).unwrap();
    for token in [TOKEN, "secret_outlet", "secret_closed"] {
        assert!(!text.windows(token.len()).any(|window| window == token.as_bytes()), "{token}");
    }

    let twice = std::fs::read_to_string(&config).unwrap().replace("1004", "1003");
    std::fs::write(&config, twice).unwrap();
    let outcome = command(&["--store", "main,outlet"]);
    let problem = "error: two names of the same store: `main` and `outlet` have the id 1003";
    assert!(outcome.code == 2 && outcome.err.contains(problem), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_files_and_bad_arguments_are_refused() {
    let sandbox = sandbox().await;
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "These are notes, and no database. They stay as they are.".repeat(40)).unwrap();
    let other = folder.path().join("other.sqlite");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE notes (note)").unwrap();
    let missing = folder.path().join("missing").join("copy.sqlite");
    for (path, problem) in
        [(&text, "not a copy of coupons"), (&other, "another program made it"), (&missing, "cannot use the copy")]
    {
        let error = run(&mut start(&sandbox, path, &[])).failed(2);
        assert!(error.contains(problem) && error.contains("`--to`"), "{error}");
    }
    assert!(std::fs::read_to_string(&text).unwrap().starts_with("These are notes"));
    let newer = folder.path().join("newer.sqlite");
    sync(&sandbox, &newer, &[]);
    Connection::open(&newer).unwrap().pragma_update(None, "user_version", 2).unwrap();
    let error = run(&mut start(&sandbox, &newer, &[])).failed(2);
    assert!(error.contains("it has version 2 (expected 1)"), "{error}");
    for (flag, value, problem) in [
        ("--max-delete", "20", "must be a percentage from 0% to 100%"),
        ("--max-delete", "101%", "must be a percentage from 0% to 100%"),
        ("--refresh-every", "soon", "invalid value 'soon'"),
        ("--mode", "partial", "possible values: auto, full, incremental"),
    ] {
        let error = run(&mut start(&sandbox, &folder.path().join("new.sqlite"), &[flag, value])).failed(2);
        assert!(error.contains(problem), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_an_older_version_gets_the_columns_of_new_fields() {
    let sandbox = Sandbox::builder().token(TOKEN).unlimited().seed(10).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.sqlite");
    sync(&sandbox, &copy, &[]);
    let older = "DROP VIEW current_coupons; ALTER TABLE coupons DROP COLUMN uses_limit;
                 ALTER TABLE coupons DROP COLUMN discount;";
    Connection::open(&copy).unwrap().execute_batch(older).unwrap();
    sync(&sandbox, &copy, &["--mode", "full"]);
    assert_equal(&sandbox.client().unwrap(), &copy, &[], "with the columns").await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn only_this_user_can_read_the_copy() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = sandbox().await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.sqlite");
    sync(&sandbox, &copy, &[]);
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_query_of_the_guide_finds_coupons_that_expire_while_their_campaign_runs_on() {
    let guide = include_str!("../../../docs/guides/copy-stores.md");
    let (_, query) = guide.split_once("```sql\n").unwrap();
    let (query, _) = query.split_once("```").unwrap();
    let sandbox = sandbox().await;
    let client = sandbox.client().unwrap();
    let in_days = |days| EcwidDateTime::from(Utc::now() + TimeDelta::days(days));
    for (code, name, days) in [
        ("ENDS", "Spring", Some(3)),
        ("RUNS-ON", "Spring", Some(30)),
        ("ALONE", "Summer", Some(3)),
        ("ENDS-TOO", "Autumn", Some(5)),
        ("FOREVER", "Autumn", None),
    ] {
        let new = NewCoupon::percent(name, code, 10);
        let new = days.map_or(new.clone(), |days| new.expiration_date(in_days(days)));
        client.create(&new).await.unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.sqlite");
    sync(&sandbox, &copy, &[]);
    let connection = Connection::open(&copy).unwrap();
    let mut select = connection.prepare(query).unwrap();
    let rows = select.query_map([], |row| row.get::<_, String>("code")).unwrap();
    assert_eq!(rows.collect::<Result<Vec<_>, _>>().unwrap(), ["ENDS", "ENDS-TOO"]);
}
