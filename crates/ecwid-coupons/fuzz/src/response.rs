//! Responses: a value is written completely, and reads back as the same value.

use std::fmt::Debug;

use ecwid_coupons::{
    __private::{Unchecked, read_error, read_lenient, read_response as read},
    schema::Kind,
    types::{
        ApiError, BatchStatus, BatchTicket, Coupon, CouponPage, CouponUpdate, CreatedCoupon, DeleteResult, NewCoupon,
        UpdateResult,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Reads the bytes as every response and body of the API.
pub fn check(data: &[u8]) {
    check_as::<CouponPage>(data);
    check_as::<Coupon>(data);
    check_as::<Unchecked<NewCoupon>>(data);
    check_as::<Unchecked<CouponUpdate>>(data);
    check_as::<CreatedCoupon>(data);
    check_as::<UpdateResult>(data);
    check_as::<DeleteResult>(data);
    check_as::<BatchTicket>(data);
    check_as::<BatchStatus>(data);
    check_as::<ApiError>(data);
    check_lenient::<CouponPage>(data, &Kind::Object(CouponPage::FIELDS));
    check_lenient::<Coupon>(data, &Kind::Object(Coupon::FIELDS));
    check_error(data);
}

/// Lenient reading agrees with strict reading, and its result can be written and read strictly.
fn check_lenient<T: DeserializeOwned + Serialize + PartialEq + Debug>(data: &[u8], kind: &Kind) {
    let (lenient, strict) = (read_lenient::<T>(data, kind), read::<T>(data));
    if let Ok(strict) = strict {
        assert_eq!(lenient.expect("what can be read can be read leniently"), strict);
    } else if let Ok(lenient) = lenient {
        let written = serde_json::to_string(&lenient).expect("what was read can be written");
        assert_eq!(read::<T>(written.as_bytes()).expect("what was written can be read"), lenient);
    }
}

fn check_as<T: DeserializeOwned + Serialize + PartialEq + Debug>(data: &[u8]) {
    let plain = serde_json::from_slice::<T>(data);
    let value = match (read::<T>(data), plain) {
        (Ok(value), Ok(plain)) => {
            assert_eq!(value, plain);
            value
        }
        (Err(problem), Err(_)) => {
            assert!(!problem.is_empty());
            return;
        }
        (read, plain) => panic!("read as {read:?}, and without the client as {plain:?}"),
    };
    let written = serde_json::to_string(&value).expect("what was read can be written");
    let again: T = read(written.as_bytes()).expect("what was written can be read");
    assert_eq!(again, value);
    assert_eq!(serde_json::to_string(&again).expect("it was written before"), written);
    // The client keeps numbers beyond f64, broken surrogates and deep lists, which `Value` refuses.
    if let Ok(came) = serde_json::from_slice::<Value>(data) {
        let left = serde_json::from_str(&written).expect("the same values are in it");
        assert!(is_whole(&came, &left), "{came} became {left}");
    }
}

/// Whether no value was lost, changed or added. Null equals absent.
fn is_whole(came: &Value, left: &Value) -> bool {
    match (came, left) {
        (Value::Object(came), Value::Object(left)) => {
            came.iter().all(|(name, value)| match left.get(name) {
                Some(left) => is_whole(value, left),
                None => value.is_null(),
            }) && left.keys().all(|name| came.contains_key(name))
        }
        (Value::Array(came), Value::Array(left)) => {
            came.len() == left.len() && came.iter().zip(left).all(|(came, left)| is_whole(came, left))
        }
        (came, left) => came == left,
    }
}

/// Members of an error are read if the whole object is valid, and also if only that member is valid.
fn check_error(data: &[u8]) {
    let Some(text) = crate::text(data) else { return };
    let error = read_error(text);
    if let Ok(whole) = serde_json::from_str::<ApiError>(text) {
        assert_eq!(error, whole);
    } else if let Ok(Value::Object(members)) = serde_json::from_str(text) {
        for (name, found) in [("errorMessage", &error.error_message), ("errorCode", &error.error_code)] {
            if let Some(Value::String(said)) = members.get(name) {
                assert_eq!(found.as_ref(), Some(said));
            }
        }
    }
}
