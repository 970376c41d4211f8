//! Every request and response in the vendor's documentation: the client sends the request, and the sandbox responds.

use std::{
    process::Command,
    sync::{Arc, Mutex},
};

use ecwid_coupons::{
    Client, CreateOutcome, Error,
    types::{BatchRequestItem, Coupon, CouponUpdate, NewCoupon},
};
use ecwid_coupons_sandbox::Sandbox;
use ecwid_coupons_tests::{
    pages::{self, Example},
    skipped,
};
use httpmock::MockServer;
use serde::Serialize;
use serde_json::{Value, json};

/// The number of examples that are known today. Fewer examples mean that the pages were read wrongly.
const KNOWN: usize = 11;

fn examples(test: &str) -> Vec<Example> {
    let Some(examples) = pages::examples() else {
        skipped(test, "the vendor's pages are not here; set ECWID_PAGES to their folder");
        return Vec::new();
    };
    let places: Vec<_> = examples.iter().map(Example::place).collect();
    assert!(examples.len() >= KNOWN, "of {KNOWN} examples these were found: {places:#?}");
    examples
}

fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error} in {json}"))
}

#[tokio::test]
async fn the_client_sends_what_the_pages_print() {
    for example in examples("the_client_sends_what_the_pages_print") {
        let place = example.place();
        let server = MockServer::start_async().await;
        let seen = Arc::new(Mutex::new(Vec::new()));
        // Some pages have no response. A write needs one that says what was done.
        let response = example.response.clone().unwrap_or_else(|| match example.method.as_str() {
            "POST" => r#"{"id":1}"#.to_owned(),
            "PUT" => r#"{"updateCount":1}"#.to_owned(),
            "DELETE" => r#"{"deleteCount":1}"#.to_owned(),
            _ => "{}".to_owned(),
        });
        let (record, body) = (Arc::clone(&seen), response.clone());
        server
            .mock_async(|when, then| {
                when.is_true(move |request| {
                    record.lock().unwrap().push(request.clone());
                    true
                });
                then.status(200).header("content-type", "application/json;charset=utf-8").body(body);
            })
            .await;
        let client =
            Client::builder(example.store_id(), example.token()).base_url(server.url("/api/v3")).build().unwrap();
        let read = send(&client, &example).await.unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(parse(&read), parse(&response), "{place}: the response is read and written back whole");

        // The matcher may see a request several times.
        let request = seen.lock().unwrap().first().cloned().unwrap_or_else(|| panic!("{place}: nothing was sent"));
        let uri = request.uri();
        assert_eq!(request.method_str(), example.method, "{place}");
        assert_eq!(uri.path(), example.path.replace("STOREID", "1003"), "{place}");
        let query: Vec<_> = reqwest::Url::parse(&format!("http://localhost{}", uri.path_and_query().unwrap()))
            .unwrap()
            .query_pairs()
            .into_owned()
            .collect();
        assert_eq!(query, example.query, "{place}");
        for (name, value) in &example.headers {
            let sent = request.headers();
            assert_eq!(
                sent.get(name.to_lowercase()).and_then(|value| value.to_str().ok()),
                Some(value.as_str()),
                "{place}: {name}"
            );
        }
        match &example.body {
            Some(body) => assert_eq!(parse(&request.body_string()), parse(body), "{place}"),
            None => assert_eq!(request.body_string(), "", "{place}"),
        }
    }
}

/// Sends the request of an example, and returns the response as it was read.
async fn send(client: &Client, example: &Example) -> Result<String, Error> {
    fn written<T: Serialize>(value: &T) -> String {
        serde_json::to_string(value).unwrap()
    }
    fn body<T: serde::de::DeserializeOwned>(example: &Example) -> T {
        serde_json::from_str(example.body.as_deref().unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", example.place()))
    }
    let api = client.api();
    let fields = example.parameter("responseFields");
    Ok(match (example.method.as_str(), example.path.split('/').nth(4), example.coupon()) {
        ("GET", Some("discount_coupons"), None) => {
            let mut search = client.search();
            if let Some(fields) = fields {
                search = search.response_fields(fields);
            }
            written(&search.page().await?)
        }
        // By the operations, because the client's own calls look up a number first and check the result.
        ("GET", Some("discount_coupons"), Some(coupon)) => {
            let mut request = api.get_discount_coupon().discount_coupon_id(coupon);
            if let Some(fields) = fields {
                request = request.response_fields(fields);
            }
            written(&*request.send().await?)
        }
        ("POST", Some("discount_coupons"), None) => match client.create(&body::<NewCoupon>(example)).await? {
            CreateOutcome::Created(created) => written(&created),
            other => panic!("{}: {other:?}", example.place()),
        },
        ("PUT", Some("discount_coupons"), Some(coupon)) => {
            let request = api.update_discount_coupon().discount_coupon_id(coupon);
            written(&*request.body(body::<CouponUpdate>(example)).send().await?)
        }
        ("DELETE", Some("discount_coupons"), Some(coupon)) => {
            written(&*api.delete_discount_coupon().discount_coupon_id(coupon).send().await?)
        }
        ("POST", Some("batch"), None) => {
            let parallel = example.parameter("allowParallelMode") == Some("true");
            let request =
                api.create_batch_request().allow_parallel_mode(parallel).body(body::<Vec<BatchRequestItem>>(example));
            written(&*request.send().await?)
        }
        ("GET", Some("batch"), None) => {
            written(&*api.get_batch_status().ticket(example.parameter("ticket").unwrap()).send().await?)
        }
        _ => panic!("{}: no call is known for this request", example.place()),
    })
}

#[tokio::test]
async fn the_sandbox_gives_the_responses_that_the_pages_print() {
    for example in examples("the_sandbox_gives_the_responses_that_the_pages_print") {
        let place = example.place();
        let sandbox = store_of(&example).await;
        let ticket = if example.path.ends_with("/batch") && example.method == "GET" {
            finished_batch(&sandbox).await
        } else {
            None
        };

        let path = example.path.replace("STOREID", "1003");
        let url = format!("{}{}", sandbox.base_url(), path.trim_start_matches("/api/v3"));
        let mut query = example.query.clone();
        if let (Some(ticket), Some((_, value))) = (ticket, query.iter_mut().find(|(name, _)| name == "ticket")) {
            *value = ticket;
        }
        let mut request = http_client().request(example.method.parse().unwrap(), url).query(&query);
        for (name, value) in &example.headers {
            request = request.header(name, value);
        }
        let response = request.body(example.body.clone().unwrap_or_default()).send().await.unwrap();
        assert_eq!(response.status(), 200, "{place}");
        assert_eq!(response.headers()["content-type"], "application/json;charset=utf-8", "{place}");
        let given = parse(&response.text().await.unwrap());
        let Some(printed) = example.response.as_deref().map(parse) else {
            assert!(given.is_object(), "{place}");
            continue;
        };
        if example.method == "GET" && example.path.contains("discount_coupons") {
            // The sandbox received the coupon of the example, so its response has the same values.
            assert_eq!(given, printed, "{place}");
        } else {
            assert_same_shape(&given, &printed, &place);
        }
        if let Some(code) = printed.get("code") {
            assert_eq!(given["code"], *code, "{place}");
        }
    }
}

/// Returns a sandbox with the coupons that the response of an example needs.
async fn store_of(example: &Example) -> Sandbox {
    let sandbox = Sandbox::builder().store_id(example.store_id()).token(example.token()).start().await.unwrap();
    let printed = example.response.as_deref().map(parse).unwrap_or_default();
    let coupons = match printed.get("items").and_then(Value::as_array) {
        Some(items) => items.clone(),
        None if example.coupon().is_some() => vec![printed],
        None => Vec::new(),
    };
    for (index, coupon) in coupons.iter().enumerate() {
        let mut coupon: Coupon = serde_json::from_value(coupon.clone()).unwrap();
        coupon.extra.clear();
        let in_path = example.coupon().unwrap_or_default();
        let is_code = !in_path.is_empty() && in_path.parse::<i64>().is_err();
        coupon.code.get_or_insert_with(|| if is_code { in_path.to_owned() } else { format!("CODE{index}") });
        coupon.name.get_or_insert_with(|| "A name".to_owned());
        if let (None, Ok(id)) = (coupon.id, in_path.parse()) {
            coupon.id = Some(id);
        }
        sandbox.load([coupon]).await.unwrap();
    }
    sandbox
}

async fn finished_batch(sandbox: &Sandbox) -> Option<String> {
    let client = sandbox.client().unwrap();
    let items: Vec<BatchRequestItem> = serde_json::from_value(
        json!([{"path": "/discount_coupons", "method": "GET"}, {"path": "discount_coupons", "method": "GET"}]),
    )
    .unwrap();
    let ticket = client.api().create_batch_request().body(items).send().await.unwrap().into_inner().ticket;
    loop {
        let status = client.api().get_batch_status().ticket(ticket.clone().unwrap()).send().await.unwrap().into_inner();
        if status.status == Some(ecwid_coupons::types::BatchState::Completed) {
            return ticket;
        }
        tokio::task::yield_now().await;
    }
}

fn assert_same_shape(given: &Value, printed: &Value, place: &str) {
    match (given, printed) {
        (Value::Object(given), Value::Object(printed)) => {
            assert_eq!(given.keys().collect::<Vec<_>>(), printed.keys().collect::<Vec<_>>(), "{place}");
            for (name, value) in printed {
                assert_same_shape(&given[name], value, &format!("{place}, {name}"));
            }
        }
        _ => {
            assert_eq!(std::mem::discriminant(given), std::mem::discriminant(printed), "{place}: {given} for {printed}")
        }
    }
}

#[tokio::test]
async fn curl_can_use_the_sandbox_as_the_pages_show_it() {
    let test = "curl_can_use_the_sandbox_as_the_pages_show_it";
    if Command::new("curl").arg("--version").output().is_err() {
        skipped(test, "there is no curl on this machine");
        return;
    }
    for example in examples(test).into_iter().filter(|example| example.curl.is_some()) {
        let sandbox = store_of(&example).await;
        let command = example.curl.as_deref().unwrap().replace("https://app.ecwid.com/api/v3", sandbox.base_url());
        let arguments: Vec<_> = command
            .split('\'')
            .enumerate()
            .flat_map(|(index, part)| match index % 2 {
                1 => vec![part.to_owned()],
                _ => {
                    part.split_whitespace().filter(|word| *word != "curl" && *word != "\\").map(str::to_owned).collect()
                }
            })
            .collect();
        let output = tokio::task::spawn_blocking(move || {
            Command::new("curl").args(["--silent", "--noproxy", "*"]).args(arguments).output()
        });
        let output = output.await.unwrap().unwrap();
        let given = parse(&String::from_utf8(output.stdout).unwrap());
        assert_eq!(given, parse(example.response.as_deref().unwrap()), "{}", example.place());
    }
}

/// A client without headers of its own.
fn http_client() -> reqwest::Client {
    super::plain_http::http_client()
}
