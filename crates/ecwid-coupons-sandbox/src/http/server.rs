//! The HTTP side: routes out of the document's operations, the limit of requests, the journal.

use std::{
    io::BufRead,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
    serve::Listener,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Uri, header};
use http_body_util::BodyExt as _;
use strum::VariantArray as _;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use tower_http::compression::Compression;

use crate::{
    api::{
        batch::{self, Batches},
        coupons, deleted,
        store_context::Shop,
    },
    clock::Clock,
    control::{self, guard},
    faults::{self, Break, Faults},
    http::{
        access::Access,
        connection,
        parameters::{self, Query},
        problem::Problem,
        rate_limit::RateLimit,
        request_body::Bodies,
        response::Answer,
        route::{Area, Place, Route},
    },
    initial_state::Beginning,
    journal::{Exchange, Journal, headers_as_text},
    redaction::Redaction,
    rule::Rule,
    store::{Dump, Store},
    web,
    webhooks::Webhooks,
};

/// How long the requests under way may take once the sandbox is to stop.
const GRACE: Duration = Duration::from_secs(2);

/// What all requests share.
pub(crate) struct App {
    pub(crate) access: Access,
    /// The store of the first token.
    pub(crate) first_store: i64,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) rate_limit: RateLimit,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) redaction: Arc<Redaction>,
    /// The host names that it is called by besides those of this machine.
    pub(crate) host_names: Vec<String>,
    pub(crate) batches: Arc<Batches>,
    pub(crate) beginning: Beginning,
    pub(crate) bodies: Bodies,
}

impl App {
    /// One of the stores, whose reads may lag behind.
    pub(crate) fn shop(&self, store_id: i64, lag: Option<Duration>) -> Shop {
        Shop {
            store: self.store.of(store_id).lagging(lag),
            clock: self.clock.clone(),
            webhooks: Arc::clone(&self.webhooks),
        }
    }

    /// All that is in the stores.
    pub(crate) fn dump(&self) -> Dump {
        Dump::begin(self.access.stores().map(|store_id| self.store.of(store_id)).collect())
    }

    /// Puts in what a dump has, or coupons for the first store.
    pub(crate) async fn load(&self, source: impl BufRead + Send + 'static) -> Result<(), Problem> {
        let stores = self.access.stores().collect();
        self.store.of(self.first_store).write_much(move |coupons| coupons.load(source, &stores)).await
    }
}

/// Serves until it is to stop, and a little longer for the requests under way.
///
/// `axum::serve` would wait for them without end, so a client that sends half a request could keep it from stopping.
pub(crate) async fn run(mut listener: TcpListener, app: Arc<App>, stopping: watch::Receiver<bool>) {
    let service = service(&app);
    let mut connections = JoinSet::new();
    let mut stopped = pin!(connection::stopped(stopping.clone()));
    loop {
        tokio::select! {
            (stream, _) = Listener::accept(&mut listener) => {
                connections.spawn(connection::serve(stream, service.clone(), stopping.clone()));
            }
            // Those that have ended leave the set, which would grow without bound otherwise.
            Some(_) = connections.join_next() => {}
            () = &mut stopped => break,
        }
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(GRACE, all_ended).await;
    connections.shutdown().await;
    app.batches.stop().await;
    app.webhooks.stop().await;
}

/// What answers the requests of a connection.
pub(crate) type Service = Compression<Router>;

fn service(app: &Arc<App>) -> Service {
    Rule::AnswersArePacked.trace();
    let all = |_: &Route| true;
    let api = routes(Area::Api, all, |app, route, place, request| {
        over_connection(app, request, move |app, request| serve(app, route, place, request, true))
    });
    let control = routes(Area::Control, all, |app, route, _, request| control::serve(app, route, request));
    let web_page = routes(Area::WebPage, all, |app, route, _, request| web::serve(app, route, request));
    let router = api
        .method_not_allowed_fallback(async |State(app), method: Method, request| {
            over_connection(app, request, async |_, _| method_not_allowed(method).await.into_response()).await
        })
        .fallback(async |State(app), uri: Uri, request| {
            over_connection(app, request, async |_, _| no_such_path(uri).await.into_response()).await
        })
        .merge(control.merge(web_page).method_not_allowed_fallback(method_not_allowed));
    Compression::new(router.with_state(Arc::clone(app))).gzip(true)
}

/// The operations that a batch can contain, as the requests inside of it see them.
fn operations(app: &Arc<App>) -> Router {
    routes(
        Area::Api,
        |route| !route.is_of_batches(),
        |app, route, place, request| serve(app, route, place, request, false),
    )
    .method_not_allowed_fallback(method_not_allowed)
    .fallback(no_such_path)
    .with_state(Arc::clone(app))
}

async fn no_such_path(uri: Uri) -> Problem {
    Problem::no_such_path(uri.path())
}

async fn method_not_allowed(method: Method) -> Problem {
    Problem::method_not_allowed(&method)
}

/// The routes of an area that are wanted, each served by the handler.
fn routes<H, F>(area: Area, is_wanted: impl Fn(&Route) -> bool, handler: H) -> Router<Arc<App>>
where
    H: Fn(Arc<App>, Route, Place, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let mut router = Router::new();
    for &route in Route::VARIANTS.iter().filter(|route| is_wanted(route)) {
        let Some(place) = route.place().filter(|place| place.area == area) else { continue };
        // A method that axum has no filter for would be one that the API does not have either.
        let Some(filter) =
            Method::from_bytes(place.method.as_bytes()).ok().and_then(|method| MethodFilter::try_from(method).ok())
        else {
            continue;
        };
        let handler = handler.clone();
        let path = format!("{}{}", area.path(), place.path);
        router = router.route(&path, on(filter, move |State(app), request| handler(app, route, place, request)));
    }
    router
}

/// Which operation is called, and how.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    pub(crate) route: Route,
    pub(crate) place: Place,
    /// How far its reads lag behind.
    pub(crate) lag: Option<Duration>,
}

async fn serve(app: Arc<App>, route: Route, place: Place, request: Request, has_connection: bool) -> Response {
    let plan = app.faults.plan(route, has_connection);
    faults::apply(app, Call { route, place, lag: None }, plan, request).await
}

/// Does what a request asks for.
pub(crate) async fn answer(app: &Arc<App>, call: Call, request: Request) -> Result<Answer, Problem> {
    let Call { route, place, lag } = call;
    let (parts, body) = request.into_parts();
    // Segments are split before they are decoded, so that a code with a slash stays one.
    let mut segments = parts.uri.path().split('/').skip(3);
    let store_id = parameters::path_segment(segments.next().unwrap_or_default())?;
    let store_id = app.access.check(&parts.headers, &store_id, place.scopes)?;
    let shop = &app.shop(store_id, lag);
    let coupon = parameters::path_segment(segments.nth(1).unwrap_or_default())?;
    let query = Query::read(parts.uri.query())?;
    let body = match place.method {
        "POST" | "PUT" if route != Route::CancelBatchGroup => {
            parameters::check_content_type(&parts.headers)?;
            // It was read before, so that this fails for none.
            body.collect().await.map_err(Problem::internal)?.to_bytes()
        }
        _ => Bytes::new(),
    };
    match route {
        Route::SearchDiscountCoupons => coupons::search(shop, &query).await,
        Route::GetDiscountCoupon => coupons::get(shop, coupon, &query).await,
        Route::CreateDiscountCoupon => coupons::create(shop, &body).await,
        Route::UpdateDiscountCoupon => coupons::update(shop, coupon, body).await,
        Route::DeleteDiscountCoupon => coupons::delete(shop, coupon).await,
        Route::CreateBatchRequest => {
            Rule::BatchesCountAsOne.trace();
            batch::create(&app.batches, operations(app), store_id, shop.now(), &parts.headers, &query, &body)
        }
        Route::GetBatchStatus => batch::get(&app.batches, store_id, shop.now(), &query),
        Route::ListDeletedDiscountCoupons | Route::ListDeletedCoupons => deleted::deleted(shop, &query).await,
        Route::GetLatestStats => deleted::latest_stats(shop).await,
        Route::CancelBatchGroup => batch::cancel_group(&app.batches, store_id, shop.now(), &query),
        Route::DeleteBatch => batch::delete(&app.batches, store_id, shop.now(), &query),
        other => Err(Problem::internal(format_args!("{} is no operation of the API", other.name()))),
    }
}

/// Answers a request that came over a connection, and not inside a batch: it is counted, and stands in the journal.
///
/// Its body is read once, for the journal and the operation.
async fn over_connection<F>(
    app: Arc<App>,
    request: Request,
    answer: impl FnOnce(Arc<App>, Request) -> F + Send,
) -> Response
where
    F: Future<Output = Response> + Send,
{
    let (time, begun) = (app.clock.now(), Instant::now());
    let (parts, body) = request.into_parts();
    let (method, target) = (parts.method.to_string(), parts.uri.to_string());
    let request_headers = headers_as_text(&parts.headers);
    let body = match guard::check_host(&parts, &app.host_names) {
        Ok(_) => app.bodies.read(body).await,
        Err(problem) => Err(problem),
    };
    let (request_body, response) = match body {
        Ok((body, _room)) => {
            let response = match count(&app, &parts.headers) {
                Ok(()) => answer(Arc::clone(&app), Request::from_parts(parts, Body::from(body.clone()))).await,
                Err(problem) => problem.into_response(),
            };
            (body, response)
        }
        Err(problem) => {
            let mut response = problem.into_response();
            // What may be left of the body is not read, so the connection cannot carry another request.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            (Bytes::new(), response)
        }
    };
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let is_reset = parts.extensions.get() == Some(&Break::Reset);
    let exchange = Exchange {
        time,
        took: begun.elapsed(),
        method,
        target,
        request_headers,
        request_body: String::new(),
        ignored_fields: Vec::new(),
        status: if is_reset { 0 } else { parts.status.as_u16() },
        response_body: String::new(),
    };
    let response_body = if is_reset { Bytes::new() } else { body.clone() };
    app.journal.add(exchange, &request_body, &response_body);
    Response::from_parts(parts, Body::from(body))
}

/// Refuses what is more than the token of a request may send.
fn count(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    // What has no token, or an unknown one, is refused by the operation.
    let Ok(token) = app.access.token(headers) else { return Ok(()) };
    app.rate_limit.count(&token.token).map_err(|wait| Problem::rate_limited(wait.seconds()))
}
