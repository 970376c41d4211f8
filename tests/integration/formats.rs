//! The types are read from and written to any self-describing format of serde, and through its buffers.

use ecwid_coupons::{
    RawJson,
    types::{Coupon, CouponPage, CouponUpdate, NewCoupon},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Amounts, dates, nested objects, and unknown fields of each kind of JSON.
const COUPON: &str = r#"{"id":12314211242,"name":"10% OFF","code":"TEN","discount":12.5,"totalLimit":100,"launchDate":"2022-07-28 23:00:00 +0000",
    "status":"SCHEDULED","catalogLimit":{"products":[9223372036854775807],"categories":[],"brands":["a"]},
    "points":2.5,"tags":["a",1,true,null,{"b":{"c":-1.25}}],"nothing":null,"big":18446744073709551615}"#;

fn coupon() -> Coupon {
    serde_json::from_str(COUPON).unwrap()
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Flattened {
    tenant: String,
    #[serde(flatten)]
    coupon: Coupon,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Tagged {
    Coupon(Box<Coupon>),
    Page(CouponPage),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value")]
enum Adjacent {
    Coupon(Box<Coupon>),
    Page(CouponPage),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Number(i64),
    Coupon(Box<Coupon>),
}

/// Writes and reads a value in each format.
fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *value, "{json}");
    assert_eq!(serde_json::from_slice::<T>(json.as_bytes()).unwrap(), *value);
    assert_eq!(serde_json::from_reader::<_, T>(json.as_bytes()).unwrap(), *value);
    assert_eq!(serde_json::from_value::<T>(serde_json::to_value(value).unwrap()).unwrap(), *value);

    let yaml = serde_norway::to_string(value).unwrap();
    assert!(!yaml.contains("serde_json"), "{yaml}");
    assert_eq!(serde_norway::from_str::<T>(&yaml).unwrap(), *value, "{yaml}");
    let tree: serde_norway::Value = serde_norway::from_str(&yaml).unwrap();
    assert_eq!(serde_norway::from_value::<T>(tree).unwrap(), *value);

    let mut cbor = Vec::new();
    ciborium::into_writer(value, &mut cbor).unwrap();
    assert_eq!(ciborium::from_reader::<T, _>(cbor.as_slice()).unwrap(), *value);
    let tree: ciborium::Value = ciborium::from_reader(cbor.as_slice()).unwrap();
    assert!(!format!("{tree:?}").contains("serde_json"), "{tree:?}");
    assert_eq!(tree.deserialized::<T>().unwrap(), *value);
}

#[test]
fn a_coupon_is_read_back_from_every_format_and_buffer() {
    let coupon = coupon();
    check(&coupon);
    check(&CouponPage::default().with_total(1).with_items(vec![coupon.clone()]));
    check(&Flattened { tenant: "T".to_owned(), coupon: coupon.clone() });
    check(&Tagged::Coupon(Box::new(coupon.clone())));
    check(&Adjacent::Coupon(Box::new(coupon.clone())));
    check(&Untagged::Coupon(Box::new(coupon.clone())));
    check(&coupon.catalog_limit);
    let new = NewCoupon::percent("N", "C", 10).for_products([1]).maybe_total_limit(coupon.total_limit.clone());
    check(&new);
    check(&CouponUpdate::default().clear_discount().total_limit(5));
    for json in ["1", "-1.5", "\"1.50\"", "null", "[1,[]]", r#"{"a":{},"b":"c"}"#, "true", "\"\""] {
        check(&json.parse::<RawJson>().unwrap());
    }
}

#[test]
fn json_text_is_exact_and_other_formats_keep_the_value() {
    let exact = r#"{"discount":12.30,"totalLimit":12345678901234567890.12345678901234567890,"points":1.00,"big":123456789012345678901234567890}"#;
    let coupon: Coupon = serde_json::from_str(exact).unwrap();
    assert_eq!(serde_json::to_string(&coupon).unwrap().len(), exact.len());
    for digits in
        ["12.30", "1e3", "0.1", "-0", "1E-7", "18446744073709551616", "12345678901234567890.123456789012345678"]
    {
        let json = format!(r#"{{"discount":{digits},"points":{digits}}}"#);
        let coupon: Coupon = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string(&coupon).unwrap(), json);
        let yaml = serde_norway::to_string(&coupon).unwrap();
        assert_eq!(serde_norway::from_str::<Coupon>(&yaml).unwrap().discount, coupon.discount, "{yaml}");
        let mut cbor = Vec::new();
        ciborium::into_writer(&coupon, &mut cbor).unwrap();
        assert_eq!(ciborium::from_reader::<Coupon, _>(cbor.as_slice()).unwrap().discount, coupon.discount, "{digits}");
    }
    // A buffer of serde has the float, whose shortest digits are the same number.
    let flattened: Flattened = serde_json::from_str(r#"{"tenant":"T","discount":12.30,"points":0.10}"#).unwrap();
    assert_eq!(flattened.coupon.discount, Some("12.3".parse().unwrap()));
    // Numbers of a format with 32-bit floats, or with larger integers.
    let float = ciborium::Value::Map(vec![("discount".into(), ciborium::Value::Float(0.1_f32.into()))]);
    assert!(float.deserialized::<Coupon>().unwrap().discount.is_some());
    let wide: Coupon = serde_norway::from_str("totalLimit: 340282366920938463463374607431768211455\n").unwrap();
    assert_eq!(wide.total_limit.unwrap().to_string(), "340282366920938463463374607431768211455");
    let error = serde_norway::from_str::<Coupon>("discount: .nan\n").unwrap_err().to_string();
    assert!(error.contains("expected a finite number"), "{error}");
    let error = serde_norway::from_str::<Coupon>("discount: [1]\n").unwrap_err().to_string();
    assert!(error.contains("a list, expected a number"), "{error}");
}

#[test]
fn a_query_string_is_read() {
    let query = "code=TEN&name=10%25+OFF&discount=12.30&id=7&repeatCustomerOnly=true&status=ACTIVE&launchDate=2024-06-06T08:00:00Z&new=1";
    let coupon: Coupon = serde_urlencoded::from_str(query).unwrap();
    assert_eq!((coupon.id, coupon.discount.as_ref().unwrap().to_string()), (Some(7), "12.30".to_owned()));
    assert_eq!(coupon.extra["new"].as_str(), r#""1""#, "unknown fields are text in this format");
    let again: Coupon = serde_urlencoded::from_str(&serde_urlencoded::to_string(&coupon).unwrap()).unwrap();
    assert_eq!(again, coupon);
    let update: CouponUpdate = serde_urlencoded::from_str("discount=5&name=N").unwrap();
    assert_eq!(update, CouponUpdate::default().discount(5).name("N"));
    let error = serde_urlencoded::from_str::<Coupon>("discount=ten").unwrap_err().to_string();
    assert!(error.contains("expected a number"), "{error}");
    // JSON has numbers, so a text is none.
    assert!(serde_json::from_str::<Coupon>(r#"{"discount":"12.30"}"#).is_err());
}
