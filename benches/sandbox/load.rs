//! Sends requests over several connections, one request at a time per connection.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::ensure;
use bytes::Bytes;
use futures_util::future::try_join_all;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method, Request, StatusCode,
    client::conn::http1::{SendRequest, handshake},
    header::{AUTHORIZATION, CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{Figures, Work};

/// The time of sending requests before the measurement.
const WARM_UP: Duration = Duration::from_millis(500);

/// A server to measure.
pub(crate) struct Server {
    address: SocketAddr,
    /// The path of the coupons.
    path: String,
    authorization: String,
}

impl Server {
    pub(crate) fn new(address: SocketAddr, path: String, token: &str) -> Self {
        Self { address, path, authorization: format!("Bearer {token}") }
    }

    fn request(&self, work: Work, number: usize) -> anyhow::Result<Request<Full<Bytes>>> {
        let request = Request::builder().header(HOST, self.address.to_string());
        let request = request.header(AUTHORIZATION, &self.authorization);
        let path = &self.path;
        Ok(match work {
            Work::Get => request.uri(format!("{path}/CODE1")).body(Full::default()),
            Work::Search => request.uri(format!("{path}?offset=0&limit=100")).body(Full::default()),
            Work::SearchOne => request.uri(format!("{path}?offset=0&limit=1")).body(Full::default()),
            Work::Create => {
                let body = format!(
                    r#"{{"name":"10% off the first order","code":"CODE{number}","discountType":"PERCENT","discount":10,"usesLimit":"ONCEPERCUSTOMER","launchDate":"2024-06-06 08:00:00 +0000"}}"#
                );
                let request = request.method(Method::POST).header(CONTENT_TYPE, "application/json");
                request.uri(path).body(Full::new(body.into()))
            }
        }?)
    }
}

/// The load on a server.
pub(crate) struct Load {
    connections: u16,
    time: Duration,
    /// The number of the last coupon that was created.
    created: Arc<AtomicUsize>,
}

/// The measurements of one connection.
#[derive(Default)]
struct Seen {
    latencies: Vec<Duration>,
    bytes: usize,
}

impl Load {
    pub(crate) fn new(connections: u16, time: Duration) -> Self {
        Self { connections, time, created: Arc::default() }
    }

    /// Creates the coupon that [`Work::Get`] requests.
    pub(crate) async fn create_one(&self, server: &Server) -> anyhow::Result<()> {
        self.send(&mut connect(server).await?, server, Work::Create).await.map(drop)
    }

    pub(crate) async fn warm_up(&self, server: &Server, work: Work) -> anyhow::Result<()> {
        self.run(server, work, WARM_UP).await.map(drop)
    }

    /// Sends requests for the time of a round and measures them.
    pub(crate) async fn round(&mut self, server: &Server, work: Work) -> anyhow::Result<Figures> {
        let start = Instant::now();
        let seen = self.run(server, work, self.time).await?;
        let seconds = start.elapsed().as_secs_f64();
        let mut latencies: Vec<_> = seen.iter().flat_map(|seen| seen.latencies.iter().copied()).collect();
        latencies.sort_unstable();
        ensure!(!latencies.is_empty(), "no response arrived in time");
        let count = latencies.len();
        let bytes: usize = seen.iter().map(|seen| seen.bytes).sum();
        Ok(Figures {
            per_second: count as f64 / seconds,
            p99: latencies[(count * 99).div_ceil(100) - 1].as_secs_f64() * 1000.0,
            bytes: bytes as f64 / count as f64,
        })
    }

    async fn run(&self, server: &Server, work: Work, time: Duration) -> anyhow::Result<Vec<Seen>> {
        let connections = (0..self.connections).map(|_| async {
            let mut connection = connect(server).await?;
            let (mut seen, until) = (Seen::default(), Instant::now() + time);
            while Instant::now() < until {
                let start = Instant::now();
                seen.bytes += self.send(&mut connection, server, work).await?;
                seen.latencies.push(start.elapsed());
            }
            anyhow::Ok(seen)
        });
        try_join_all(connections).await
    }

    /// Sends a request and returns the size of the response. The request must succeed.
    async fn send(
        &self,
        connection: &mut SendRequest<Full<Bytes>>,
        server: &Server,
        work: Work,
    ) -> anyhow::Result<usize> {
        let number = if work == Work::Create { self.created.fetch_add(1, Ordering::Relaxed) + 1 } else { 0 };
        connection.ready().await?;
        let response = connection.send_request(server.request(work, number)?).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(status == StatusCode::OK, "{} responded with {status}: {body:?}", server.address);
        Ok(body.len())
    }
}

async fn connect(server: &Server) -> anyhow::Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(server.address).await?;
    // Send small requests immediately.
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    // The sender reports a broken connection.
    tokio::spawn(async {
        let _ = connection.await;
    });
    Ok(sender)
}
