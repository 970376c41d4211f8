//! Calls own what they need: a task can run them after the client and the arguments are gone.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use ecwid_coupons::{
    Client, CouponStream, CreateManyStream, DeleteOutcome, PageStream,
    types::{CouponField, CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::Sandbox;
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer, Seen};
use futures_util::{Stream, TryStreamExt as _};
use tokio::{select, spawn, sync::Notify};

#[tokio::test]
async fn every_call_can_be_spawned() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = || sandbox.client().unwrap();
    // The task of a call must not borrow the code, the coupon or the update.
    let code = "A".to_owned();

    let created = spawn(client().create(&NewCoupon::new("Name", &code))).await.unwrap().unwrap();
    assert!(created.is_created());
    assert!(!spawn(client().create_or_get(&NewCoupon::new("Name", &code))).await.unwrap().unwrap().is_created());
    let update = CouponUpdate::default().name("Other");
    for result in [spawn(client().update(&code, &update)), spawn(client().update(created.id().unwrap(), &update))] {
        assert_eq!(result.await.unwrap().unwrap().update_count, Some(1));
    }
    let found = spawn(client().get(&code)).await.unwrap().unwrap();
    assert_eq!(found.name.as_deref(), Some("Other"));
    let name = spawn(client().get(code.clone()).fields([CouponField::Name])).await.unwrap().unwrap();
    assert_eq!((name.name, name.id), (found.name.clone(), None));

    assert_eq!(spawn(client().search().all()).await.unwrap().unwrap(), vec![found.clone()]);
    assert_eq!(spawn(client().search().code(&code).first()).await.unwrap().unwrap(), Some(found.clone()));
    assert_eq!(spawn(client().search().count()).await.unwrap().unwrap(), 1);
    assert_eq!(spawn(client().search().page()).await.unwrap().unwrap().items, Some(vec![found.clone()]));

    let outcome = spawn(client().delete_if_unused(&code)).await.unwrap().unwrap();
    assert_eq!(outcome, DeleteOutcome::Deleted(Box::new(found)));
    assert_eq!(spawn(client().delete(&code)).await.unwrap().unwrap().delete_count, Some(0));
}

/// The streams are named, so that a struct can hold them without a box or a pin.
struct Streams {
    coupons: CouponStream,
    pages: PageStream,
    rows: CreateManyStream,
}

#[tokio::test]
async fn streams_have_names_and_their_own_methods() {
    fn is_stream(_: &(impl Stream + Send + Unpin + 'static)) {}

    async fn read(client: Client, mut streams: Streams) {
        while let Some((row, _)) = streams.rows.next().await {
            assert!(row < 3);
        }
        let first = streams.coupons.next().await.unwrap().unwrap();
        assert_eq!(first.code.as_deref(), Some("C0"));
        assert!(streams.coupons.try_next().await.unwrap().is_some() && streams.coupons.next().await.is_some());
        assert!(streams.coupons.next().await.is_none() && streams.coupons.try_next().await.unwrap().is_none());
        assert_eq!(streams.pages.next().await.unwrap().unwrap().coupons.len(), 3);
        assert!(streams.pages.try_next().await.unwrap().is_none());
        let codes: Vec<_> = client.search().stream().map_ok(|coupon| coupon.code.unwrap()).try_collect().await.unwrap();
        assert_eq!(codes, ["C0", "C1", "C2"]);
    }

    let sandbox = Sandbox::start().await.unwrap();
    let client = sandbox.client().unwrap();
    let rows = (0..3).map(|number| NewCoupon::new("Name", format!("C{number}")));
    let streams = Streams {
        coupons: client.search().stream(),
        pages: client.search().pages(),
        rows: client.create_many(rows).concurrency(1).stream().unwrap(),
    };
    is_stream(&streams.coupons);
    is_stream(&streams.pages);
    is_stream(&streams.rows);
    spawn(read(client, streams)).await.unwrap();
}

#[tokio::test]
async fn a_canceled_create_is_resolved_by_a_second_one() {
    let (received, creates) = (Arc::new(Notify::new()), AtomicUsize::new(0));
    let receives = Arc::clone(&received);
    // The store creates the coupon at the first request, but the response never arrives.
    let store = move |request: &Seen| match (request.method.as_str(), creates.load(Ordering::Relaxed)) {
        ("POST", 0) => {
            creates.fetch_add(1, Ordering::Relaxed);
            receives.notify_one();
            Act::Hang
        }
        ("POST", _) => Act::response(409, "{}"),
        _ => Act::response(200, r#"{"total":1,"items":[{"id":7,"name":"Name","code":"A"}]}"#),
    };
    let server = ScriptedServer::start(Vec::new(), store).await.unwrap();
    let client = Client::builder(1003, "secret_x").base_url(server.base_url()).build().unwrap();
    let new = NewCoupon::new("Name", "A");

    let never_awaited = client.create(&new);
    drop(never_awaited);
    select! {
        result = client.create(&new) => panic!("{result:?}"),
        () = received.notified() => {}
    }
    assert_eq!(server.seen().len(), 1, "a call that is not awaited or dropped sends nothing");
    let outcome = client.create_or_get(&new).await.unwrap();
    assert!(!outcome.is_created());
    assert_eq!(outcome.id(), Some(7));
    assert_eq!(server.seen().len(), 3);
}
