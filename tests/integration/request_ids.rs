//! The id of a request: all attempts of a call share it, and the caller can read it.

use std::sync::{Arc, Mutex};

use ecwid_coupons::Client;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// A server that fails twice and then responds, repeatedly, and collects the ids that it receives.
async fn server(ids: Arc<Mutex<Vec<String>>>) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let base_url = format!("http://{}/api/v3", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut request = String::new();
            while !request.contains("\r\n\r\n") {
                let mut part = [0; 1024];
                let length = connection.read(&mut part).await.unwrap();
                request.push_str(std::str::from_utf8(&part[..length]).unwrap());
            }
            let sent = request.lines().filter_map(|line| line.strip_prefix("x-ecwid-api-request-id: "));
            let number = {
                let mut ids = ids.lock().unwrap();
                ids.extend(sent.map(str::to_owned));
                ids.len()
            };
            let status = if number.is_multiple_of(3) { "200 OK" } else { "503 Service Unavailable" };
            let response = format!("HTTP/1.1 {status}\r\ncontent-length: 8\r\nconnection: close\r\n\r\n{{\"id\":7}}");
            connection.write_all(response.as_bytes()).await.unwrap();
        }
    });
    base_url
}

#[tokio::test(start_paused = true)]
async fn all_attempts_of_a_call_share_its_id() {
    let (sent, told) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let base_url = server(Arc::clone(&sent)).await;
    let observed = Arc::clone(&told);
    let builder = Client::builder(1003, "secret").base_url(base_url);
    let client = builder
        .on_attempt(move |attempt| observed.lock().unwrap().push(attempt.request_id.to_owned()))
        .build()
        .unwrap();

    let mut responded = Vec::new();
    for _ in 0..2 {
        let response = client.api().get_discount_coupon().discount_coupon_id(7).send().await.unwrap();
        assert_eq!(response.attempts(), 3);
        responded.extend(std::iter::repeat_n(response.request_id().to_owned(), 3));
    }
    assert_eq!(*sent.lock().unwrap(), responded);
    assert_eq!(*told.lock().unwrap(), responded);
    assert_ne!(responded[0], responded[3]);
    assert!(responded.iter().all(|id| id.len() == 8 && id.chars().all(|char| char.is_ascii_alphanumeric())));
}
