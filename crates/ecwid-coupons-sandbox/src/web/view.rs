//! [`View`]: what the page shows, according to its address.

use form_urlencoded::Serializer;
use maud::{Markup, html};

use crate::{
    app::App,
    http::{parameters::Query, problem::Problem},
};

/// The default number of requests on the page.
const REQUESTS: usize = 20;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct View {
    pub(super) store_id: i64,
    /// The code to filter by. Empty means all coupons.
    pub(super) code: String,
    /// The status to filter by. Empty means all coupons.
    pub(super) status: String,
    /// The number of coupons to skip.
    pub(super) offset: i64,
    /// The id of the coupon that is shown with all its fields.
    pub(super) coupon: String,
    /// The number of requests to show.
    pub(super) requests: usize,
    pub(super) is_first_store: bool,
}

impl View {
    /// Parses the query of the address.
    pub(super) fn read(app: &App, query: &str) -> Result<Self, Problem> {
        let query = Query::read(Some(query))?;
        let text = |name| query.text(name).unwrap_or_default().trim().to_owned();
        let store_id = query.number("store")?.unwrap_or(app.first_store);
        if !app.access.has_store(store_id) {
            return Err(Problem::store_not_found(store_id));
        }
        let requests = query.number("requests")?.and_then(|number| usize::try_from(number).ok());
        Ok(Self {
            store_id,
            code: text("code"),
            status: text("status"),
            offset: query.number("offset")?.unwrap_or(0),
            coupon: text("coupon"),
            requests: requests.unwrap_or(REQUESTS),
            is_first_store: store_id == app.first_store,
        })
    }

    /// Returns the query of the address, without parameters that have their default.
    pub(super) fn query(&self) -> String {
        let number = |is_usual: bool, number: String| if is_usual { String::new() } else { number };
        let parts = [
            ("store", &number(self.is_first_store, self.store_id.to_string())),
            ("code", &self.code),
            ("status", &self.status),
            ("coupon", &self.coupon),
            ("offset", &number(self.offset == 0, self.offset.to_string())),
            ("requests", &number(self.requests == REQUESTS, self.requests.to_string())),
        ];
        let chosen = parts.into_iter().filter(|(_, text)| !text.is_empty());
        Serializer::new(String::new()).extend_pairs(chosen).finish()
    }

    pub(super) fn address(&self) -> String {
        let query = self.query();
        if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
    }

    /// Returns the address with the name of the completed action.
    pub(super) fn address_after(&self, done: &str) -> String {
        let query = self.query();
        if query.is_empty() { format!("/?done={done}") } else { format!("/?{query}&done={done}") }
    }

    /// Returns the hidden field that holds the current view.
    pub(super) fn back_to(&self) -> Markup {
        html! { input type="hidden" name="view" value=(self.query()); }
    }

    /// Returns a view of the same store with default settings.
    pub(super) fn plain(&self) -> Self {
        Self {
            code: String::new(),
            status: String::new(),
            offset: 0,
            coupon: String::new(),
            requests: REQUESTS,
            ..*self
        }
    }

    /// Returns a view of another store with default settings.
    pub(super) fn of_store(&self, app: &App, store_id: i64) -> Self {
        Self { store_id, is_first_store: store_id == app.first_store, ..self.plain() }
    }
}
