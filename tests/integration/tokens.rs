//! Tokens that change while the program runs.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use ecwid_coupons::{Client, ClientBuilder, Error, ErrorKind, types::NewCoupon};
use ecwid_coupons_sandbox::{Sandbox, Token};
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer};

/// The tokens of a store that accepts one at a time.
#[derive(Clone)]
struct Vault {
    current: Arc<Mutex<String>>,
    asked: Arc<AtomicU32>,
}

impl Vault {
    fn new(token: &str) -> Self {
        Self { current: Arc::new(Mutex::new(token.to_owned())), asked: Arc::default() }
    }

    fn token(&self) -> String {
        self.current.lock().unwrap().clone()
    }

    fn rotate(&self, token: &str) {
        *self.current.lock().unwrap() = token.to_owned();
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }

    /// Starts a store that accepts the current token only.
    async fn store(&self) -> ScriptedServer {
        let vault = self.clone();
        let respond = move |seen: &ecwid_coupons_tests::scripted_server::Seen| {
            let expected = format!("Bearer {}", vault.token());
            if seen.header("authorization") != Some(&expected) {
                return refused("INVALID_API_TOKEN");
            }
            match seen.method.as_str() {
                "POST" => Act::response(200, r#"{"id": 1, "code": "CODE"}"#),
                _ => Act::response(200, r#"{"total": 0, "count": 0, "offset": 0, "limit": 100, "items": []}"#),
            }
        };
        ScriptedServer::start(Vec::new(), respond).await.unwrap()
    }

    fn client(&self, first: &str, base_url: &str) -> ClientBuilder {
        let vault = self.clone();
        Client::builder(1003, first).base_url(base_url).max_attempts(1).token_provider(move || {
            let vault = vault.clone();
            async move {
                vault.asked.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                Ok::<_, Error>(vault.token())
            }
        })
    }
}

fn refused(code: &str) -> Act {
    Act::response(403, &format!(r#"{{"errorMessage": "no", "errorCode": "{code}"}}"#))
}

#[tokio::test]
async fn the_provider_is_asked_before_the_first_request_and_then_kept() {
    let vault = Vault::new("secret_first");
    let store = vault.store().await;
    let client = vault.client("", store.base_url()).build().unwrap();
    assert_eq!(vault.asked(), 0);
    let calls = (0..8).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.search().count().await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().unwrap(), 0);
    }
    assert_eq!((vault.asked(), store.seen().len()), (1, 8));

    let given = vault.client("secret_first", store.base_url()).build().unwrap();
    given.search().count().await.unwrap();
    assert_eq!(vault.asked(), 1, "the given token is used first");
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let vault = Vault::new("secret_first");
    let store = vault.store().await;
    let client = vault.client("secret_first", store.base_url()).build().unwrap();
    client.search().count().await.unwrap();
    vault.rotate("secret_second");
    // A create is sent again too, because the store did nothing.
    let created = client.create(&NewCoupon::new("Name", "CODE")).await.unwrap();
    assert_eq!(created.id(), Some(1));
    assert_eq!(vault.asked(), 1);
    let methods: Vec<_> = store.seen().iter().map(|seen| seen.method.clone()).collect();
    assert_eq!(methods, ["GET", "POST", "POST"]);

    // During a run of concurrent calls.
    for (round, token) in ["secret_third", "secret_fourth"].into_iter().enumerate() {
        let calls = (0..16).map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.search().count().await })
        });
        let calls: Vec<_> = calls.collect();
        vault.rotate(token);
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap(), 0);
        }
        client.search().count().await.unwrap();
        assert_eq!(vault.asked(), 2 + u32::try_from(round).unwrap());
    }
}

#[tokio::test]
async fn an_error_that_another_token_cannot_solve_is_returned() {
    // The same token again.
    let vault = Vault::new("secret_right");
    let store = vault.store().await;
    let wrong = Vault::new("secret_wrong");
    let error = wrong.client("", store.base_url()).build().unwrap().search().count().await.unwrap_err();
    assert_eq!((error.status(), error.code(), error.attempts()), (Some(403), Some("INVALID_API_TOKEN"), 1));
    assert_eq!((wrong.asked(), store.seen().len()), (2, 1));

    // Another one that is wrong too.
    let error = wrong.client("secret_other", store.base_url()).build().unwrap().search().count().await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(403), 2));
    assert_eq!((wrong.asked(), store.seen().len()), (3, 3));

    // A missing scope.
    let store = ScriptedServer::start(Vec::new(), |_| refused("INSUFFICIENT_APP_SCOPE")).await.unwrap();
    let error = wrong.client("secret_other", store.base_url()).build().unwrap().search().count().await.unwrap_err();
    assert_eq!((error.code(), wrong.asked()), (Some("INSUFFICIENT_APP_SCOPE"), 3));
}

#[tokio::test]
async fn a_provider_that_fails_is_named_and_asked_again() {
    let sandbox = Sandbox::start().await.unwrap();
    let answers = Arc::new(Mutex::new(vec![
        Ok("secret_sandbox"),
        Ok(""),
        Ok("secret_sandbox\n"),
        Err("the vault has no 0dd-t0ken and no secret_sandbox"),
    ]));
    let provide = move || {
        let answer = answers.lock().unwrap().pop().unwrap();
        async move { answer.map(str::to_owned) }
    };
    let client = Client::builder(1003, "").token_provider(provide).base_url(sandbox.base_url()).build().unwrap();
    let mut expected =
        ["the token provider failed: the vault has no", "it has a space, a line break", "is empty"].iter();
    for text in &mut expected {
        let error = client.search().count().await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(error.kind() == ErrorKind::Configuration && shown.contains(text), "{shown}");
        assert!(!shown.contains("secret_sandbox") && !error.may_have_taken_effect(), "{shown}");
        assert_eq!(error.attempts(), 0);
    }
    assert_eq!(sandbox.received_requests().len(), 0);
    assert_eq!(client.search().count().await.unwrap(), 0);

    // A create that was refused did nothing, whatever the provider says then.
    let client = Client::builder(1003, "secret_old").base_url(sandbox.base_url());
    let client = client.token_provider(async || Err::<String, _>("0dd: secret_old is gone")).build().unwrap();
    let error = client.create(&NewCoupon::new("Name", "CODE")).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Configuration, 1));
    assert!(!error.may_have_taken_effect() && !error.to_string().contains("secret_old"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_provider_has_until_the_deadline() {
    let client = |token: &str| {
        let builder =
            Client::builder(1003, token).base_url("http://127.0.0.1:1/api/v3").deadline(Duration::from_secs(5));
        builder.token_provider(async || std::future::pending::<Result<String, Error>>().await)
    };
    let client_without_token = client("").build().unwrap();
    let error = client_without_token.create(&NewCoupon::new("Name", "CODE")).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.may_have_taken_effect()), (ErrorKind::Timeout, 0, false));
    assert!(error.to_string().contains("the token provider did not respond within the 5 s deadline"), "{error}");

    // The response of the store says more than that.
    let client =
        client("secret_old").respond_with(|_| ecwid_coupons::test_util::error_response(403, "INVALID_API_TOKEN", "no"));
    let error = client.build().unwrap().search().count().await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(403), 1));
}

#[tokio::test]
async fn a_dropped_call_does_not_keep_others_from_asking() {
    let sandbox = Sandbox::start().await.unwrap();
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let provide = move || {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            if first {
                std::future::pending::<()>().await;
            }
            Ok::<_, Error>("secret_sandbox".to_owned())
        }
    };
    let client = Client::builder(1003, "").token_provider(provide).base_url(sandbox.base_url()).build().unwrap();
    let dropped = tokio::spawn({
        let client = client.clone();
        async move { client.search().count().await }
    });
    while asked.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    dropped.abort();
    assert_eq!(client.search().count().await.unwrap(), 0);
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn no_token_that_was_used_is_in_an_error() {
    // Without Ecwid's prefix, so that the pattern does not match them.
    let (first, second) = ("0ld-t0ken-of-mine", "n3w-t0ken-of-mine");
    let echo = Act::response(403, &format!(r#"{{"errorMessage": "neither {first} nor {second}"}}"#));
    let store = ScriptedServer::start(Vec::new(), move |_| echo.clone()).await.unwrap();
    let vault = Vault::new(second);
    let client = vault.client(first, store.base_url()).build().unwrap();
    let rotated = client.with_token(second).unwrap();
    let error = client.get("CODE").await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(403), 2));
    let shown = format!("{error} {error:?} {:?} {client:?} {rotated:?}", error.api_error());
    assert!(!shown.contains(first) && !shown.contains(second) && shown.contains("neither … nor …"), "{shown}");
    let error = rotated.get("CODE").await.unwrap_err();
    assert!(!error.to_string().contains(second), "{error}");
    let seen: Vec<_> = store.seen().iter().map(|seen| seen.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(seen, [format!("Bearer {first}"), format!("Bearer {second}"), format!("Bearer {second}")]);
    let error = client.with_token("secret_a b").unwrap_err();
    assert!(error.kind() == ErrorKind::Configuration && !error.to_string().contains("secret_a"), "{error}");
    assert!(client.with_token("").is_err());
}

#[tokio::test]
async fn a_client_with_another_token_has_the_limit_of_that_token() {
    let sandbox = Sandbox::builder().add_token(Token::new(1003, "secret_other")).start().await.unwrap();
    let client = Client::builder(1003, sandbox.token()).base_url(sandbox.base_url()).requests_per_minute(1);
    let client = client.deadline(Duration::from_secs(5)).build().unwrap();
    client.search().count().await.unwrap();
    let other = client.with_token("secret_other").unwrap();
    other.search().count().await.unwrap();
    for used_up in [&client, &client.with_token(sandbox.token()).unwrap(), &other.clone()] {
        let error = used_up.search().count().await.unwrap_err();
        assert!(error.is_rate_limited() && error.attempts() == 0, "{error}");
    }
    assert_eq!(sandbox.received_requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_refused_after_another_failure_is_replaced() {
    let acts = vec![Act::response(503, ""), refused("INVALID_API_TOKEN")];
    let coupon = r#"{"id": 7, "code": "CODE"}"#;
    let server = ScriptedServer::start(acts, move |_| Act::response(200, coupon)).await.unwrap();
    let vault = Vault::new("secret_next");
    let client = vault.client("secret_first", server.base_url()).max_attempts(2).build().unwrap();
    assert_eq!(client.get("CODE").await.unwrap().id, Some(7));
    assert_eq!((vault.asked(), server.seen().len()), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn a_call_does_not_wait_for_another_that_nobody_polls() {
    let vault = Vault::new("secret_first");
    let store = vault.store().await;
    let provide = || async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok::<_, Error>("secret_first".to_owned())
    };
    let client = Client::builder(1003, "").base_url(store.base_url()).token_provider(provide).build().unwrap();
    // It asks for the token, and is not polled any more.
    let mut unpolled = client.search().count().into_future();
    assert!(tokio::time::timeout(Duration::from_millis(1), &mut unpolled).await.is_err());
    assert_eq!(client.search().count().await.unwrap(), 0);
    assert_eq!(unpolled.await.unwrap(), 0);
}
