//! One connection: its requests, its end, and how it is reset.

use std::{
    io,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, body::Body};
use http::{HeaderValue, Request, header};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::watch,
};
use tower::ServiceExt as _;
use tower_http::compression::Compression;

use crate::{
    faults::{self, Break},
    rule::Rule,
};

/// How long the head of a request may take to arrive, and how long a connection may wait for its next one. It is more than
/// the minute that a client is told to wait at most: one that sends again just then would find its connection closing.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// What serves the requests of a connection.
pub(super) type Service = Compression<Router>;

/// Serves a connection until it ends, or until it has answered what is under way when the sandbox is to stop.
pub(super) async fn serve(stream: TcpStream, service: Service, stopping: watch::Receiver<bool>) {
    let is_reset = Arc::new(AtomicBool::new(false));
    let stream = Stream { stream, is_reset: Arc::clone(&is_reset) };
    let service = tower::service_fn(move |request: Request<_>| {
        let (service, is_reset) = (service.clone(), Arc::clone(&is_reset));
        async move {
            let mut response = service.oneshot(request).await.map_err(io::Error::other)?;
            // Browsers do not guess another type than the one that is declared.
            response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            let response = faults::break_response(response.map(Body::new)).await;
            if response.extensions().get() == Some(&Break::Reset) {
                is_reset.store(true, Ordering::Release);
                return Err(io::Error::other("the connection is to be reset"));
            }
            Ok(response)
        }
    });
    Rule::SlowHeadsEndConnections.trace();
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)));
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stopped(stopping) => connection.as_mut().graceful_shutdown(),
    }
    // It fails when the client goes away or takes too long, and then there is nobody to tell.
    let _ = connection.await;
}

/// Waits until the sandbox is to stop.
pub(super) async fn stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// A connection that can end in a reset, where it would be closed in good order otherwise.
struct Stream {
    stream: TcpStream,
    is_reset: Arc<AtomicBool>,
}

impl Stream {
    fn inner(self: Pin<&mut Self>) -> Pin<&mut TcpStream> {
        Pin::new(&mut self.get_mut().stream)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if self.is_reset.load(Ordering::Acquire) {
            let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.inner().poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.inner().poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inner().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_reset.load(Ordering::Acquire) {
            return Poll::Ready(Ok(()));
        }
        self.inner().poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.inner().poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
