//! [`Client`]: the API as it is used.

use std::{fmt, net::IpAddr, time::Duration};

use http::HeaderValue;
use reqwest::Url;

use crate::{
    CouponRef, CouponRefError, Error, Search,
    generated::operations,
    transport::{Settings, Transport},
    types::{Coupon, CouponUpdate, CreatedCoupon, DeleteResult, NewCoupon, UpdateResult},
};

/// The vendor's address.
const BASE_URL: &str = "https://app.ecwid.com/api/v3";

/// The discount coupons of one store.
///
/// A clone is cheap and shares the connections.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
/// # let (base_url, token) = (sandbox.base_url(), "secret_sandbox");
/// use ecwid_coupons::{Client, types::{CouponUpdate, NewCoupon}};
///
/// let coupons = Client::builder(1003, token).base_url(base_url).build()?;
/// coupons.create(&NewCoupon::percent("First order 10% OFF", "FIRST", 10).once_per_customer()).await?;
/// coupons.update("FIRST", &CouponUpdate::default().pause()).await?;
/// println!("{:?}", coupons.get("FIRST").await?);
/// coupons.delete("FIRST").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    api: operations::Client,
}

impl Client {
    /// Settings for a client of this store, with the access token of an app.
    pub fn builder(store_id: i64, token: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            store_id,
            token: token.into(),
            base_url: BASE_URL.to_owned(),
            http_client: None,
            timeout: Duration::from_secs(60),
            max_body: 32 * 1024 * 1024,
        }
    }

    /// A client of the store `ECWID_STORE_ID` with the token `ECWID_TOKEN`, and at `ECWID_BASE_URL` where that is set.
    ///
    /// # Errors
    ///
    /// When a variable is missing or not valid; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        let variable = |name: &str| match std::env::var(name) {
            Ok(value) if !value.trim().is_empty() => Ok(Some(value.trim().to_owned())),
            Ok(_) | Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => Err(Error::configuration(format!("{name} is not valid Unicode"))),
        };
        let needed = |name: &str, what: &str| {
            variable(name)?.ok_or_else(|| Error::configuration(format!("{name} is not set; set it to {what}")))
        };
        let store_id = needed("ECWID_STORE_ID", "the store's id")?;
        let store_id = store_id.parse().map_err(|_| {
            Error::configuration(format!(
                "ECWID_STORE_ID is {store_id:?}, which is no store id; set it to a number such as 1003"
            ))
        })?;
        let mut builder = Self::builder(store_id, needed("ECWID_TOKEN", "the access token of an app of the store")?);
        if let Some(base_url) = variable("ECWID_BASE_URL")? {
            builder = builder.base_url(base_url);
        }
        builder.build()
    }

    /// The store's id.
    pub fn store_id(&self) -> i64 {
        self.api.inner.store_id()
    }

    /// Gets a coupon by its id or its code, with all its fields.
    ///
    /// # Errors
    ///
    /// When there is no such coupon ([`Error::is_not_found`]), and as every call can fail.
    pub async fn get<R>(&self, coupon: R) -> Result<Coupon, Error>
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        let coupon = reference(coupon, "get_discount_coupon")?;
        Ok(self.api.get_discount_coupon().discount_coupon_id(coupon).send().await?.into_inner())
    }

    /// Creates a coupon.
    ///
    /// # Errors
    ///
    /// When another coupon of the store has the code, in any letter case ([`Error::is_conflict`]), and as every call can
    /// fail. After an error that leaves it open whether the coupon was created ([`Error::is_network`]), look the code up
    /// before you create it again.
    pub async fn create(&self, coupon: &NewCoupon) -> Result<CreatedCoupon, Error> {
        Ok(self.api.create_discount_coupon().body(coupon.clone()).send().await?.into_inner())
    }

    /// Changes a coupon: the fields that the update sets or clears, and no others.
    ///
    /// `update_count` of the answer is 1 when the coupon was changed.
    ///
    /// # Errors
    ///
    /// When the update changes nothing, when there is no such coupon, and as every call can fail.
    pub async fn update<R>(&self, coupon: R, update: &CouponUpdate) -> Result<UpdateResult, Error>
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        let coupon = reference(coupon, "update_discount_coupon")?;
        if *update == CouponUpdate::default() {
            let message = "the update changes no field; set or clear at least one";
            return Err(Error::invalid_request(message).of("update_discount_coupon"));
        }
        Ok(self.api.update_discount_coupon().discount_coupon_id(coupon).body(update.clone()).send().await?.into_inner())
    }

    /// Deletes a coupon.
    ///
    /// A coupon that is not there is no error: `delete_count` of the answer is 0 then, and 1 when it was deleted.
    ///
    /// # Errors
    ///
    /// As every call can fail.
    pub async fn delete<R>(&self, coupon: R) -> Result<DeleteResult, Error>
    where
        R: TryInto<CouponRef>,
        CouponRefError: From<R::Error>,
    {
        let coupon = reference(coupon, "delete_discount_coupon")?;
        Ok(self.api.delete_discount_coupon().discount_coupon_id(coupon).send().await?.into_inner())
    }

    /// A search through the store's coupons: all of them, until filters are set.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use ecwid_coupons::types::CouponStatus;
    /// use futures_util::TryStreamExt;
    ///
    /// let mut active = coupons.search().status(CouponStatus::Active).stream();
    /// while let Some(coupon) = active.try_next().await? {
    ///     println!("{:?}", coupon.code);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn search(&self) -> Search {
        Search::new(self.clone())
    }

    /// The API's operations as they are documented, one builder each, sent the same way as all else.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// let page = coupons.api().search_discount_coupons().limit(10).send().await?;
    /// assert_eq!(page.total, Some(0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn api(&self) -> &operations::Client {
        &self.api
    }
}

fn reference<R>(coupon: R, operation: &'static str) -> Result<CouponRef, Error>
where
    R: TryInto<CouponRef>,
    CouponRefError: From<R::Error>,
{
    coupon.try_into().map_err(|error| Error::from(CouponRefError::from(error)).of(operation))
}

/// The settings of a [`Client`].
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    store_id: i64,
    token: String,
    base_url: String,
    http_client: Option<reqwest::Client>,
    timeout: Duration,
    max_body: usize,
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("store_id", &self.store_id)
            .field("base_url", &self.base_url)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// The address that the store's paths are below: `https://app.ecwid.com/api/v3` unless set.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// An HTTP client of your own, for a proxy, a certificate or a pool that you set up.
    ///
    /// One that follows redirects may send a request twice; the client made here follows none.
    pub fn http_client(mut self, http_client: reqwest::Client) -> Self {
        self.http_client = Some(http_client);
        self
    }

    /// How long one request may take, the reading of its answer included: 60 seconds unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The most bytes of an answer that are read, after unpacking: 32 MiB unless set.
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// When the store id is not positive, the token is empty or has characters that no header may hold, the base URL is
    /// no HTTP address, or TLS cannot be set up. The token is never in the error.
    pub fn build(self) -> Result<Client, Error> {
        let Self { store_id, token, base_url, http_client, timeout, max_body } = self;
        if store_id <= 0 {
            return Err(Error::configuration(format!("{store_id} is no store id; it is a positive number")));
        }
        let base_url = base_url.trim_end_matches('/');
        let url = check_base_url(base_url)?;
        let http_client = match http_client {
            Some(http_client) => http_client,
            None => new_http_client(&url)?,
        };
        let transport = Transport::new(Settings {
            store_id,
            authorization: authorization(&token)?,
            host: url.origin().ascii_serialization(),
            timeout,
            max_body,
        });
        Ok(Client { api: operations::Client::new_with_client(base_url, http_client, transport) })
    }
}

fn check_base_url(text: &str) -> Result<Url, Error> {
    let wrong = |why: &str| Error::configuration(format!("the base URL {text:?} {why}; it looks like {BASE_URL}"));
    let url = Url::parse(text).map_err(|error| wrong(&format!("is not valid ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong("is no HTTP address"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        // Not with its text, which holds the password.
        return Err(Error::configuration(
            "the base URL holds a user name or password; the token alone is what the store takes",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("has a query or a fragment"));
    }
    Ok(url)
}

fn authorization(token: &str) -> Result<HeaderValue, Error> {
    if token.is_empty() {
        return Err(Error::configuration("the token is empty"));
    }
    if token.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Err(Error::configuration(
            "the token holds a space, a line break or another character that no token has; check how it was copied or read",
        ));
    }
    let mut header = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| Error::configuration("the token is no header value"))?;
    header.set_sensitive(true);
    Ok(header)
}

fn new_http_client(base_url: &Url) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("ecwid-coupons/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(10))
        // A redirected write could be done twice, and the store redirects nothing.
        .redirect(reqwest::redirect::Policy::none())
        .gzip(true);
    // A proxy of the environment cannot reach a sandbox on this machine.
    if is_loopback(base_url) {
        builder = builder.no_proxy();
    }
    crate::tls::with_tls(builder, base_url)?
        .build()
        .map_err(|error| Error::configuration(format!("the HTTP client cannot be set up: {error}")))
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
