//! Responses in any number of chunks, up to the size limit and beyond.

use ecwid_coupons::Client;
use ecwid_coupons_tests::scripted_server::{Act, ScriptedServer};

const COUPON: &str = r#"{"id":7,"name":"Spring","code":"SPRING","discount":10.50}"#;

/// A coupon in chunks of this many bytes.
fn in_pieces(length: usize) -> Act {
    let mut response = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n".to_owned();
    for piece in COUPON.as_bytes().chunks(length) {
        response.push_str(&format!("{:x}\r\n{}\r\n", piece.len(), String::from_utf8_lossy(piece)));
    }
    response.push_str("0\r\n\r\n");
    Act::Bytes(response.into_bytes())
}

#[tokio::test]
async fn a_chunked_body_is_complete_and_limited() {
    for limit in [1, COUPON.len() / 2, COUPON.len() - 1, COUPON.len(), COUPON.len() + 1] {
        let script = (1..=COUPON.len()).map(in_pieces).collect();
        let server = ScriptedServer::start(script, |_| Act::Close).await.unwrap();
        let builder = Client::builder(1003, "secret").base_url(server.base_url()).max_body_size(limit);
        let client = builder.max_attempts(1).build().unwrap();
        for length in 1..=COUPON.len() {
            let response = client.get(7).await;
            if limit >= COUPON.len() {
                assert_eq!(response.unwrap(), serde_json::from_str(COUPON).unwrap(), "in pieces of {length}");
            } else {
                let error = response.unwrap_err();
                assert!(error.to_string().contains(&format!("larger than {limit} bytes")), "{error}");
                assert_eq!(error.body(), Some(&COUPON[..limit]), "in pieces of {length}");
            }
        }
    }
}
