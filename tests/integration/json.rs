//! JSON of requests and responses: values that are read are written back without loss, including digits and unknown
//! fields.

use ecwid_coupons::{
    DayBound, Decimal, EcwidDateTime, Patch, RawJson,
    chrono::{FixedOffset, TimeZone as _},
    types::{
        ApiError, BatchRequestItem, BatchStatus, BatchTicket, Coupon, CouponPage, CouponStatus, CouponUpdate,
        CreatedCoupon, DeleteResult, NewCoupon, UpdateResult,
    },
};
use ecwid_coupons_tests::{pages, skipped};
use serde::{Deserialize as _, Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

/// Reads JSON as a type, writes it back, and compares all values, with the digits of numbers.
fn round_trip<T: DeserializeOwned + Serialize>(json: &str) {
    let value: T = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error} in {json}"));
    let written = serde_json::to_string(&value).unwrap();
    assert_eq!(flat(&written), flat(json), "as {}", std::any::type_name::<T>());
}

/// Returns every value of a JSON text with its path, as text.
fn flat(json: &str) -> Vec<(String, String)> {
    fn walk(path: &str, json: &RawValue, found: &mut Vec<(String, String)>) {
        use std::collections::BTreeMap;

        if let Ok(members) = serde_json::from_str::<BTreeMap<String, &RawValue>>(json.get()) {
            found.push((path.to_owned(), "{}".to_owned()));
            members.iter().for_each(|(name, member)| walk(&format!("{path}/{name}"), member, found));
        } else if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(json.get()) {
            found.push((path.to_owned(), format!("[{}]", items.len())));
            items.iter().enumerate().for_each(|(index, item)| walk(&format!("{path}/{index}"), item, found));
        } else {
            found.push((path.to_owned(), json.get().to_owned()));
        }
    }
    let mut found = Vec::new();
    walk("", serde_json::from_str(json).unwrap(), &mut found);
    found
}

#[test]
fn documented_bodies_are_read_and_written_back_whole() {
    let Some(examples) = pages::examples() else {
        return skipped("documented_bodies_are_read_and_written_back_whole", "the vendor's pages are not here");
    };
    let (mut bodies, mut with_numbers) = (0, 0);
    for example in examples {
        let (method, is_batch) = (example.method.as_str(), example.path.ends_with("/batch"));
        if let Some(body) = &example.body {
            bodies += 1;
            match (method, is_batch) {
                ("POST", true) => round_trip::<Vec<BatchRequestItem>>(body),
                ("POST", false) => round_trip::<NewCoupon>(body),
                ("PUT", false) => round_trip::<CouponUpdate>(body),
                _ => panic!("{}: no type is known for this body", example.place()),
            }
        }
        if let Some(response) = &example.response {
            bodies += 1;
            match (method, is_batch, example.coupon()) {
                ("GET", true, _) => round_trip::<BatchStatus>(response),
                ("POST", true, _) => round_trip::<BatchTicket>(response),
                ("GET", false, Some(_)) => round_trip::<Coupon>(response),
                ("GET", false, None) => round_trip::<CouponPage>(response),
                ("POST", false, _) => round_trip::<CreatedCoupon>(response),
                ("PUT", false, _) => round_trip::<UpdateResult>(response),
                _ => panic!("{}: no type is known for this response", example.place()),
            }
            // The documented responses with other digits.
            if response.contains("\"discount\": 10") {
                with_numbers += 1;
                for digits in
                    ["10.5", "10.00", "0.10", "12345678901234567.89", "1e2", "123456789012345678901234567890.5"]
                {
                    let changed = response.replace("\"discount\": 10", &format!("\"discount\": {digits}"));
                    assert!(changed.contains(digits));
                    if example.coupon().is_some() {
                        round_trip::<Coupon>(&changed)
                    } else {
                        round_trip::<CouponPage>(&changed)
                    }
                }
            }
        }
    }
    assert!(with_numbers >= 3, "only {with_numbers} responses have a discount");
    assert!(bodies >= 14, "only {bodies} bodies were found");
}

/// Every field of the document once, in JSON of this project.
const EVERY_FIELD: &str = include_str!("../fixtures/coupon.json");

#[test]
fn every_field_is_read_and_written_back() {
    round_trip::<Coupon>(EVERY_FIELD);
    let coupon: Coupon = serde_json::from_str(EVERY_FIELD).unwrap();
    assert!(coupon.extra.is_empty(), "the document has no field {:?}", coupon.extra);
    let in_json = serde_json::from_str::<std::collections::BTreeMap<String, Value>>(EVERY_FIELD).unwrap();
    let in_json: Vec<_> = in_json.into_keys().collect();
    let mut fields: Vec<_> = Coupon::FIELDS.iter().map(|field| field.name).collect();
    fields.sort_unstable();
    assert_eq!(fields, in_json, "fixtures/coupon.json has every field of the document");

    round_trip::<CouponPage>(&format!(r#"{{"total":1,"count":1,"offset":0,"limit":100,"items":[{EVERY_FIELD}]}}"#));
    round_trip::<NewCoupon>(
        r#"{"name":"N","code":"C","discount":0,"catalogLimit":{"products":[],"categories":[0]},"shippingLimit":{"shippingMethods":[]}}"#,
    );
    round_trip::<CouponUpdate>(r#"{"name":"N","discount":null,"launchDate":null,"catalogLimit":null,"orderCount":0}"#);
    round_trip::<DeleteResult>(r#"{"deleteCount":0}"#);
    round_trip::<ApiError>(r#"{"errorMessage":"m","errorCode":"C","args":{"a":"b"}}"#);
    round_trip::<BatchStatus>(
        r#"{"status":"IN_PROGRESS","totalRequests":2,"completedRequests":1,"responses":[{"id":"1","status":"FAILED","httpBody":{"x":1.50},"escapedHttpBody":"{}","httpStatusCode":409,"httpStatusLine":"Conflict"}]}"#,
    );
}

#[test]
fn numbers_keep_their_digits() {
    for digits in [
        "10",
        "10.5",
        "10.00",
        "0",
        "-1.50",
        "0.1000000000000000055",
        "79228162514264337593543950335",
        "1e3",
        "1E-7",
        "0.00",
        "1234567890123456789012345678901234567890.12345",
    ] {
        round_trip::<Coupon>(&format!(r#"{{"discount":{digits},"totalLimit":{digits}}}"#));
        round_trip::<Coupon>(&format!(
            r#"{{"unheardOf":{{"deep":[{digits}]}},"catalogLimit":{{"unheardOf":{digits}}}}}"#
        ));
    }
    let exact = |text: &str| text.parse::<Decimal>().unwrap();
    assert_eq!(exact("10"), exact("10.00"));
    assert_eq!(exact("1e3"), exact("1000"));
    assert_ne!(exact("0.1000000000000000055"), exact("0.1"));
    // A number that no Rust decimal can hold is kept as text and never rounded.
    assert_eq!(exact("12345678901234567890123456789012").value(), None);
    assert_eq!(exact("79228162514264337593543950335.5").value(), None);
    for text in ["", "ten", "1,5", "0x10", "NaN", "\"10\"", "1 2", "--1"] {
        assert!(text.parse::<Decimal>().unwrap_err().to_string().contains("such as `10` or `10.50`"), "{text}");
    }
    let error = serde_json::from_str::<Coupon>(r#"{"discount":"10"}"#).unwrap_err();
    assert!(error.to_string().contains("a string, expected a number"), "{error}");
    // Ids have more than 32 bits.
    round_trip::<Coupon>(r#"{"id":12314211242,"catalogLimit":{"products":[9223372036854775807],"categories":[]}}"#);
}

#[test]
fn unknown_values_are_kept() {
    let json = r#"{"status":"SCHEDULED","usesLimit":"","maxUses":5,"rules":[{"if":10.00}],"launchDate":"soon","expirationDate":"2024-06-06 08:00:00 +0400"}"#;
    round_trip::<Coupon>(json);
    let coupon: Coupon = serde_json::from_str(json).unwrap();
    assert_eq!(coupon.status, Some(CouponStatus::Unknown("SCHEDULED".to_owned())));
    assert_eq!(coupon.launch_date.as_ref().and_then(EcwidDateTime::to_utc), None);
    assert_eq!(coupon.extra.get("maxUses").unwrap().deserialize::<i64>().unwrap(), 5);
    // A field that has become known is written once.
    let mut coupon = Coupon::default().with_name("A");
    coupon.extra.insert("name".to_owned(), "\"B\"".parse().unwrap());
    assert_eq!(serde_json::to_string(&coupon).unwrap(), r#"{"name":"A"}"#);
    // Null in place of a value means absent.
    let coupon: Coupon =
        serde_json::from_str(r#"{"id":null,"status":null,"catalogLimit":null,"discount":null}"#).unwrap();
    assert_eq!(coupon, Coupon::default());
}

#[test]
fn every_source_of_json_gives_the_same() {
    for json in [
        EVERY_FIELD,
        // Escapes in names, texts, enums and dates, where text cannot be borrowed.
        r#"{"n\u0061me":"\u0041\n","status":"ACT\u0049VE","usesLimit":"\u0053OON","launchDate":"2022-07-28\u002023:00:00 +0000","\u006eew":[1.50]}"#,
        r#"{"discount":10.5,"totalLimit": 7 ,"catalogLimit":{"products":[1],"soon":1.5},"launchDate":"some day"}"#,
    ] {
        let coupon: Coupon = serde_json::from_str(json).unwrap();
        assert_ne!(coupon, Coupon::default());
        assert_eq!(serde_json::from_slice::<Coupon>(json.as_bytes()).unwrap(), coupon, "a slice");
        assert_eq!(serde_json::from_reader::<_, Coupon>(json.as_bytes()).unwrap(), coupon, "a reader");
        let raw: &RawValue = serde_json::from_str(json).unwrap();
        assert_eq!(Coupon::deserialize(raw).unwrap(), coupon, "a part of another text");
        let mut deserializer = serde_json::Deserializer::from_str(json);
        assert_eq!(serde_path_to_error::deserialize::<_, Coupon>(&mut deserializer).unwrap(), coupon, "with paths");
        // A `Value` has its own form of numbers and no whitespace, so its own text is compared.
        let value: Value = serde_json::from_str(json).unwrap();
        let of_value: Coupon = serde_json::from_str(&value.to_string()).unwrap();
        assert_eq!(Coupon::deserialize(&value).unwrap(), of_value, "a value that is lent");
        assert_eq!(serde_json::from_value::<Coupon>(value).unwrap(), of_value, "a value");
    }
    for (json, problem) in [(r#"{"discount":"10"}"#, "a string, expected a number"), (r#"{"discount":[1]}"#, "a list")]
    {
        let value: Value = serde_json::from_str(json).unwrap();
        for error in [
            serde_json::from_str::<Coupon>(json).unwrap_err(),
            serde_json::from_reader::<_, Coupon>(json.as_bytes()).unwrap_err(),
            serde_json::from_value::<Coupon>(value).unwrap_err(),
        ] {
            assert!(error.to_string().contains(problem), "{error}");
        }
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let error = serde_path_to_error::deserialize::<_, Coupon>(&mut deserializer).unwrap_err();
        assert_eq!(error.path().to_string(), "discount", "{error}");
    }
}

#[test]
fn json_that_is_kept_as_text_has_no_whitespace_between_its_parts() {
    for (came, compact) in [
        ("{\n  \"points\" : 2.50,\r\n\t\"tags\": [ 1, 2 ]\r}", r#"{"points":2.50,"tags":[1,2]}"#),
        // Strings are kept as they are, with escaped quotes and Unicode line separators.
        ("[ \"a  b\\\\\" , \"\\\" \\n \u{2028}\" ]", "[\"a  b\\\\\",\"\\\" \\n \u{2028}\"]"),
        ("[\n\"\\ud800 \"\n]", "[\"\\ud800 \"]"),
        ("{ \"a\" : 1 , \"a\" : 2 }", r#"{"a":1,"a":2}"#),
        (
            "[ 123456789012345678901234567890.1234567890 , 1E+400, -0 ]",
            "[123456789012345678901234567890.1234567890,1E+400,-0]",
        ),
        ("\r\n null \r\n", "null"),
        ("{\r}", "{}"),
        ("\"a b\"", "\"a b\""),
    ] {
        let coupon: Coupon = serde_json::from_str(&format!("{{\"id\":1,\"new\":{came}}}")).unwrap();
        assert_eq!(coupon.extra.get("new").unwrap().as_str(), compact);
        assert_eq!(serde_json::to_string(&coupon).unwrap(), format!(r#"{{"id":1,"new":{compact}}}"#));
        assert_eq!(came.parse::<RawJson>().unwrap().as_str(), compact);
        let raw = RawValue::from_string(came.trim().to_owned()).unwrap();
        assert_eq!(RawJson::from_value(&raw).unwrap().as_str(), compact);
    }
    // At any depth.
    let deep = format!("{}{}", "[ ".repeat(60_000), "]\n".repeat(60_000));
    let coupon: Coupon = serde_json::from_str(&format!("{{\"new\":{deep}}}")).unwrap();
    assert_eq!(coupon.extra.get("new").unwrap().as_str().len(), 120_000);
}

#[test]
fn unknown_fields_are_written_once_in_order() {
    let mut coupon: Coupon = serde_json::from_str(r#"{"b":1,"c":2,"a":3,"b":4,"c":5,"b":6}"#).unwrap();
    let shown = |coupon: &Coupon| coupon.extra.iter().map(|(name, json)| format!("{name}={json}")).collect::<Vec<_>>();
    assert_eq!(shown(&coupon), ["a=3", "b=6", "c=5"], "the last of a name counts");
    coupon.extra.insert("b".to_owned(), "7".parse().unwrap());
    coupon.extra.insert("aa".to_owned(), "8".parse().unwrap());
    assert_eq!(shown(&coupon), ["a=3", "aa=8", "b=7", "c=5"]);
    let names: Vec<_> = coupon.extra.keys().cloned().collect();
    assert_eq!((names.join(" "), coupon.extra.len()), ("a aa b c".to_owned(), 4));
    assert_eq!((coupon.extra.get("aa").unwrap().as_str(), coupon.extra.get("d")), ("8", None));
    assert_eq!(serde_json::to_string(&coupon).unwrap(), r#"{"a":3,"aa":8,"b":7,"c":5}"#);
    // An empty map equals one that was emptied.
    coupon.extra.clear();
    assert!(coupon.extra.is_empty() && coupon == Coupon::default());

    // The largest number of fields in a hostile response is read without delay.
    let many: Vec<_> = (0..200_000).rev().map(|number| format!(r#""f{number}":0"#)).collect();
    let coupon: Coupon = serde_json::from_str(&format!("{{{}}}", many.join(","))).unwrap();
    assert_eq!(coupon.extra.len(), many.len());
}

#[test]
fn dates_are_read_and_kept_as_they_are() {
    let utc = |text: &str| serde_json::from_value::<EcwidDateTime>(text.into()).unwrap().to_utc();
    assert_eq!(utc("2022-07-28 23:00:00 +0000").unwrap().timestamp(), 1659049200);
    assert_eq!(utc("2022-07-28 23:00:00 -0330").unwrap().timestamp(), 1659049200 + 3 * 3600 + 1800);
    assert_eq!(utc("1970-01-01 00:00:00 +0000").unwrap().timestamp(), 0);
    for odd in ["2022-07-28", "2022-7-28 23:00:00 +0000", "2022-02-30 00:00:00 +0000", "", "2022-07-28 23:00:00 +00:00"]
    {
        round_trip::<Coupon>(&serde_json::json!({"launchDate": odd}).to_string());
        assert_eq!(utc(odd), None, "{odd}");
    }
    for (text, seconds) in [
        ("2022-07-28 00:00:00", 1658966400),
        ("2022-07-28T23:00:00Z", 1659049200),
        ("2022-07-28 23:00:00 GMT", 1659049200),
    ] {
        round_trip::<Coupon>(&serde_json::json!({"launchDate": text}).to_string());
        assert_eq!(utc(text).unwrap().timestamp(), seconds, "{text}");
        assert_eq!(text.parse::<EcwidDateTime>().unwrap().to_utc().unwrap().timestamp(), seconds, "{text}");
    }
    let now = EcwidDateTime::from(ecwid_coupons::chrono::Utc::now());
    assert_eq!(now.to_string().parse::<EcwidDateTime>().unwrap(), now, "as exact as it is written");
    for text in ["2025-06-06 08:00:00.20240z", "2025-06-06T08:00:00.999+02:00", "2024-12-31T23:59:60Z"] {
        let date = text.parse::<EcwidDateTime>().unwrap();
        assert_eq!(date.to_string().parse::<EcwidDateTime>().unwrap(), date, "{text}");
    }
    // The local time of a town before time zones.
    let town = FixedOffset::east_opt(3208).unwrap().with_ymd_and_hms(1890, 1, 1, 0, 0, 0).unwrap();
    let date = EcwidDateTime::from(town);
    assert_eq!(date.to_string(), "1889-12-31 23:06:32 +0000");
    assert_eq!(date.instant().unwrap(), town);
    assert!("yesterday".parse::<EcwidDateTime>().unwrap_err().to_string().contains("invalid date: `yesterday`"));
    // A date alone may be its first or its last second.
    let error = "2022-07-28".parse::<EcwidDateTime>().unwrap_err().to_string();
    assert!(error.contains("no time of day") && error.contains("2022-07-28 23:59:59"), "{error}");
    for text in ["2022-07-28", " 2022-07-28 ", "2022-07-28 UTC"] {
        assert_eq!(DayBound::Start.parse(text).unwrap().to_string(), "2022-07-28 00:00:00 +0000", "{text}");
        assert_eq!(DayBound::End.parse(text).unwrap().to_string(), "2022-07-28 23:59:59 +0000", "{text}");
    }
    assert_eq!(DayBound::End.parse("2022-07-28 00:00:00").unwrap().to_string(), "2022-07-28 00:00:00 +0000");
    assert!(DayBound::End.parse("2022-02-30").is_err());
    // A year alone is not a time, although it is a number.
    assert!("2024".parse::<ecwid_coupons::TimeFilter>().is_err());
}

#[test]
fn an_update_distinguishes_keep_clear_and_set() {
    let read: CouponUpdate = serde_json::from_str(r#"{"discount":null,"totalLimit":5}"#).unwrap();
    assert_eq!(
        (&read.discount, &read.total_limit, &read.launch_date),
        (&Patch::Clear, &Patch::Set(5.into()), &Patch::Keep)
    );
    assert_eq!(serde_json::to_string(&CouponUpdate::default()).unwrap(), "{}");
    for field in CouponUpdate::FIELDS {
        let null = format!("{{{:?}:null}}", field.name);
        let update: CouponUpdate = serde_json::from_str(&null).unwrap();
        assert_ne!(update, CouponUpdate::default(), "{null} is not to be lost");
        assert_eq!(serde_json::to_string(&update).unwrap(), null);
    }
    let error = serde_json::from_str::<NewCoupon>(r#"{"name":"N"}"#).unwrap_err();
    assert!(error.to_string().contains("missing field `code`"), "{error}");
}
