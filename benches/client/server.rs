//! A server with prepared responses.

use std::{
    convert::Infallible,
    io::{BufRead as _, BufReader},
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Request, Response, StatusCode,
    body::Incoming,
    header::{CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{io::AsyncReadExt as _, net::TcpListener};

use crate::coupons::{COUNT, Mix, PAGE, coupons, page, page_of};

/// The id of the store.
pub(crate) const STORE_ID: i64 = 1003;

/// A server in a separate process. The process ends when this value is dropped.
pub(crate) struct Server {
    process: Child,
    /// Standard input of the process. The process ends when it is closed, also if this process is killed.
    input: Option<ChildStdin>,
    address: SocketAddr,
}

impl Server {
    /// Starts a server on a free port.
    pub(crate) fn start(program: &Path) -> anyhow::Result<Self> {
        let mut process = Command::new(program).arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = process.stdin.take();
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("the server has no output")?).read_line(&mut line)?;
        let address = line.trim().parse().context("the server printed no address")?;
        Ok(Self { process, input, address })
    }

    /// Returns the address of the server.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.process.wait();
    }
}

/// Serves the coupons, repeated `times` times, until standard input ends. Each response is delayed like that of a distant server.
pub(crate) fn serve(delay: Duration, times: usize) -> anyhow::Result<()> {
    let responses = Arc::new(Responses::new(times));
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        println!("{}", listener.local_addr()?);
        let accept = async {
            while let Ok((stream, _)) = listener.accept().await {
                // Send small responses immediately.
                let _ = stream.set_nodelay(true);
                let responses = Arc::clone(&responses);
                tokio::spawn(async move {
                    let service = service_fn(|request| {
                        let response = responses.response(&request);
                        async move {
                            if !delay.is_zero() {
                                tokio::time::sleep(delay).await;
                            }
                            Ok::<_, Infallible>(response)
                        }
                    });
                    // The contender reports a broken connection.
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        };
        let mut input = tokio::io::stdin();
        let mut end = [0];
        tokio::select! {
            () = accept => {}
            _ = input.read(&mut end) => {}
        }
        Ok(())
    })
}

/// The bodies of all responses.
struct Responses {
    coupons: Vec<Bytes>,
    /// The pages by the offset of their first coupon. The contenders request different offsets. Pages of repeated coupons are
    /// made when they are requested.
    pages: Vec<Option<Bytes>>,
    times: usize,
}

impl Responses {
    fn new(times: usize) -> Self {
        let coupons = coupons(Mix::Known);
        let is_asked_for = |offset: &usize| offset.is_multiple_of(PAGE) || offset.is_multiple_of(PAGE - 1);
        let pages =
            (0..COUNT).map(|offset| is_asked_for(&offset).then(|| page(&coupons, offset, PAGE).into())).collect();
        Self { coupons: coupons.into_iter().map(Bytes::from).collect(), pages, times }
    }

    fn response(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let Some(body) = self.body(request) else {
            let mut response = Response::new(Full::default());
            *response.status_mut() = StatusCode::NOT_FOUND;
            return response;
        };
        let mut response = Response::new(Full::new(body));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
        response
    }

    fn body(&self, request: &Request<Incoming>) -> Option<Bytes> {
        let (_, id) = request.uri().path().split_once("/discount_coupons")?;
        if let Some(id) = id.strip_prefix('/') {
            return self.coupons.get(id.parse::<usize>().ok()?.checked_sub(1)?).cloned();
        }
        let query = request.uri().query().unwrap_or("offset=0");
        let offset = query.strip_prefix("offset=")?.parse::<usize>().ok()?;
        if self.times == 1 { self.pages.get(offset)?.clone() } else { self.page_of_many(offset) }
    }

    /// Returns a page of the repeated coupons, each with its own id.
    fn page_of_many(&self, offset: usize) -> Option<Bytes> {
        let total = COUNT * self.times;
        let items = (offset..total).take(PAGE).map(|index| {
            let coupon = std::str::from_utf8(&self.coupons[index % COUNT]).ok()?;
            let (_, fields) = coupon.split_once(',')?;
            Some(format!(r#"{{"id":{},{fields}"#, index + 1))
        });
        Some(page_of(&items.collect::<Option<Vec<_>>>()?, total, offset).into())
    }
}
