//! Pagination through a changing store returns every coupon that exists throughout, exactly once.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use ecwid_coupons::{
    Client, Cursor, EcwidDateTime,
    types::{Coupon, CouponField, CouponStatus, NewCoupon},
};
use futures_util::TryStreamExt as _;
use httpmock::{HttpMockResponse, MockServer, prelude::HttpMockRequest};
use serde_json::json;

use crate::paging::store;

#[tokio::test]
async fn coupons_that_move_between_pages_are_neither_missed_nor_repeated() {
    // How many coupons are deleted before the current position, and how many are created then.
    for (deleted, created) in
        [(1, 0), (1, 1), (5, 0), (5, 5), (5, 1), (99, 99), (100, 100), (0, 3), (0, 200), (250, 250)]
    {
        for prefetch in [1, 4] {
            let sandbox = store(950).await;
            let coupons = sandbox.client().unwrap();
            let mut stream = coupons.search().prefetch(prefetch).stream();
            let mut ids = Vec::new();
            for _ in 0..300 {
                ids.push(stream.try_next().await.unwrap().unwrap().id.unwrap());
            }
            for id in 1..=deleted {
                coupons.delete(id).await.unwrap();
            }
            sandbox
                .load((1..=created).map(|id| Coupon::default().with_code(format!("NEW{id}")).with_name("Name")))
                .await
                .unwrap();
            while let Some(coupon) = stream.try_next().await.unwrap() {
                ids.push(coupon.id.unwrap());
            }
            let unique: BTreeSet<_> = ids.iter().copied().collect();
            assert_eq!(unique.len(), ids.len(), "none comes twice");
            let missed: Vec<_> = (deleted + 1..=950).filter(|id| !unique.contains(id)).collect();
            assert!(missed.is_empty(), "{missed:?}: {deleted} deleted, {created} created, {prefetch} ahead");
        }
    }
}

#[tokio::test]
async fn a_changing_store_is_read_completely() {
    let sandbox = store(3000).await;
    let coupons = sandbox.client().unwrap();
    let mut stream = coupons.search().stream();
    let mut ids = BTreeSet::new();
    let mut deleted = 0;
    while let Some(coupon) = stream.try_next().await.unwrap() {
        assert!(ids.insert(coupon.id.unwrap()), "none comes twice");
        // After every seventh coupon, one of the oldest is deleted and a new one is created.
        if ids.len() % 7 == 0 && deleted < 300 {
            deleted += 1;
            coupons.delete(deleted).await.unwrap();
            sandbox.load([Coupon::default().with_code(format!("NEW{deleted}")).with_name("Name")]).await.unwrap();
        }
    }
    assert_eq!(deleted, 300);
    assert_eq!((301..=3000).filter(|id| !ids.contains(id)).count(), 0, "none is missed");
}

/// A second client creates and deletes coupons at the same time, as fast as it can.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_searches_of_a_changing_store_are_exact() {
    const STAY: i64 = 5_000;
    let sandbox = store(STAY).await;
    // Every tenth coupon is deleted sooner or later.
    let goes = |id: i64| id % 10 == 0;
    let (walks, changes) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let done = Arc::new(AtomicBool::new(false));
    let other = tokio::spawn({
        let (client, changes, done) = (sandbox.client().unwrap(), Arc::clone(&changes), Arc::clone(&done));
        async move {
            let mut created = Vec::new();
            for number in 0.. {
                if done.load(Ordering::Relaxed) {
                    return;
                }
                let code = format!("NEW{number}");
                created.push(client.create(&NewCoupon::percent("New", &code, 10)).await.unwrap().id().unwrap());
                match number * 10 {
                    old if old > 0 && old <= STAY => client.delete(old).await.map(drop).unwrap(),
                    _ if number % 3 == 0 => {
                        client.delete(created.swap_remove(created.len() / 2)).await.map(drop).unwrap()
                    }
                    _ => {}
                }
                changes.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let walker = |prefetch: usize| {
        let (client, walks) = (sandbox.client().unwrap(), Arc::clone(&walks));
        async move {
            while walks.fetch_add(1, Ordering::Relaxed) < 200 {
                let mut seen = HashSet::new();
                let mut stream = client.search().fields([CouponField::Id]).prefetch(prefetch).stream();
                while let Some(coupon) = stream.try_next().await.unwrap() {
                    assert!(seen.insert(coupon.id.unwrap()), "{:?} came twice", coupon.id);
                }
                let missed: Vec<_> = (1..=STAY).filter(|id| !goes(*id) && !seen.contains(id)).collect();
                assert!(missed.is_empty(), "{missed:?}");
            }
        }
    };
    tokio::join!(walker(1), walker(4), walker(16));
    done.store(true, Ordering::Relaxed);
    other.await.unwrap();
    assert!(changes.load(Ordering::Relaxed) > 400, "{changes:?} changes are too few to have met the walks");
}

/// A store sorted by a key, in which coupons are created and deleted before each response.
struct Changing {
    ids: Vec<i64>,
    order: fn(i64) -> i64,
    random: fastrand::Rng,
    /// The maximum number of changes before each response.
    most: usize,
    next_id: i64,
    deleted: BTreeSet<i64>,
}

impl Changing {
    fn new(count: i64, order: fn(i64) -> i64, most: usize, seed: u64) -> Self {
        let random = fastrand::Rng::with_seed(seed);
        let mut this =
            Self { ids: (1..=count).collect(), order, random, most, next_id: count + 1, deleted: BTreeSet::new() };
        this.ids.sort_by_key(|id| order(*id));
        this
    }

    fn change(&mut self) {
        for _ in 0..self.random.usize(0..=self.most) {
            // More coupons are deleted than created, so that pagination ends.
            if self.random.u8(0..5) < 3 && !self.ids.is_empty() {
                let gone = self.ids.remove(self.random.usize(0..self.ids.len()));
                self.deleted.insert(gone);
            } else {
                self.ids.push(self.next_id);
                self.next_id += 1;
                let order = self.order;
                self.ids.sort_by_key(|id| order(*id));
            }
        }
    }

    fn response(&mut self, request: &HttpMockRequest) -> HttpMockResponse {
        let parameter = |name: &str, default: usize| {
            let found = request.query_params().into_iter().find(|(known, _)| known == name);
            found.and_then(|(_, value)| value.parse().ok()).unwrap_or(default)
        };
        self.change();
        let (offset, limit) = (parameter("offset", 0), parameter("limit", 100));
        let items: Vec<_> = self.ids.iter().skip(offset).take(limit).map(|id| json!({"id": id})).collect();
        let page =
            json!({"total": self.ids.len(), "count": items.len(), "offset": offset, "limit": limit, "items": items});
        HttpMockResponse::builder().status(200).body(page.to_string()).build()
    }
}

async fn serve(store: &Arc<Mutex<Changing>>) -> (MockServer, Client) {
    let server = MockServer::start_async().await;
    let store = Arc::clone(store);
    server.mock_async(|_, then| drop(then.respond_with(move |request| store.lock().unwrap().response(request)))).await;
    let client = Client::builder(1003, "secret_x").base_url(server.url("/api/v3"));
    (server, client.requests_per_minute(u32::MAX).build().unwrap())
}

/// An order unlike that of the ids, but constant for each id.
fn shuffled(id: i64) -> i64 {
    id.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64)
}

#[tokio::test]
async fn pagination_is_complete_in_any_order() {
    for (name, order) in [("rising", (|id| id) as fn(i64) -> i64), ("falling", |id| -id), ("shuffled", shuffled)] {
        for (seed, most, limit, prefetch) in
            [(1, 1, 100, 1), (2, 3, 100, 4), (3, 40, 100, 4), (4, 3, 10, 8), (5, 1, 7, 2), (6, 120, 100, 1)]
        {
            let store = Arc::new(Mutex::new(Changing::new(2_500, order, most, seed)));
            let (_server, client) = serve(&store).await;
            let walk = client.search().limit(limit).prefetch(prefetch).all().await;
            let walk = walk.unwrap_or_else(|error| panic!("{name}, seed {seed}: {error}"));
            let ids: BTreeSet<_> = walk.iter().map(|coupon| coupon.id.unwrap()).collect();
            assert_eq!(ids.len(), walk.len(), "{name}, seed {seed}: none comes twice");
            let deleted = &store.lock().unwrap().deleted;
            assert!(!deleted.is_empty());
            let missed: Vec<_> = (1..=2_500).filter(|id| !ids.contains(id) && !deleted.contains(id)).collect();
            assert!(missed.is_empty(), "{name}, seed {seed}: {missed:?}");
        }
    }
}

#[tokio::test]
async fn a_late_change_of_the_order_is_an_error() {
    // The last hundred were updated recently and are at the end, whatever their ids.
    fn by_last_change(id: i64) -> i64 {
        if id % 30 == 0 { id + 1_000_000 } else { id }
    }
    let store = Arc::new(Mutex::new(Changing::new(3_000, by_last_change, 0, 1)));
    let (_server, client) = serve(&store).await;
    let error = client.search().all().await.unwrap_err();
    assert!(error.to_string().contains("are not in the order of their ids"), "{error}");
    assert!(error.hint().unwrap().contains("`any_order`"), "{error:?}");
    assert_eq!(client.search().any_order().all().await.unwrap().len(), 3_000);
}

#[tokio::test]
async fn a_search_continues_from_the_cursor_of_each_page() {
    for (order, any_order) in
        [((|id| id) as fn(i64) -> i64, false), (|id| -id, false), (shuffled, false), (shuffled, true)]
    {
        let store = Arc::new(Mutex::new(Changing::new(2_000, order, 5, 7)));
        let (_server, client) = serve(&store).await;
        let search = client.search().status(CouponStatus::Active);
        let search = if any_order { search.any_order() } else { search };
        let (mut given, mut cursor) = (BTreeSet::new(), None::<String>);
        loop {
            // A new search for each page, as if the program had ended after it.
            let search = cursor.as_ref().map_or(search.clone(), |text| client.resume(text.parse().unwrap()));
            let Some(page) = search.pages().try_next().await.unwrap() else { break };
            assert!(page.total.unwrap() > 1_000);
            for coupon in page.coupons {
                assert!(given.insert(coupon.id.unwrap()), "{:?} came twice", coupon.id);
            }
            let text = page.cursor.to_string();
            let value = serde_json::to_value(&page.cursor).unwrap();
            assert_eq!(serde_json::from_value::<Cursor>(value).unwrap().to_string(), text);
            cursor = Some(text);
        }
        let deleted = &store.lock().unwrap().deleted;
        let missed: Vec<_> = (1..=2_000).filter(|id| !given.contains(id) && !deleted.contains(id)).collect();
        assert!(missed.is_empty(), "{missed:?}");
    }
}

#[tokio::test]
async fn pagination_memory_does_not_grow() {
    let sandbox = store(5_000).await;
    let client = sandbox.client().unwrap();
    let pages: Vec<_> = client.search().fields([CouponField::Id]).pages().try_collect().await.unwrap();
    let sizes: Vec<_> = pages.iter().map(|page| page.cursor.to_string().len()).collect();
    let most = sizes.iter().max().unwrap();
    // The cursor has everything that pagination keeps between pages.
    assert!(*most < 8_000, "{sizes:?}");
    assert!(sizes[11..].iter().all(|size| *size < 300), "{sizes:?}");
}

#[tokio::test]
async fn a_cursor_has_the_settings_of_its_search() {
    let sandbox = store(5).await;
    let created: EcwidDateTime = "2024-01-01 00:00:00 +0000".parse().unwrap();
    let coupon = |code: &str, status| {
        Coupon::default().with_code(code).with_name("Name").with_status(status).with_creation_date(created.clone())
    };
    let of_status = [("A", CouponStatus::Active), ("B", CouponStatus::Paused), ("C", CouponStatus::Active)];
    sandbox.load(of_status.map(|(code, status)| coupon(code, status))).await.unwrap();
    let client = sandbox.client().unwrap();
    let search = client
        .search()
        .status([CouponStatus::Paused, CouponStatus::Active])
        .created_to(4102444800)
        // A small timestamp is not a year.
        .created_from(86400)
        .fields([CouponField::Code, CouponField::Status])
        .any_order()
        .skip_unreadable();
    let cursor = search.limit(2).pages().try_next().await.unwrap().unwrap().cursor;
    let text = cursor.to_string();
    assert!(!text.contains("secret"), "{text}");
    sandbox.clear_requests();
    let mut rest = client.resume(text.parse().unwrap()).prefetch(1).pages();
    let page = rest.next().await.unwrap().unwrap();
    let expected = Coupon::default().with_code("C").with_status(CouponStatus::Active);
    assert_eq!((page.coupons, page.total), (vec![expected], Some(3)));
    let request = &sandbox.received_requests()[0].target.clone();
    for parameter in [
        "availability=ACTIVE%2CPAUSED",
        "createdFrom=86400",
        "createdTo=4102444800",
        "limit=2",
        "offset=1",
        "responseFields=total%2Ccount%2Coffset%2Climit%2Citems%28id%2Ccode%2Cstatus%29",
    ] {
        assert!(request.contains(parameter), "{parameter}: {request}");
    }
    // The next cursor has the same settings.
    assert_eq!(page.cursor.to_string().split("\"offset\"").next(), text.split("\"offset\"").next());
    assert!(text.contains(r#""anyOrder":true,"skipUnreadable":true"#), "{text}");
    assert_eq!(client.resume(cursor).first().await.unwrap().unwrap().code.as_deref(), Some("C"));
}

#[tokio::test]
async fn a_cursor_continues_its_own_search_only() {
    let sandbox = store(0).await;
    let coupon = |number: i64| {
        let status = if number % 2 == 0 { CouponStatus::Active } else { CouponStatus::Paused };
        Coupon::default().with_code(format!("CODE{number}")).with_name("Name").with_status(status)
    };
    sandbox.load((0..150).map(coupon)).await.unwrap();
    let client = sandbox.client().unwrap();
    let cursor = client.search().status("ACTIVE,PAUSED").pages().try_next().await.unwrap().unwrap().cursor;
    // The order of the filters and of their values has no meaning.
    let same = client.resume(cursor.clone()).status([CouponStatus::Paused, CouponStatus::Active]);
    assert_eq!(same.all().await.unwrap().len(), 50);
    // A value that this version does not know may have a comma too.
    let newer = Client::builder(sandbox.store_id(), sandbox.token()).base_url(sandbox.base_url());
    let newer = newer.allow_unknown(true).build().unwrap();
    let odd = newer.search().status(CouponStatus::from("PAUSED,ACTIVE")).limit(10);
    let odd = odd.pages().try_next().await.unwrap().unwrap().cursor;
    assert_eq!(newer.resume(odd).all().await.unwrap().len(), 140);
    sandbox.clear_requests();
    for other in [client.resume(cursor.clone()).code("CODE"), client.resume(cursor.clone()).status("PAUSED")] {
        let error = other.all().await.unwrap_err();
        assert!(error.to_string().contains("the filters of a resumed search cannot be changed"), "{error}");
        assert!(error.to_string().contains("(expected `status=ACTIVE%2CPAUSED`)"), "{error}");
    }
    let other = Client::builder(1004, "secret_x").base_url(sandbox.base_url()).build().unwrap();
    let error = other.resume(cursor.clone()).all().await.unwrap_err();
    assert!(error.to_string().contains("the cursor is from another store: `1003` (expected `1004`)"), "{error}");
    let error = client.resume(cursor.clone()).page().await.unwrap_err();
    assert!(error.to_string().contains("a single page cannot continue from a cursor"), "{error}");
    let text = cursor.to_string();
    let unknown = text.replace("status", "color").parse().unwrap();
    let error = client.resume(unknown).all().await.unwrap_err();
    assert!(error.to_string().contains("the cursor has an unknown filter or value: `color="), "{error}");
    assert!(sandbox.received_requests().is_empty(), "nothing is sent");
    for broken in ["", "null", "{}", &text.replace("next", "nxt"), &text[..text.len() - 1]] {
        let error = broken.parse::<Cursor>().unwrap_err().to_string();
        assert!(error.contains("invalid cursor: "), "{error}");
    }
    for version in ["1", "3"] {
        let error = text.replace("\"2\"", &format!("\"{version}\"")).parse::<Cursor>().unwrap_err().to_string();
        assert!(error.contains(&format!("unsupported format version: `{version}` (expected `2`")), "{error}");
    }
}
