//! `check`: checks the settings, the connection, the token and its access scopes, and the clock.

use std::time::{Duration, SystemTime};

use clap::Args;
use ecwid_coupons::{
    Client, Error,
    types::{CouponUpdate, NewCoupon},
};
use futures_util::future::join_all;
use serde::Serialize;

use crate::{
    columns::Columns,
    exit::{Code, Failure, one_line, redacted},
    output::{self, Format, Rows},
    settings::{Settings, Store},
    table,
};

/// A difference of the clocks up to this is not reported. The `Date` of a response has no fractions of seconds.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);

const HELP: &str = "\
The connection, the token and the scope `read_discount_coupons` are checked by a search for one coupon. With --write, the \
scopes `create_discount_coupons` and `update_discount_coupons` are checked by requests that the store must refuse or that \
change nothing: a create with the code of a coupon that exists, and an update and a delete of a code that no coupon has.";

/// The arguments of `check`.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    /// Check the scopes for writes too. This changes nothing in the store
    #[arg(long)]
    write: bool,
}

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Ok,
    Warning,
    Failed,
    Skipped,
}

/// A check of a store.
#[derive(Clone, Debug, Serialize)]
struct Check {
    store: String,
    check: &'static str,
    result: Verdict,
    detail: String,
    #[serde(skip)]
    code: Code,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    let stores = settings.connect_all().await?;
    let checks = stores.into_iter().map(|(name, store)| check(name, store, arguments.write));
    let checks: Vec<_> = join_all(checks).await.into_iter().flatten().collect();
    let failed = checks.iter().filter(|check| check.result == Verdict::Failed).count();
    let code = checks.iter().find(|check| check.result == Verdict::Failed).map(|check| check.code);
    if settings.format == Format::Table {
        show_table(&checks)?;
    } else {
        let columns = ["detail", "result", "check", "store"];
        let columns = columns.iter().fold(Columns::known(&[]), |columns, name| columns.led_by(name));
        let mut rows = Rows::new(output::out(), settings.format, columns)?;
        rows.add(checks)?;
        rows.finish()?;
    }
    match code {
        None => Ok(()),
        Some(code) => {
            let what = if failed == 1 { "1 check failed".to_owned() } else { format!("{failed} checks failed") };
            Err(Failure::new(code, what, "the details of each failed check say what to do"))
        }
    }
}

fn show_table(checks: &[Check]) -> Result<(), Failure> {
    let mut table = table::new_table(["store", "check", "result", "detail"], None);
    for Check { store, check, result, detail, .. } in checks {
        let result = match result {
            Verdict::Ok => "ok",
            Verdict::Warning => "warning",
            Verdict::Failed => "FAILED",
            Verdict::Skipped => "skipped",
        };
        table.add_row([
            one_line(store).into_owned(),
            (*check).to_owned(),
            result.to_owned(),
            one_line(detail).into_owned(),
        ]);
    }
    output::print(&table.trim_fmt())
}

/// Collects the checks of a store.
struct Checks {
    store: String,
    checks: Vec<Check>,
}

impl Checks {
    fn add(&mut self, check: &'static str, result: Verdict, detail: impl Into<String>, code: Code) {
        self.checks.push(Check { store: redacted(&self.store), check, result, detail: redacted(&detail.into()), code });
    }

    fn ok(&mut self, check: &'static str, detail: impl Into<String>) {
        self.add(check, Verdict::Ok, detail, Code::Done);
    }

    fn skip(&mut self, check: &'static str, why: impl Into<String>) {
        self.add(check, Verdict::Skipped, why, Code::Done);
    }

    fn failed(&mut self, check: &'static str, failure: &Failure) {
        self.add(check, Verdict::Failed, failure.text(), failure.code());
    }
}

async fn check(store: String, client: Result<Store, Failure>, write: bool) -> Vec<Check> {
    let mut checks = Checks { store, checks: Vec::new() };
    let client = match client {
        Ok(store) => {
            checks.ok("settings", format!("store {} at {}", store.client.store_id(), store.client.base_url()));
            store
        }
        Err(failure) => {
            checks.failed("settings", &failure);
            return checks.checks;
        }
    };
    check_reads(&client.client, &mut checks, write).await;
    checks.checks
}

/// The scopes of writes.
const CREATE: &str = "create_discount_coupons";
const UPDATE: &str = "update_discount_coupons";

async fn check_reads(client: &Client, checks: &mut Checks, write: bool) {
    let sent = SystemTime::now();
    let page = match client.api().search_discount_coupons().limit(1).send().await {
        Ok(page) => page,
        Err(error) => {
            let check = match error.status() {
                Some(402) => "plan",
                _ if error.is_unauthorized() => "token",
                _ if error.is_forbidden() => "read_discount_coupons",
                _ if error.is_store_not_found() => "store",
                _ if error.is_rate_limited() => "rate limit",
                _ => "connection",
            };
            if check != "connection" {
                checks.ok("connection", "the server responded");
            }
            checks.failed(check, &error.into());
            return;
        }
    };
    checks.ok("connection", format!("the server responded after {} ms", page.elapsed().as_millis()));
    checks.ok("token", "accepted");
    let found = page.total.map_or_else(
        || "an unknown number of coupons".to_owned(),
        |total| match total {
            1 => "1 coupon".to_owned(),
            total => format!("{total} coupons"),
        },
    );
    checks.ok("read_discount_coupons", found);
    checks.ok(
        "rate limit",
        match client.requests_per_minute() {
            Some(limit) => format!("at most {limit} requests in any 60 s"),
            None => "none".to_owned(),
        },
    );
    let date = page.headers().get("date").and_then(|date| date.to_str().ok());
    match date.and_then(|date| httpdate::parse_http_date(date).ok()) {
        None => checks.skip("clock", "the response has no date"),
        Some(date) => {
            // The server wrote the date between the request and now.
            let (behind, ahead) = (date.duration_since(SystemTime::now()), sent.duration_since(date));
            let off =
                |text: &str, by: Duration| format!("this clock is {} s {text} the server's; set it", by.as_secs());
            match (behind.unwrap_or_default(), ahead.unwrap_or_default()) {
                (behind, _) if behind > CLOCK_TOLERANCE => {
                    checks.add("clock", Verdict::Warning, off("behind", behind), Code::Done);
                }
                (_, ahead) if ahead > CLOCK_TOLERANCE => {
                    checks.add("clock", Verdict::Warning, off("ahead of", ahead), Code::Done);
                }
                _ => checks.ok("clock", "within a minute of the server's clock"),
            }
        }
    }
    if write {
        let code = page.items.as_ref().and_then(|items| items.first()?.code.clone());
        check_create(client, checks, code).await;
        check_update(client, checks).await;
    }
}

/// Checks the scope for creates with the code of a coupon that exists, which the store must refuse.
async fn check_create(client: &Client, checks: &mut Checks, code: Option<String>) {
    let Some(code) = code else {
        checks.skip(CREATE, "the store has no coupon; the check needs a code that the store must refuse");
        return;
    };
    match client.api().create_discount_coupon().body(NewCoupon::new("", code)).send().await {
        Err(error) if error.is_conflict() || error.status() == Some(400) => checks.ok(CREATE, "granted"),
        Err(error) => failed_write(checks, CREATE, error),
        Ok(created) => {
            let id = created.id.unwrap_or_default();
            let what = format!("the store created a coupon with a code that another coupon has: id {id}; delete it");
            checks.add(CREATE, Verdict::Failed, what, Code::Other);
        }
    }
}

/// Checks the scope for updates and deletes with a code that no coupon has.
async fn check_update(client: &Client, checks: &mut Checks) {
    let code: String = std::iter::repeat_with(fastrand::alphanumeric).take(24).collect();
    match client
        .api()
        .update_discount_coupon()
        .discount_coupon_id(code.as_str())
        .body(CouponUpdate::default())
        .send()
        .await
    {
        Err(error) if error.is_coupon_not_found() || error.status() == Some(400) => {
            checks.ok(UPDATE, "granted for updates")
        }
        Err(error) => return failed_write(checks, UPDATE, error),
        Ok(_) => checks.ok(UPDATE, "granted for updates"),
    }
    match client.api().delete_discount_coupon().discount_coupon_id(code.as_str()).send().await {
        Err(error) if error.is_coupon_not_found() => checks.ok(UPDATE, "granted for deletes"),
        Err(error) => failed_write(checks, UPDATE, error),
        Ok(_) => checks.ok(UPDATE, "granted for deletes"),
    }
}

fn failed_write(checks: &mut Checks, scope: &'static str, error: Error) {
    checks.failed(scope, &error.into());
}
