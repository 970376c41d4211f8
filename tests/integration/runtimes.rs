//! One client in several runtimes, and a client without a runtime.

use std::time::Duration;

use ecwid_coupons::{Blocking, Client, Error, ErrorKind, types::NewCoupon};
use ecwid_coupons_sandbox::Sandbox;
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Returns a client whose requests fail if nothing handles their connection.
fn client(sandbox: &Sandbox) -> Client {
    Client::builder(1003, sandbox.token())
        .base_url(sandbox.base_url())
        .timeout(Duration::from_secs(10))
        .max_attempts(1)
        .build()
        .unwrap()
}

#[test]
fn a_client_works_in_runtimes_that_run_in_turn() {
    let sandbox = Sandbox::spawn().unwrap();
    let client = client(&sandbox);
    // More than are remembered.
    let runtimes: Vec<_> = (0..20).map(|_| runtime()).collect();
    for runtime in runtimes.iter().chain(&runtimes) {
        assert_eq!(runtime.block_on(client.search().count()).unwrap(), 0);
    }
    drop(runtimes);
    assert_eq!(runtime().block_on(client.search().count()).unwrap(), 0);
}

#[test]
fn the_callers_http_client_has_the_connections_of_all_runtimes() {
    let sandbox = Sandbox::spawn().unwrap();
    let mut builder = Client::builder(1003, sandbox.token()).base_url(sandbox.base_url());
    let http_client = builder.http_client_builder().unwrap().build().unwrap();
    let client = builder.http_client(http_client).timeout(Duration::from_millis(200)).max_attempts(1).build().unwrap();
    let (first, second) = (runtime(), runtime());
    assert_eq!(first.block_on(client.search().count()).unwrap(), 0);
    // Nothing runs the first runtime, so its connection is not used.
    assert_eq!(second.block_on(client.search().count()).unwrap_err().kind(), ErrorKind::Timeout);
}

#[test]
fn a_program_without_async_code_makes_calls() {
    let sandbox = Sandbox::spawn().unwrap();
    let client = client(&sandbox);
    let blocking = client.blocking().unwrap();
    blocking.run(client.create(&NewCoupon::new("Name", "CODE"))).unwrap();
    assert_eq!(blocking.run(client.get("CODE")).unwrap().code.as_deref(), Some("CODE"));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(blocking.run(client.search().count()).unwrap(), 1));
        }
    });
    assert!(blocking.run(client.get("OTHER")).unwrap_err().is_coupon_not_found());
}

#[test]
fn a_blocking_call_in_an_async_function_is_an_error() {
    let sandbox = Sandbox::spawn().unwrap();
    let client = client(&sandbox);
    let blocking = client.blocking().unwrap();
    for runtime in [runtime(), Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()] {
        runtime.block_on(async {
            let error: Error = blocking.run(client.search().count()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.to_string().contains("was called in an async runtime; hint: await the call"), "{error}");
            // Another one can be created and dropped there.
            let _: Blocking = client.blocking().unwrap();
            assert_eq!(client.search().count().await.unwrap(), 0);
        });
    }
    assert!(sandbox.received_requests().iter().all(|request| request.status == 200));
    assert_eq!(sandbox.received_requests().len(), 2);
}

/// A sandbox on a thread of its own serves tests that each have a runtime.
mod shared_sandbox {
    use std::sync::LazyLock;

    use ecwid_coupons::types::{Coupon, NewCoupon};
    use ecwid_coupons_sandbox::{
        Sandbox, Token,
        checkout::{Order, OrderItem},
    };

    static SANDBOX: LazyLock<Sandbox> = LazyLock::new(|| {
        let stores = (2001..2004).map(|store_id| Token::new(store_id, format!("secret_{store_id}")));
        stores.fold(Sandbox::builder(), ecwid_coupons_sandbox::SandboxBuilder::add_token).spawn().unwrap()
    });

    async fn check(token: &str, code: &str) {
        let coupons = SANDBOX.client_with(token).unwrap();
        coupons.create(&NewCoupon::new("Name", code)).await.unwrap();
        assert_eq!(coupons.search().count().await.unwrap(), 1);
    }

    #[tokio::test]
    async fn first_test() {
        check("secret_2001", "FIRST").await;
    }

    #[tokio::test]
    async fn second_test() {
        check("secret_2002", "SECOND").await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn third_test() {
        check("secret_2003", "THIRD").await;
        let coupon: Coupon = serde_json::from_str(r#"{"name": "Name", "code": "LOADED"}"#).unwrap();
        SANDBOX.load_into(2003, [coupon]).await.unwrap();
        let mut dump = Vec::new();
        SANDBOX.dump(&mut dump).await.unwrap();
        assert!(String::from_utf8(dump).unwrap().contains("LOADED"));
        assert_eq!(SANDBOX.place_order(Order::new([OrderItem::new(1, 25)])).await.unwrap().total, 25.into());
    }

    #[test]
    fn a_sandbox_of_its_own_thread_stops() {
        let sandbox = Sandbox::spawn().unwrap();
        let address = sandbox.base_url().trim_start_matches("http://").trim_end_matches("/api/v3").to_owned();
        assert!(std::net::TcpStream::connect(&address).is_ok());
        super::runtime().block_on(sandbox.stop());
        assert!(std::net::TcpStream::connect(&address).is_err());
        assert!(Sandbox::builder().token("").spawn().is_err());
    }
}
