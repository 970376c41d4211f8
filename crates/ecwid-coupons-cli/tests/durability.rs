//! Tests that acknowledged writes of `sandbox --db` survive when the process is killed.
#![cfg(unix)]

mod program;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use ecwid_coupons::{
    Client,
    types::{Coupon, CouponUpdate, NewCoupon},
};
use fastrand::Rng;
use futures_util::{TryStreamExt as _, future::join_all};
use program::{Sandbox, TOKEN};
use tokio::sync::Semaphore;

const KILLS: u64 = 50;
const CLIENTS: u32 = 6;

/// The number of codes of each client. It is small, so that each coupon is created, updated and deleted many times.
const CODES: u32 = 8;

/// The coupons of a client according to the responses that it received.
#[derive(Default)]
struct Known {
    /// The names by code.
    coupons: BTreeMap<String, String>,
    /// The code of the write that is under way, and the name it is to have; nothing for a delete.
    in_flight: Option<(String, Option<String>)>,
}

/// The results of all clients in a round.
struct Responses {
    /// One permit for each response.
    count: Arc<Semaphore>,
    /// The ids of all coupons that ever were.
    ids: Mutex<BTreeSet<i64>>,
}

/// Writes until the sandbox stops responding.
async fn write(client: Client, number: u32, mut known: Known, mut random: Rng, responses: Arc<Responses>) -> Known {
    let last_of_before = responses.ids.lock().unwrap().last().copied();
    loop {
        let code = format!("CODE-{number}-{}", random.u32(..CODES));
        let is_there = known.coupons.contains_key(&code);
        let name = (!is_there || random.bool()).then(|| format!("Name {}", random.u32(..)));
        known.in_flight = Some((code.clone(), name.clone()));
        let done = match &name {
            Some(name) if is_there => client.update(&code, &CouponUpdate::default().name(name)).await.map(drop),
            Some(name) => client.create(&NewCoupon::new(name, &code)).await.map(|created| {
                let id = created.id().unwrap();
                assert!(Some(id) > last_of_before, "the id {id} was given before");
                assert!(responses.ids.lock().unwrap().insert(id), "the id {id} is given twice");
            }),
            None => client.delete(&code).await.map(drop),
        };
        if let Err(error) = done {
            assert!(error.is_network(), "{error}");
            return known;
        }
        known.in_flight = None;
        match name {
            Some(name) => known.coupons.insert(code, name),
            None => known.coupons.remove(&code),
        };
        responses.count.add_permits(1);
    }
}

/// Compares the expected coupons with the stored ones, and resolves writes without a response.
fn check(clients: &mut [Known], found: &[Coupon]) {
    let found: BTreeMap<_, _> =
        found.iter().map(|coupon| (coupon.code.clone().unwrap(), coupon.name.clone().unwrap())).collect();
    for known in clients.iter_mut() {
        if let Some((code, name)) = known.in_flight.take()
            && found.get(&code) == name.as_ref()
        {
            match name {
                Some(name) => known.coupons.insert(code, name),
                None => known.coupons.remove(&code),
            };
        }
    }
    let known: BTreeMap<_, _> = clients.iter().flat_map(|known| known.coupons.clone()).collect();
    assert_eq!(found, known);
}

/// Checks that the database is not corrupt.
fn check_file(file: &Path) {
    let connection = rusqlite::Connection::open(file).unwrap();
    let health: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(health, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_write_is_lost_when_the_sandbox_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.sqlite");
    let arguments = ["--db", file.to_str().unwrap(), "--requests-per-minute", "0"];
    let mut clients: Vec<_> = (0..CLIENTS).map(|_| Known::default()).collect();
    let mut ids = BTreeSet::new();
    let mut written = 0;
    for kill in 0..KILLS {
        let mut random = Rng::with_seed(kill);
        let sandbox = Sandbox::start(&arguments);
        let client = Client::builder(1003, TOKEN).base_url(&sandbox.base_url).no_proxy().requests_per_minute(u32::MAX);
        let client = client.max_attempts(1).build().unwrap();
        let found: Vec<Coupon> = client.search().stream().try_collect().await.unwrap();
        check(&mut clients, &found);
        check_file(&file);
        ids.extend(found.iter().filter_map(|coupon| coupon.id));

        let count = Arc::new(Semaphore::new(0));
        let responses = Arc::new(Responses { count: Arc::clone(&count), ids: Mutex::new(std::mem::take(&mut ids)) });
        let writers = std::mem::take(&mut clients).into_iter().zip(0..).map(|(known, number)| {
            let random = Rng::with_seed(kill << 32 | u64::from(number));
            tokio::spawn(write(client.clone(), number, known, random, Arc::clone(&responses)))
        });
        let writers: Vec<_> = writers.collect();
        // Kill the sandbox under load, at any moment of a write.
        let (responded, moment) = (random.u32(1..120), Duration::from_micros(random.u64(..4000)));
        count.acquire_many(responded).await.unwrap().forget();
        tokio::time::sleep(moment).await;
        drop(sandbox);
        clients = join_all(writers).await.into_iter().map(Result::unwrap).collect();
        written += responded;
        ids = std::mem::take(&mut *responses.ids.lock().unwrap());
    }
    assert!(written > 1000);
    let sandbox = Sandbox::start(&arguments);
    let client = Client::builder(1003, TOKEN).base_url(&sandbox.base_url).no_proxy().build().unwrap();
    check(&mut clients, &client.search().stream().try_collect::<Vec<_>>().await.unwrap());
    check_file(&file);
}
