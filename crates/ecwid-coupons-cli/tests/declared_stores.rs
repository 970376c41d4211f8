//! What `apply` does to stores: which coupons it removes, and that it reaches the declared state after failures.

mod program;

use std::{
    collections::BTreeMap,
    process::{Command, Stdio},
    time::Duration,
};

use ecwid_coupons::{
    Client, JsonObject,
    types::{Coupon, CouponStatus, NewCoupon},
};
use ecwid_coupons_sandbox::{Effect, Fault, Sandbox};
use program::{Outcome, TOKEN, program, run};

/// A sandbox of this process, and a declaration.
struct Place {
    sandbox: Sandbox,
    coupons: Client,
    folder: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
        let sandbox = Sandbox::builder().unlimited().token(TOKEN).start().await.unwrap();
        let coupons = sandbox.client().unwrap();
        Self { sandbox, coupons, folder: tempfile::tempdir().unwrap() }
    }

    /// Returns a command with this declaration.
    fn command(&self, declaration: &str, command: &str, arguments: &[&str]) -> Command {
        let path = self.folder.path().join("coupons.toml");
        std::fs::write(&path, declaration).unwrap();
        let mut command = program(&[&[command, path.to_str().unwrap()], arguments].concat());
        command
            .env("ECWID_STORE_ID", "1003")
            .env("ECWID_TOKEN", TOKEN)
            .env("ECWID_BASE_URL", self.sandbox.base_url())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    #[track_caller]
    fn run(&self, declaration: &str, command: &str, arguments: &[&str]) -> Outcome {
        run(&mut self.command(declaration, command, arguments))
    }

    async fn stored(&self) -> BTreeMap<String, Coupon> {
        let all = self.coupons.search().all().await.unwrap();
        all.into_iter().map(|coupon| (coupon.code.clone().unwrap(), coupon)).collect()
    }

    /// Returns the methods of the requests in batches since a number of requests.
    fn sent_since(&self, before: usize) -> BTreeMap<String, usize> {
        let mut methods = BTreeMap::new();
        for request in &self.sandbox.received_requests()[before..] {
            let items: Vec<JsonObject> = serde_json::from_str(&request.request_body).unwrap_or_default();
            for item in items {
                *methods.entry(item["method"].deserialize().unwrap()).or_default() += 1;
            }
            if !["GET", "POST"].contains(&request.method.as_str()) || request.target.contains("/discount_coupons/") {
                *methods.entry(request.method.clone()).or_default() += 1;
            }
        }
        methods
    }
}

fn status(coupon: &Coupon) -> &str {
    coupon.status.as_ref().unwrap().as_str()
}

#[tokio::test(flavor = "multi_thread")]
async fn coupons_are_removed_by_the_rules() {
    let declaration = "scope = [\"SUMMER-*\", \"vip\"]\n[coupons.SUMMER-1]\ndiscount = 5\n";
    let create = async |place: &Place| {
        let new = |code: &str| NewCoupon::absolute("Name", code, 1);
        for coupon in [
            new("SUMMER-1"),
            new("summer-2"),
            new("SUMMER-USED").order_count(14),
            new("SUMMER-PAUSED").status(CouponStatus::Paused),
            new("SUMMER-OLD").expiration_date("2020-01-01 00:00:00".parse::<ecwid_coupons::EcwidDateTime>().unwrap()),
            new("VIP"),
            new("VIP-2").order_count(3),
            new("SUMMER"),
        ] {
            place.coupons.create(&coupon).await.unwrap();
        }
    };

    // By default, nothing is removed.
    let place = Place::new().await;
    create(&place).await;
    let out = place.run(declaration, "apply", &[]).ok();
    assert!(out.contains("? SUMMER-USED: in the scope, but not in the file; left alone (ACTIVE, used by 14 orders)"));
    assert!(out.contains("Plan: 0 to create, 1 to change, 0 to remove, 0 as they are"), "{out}");
    assert_eq!(place.stored().await.len(), 8);
    assert!(
        place.stored().await.values().all(|it| status(it) != "PAUSED" || it.code.as_deref() == Some("SUMMER-PAUSED"))
    );

    // Too many removals are refused, and nothing else is changed either.
    let changed = declaration.replace('5', "6");
    let before = place.stored().await;
    let error = place.run(&changed, "apply", &["--prune", "pause", "--max-removals", "2"]).failed(2);
    assert!(error.contains("3 coupons would be removed (expected at most 2)") && error.contains("`--max-removals 3`"));
    assert_eq!(place.stored().await, before);

    // Coupons that can be used are paused, and those out of the scope never.
    let out = place.run(declaration, "apply", &["--prune", "pause"]).ok();
    assert!(out.contains("Plan: 0 to create, 0 to change, 3 to remove, 1 as they are"), "{out}");
    let statuses: Vec<_> =
        place.stored().await.into_iter().map(|(code, it)| format!("{code} {}", status(&it))).collect();
    let expected = [
        "SUMMER ACTIVE",
        "SUMMER-1 ACTIVE",
        "SUMMER-OLD EXPIRED",
        "SUMMER-PAUSED PAUSED",
        "SUMMER-USED PAUSED",
        "VIP PAUSED",
        "VIP-2 ACTIVE",
        "summer-2 PAUSED",
    ];
    assert_eq!(statuses, expected);
    let out = place.run(declaration, "plan", &["--prune", "pause", "--exit-code"]).ok();
    assert!(out.contains("0 to remove, 1 as they are"), "{out}");

    // Coupons that an order has used are not deleted.
    let outcome = place.run(declaration, "apply", &["--prune", "delete"]);
    assert_eq!(outcome.code, 8, "{outcome:?}");
    assert!(outcome.out.contains("4 coupons: 4 deleted"), "{outcome:?}");
    assert!(outcome.err.contains("1 coupon may be in use and not deleted: `SUMMER-USED`"), "{outcome:?}");
    let codes: Vec<_> = place.stored().await.into_keys().collect();
    assert_eq!(codes, ["SUMMER", "SUMMER-1", "SUMMER-USED", "VIP-2"]);
    let error = place.run("[coupons.A]\nname = \"A\"\n", "apply", &["--prune", "delete"]).failed(2);
    assert!(error.contains("has no `scope`") && error.contains("add a scope"), "{error}");
}

/// Random stores, of which a file declares some coupons.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_a_scope_never_removes() {
    for seed in 0..5 {
        let mut random = fastrand::Rng::with_seed(20_261_129 + seed);
        let place = Place::new().await;
        let codes: Vec<_> =
            (0..random.usize(1..40)).map(|number| format!("C-{number}-{}", random.u32(..100))).collect();
        let coupons = codes.iter().map(|code| {
            let new = NewCoupon::absolute("Name", code, random.u8(1..9)).order_count(random.u8(..2));
            if random.bool() { new } else { new.status(CouponStatus::Paused) }
        });
        let mut rows = place.coupons.create_many(coupons.collect::<Vec<_>>()).stream().unwrap();
        while rows.next().await.is_some() {}
        let before = place.stored().await;
        assert_eq!(before.len(), codes.len());
        let mut declaration = "[defaults]\nname = \"Name\"\n".to_owned();
        let declared: Vec<_> = codes.iter().filter(|_| random.bool()).collect();
        for code in &declared {
            declaration.push_str(&format!("[coupons.{code}]\ndiscount = {}\n", random.u8(1..9)));
        }
        declaration.push_str("[coupons.NEW]\n");
        place.run(&declaration, "apply", &[]).ok();
        place.run(&declaration, "apply", &["--prune", "delete"]).failed(2);
        place.run(&declaration, "apply", &["--prune", "pause"]).failed(2);
        let after = place.stored().await;
        assert_eq!(after.len(), before.len() + 1, "seed {seed}");
        for (code, old) in &before {
            let new = &after[code];
            assert_eq!((new.id, &new.status, new.order_count), (old.id, &old.status, old.order_count), "seed {seed}");
            assert!(declared.contains(&code) || new == old, "seed {seed}: {code} is not declared");
        }
        place.run(&declaration, "plan", &["--exit-code"]).ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_apply_sends_no_change() {
    let place = Place::new().await;
    place.coupons.create(&NewCoupon::percent("Old", "OLD", 5)).await.unwrap();
    let declaration = "[coupons.OLD]\ndiscount = 6\n[coupons.NEW]\nname = \"New\"\nexpirationDate = 2099-12-31\n";
    let before = place.sandbox.received_requests().len();
    let outcome = place.run(declaration, "apply", &[]);
    assert!(
        outcome.err.contains("`expirationDate` has no time and is sent as 2099-12-31 23:59:59 +0000"),
        "{outcome:?}"
    );
    outcome.ok();
    let sent = place.sent_since(before);
    assert_eq!(sent, BTreeMap::from([("GET", 2), ("POST", 1), ("PUT", 1)].map(|(it, count)| (it.to_owned(), count))));
    let before = place.sandbox.received_requests().len();
    for text in [declaration.to_owned(), format!("scope = [\"*\"]\n{declaration}")] {
        let out = place.run(&text, "apply", &[]).ok();
        assert_eq!(out, "Plan: 0 to create, 0 to change, 0 to remove, 2 as they are\n");
    }
    assert_eq!(place.sent_since(before), BTreeMap::from([("GET".to_owned(), 2)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_changes_are_named_and_have_an_exit_code() {
    let place = Place::new().await;
    place.coupons.create(&NewCoupon::percent("Old", "OLD", 5)).await.unwrap();
    let declaration = "[coupons.OLD]\ndiscount = -6\n[coupons.NEW]\nname = \"New\"\ndiscount = 1\n";
    let outcome = place.run(declaration, "apply", &[]);
    assert_eq!(outcome.code, 8, "{outcome:?}");
    assert!(outcome.out.ends_with("2 coupons: 1 created, 1 refused\n"), "{outcome:?}");
    assert!(outcome.err.contains("warning: OLD: refused: update_discount_coupon: 400"), "{outcome:?}");
    assert!(outcome.err.contains("1 coupon refused or in conflict"), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_coupon_is_a_note() {
    let place = Place::new().await;
    let end = "2020-01-01 00:00:00".parse::<ecwid_coupons::EcwidDateTime>().unwrap();
    place.coupons.create(&NewCoupon::percent("Old", "OLD", 5).expiration_date(end)).await.unwrap();
    let outcome = place.run("[coupons.OLD]\nstatus = \"ACTIVE\"\n", "plan", &["--exit-code"]);
    assert!(outcome.err.contains("note: `OLD`: the store says EXPIRED"), "{outcome:?}");
    assert_eq!(outcome.ok(), "Plan: 0 to create, 0 to change, 0 to remove, 1 as they are\n");
}

/// Kills `apply` in the middle of 500 changes, several times, and lets the last run get to the end.
#[tokio::test(flavor = "multi_thread")]
async fn apply_reaches_the_declared_state_after_kills() {
    let place = Place::new().await;
    let old = (0..300).map(|number| NewCoupon::absolute("Name", format!("C-{number}"), 1));
    let mut rows = place.coupons.create_many(old).stream().unwrap();
    while rows.next().await.is_some() {}
    let mut declaration = "scope = [\"*\"]\n[defaults]\nname = \"Name\"\ndiscount = 2\n".to_owned();
    // 200 updates, 100 pauses and 200 creates.
    for number in 100..500 {
        declaration.push_str(&format!("[coupons.C-{number}]\n"));
    }
    let slow = Effect::Latency { milliseconds: 100, jitter_milliseconds: 50 };
    place.sandbox.add_fault(Fault::new(slow).on(["create_discount_coupon", "update_discount_coupon"])).unwrap();
    place.sandbox.add_fault(Fault::new(Effect::ResetAfter).on(["create_batch_request"]).probability(0.2)).unwrap();
    let arguments = ["--prune", "pause", "--max-removals", "100"];
    let is_done = |coupon: &Coupon| coupon.discount == Some(2.into()) || coupon.status == Some(CouponStatus::Paused);
    let done = async || place.stored().await.values().filter(|coupon| is_done(coupon)).count();
    let mut kills = 0;
    for threshold in [1, 150, 350] {
        let mut child = place.command(&declaration, "apply", &arguments).spawn().unwrap();
        while child.try_wait().unwrap().is_none() && done().await < threshold {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if child.try_wait().unwrap().is_none() {
            // On Unix, this is `kill -9`.
            child.kill().unwrap();
            kills += 1;
        }
        child.wait().unwrap();
    }
    assert!(kills > 0, "a run is killed in the middle");
    // The store may break the connection in each attempt.
    let code = (0..20).map(|_| place.run(&declaration, "apply", &arguments).code).find(|code| *code != 6);
    assert_eq!(code, Some(0));
    let stored = place.stored().await;
    assert_eq!((stored.len(), done().await), (500, 500));
    for number in 0..500 {
        let coupon = &stored[&format!("C-{number}")];
        let expected = if number < 100 { ("PAUSED", 1) } else { ("ACTIVE", 2) };
        assert_eq!((status(coupon), coupon.discount.clone()), (expected.0, Some(expected.1.into())), "C-{number}");
    }
    place.run(&declaration, "plan", &[&arguments[..], &["--exit-code"]].concat()).ok();
}
