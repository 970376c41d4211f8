//! Properties of random values.

use ecwid_coupons::{
    Client, Decimal, EcwidDateTime, ResponseFields,
    types::{ApiError, BatchStatus, Coupon, CouponPage, CouponUpdate, NewCoupon},
};
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer};
use proptest::{collection, option, prelude::*, test_runner::TestRunner};
use serde_json::{Map, Value, json};

/// Any JSON, and more often JSON that a store could send: names of fields with values of any type.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}".prop_map(Value::from),
        prop_oneof![Just("ACTIVE"), Just("SCHEDULED"), Just("PERCENT"), Just("")].prop_map(Value::from),
    ];
    let fields = || prop_oneof![any_field(), "[a-zA-Z_$ ]{0,8}"];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            collection::vec((fields(), inner), 0..20).prop_map(|entries| Value::from(Map::from_iter(entries))),
        ]
    })
}

/// The name of a field of an object of the API.
fn any_field() -> impl Strategy<Value = String> {
    let names = Coupon::FIELDS.iter().chain(CouponPage::FIELDS).chain(BatchStatus::FIELDS).chain(ApiError::FIELDS);
    let names: Vec<String> = names.map(|field| field.name.to_owned()).chain(["products".to_owned()]).collect();
    prop::sample::select(names)
}

prop_compose! {
    /// A coupon that a store could send.
    fn any_coupon()(
        id in option::of(any::<i64>()),
        text in option::of(".*"),
        code in option::of("[^/]{1,40}"),
        status in option::of("[A-Z_]{0,12}"),
        amount in option::of("-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?"),
        date in option::of("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}"),
        products in option::of(collection::vec(any::<i64>(), 0..5)),
        methods in option::of(collection::vec(".{0,9}", 0..5)),
        extra in collection::btree_map("[a-z]{3,9}New", any_json(), 0..3),
    ) -> String {
        // As text, because no other form keeps numbers with many digits.
        let mut fields = Vec::new();
        let mut field = |name: &str, value: Option<String>| fields.extend(value.map(|value| format!("{}:{value}", json!(name))));
        field("id", id.map(|it| it.to_string()));
        field("name", text.map(|it| json!(it).to_string()));
        field("code", code.map(|it| json!(it).to_string()));
        field("status", status.map(|it| json!(it).to_string()));
        field("discount", amount);
        field("launchDate", date.map(|it| json!(it).to_string()));
        field("catalogLimit", products.map(|it| json!({ "products": it, "soon": [1.50] }).to_string()));
        field("shippingLimit", methods.map(|it| json!({ "shippingMethods": it }).to_string()));
        for (name, value) in extra {
            field(&name, Some(value.to_string()));
        }
        format!("{{{}}}", fields.join(","))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_read_or_refused(json in any_json()) {
        fn read<T: serde::de::DeserializeOwned + serde::Serialize + PartialEq + std::fmt::Debug>(text: &str) {
            let Ok(value) = serde_json::from_str::<T>(text) else { return };
            // A value that was read is written and read again as the same value.
            let written = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<T>(&written).unwrap(), value);
            let _ = format!("{value:?}");
        }
        let text = json.to_string();
        read::<Coupon>(&text);
        read::<CouponPage>(&text);
        read::<NewCoupon>(&text);
        read::<CouponUpdate>(&text);
        read::<BatchStatus>(&text);
        read::<ApiError>(&text);
    }

    #[test]
    fn a_coupon_is_written_back_as_it_came(text in any_coupon()) {
        let coupon: Coupon = serde_json::from_str(&text).unwrap();
        let written = serde_json::to_string(&coupon).unwrap();
        prop_assert_eq!(serde_json::from_str::<Coupon>(&written).unwrap(), coupon);
        // Compares the text of each field, so that no digit is lost.
        let raw = |text: &str| {
            serde_json::from_str::<std::collections::BTreeMap<String, Box<serde_json::value::RawValue>>>(text)
                .unwrap().into_iter().map(|(name, value)| (name, value.get().to_owned())).collect::<Vec<_>>()
        };
        let (came, left) = (raw(&text), raw(&written));
        for ((name, came), (other, left)) in came.iter().zip(&left) {
            prop_assert_eq!(name, other);
            let same = came == left || serde_json::from_str::<Value>(came).unwrap() == serde_json::from_str::<Value>(left).unwrap();
            prop_assert!(same && (name != "discount" || came == left), "{}: {} became {}", name, came, left);
        }
        prop_assert_eq!(came.len(), left.len());
    }

    #[test]
    fn dates_decimals_and_fields_are_read_or_refused(text in ".{0,40}") {
        let _ = text.parse::<Decimal>().map(|it| it.to_string());
        let _ = text.parse::<EcwidDateTime>().map(|it| it.to_string());
        if let Ok(fields) = text.parse::<ResponseFields>() {
            prop_assert_eq!(fields.to_string().parse::<ResponseFields>().unwrap().to_string(), fields.to_string());
        }
    }
}

#[test]
fn any_code_is_one_path_segment() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = runtime.block_on(ScriptedServer::start(Vec::new(), |_| Act::response(200, "{}"))).unwrap();
    let client =
        Client::builder(1003, "secret").base_url(server.base_url()).requests_per_minute(u32::MAX).build().unwrap();
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() });
    let tried = runner.run(&".{0,140}", |code| {
        let before = server.seen().len();
        // By the operation, because `Client::get` searches for a code of digits.
        let response = runtime.block_on(client.api().get_discount_coupon().discount_coupon_id(code.as_str()).send());
        let sent = server.seen();
        if response.is_err() {
            prop_assert_eq!(sent.len(), before, "{:?} was refused and sent", code);
            return Ok(());
        }
        let target = sent.last().map(|request| request.target.clone()).unwrap_or_default();
        let segment = target.strip_prefix("/api/v3/1003/discount_coupons/");
        let segment = segment.filter(|segment| !segment.is_empty() && !segment.contains(['/', '?', '#', ' ']));
        // The store decodes a segment like a query string.
        let read = segment.and_then(|segment| {
            let url = reqwest::Url::parse(&format!("http://localhost/?code={segment}")).ok()?;
            let pairs: Vec<_> = url.query_pairs().into_owned().collect();
            (pairs.len() == 1).then(|| pairs[0].1.clone())
        });
        prop_assert_eq!(read, Some(code), "{}", target);
        Ok(())
    });
    tried.unwrap();
    assert!(server.seen().len() > 200, "{} codes were sent", server.seen().len());
}
