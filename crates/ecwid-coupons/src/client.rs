//! [`Client`], which has its calls in the files of this folder, and the search in `search.rs`.

use std::{fmt, sync::Arc, time::Duration};

use tokio::time::Instant;

use crate::{
    Error,
    generated::operations,
    progenitor_client::ResponseValue,
    text::redact::{Redactor, hide_tokens},
    transport::Transport,
};

pub(crate) mod builder;
pub(crate) mod coupon_lookup;
pub(crate) mod create;
pub(crate) mod create_many;
pub(crate) mod creation_report;
pub(crate) mod delete;
pub(crate) mod delete_if_unused;
pub(crate) mod difference;
pub(crate) mod get;
mod hooks;
pub(crate) mod token;
pub(crate) mod update;

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
#[derive(Clone)]
pub struct Client {
    pub(crate) api: operations::Operations,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A token may have been given in the place of another setting.
        let base_url = hide_tokens(&self.redactor().redact(self.base_url()));
        f.debug_struct("Client")
            .field("store_id", &self.store_id())
            .field("base_url", &base_url)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// The store's id.
    pub fn store_id(&self) -> i64 {
        self.api.transport.store_id
    }

    /// The address that the store's paths are below.
    pub fn base_url(&self) -> &str {
        &self.api.baseurl
    }

    /// The same client with another [deadline](crate::ClientBuilder::deadline) for each call.
    ///
    /// It shares the connections, the pace and the budget of retries.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = ecwid_coupons_sandbox::Sandbox::start().await?;
    /// # let coupons = sandbox.client()?;
    /// use std::time::Duration;
    ///
    /// let page = coupons.with_deadline(Duration::from_secs(5)).search().page().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        let mut api = self.api.clone();
        api.transport = Arc::new(Transport { deadline, ..Transport::clone(&api.transport) });
        Self { api }
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
    pub fn api(&self) -> &operations::Operations {
        &self.api
    }

    /// The same client with what is left of the time of a call that began then.
    pub(crate) fn since(&self, start: Instant) -> Self {
        self.with_deadline(self.api.transport.time_left(start))
    }

    /// What removes the token from text that the server sent.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.api.transport.redactor
    }

    /// The error of a response that is not the result that was asked for, without the token.
    pub(crate) fn invalid<T>(&self, response: &ResponseValue<T>, problem: &str) -> Error {
        response.invalid(&self.redactor().redact(problem))
    }
}
