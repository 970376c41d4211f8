//! A web service for the coupons of a store: list, create, get, update and delete, with metrics and a token that can change.
//!
//! `cargo run --example service`
//!
//! Set `ECWID_STORE_ID`, and `TOKEN_FILE` to a file with the token. The file is read again when the store refuses the token.
//! To use a sandbox, also set `ECWID_BASE_URL`.

use std::{
    collections::BTreeMap,
    env,
    error::Error as StdError,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use ecwid_coupons::{
    Call, Client, ClientBuilder, Error, ErrorKind,
    types::{Coupon, CouponPage, CouponUpdate, CreatedCoupon, DeleteResult, NewCoupon, UpdateResult},
};
use serde::Deserialize;

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let store_id = env::var("ECWID_STORE_ID")?.parse()?;
    let file = env::var("TOKEN_FILE")?;
    // The token is empty, so the file is read before the first request.
    let mut builder = Client::builder(store_id, "").token_provider(move || {
        let file = file.clone();
        async move { std::fs::read_to_string(file).map(|token| token.trim().to_owned()) }
    });
    if let Ok(base_url) = env::var("ECWID_BASE_URL") {
        builder = builder.base_url(base_url);
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, service(builder)?).await?;
    Ok(())
}

/// The state of the service. Its clones share the client and the metrics.
#[derive(Clone)]
struct Service {
    coupons: Client,
    metrics: Metrics,
}

/// How many calls of each operation had each outcome.
#[derive(Clone, Default)]
struct Metrics(Arc<Mutex<BTreeMap<(&'static str, String), u64>>>);

impl Metrics {
    fn count(&self, call: &Call<'_>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((call.operation, call.outcome().into_owned())).or_default() += 1;
    }
}

fn service(builder: ClientBuilder) -> Result<Router, Error> {
    let metrics = Metrics::default();
    let counted = metrics.clone();
    let coupons = builder.on_call(move |call| counted.count(call)).build()?;
    Ok(Router::new()
        .route("/coupons", get(list).post(create))
        .route("/coupons/{code}", get(read).patch(update).delete(delete))
        .route("/metrics", get(show_metrics))
        .with_state(Service { coupons, metrics }))
}

/// The query of a list.
#[derive(Deserialize)]
struct Filters {
    status: Option<String>,
    #[serde(default)]
    offset: u64,
}

async fn list(State(service): State<Service>, Query(filters): Query<Filters>) -> Result<Json<CouponPage>, Failure> {
    let search = service.coupons.search().maybe_status(filters.status).offset(filters.offset);
    Ok(Json(search.page().await?))
}

async fn create(
    State(service): State<Service>,
    Json(coupon): Json<NewCoupon>,
) -> Result<(StatusCode, Json<CreatedCoupon>), Failure> {
    let made = service.coupons.create(&coupon).await?;
    let mut created = CreatedCoupon::default().with_code(made.code().unwrap_or(&coupon.code));
    created.id = made.id();
    Ok((StatusCode::CREATED, Json(created)))
}

async fn read(State(service): State<Service>, Path(code): Path<String>) -> Result<Json<Coupon>, Failure> {
    Ok(Json(service.coupons.get(code).await?))
}

/// Updates the fields in the body. A field that is `null` is cleared, and other fields remain unchanged.
async fn update(
    State(service): State<Service>,
    Path(code): Path<String>,
    Json(update): Json<CouponUpdate>,
) -> Result<Json<UpdateResult>, Failure> {
    Ok(Json(service.coupons.update(code, &update).await?))
}

async fn delete(State(service): State<Service>, Path(code): Path<String>) -> Result<Json<DeleteResult>, Failure> {
    Ok(Json(service.coupons.delete(code).await?))
}

async fn show_metrics(State(service): State<Service>) -> String {
    let counts = service.metrics.0.lock().unwrap_or_else(PoisonError::into_inner);
    let lines = counts.iter().map(|((operation, outcome), count)| {
        format!("coupon_calls_total{{operation=\"{operation}\",outcome=\"{outcome}\"}} {count}\n")
    });
    lines.collect()
}

/// An error as a response.
struct Failure(Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let status = match &error {
            error if error.is_coupon_not_found() => StatusCode::NOT_FOUND,
            error if error.is_conflict() => StatusCode::CONFLICT,
            error if error.is_rate_limited() => StatusCode::TOO_MANY_REQUESTS,
            error if error.is_timeout() => StatusCode::GATEWAY_TIMEOUT,
            // The caller's request is invalid, here or for the store.
            error if error.status() == Some(400) || error.is_nothing_updated() => StatusCode::UNPROCESSABLE_ENTITY,
            error if error.kind() == ErrorKind::InvalidRequest => StatusCode::UNPROCESSABLE_ENTITY,
            // The token, the plan or the store: nothing that the caller can change.
            _ => StatusCode::BAD_GATEWAY,
        };
        let mut response = (status, error.summary()).into_response();
        if let Some(wait) = error.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use axum::{
        body::{Body, to_bytes},
        http::Request,
    };
    use ecwid_coupons::test_util;
    use ecwid_coupons_sandbox::Sandbox;
    use tower::ServiceExt as _;

    use super::*;

    async fn call(service: &Router, method: &str, path: &str, body: &str) -> (u16, String) {
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        let response = service.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_missing_coupon_gives_404() {
        let store = Client::builder(1003, "secret_test").respond_with(|_| test_util::coupon_not_found());
        let (status, text) = call(&service(store).unwrap(), "GET", "/coupons/NONE", "").await;
        assert_eq!(status, 404, "{text}");
    }

    #[tokio::test(start_paused = true)]
    async fn errors_are_mapped() {
        for (status, code, expected) in [
            (403, "INVALID_API_TOKEN", 502),
            (402, "STORE_IS_SUSPENDED", 502),
            (404, "STORE_NOT_FOUND", 502),
            (409, "CONSTRAINT_VIOLATION", 409),
            (429, "RATE_LIMITED", 429),
            (503, "INTERNAL_ERROR", 502),
        ] {
            let store = Client::builder(1003, "secret_test")
                .respond_with(move |_| test_util::error_response(status, code, "Words"));
            let (mapped, text) = call(&service(store).unwrap(), "GET", "/coupons/A", "").await;
            assert_eq!(mapped, expected, "{status}: {text}");
        }
    }

    #[tokio::test]
    async fn coupons_are_managed() {
        let sandbox = Sandbox::start().await.unwrap();
        // The first token is refused, as after a rotation.
        let token = Arc::new(Mutex::new("secret_old".to_owned()));
        let current = Arc::clone(&token);
        let store = Client::builder(sandbox.store_id(), "").base_url(sandbox.base_url()).token_provider(move || {
            let token = current.lock().unwrap().clone();
            async move { Ok::<_, Error>(token) }
        });
        let service = service(store).unwrap();
        assert_eq!(call(&service, "GET", "/coupons", "").await.0, 502);
        sandbox.token().clone_into(&mut token.lock().unwrap());
        assert_eq!(call(&service, "GET", "/coupons", "").await.0, 200);

        let new = r#"{"name":"Ten","code":"TEN","discountType":"PERCENT","discount":10,"expirationDate":"2999-12-31"}"#;
        assert_eq!(call(&service, "POST", "/coupons", new).await.0, 201);
        assert_eq!(call(&service, "POST", "/coupons", new).await.0, 409);
        let change = r#"{"discount":12.50,"expirationDate":null}"#;
        assert_eq!(call(&service, "PATCH", "/coupons/TEN", change).await.0, 200);
        let (status, coupon) = call(&service, "GET", "/coupons/TEN", "").await;
        assert!(
            status == 200 && coupon.contains(r#""discount":12.50"#) && !coupon.contains("expirationDate"),
            "{coupon}"
        );
        assert!(call(&service, "GET", "/coupons?status=PAUSED", "").await.1.contains(r#""total":0"#));
        assert_eq!(call(&service, "GET", "/coupons?status=OPEN", "").await.0, 422);
        assert_eq!(call(&service, "DELETE", "/coupons/TEN", "").await.0, 200);
        assert_eq!(call(&service, "GET", "/coupons/TEN", "").await.0, 404);

        let (_, metrics) = call(&service, "GET", "/metrics", "").await;
        assert!(
            metrics.contains(r#"coupon_calls_total{operation="create_discount_coupon",outcome="409"} 1"#),
            "{metrics}"
        );
    }
}
