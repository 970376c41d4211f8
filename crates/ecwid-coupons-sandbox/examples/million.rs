//! Measures requests to a store with a million coupons, sent one after the other over HTTP.
//!
//! `cargo run --release -p ecwid-coupons-sandbox --example million -- FILE [COUPONS]`
//!
//! The file is created and filled if it does not exist. It is not deleted afterwards.

use std::{
    error::Error,
    future::Future,
    time::{Duration, Instant},
};

use ecwid_coupons::{
    Client, Search, TimeFilter,
    types::{CouponPage, CouponStatus, CouponUpdate, DiscountType, NewCoupon},
};
use ecwid_coupons_sandbox::Sandbox;

/// The number of times that each request is sent.
const TIMES: u32 = 100;

/// Sends a request repeatedly, and prints how long it took.
async fn measure<F, T, E>(what: &str, send: impl Fn(u32) -> F) -> Result<(), Box<dyn Error>>
where
    F: Future<Output = Result<T, E>>,
    E: Error + 'static,
{
    let mut times = Vec::new();
    for number in 0..TIMES {
        let since = Instant::now();
        send(number).await?;
        times.push(since.elapsed());
    }
    times.sort_unstable();
    let shown = |time: Duration| format!("{:8.2} ms", time.as_secs_f64() * 1000.0);
    println!("{what:<44} median {}  99 % {}", shown(times[times.len() / 2]), shown(times[times.len() * 99 / 100]));
    Ok(())
}

async fn page(search: Search) -> Result<CouponPage, ecwid_coupons::Error> {
    search.page().await
}

async fn measure_all(coupons: &Client, total: i64) -> Result<(), Box<dyn Error>> {
    let id = |number: u32| 100_000_001 + i64::from(number) * 7919 % total;
    let mut codes = Vec::new();
    for number in 0..TIMES {
        codes.push(coupons.get(id(number)).await?.code.unwrap_or_default());
    }
    let run = std::process::id();
    let code = |number: u32| codes[number as usize].clone();
    let deep = |number: u32| total.unsigned_abs() * u64::from(number) / u64::from(TIMES);
    let middle: TimeFilter = "2023-01-15 19:27:50".parse()?;
    let late: TimeFilter = "2025-12-20".parse()?;
    measure("get by code", |number| coupons.get(code(number)).into_future()).await?;
    measure("get by id", |number| coupons.get(id(number)).into_future()).await?;
    measure("create", |number| {
        let new = NewCoupon::percent("Name", format!("NEW-{run}-{number}"), 10);
        async move { coupons.create(&new).await }
    })
    .await?;
    measure("update", |number| {
        let code = format!("NEW-{run}-{number}");
        async move { coupons.update(&code, &CouponUpdate::default().name("Other")).await }
    })
    .await?;
    measure("delete", |number| coupons.delete(format!("NEW-{run}-{number}"))).await?;
    let search = || coupons.search();
    measure("search, first page", |_| page(search())).await?;
    measure("search, any offset", |number| page(search().offset(deep(number)))).await?;
    measure("search by code", |number| page(search().code(code(number)))).await?;
    for status in [CouponStatus::Active, CouponStatus::Expired, CouponStatus::Paused, CouponStatus::UsedUp] {
        let filtered = || search().status(status.clone());
        measure(&format!("search {}, first page", status.as_str()), |_| page(filtered())).await?;
        measure(&format!("search {}, any offset", status.as_str()), |number| page(filtered().offset(deep(number) / 4)))
            .await?;
    }
    let kinds =
        || search().status(CouponStatus::Expired).discount_type([DiscountType::Percent, DiscountType::Shipping]);
    measure("search by status and two types, any offset", |number| page(kinds().offset(deep(number) / 10))).await?;
    measure("search created since 2023, any offset", |number| {
        page(search().created_from(middle).offset(deep(number) / 3))
    })
    .await?;
    measure("search updated since 2023, any offset", |number| {
        page(search().updated_from(middle).offset(deep(number) / 3))
    })
    .await?;
    measure("search updated since 2025-12-20, first page", |_| page(search().updated_from(late))).await?;
    measure("search created since 2023, ACTIVE", |_| page(search().created_from(middle).status(CouponStatus::Active)))
        .await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("missing argument: FILE (the path of the database)")?;
    let wanted = arguments.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let since = Instant::now();
    let sandbox = Sandbox::builder().unlimited().database(&file).seed(wanted).start().await?;
    let coupons = sandbox.client()?;
    let total = coupons.search().page().await?.total.unwrap_or_default();
    println!(
        "{total} coupons, {:.1} MB, ready after {:.1?}",
        std::fs::metadata(&file)?.len() as f64 / 1e6,
        since.elapsed()
    );
    measure_all(&coupons, total).await?;

    let mut starts = Vec::new();
    for _ in 0..TIMES {
        let since = Instant::now();
        let empty = Sandbox::start().await?;
        starts.push(since.elapsed());
        empty.stop().await;
    }
    starts.sort_unstable();
    println!("{:<44} median {:8.2} ms", "start of an empty sandbox", starts[starts.len() / 2].as_secs_f64() * 1000.0);
    sandbox.stop().await;
    Ok(())
}
