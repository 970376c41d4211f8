//! Serves one connection, and resets it if a fault asks for that.

use std::{
    future::poll_fn,
    io,
    pin::Pin,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use axum::{Router, body::Body};
use http::{HeaderValue, header};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::{net::TcpStream, sync::watch};
use tower::ServiceExt as _;
use tower_http::compression::Compression;

use crate::{
    faults::{self, Break},
    rule::Rule,
};

/// How long the head of a request may take to arrive, and how long a connection may be idle. A client waits at most one
/// minute after a 429. This is longer, so the connection is still open for the retry.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// The service that handles the requests of a connection.
pub(super) type Service = Compression<Router>;

/// Serves a connection until it ends. When the sandbox stops, the request in progress is finished.
pub(super) async fn serve(stream: TcpStream, service: Service, stopping: watch::Receiver<bool>) {
    let is_reset = AtomicBool::new(false);
    let service = service_fn(|request| {
        let (service, is_reset) = (service.clone(), &is_reset);
        Box::pin(async move {
            let mut response = service.oneshot(request).await.map_err(io::Error::other)?;
            // This header keeps browsers from guessing a content type.
            response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            let response = faults::break_response(response.map(Body::new)).await;
            if response.extensions().get() == Some(&Break::Reset) {
                is_reset.store(true, Ordering::Release);
                return Err(io::Error::other("a fault resets the connection"));
            }
            Ok(response)
        })
    });
    Rule::SlowHeadsEndConnections.trace();
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let mut connection = builder.serve_connection(TokioIo::new(stream), service);
    let is_stopping = tokio::select! {
        _ = poll_fn(|context| connection.poll_without_shutdown(context)) => false,
        () = stopped(stopping) => true,
    };
    // An error means that the client went away or was too slow, so there is nobody to report it to.
    if is_stopping {
        Pin::new(&mut connection).graceful_shutdown();
        let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    }
    let stream = connection.into_parts().io.into_inner();
    if is_reset.load(Ordering::Acquire) {
        // With this option, dropping the stream resets the connection. Otherwise it would be closed normally.
        let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
    }
}

/// Waits until the sandbox stops.
pub(super) async fn stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}
