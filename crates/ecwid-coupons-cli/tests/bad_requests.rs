//! Hundreds of bad requests do not stop the sandbox, and it uses little memory.
#![cfg(target_os = "linux")]

mod program;

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    thread,
    time::Duration,
};

use fastrand::Rng;
use program::{Sandbox, TOKEN};

const COUPONS: &str = "/api/v3/1003/discount_coupons";

/// The maximum memory of the process, in KiB.
const MEMORY: u64 = 200 * 1024;

/// Returns a request with this body, which can be invalid.
fn request(method: &str, target: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{method} {target} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {TOKEN}\r\ncontent-type: application/json\r\n\
         connection: close\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Returns a valid body with changed, inserted or missing bytes.
fn fuzzed(random: &mut Rng) -> Vec<u8> {
    let mut body = br#"{"name":"Name","code":"CODE","discountType":"PERCENT","discount":10.50,"usesLimit":"SINGLE","launchDate":"2024-06-06 08:00:00 +0400","catalogLimit":{"products":[1,2],"categories":[]}}"#.to_vec();
    for _ in 0..random.u32(1..12) {
        let at = random.usize(..body.len());
        match random.u32(..4) {
            0 => body[at] = random.u8(..),
            1 => body.insert(at, random.u8(..)),
            2 => drop(body.remove(at)),
            _ => body.extend_from_within(at..),
        }
    }
    body
}

/// Returns the bad requests. The sandbox must not respond with a 5xx status to any of them.
fn requests() -> Vec<Vec<u8>> {
    let mut random = Rng::with_seed(6);
    let post = |body: &[u8]| request("POST", COUPONS, "", body);
    let mut all: Vec<_> = (0..140).map(|_| post(&fuzzed(&mut random))).collect();
    all.extend((0..20).map(|_| {
        let noise: Vec<u8> = (0..random.usize(1..2000)).map(|_| random.u8(..)).collect();
        if random.bool() { post(&noise) } else { noise }
    }));
    for depth in [100, 10_000, 1_000_000] {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        let objects = "{\"a\":".repeat(depth);
        for body in [
            open.clone(),
            format!("{open}{close}"),
            objects,
            format!(r#"{{"name":"N","code":"C{depth}","later":{open}{close}}}"#),
        ] {
            all.push(post(body.as_bytes()));
            all.push(request("POST", "/api/v3/1003/batch", "", body.as_bytes()));
        }
    }
    for digits in [1_000, 1_000_000, 4_000_000] {
        for number in ["9".repeat(digits), format!("0.{}", "1".repeat(digits)), format!("1e{}", "9".repeat(digits))] {
            all.push(post(format!(r#"{{"name":"N","code":"C","discount":{number}}}"#).as_bytes()));
        }
    }
    for megabytes in [1, 3, 5, 20, 70] {
        all.push(post(&vec![b' '; megabytes << 20]));
        all.push(post(format!(r#"{{"code":"{}","name":"N"}}"#, "x".repeat(megabytes << 20)).as_bytes()));
    }
    for products in [100_000, 1_900_000] {
        let ids = vec!["1"; products].join(",");
        all.push(post(
            format!(r#"{{"name":"N","code":"P","discount":-1,"catalogLimit":{{"products":[{ids}]}}}}"#).as_bytes(),
        ));
    }
    for (count, length) in [(90, 100), (200, 10), (5000, 10), (50, 8000), (1, 1_000_000)] {
        let headers: String = (0..count).map(|number| format!("x-{number}: {}\r\n", "v".repeat(length))).collect();
        all.push(request("GET", COUPONS, &headers, b""));
    }
    for target in [
        "?a=".to_owned() + &"b".repeat(60_000),
        "/".to_owned() + &"%41".repeat(20_000),
        "/%ff%fe".to_owned(),
        format!("?{}", "a&".repeat(20_000)),
    ] {
        all.push(request("GET", &format!("{COUPONS}{target}"), "", b""));
    }
    for head in [
        "GET / HTTP/9.9\r\n\r\n",
        "GET\r\n\r\n",
        "\r\n\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length: -5\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
        "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
        "GET / HTTP/1.1\r\nhost: a\r\nbad header\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}",
    ] {
        all.push(head.as_bytes().to_vec());
    }
    all
}

/// Sends a request and returns the status of the response, if there is one.
fn send(address: &str, bytes: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(address).expect("it takes connections");
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The sandbox can close the connection before the whole request is sent.
    let _ = stream.write_all(bytes);
    if !bytes.windows(17).any(|part| part == b"connection: close") {
        // Otherwise the sandbox waits for the rest of an incomplete request.
        let _ = stream.shutdown(std::net::Shutdown::Write);
    }
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response);
    let response = String::from_utf8_lossy(&response);
    response.strip_prefix("HTTP/1.1 ").or_else(|| response.strip_prefix("HTTP/1.0 "))?.get(..3)?.parse().ok()
}

/// Returns the peak memory of a process, in KiB.
fn most_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn bad_requests_neither_stop_the_sandbox_nor_use_much_memory() {
    let sandbox = Sandbox::start(&["--requests-per-minute", "0"]);
    let address = sandbox.base_url.strip_prefix("http://").unwrap().strip_suffix("/api/v3").unwrap();
    let is_answering = || send(address, &request("GET", COUPONS, "", b"")) == Some(200);
    // Connections with incomplete requests, open until the end of the test.
    let slow: Vec<_> = (0..300)
        .map(|number| {
            let mut stream = TcpStream::connect(address).unwrap();
            let whole = request("POST", COUPONS, "", &[b' '; 1000]);
            stream.write_all(&whole[..whole.len() - 1000 * (number % 2) - 1]).unwrap();
            stream
        })
        .collect();
    let requests = requests();
    assert!(requests.len() >= 200, "{}", requests.len());
    for (number, bytes) in requests.iter().enumerate() {
        let status = send(address, bytes);
        assert!(status.is_none_or(|status| status < 500), "{number}: {status:?}");
        if number % 20 == 0 {
            assert!(is_answering(), "after {number}");
        }
    }
    // Send the largest requests at the same time.
    let mut largest: Vec<_> = requests.iter().filter(|bytes| bytes.len() > 1 << 20 && bytes.len() < 5 << 20).collect();
    largest.extend(largest.clone());
    assert!(largest.len() > 20, "{}", largest.len());
    thread::scope(|scope| {
        for bytes in largest {
            scope.spawn(move || send(address, bytes));
        }
        assert!(is_answering());
    });
    drop(slow);
    assert!(is_answering());
    let memory = most_memory(sandbox.id());
    assert!(memory < MEMORY, "{memory} KiB");
    let _ = writeln!(std::io::stderr(), "{} bad requests: {memory} KiB at most", requests.len());
}
