//! Responses whose values have another JSON type than the documented one.

use ecwid_coupons::{
    Client, Decimal, Error, ErrorKind, Page, Search,
    types::{Coupon, CouponUpdate},
};
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer, Seen};
use futures_util::TryStreamExt as _;

async fn answering(body: &str) -> (ScriptedServer, Client) {
    let act = Act::response(200, body);
    let server = ScriptedServer::start(Vec::new(), move |_| act.clone()).await.unwrap();
    let client = client(&server);
    (server, client)
}

fn client(server: &ScriptedServer) -> Client {
    Client::builder(1003, "secret_odd").base_url(server.base_url()).max_attempts(1).build().unwrap()
}

/// Returns the value of a query parameter.
fn parameter(request: &Seen, name: &str) -> Option<usize> {
    let query = request.target.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

/// A store with these coupons, as JSON.
async fn store(coupons: Vec<String>) -> (ScriptedServer, Search) {
    let page = move |request: &Seen| {
        let (offset, limit) = (parameter(request, "offset").unwrap_or(0), parameter(request, "limit").unwrap_or(100));
        let items: Vec<_> = coupons.iter().skip(offset).take(limit).map(String::as_str).collect();
        let (total, count, items) = (coupons.len(), items.len(), items.join(","));
        Act::response(
            200,
            &format!(r#"{{"total":{total},"count":{count},"offset":{offset},"limit":{limit},"items":[{items}]}}"#),
        )
    };
    let server = ScriptedServer::start(Vec::new(), page).await.unwrap();
    let search = client(&server).search();
    (server, search)
}

#[tokio::test]
async fn values_of_another_json_type_are_read_where_the_meaning_is_the_same() {
    for (odd, plain) in [
        // Numbers as text, with their digits.
        (r#"{"id":7,"discount":"10.00"}"#, r#"{"id":7,"discount":10.00}"#),
        (r#"{"id":7,"discount":"-0.50","totalLimit":"1e2"}"#, r#"{"id":7,"discount":-0.50,"totalLimit":1e2}"#),
        (
            r#"{"id":7,"discount":"1234567890123456789012345678901234567890.12345"}"#,
            r#"{"id":7,"discount":1234567890123456789012345678901234567890.12345}"#,
        ),
        (r#"{"id":"7","orderCount":"5"}"#, r#"{"id":7,"orderCount":5}"#),
        (r#"{"id":"9007199254740993"}"#, r#"{"id":9007199254740993}"#),
        (r#"{"id":"\u0037","orderCount":"5.0"}"#, r#"{"id":7,"orderCount":5}"#),
        // Integers with a fraction or an exponent.
        (r#"{"id":7,"orderCount":1.0}"#, r#"{"id":7,"orderCount":1}"#),
        (r#"{"id":7,"orderCount":1e0}"#, r#"{"id":7,"orderCount":1}"#),
        (r#"{"id":7,"orderCount":1.50E+2}"#, r#"{"id":7,"orderCount":150}"#),
        (r#"{"id":7,"orderCount":-0.0}"#, r#"{"id":7,"orderCount":0}"#),
        (r#"{"id":9223372036854775807.00}"#, r#"{"id":9223372036854775807}"#),
        // Empty lists and empty objects.
        (r#"{"id":7,"catalogLimit":[],"shippingLimit":[ ]}"#, r#"{"id":7,"catalogLimit":{},"shippingLimit":{}}"#),
        (r#"{"id":7,"catalogLimit":{"products":{}}}"#, r#"{"id":7,"catalogLimit":{"products":[]}}"#),
        // Lists of ids.
        (
            r#"{"id":7,"catalogLimit":{"products":[1,"2",3.0],"categories":[]}}"#,
            r#"{"id":7,"catalogLimit":{"products":[1,2,3],"categories":[]}}"#,
        ),
        (
            r#"{"id":7,"shippingLimit":{"shippingMethods":["a",12]}}"#,
            r#"{"id":7,"shippingLimit":{"shippingMethods":["a","12"]}}"#,
        ),
        // Texts and booleans.
        (r#"{"id":7,"code":9418,"name":1.50}"#, r#"{"id":7,"name":"1.50","code":"9418"}"#),
        (r#"{"id":7,"repeatCustomerOnly":"false"}"#, r#"{"id":7,"repeatCustomerOnly":false}"#),
        (r#"{"id":7,"repeatCustomerOnly":1}"#, r#"{"id":7,"repeatCustomerOnly":true}"#),
        // Unknown values next to deviating ones are kept.
        (
            r#"{"id":"7","new":["1", 2.0],"catalogLimit":{"new":[],"products":{}}}"#,
            r#"{"id":7,"catalogLimit":{"products":[],"new":[]},"new":["1",2.0]}"#,
        ),
    ] {
        let expected = serde_json::from_str::<Coupon>(plain).unwrap();
        assert_eq!(serde_json::to_string(&expected).unwrap(), plain, "the expectation itself");
        let (_server, client) = answering(odd).await;
        let got = client.get(expected.id.unwrap()).await.unwrap_or_else(|error| panic!("{odd}: {error}"));
        assert_eq!(serde_json::to_string(&got).unwrap(), plain, "{odd}");
        let (_server, search) = store(vec![r#"{"id":6}"#.to_owned(), odd.to_owned()]).await;
        let found = search.all().await.unwrap_or_else(|error| panic!("{odd}: {error}"));
        assert_eq!(serde_json::to_string(&found[1]).unwrap(), plain, "{odd}");
    }
}

#[tokio::test]
async fn other_responses_are_read_as_leniently() {
    let (_server, client) = answering(r#"{"updateCount":"1"}"#).await;
    let result = client.update("A", &CouponUpdate::default().name("N")).await.unwrap();
    assert_eq!(result.update_count, Some(1));
    let (_server, client) = answering(r#"{"deleteCount":1.0}"#).await;
    assert_eq!(client.delete("A").await.unwrap().delete_count, Some(1));
    let (_server, client) = answering(r#"{"total":"1","count":1.0,"offset":"0","limit":1e2,"items":[{"id":1}]}"#).await;
    let page = client.search().page().await.unwrap();
    assert_eq!((page.total, page.count, page.offset, page.limit), (Some(1), Some(1), Some(0), Some(100)));
    assert_eq!(client.search().all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_unreadable_value_names_the_coupon_and_the_field() {
    for (coupon, parts) in [
        (r#"{"id":77,"code":"BIG","discount":"ten"}"#, [r#"coupon 77 (code "BIG")"#, "discount: ", "a number"]),
        (r#"{"discount":[],"code":"BIG","id":"77"}"#, [r#"coupon 77 (code "BIG")"#, "discount: ", "a number"]),
        (r#"{"id":77,"discount":"1,50"}"#, ["coupon 77: ", "discount: ", "a number"]),
        (r#"{"id":77,"code":"C","discount":""}"#, [r#"coupon 77 (code "C")"#, "discount: ", "a number"]),
        (r#"{"id":77,"code":"C","orderCount":1.5}"#, ["coupon 77 ", "orderCount: ", "a whole number"]),
        (r#"{"id":77,"code":"C","orderCount":1e19}"#, ["coupon 77 ", "orderCount: ", "a whole number"]),
        (r#"{"id":77,"catalogLimit":{"products":[1,"x"]}}"#, ["coupon 77: ", "catalogLimit.products[1]: ", "x"]),
        (r#"{"id":77,"catalogLimit":[1]}"#, ["coupon 77: ", "catalogLimit: ", "an object"]),
        (r#"{"id":77,"name":{}}"#, ["coupon 77: ", "name: ", "a string"]),
        // Without the null, the limit would have another meaning.
        (r#"{"id":77,"catalogLimit":{"products":[1,null]}}"#, ["coupon 77: ", "catalogLimit.products[1]: ", "null"]),
        (r#"{"id":77,"catalogLimit":{"categories":[null]}}"#, ["coupon 77: ", "catalogLimit.categories[0]: ", "null"]),
        (r#"{"id":1.5,"code":"C"}"#, [r#"coupon "C": "#, "id: ", "a whole number"]),
    ] {
        let (_server, client) = answering(coupon).await;
        let error = client.get(7).await.unwrap_err();
        check(&error, &parts);
        assert!(error.hint().unwrap().contains("skip_unreadable"), "{error}");
        let (_server, search) = store(vec![r#"{"id":6,"discount":"6.00"}"#.to_owned(), coupon.to_owned()]).await;
        check(&search.page().await.unwrap_err(), &parts);
        check(&search.all().await.unwrap_err(), &[&parts[..], &["items[1]."]].concat());
    }
}

fn check(error: &Error, parts: &[&str]) {
    assert_eq!(error.kind(), ErrorKind::Decode);
    for part in parts {
        assert!(error.to_string().contains(part), "no {part} in {error}");
    }
}

fn shown(page: &Page) -> Vec<String> {
    page.skipped.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_search_skips_and_reports_unreadable_coupons() {
    // At the start, where pages overlap, in between, and at the end.
    let odd = [0, 3, 4, 6, 9, 14];
    let coupons = (0..15).map(|id| {
        let discount = if odd.contains(&id) { "\"ten\"" } else { "10" };
        format!(r#"{{"id":{id},"code":"C{id}","discount":{discount}}}"#)
    });
    let (server, search) = store(coupons.collect()).await;
    let strict = search.clone().limit(4).all().await.unwrap_err();
    assert!(strict.to_string().contains("coupon 0 "), "{strict}");
    let search = search.skip_unreadable();
    for limit in [1, 2, 3, 4, 5, 15, 100] {
        for prefetch in [1, 4] {
            let pages: Vec<Page> = search.clone().limit(limit).prefetch(prefetch).pages().try_collect().await.unwrap();
            let read: Vec<_> = pages.iter().flat_map(|page| &page.coupons).map(|coupon| coupon.id.unwrap()).collect();
            assert_eq!(read, (0..15).filter(|id| !odd.contains(id)).collect::<Vec<_>>(), "limit {limit}");
            let skipped: Vec<_> = pages.iter().flat_map(|page| &page.skipped).collect();
            assert_eq!(skipped.iter().map(|it| it.id.unwrap()).collect::<Vec<_>>(), odd, "limit {limit}");
            assert_eq!((skipped[1].code.as_deref(), skipped[1].field.as_deref()), (Some("C3"), Some("discount")));
            assert_eq!(skipped[1].json.as_str(), r#"{"id":3,"code":"C3","discount":"ten"}"#);
            assert!(skipped[1].problem.contains("expected a number"), "{}", skipped[1]);
        }
        assert_eq!(search.clone().limit(limit).all().await.unwrap().len(), 9);
    }
    let page = search.clone().limit(4).page().await.unwrap();
    assert_eq!((page.items.unwrap().len(), page.total), (2, Some(15)));
    // Continues after skipped coupons.
    let first = search.clone().limit(5).pages().try_next().await.unwrap().unwrap();
    let rest = client(&server).resume(first.cursor).all().await.unwrap();
    assert_eq!(first.coupons.len() + rest.len(), 9);
}

#[tokio::test]
async fn an_invalid_date_is_kept_or_skipped() {
    for date in ["", "garbage", "0000-00-00 00:00:00 +0000"] {
        let odd = format!(r#"{{"id":2,"code":"B","expirationDate":"{date}"}}"#);
        let (_server, search) = store(vec![r#"{"id":1,"code":"A"}"#.to_owned(), odd.clone()]).await;
        let kept = search.all().await.unwrap();
        assert_eq!(serde_json::to_string(&kept[1]).unwrap(), odd, "{date:?}");
        let page: Page = search.skip_unreadable().pages().try_next().await.unwrap().unwrap();
        assert_eq!((page.coupons.len(), page.skipped.len()), (1, 1), "{date:?}");
        assert_eq!(page.skipped[0].field.as_deref(), Some("expirationDate"));
        assert!(shown(&page)[0].contains("invalid date"), "{:?}", page.skipped);
    }
}

#[tokio::test]
async fn skipped_coupons_are_redacted() {
    let token = "0dd-t0ken-of-mine";
    let coupon = format!(r#"{{"id":1,"code":"{token}","orderCount":"Bearer {token}"}}"#);
    let body = format!(r#"{{"total":1,"count":1,"offset":0,"limit":100,"items":[{coupon}]}}"#);
    let server = ScriptedServer::start(Vec::new(), move |_| Act::response(200, &body)).await.unwrap();
    let client = Client::builder(1003, token).base_url(server.base_url()).build().unwrap();
    let page: Page = client.search().skip_unreadable().pages().try_next().await.unwrap().unwrap();
    assert!(!shown(&page)[0].contains(token) && shown(&page)[0].contains('…'), "{:?}", shown(&page));
}

#[tokio::test]
async fn unreadable_coupons_without_an_id_are_reported_each_once() {
    for nameless in [r#"{"id":"x","code":"N"}"#, r#"{"code":"N"}"#, r#"{"id":1.5}"#, "null", "[]", r#""text""#] {
        let coupons = (0..12)
            .map(|id| if [2, 3, 5, 6, 11].contains(&id) { nameless.to_owned() } else { format!(r#"{{"id":{id}}}"#) });
        let (_server, search) = store(coupons.collect()).await;
        assert!(search.all().await.is_err(), "{nameless}");
        for limit in [2, 3, 4, 7, 100] {
            let search = search.clone().limit(limit).skip_unreadable();
            let pages: Vec<Page> = search.pages().try_collect().await.unwrap();
            let read: Vec<_> = pages.iter().flat_map(|page| &page.coupons).map(|coupon| coupon.id.unwrap()).collect();
            assert_eq!(read, [0, 1, 4, 7, 8, 9, 10], "{nameless}, limit {limit}");
            let skipped: Vec<_> = pages.iter().flat_map(shown).collect();
            assert_eq!(skipped.len(), 5, "{nameless}, limit {limit}: {skipped:?}");
        }
    }
}

#[tokio::test]
async fn only_coupons_are_skipped() {
    for body in ["<html>", "", "[]", r#"{"total":"many","items":[]}"#, r#"{"total":1,"items":7}"#] {
        let (_server, client) = answering(body).await;
        let error = client.search().skip_unreadable().all().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}: {error}");
    }
}

#[test]
fn a_float_must_be_a_short_decimal() {
    for (float, text) in [
        (0.1, "0.1"),
        (10.0, "10"),
        (-2.5, "-2.5"),
        (0.0, "0"),
        (12.345678901, "12.345678901"),
        (1e16, "10000000000000000"),
    ] {
        assert_eq!(Decimal::try_from(float).unwrap().to_string(), text);
    }
    for (float, meant) in [
        (0.1 * 3.0, "0.3"),
        (1.1 * 1.1, "1.21"),
        (4.35 * 100.0, "435"),
        (-0.1 - 0.2, "-0.3"),
        (100_000_000.1 * 3.0, "300000000.3"),
        (100_000_000_000_000.1 * 3.0, "300000000000000"),
        (1.0 / 3.0, "0.333333333"),
        (0.000_000_000_12, "such as `10`"),
        (f64::NAN, "such as `10`"),
        (f64::INFINITY, "such as `10`"),
    ] {
        let error = Decimal::try_from(float).unwrap_err().to_string();
        assert!(error.contains(meant) && error.contains(&format!("`{float}`")), "{meant}: {error}");
    }
    assert_eq!(Decimal::try_from(0.1_f32).unwrap().to_string(), "0.1");
    assert_eq!(Decimal::try_from(12345.67_f32).unwrap().to_string(), "12345.67");
    let error = Decimal::try_from(16.1_f32 * 3.0).unwrap_err().to_string();
    assert!(error.contains("`48.3`"), "{error}");
}
