//! Who may do what: the token, its scopes and the store.

use std::collections::BTreeSet;

use ecwid_coupons::schema::Operation;
use http::{HeaderMap, header};

use crate::problem::Problem;

/// The store, and the token that opens it.
pub(crate) struct Access {
    pub(crate) store_id: i64,
    pub(crate) token: String,
    pub(crate) scopes: BTreeSet<String>,
}

impl Access {
    /// Whether a request may do the operation on the store named in its path.
    pub(crate) fn check(&self, headers: &HeaderMap, store: &str, operation: &Operation) -> Result<(), Problem> {
        let authorization = headers.get(header::AUTHORIZATION).ok_or_else(|| {
            Problem::invalid_token(
                "There is no Authorization header; it is 'Authorization: Bearer' and the access token",
            )
        })?;
        // A scheme is written in any letter case.
        let token = authorization.to_str().ok().and_then(|text| text.split_once(' '));
        match token {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && token.trim() == self.token => {}
            _ => return Err(Problem::invalid_token("The access token is not valid")),
        }
        let store_id = store.parse().map_err(|_| Problem::wrong_value("storeId", store, "a number"))?;
        if store_id != self.store_id {
            return Err(Problem::store_not_found(store_id));
        }
        match operation.scopes.iter().find(|scope| !self.scopes.contains(**scope)) {
            Some(missing) => Err(Problem::missing_scope(missing)),
            None => Ok(()),
        }
    }
}
