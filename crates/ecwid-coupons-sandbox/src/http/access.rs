//! Access control: tokens, their scopes and their stores.

use std::collections::{BTreeMap, BTreeSet};

use http::{HeaderMap, header};

use crate::{
    Error, Token,
    http::{error_code::ErrorCode, problem::Problem},
    rule::Rule,
};

/// The stores and their tokens.
pub(crate) struct Access {
    stores: BTreeSet<i64>,
    tokens: BTreeMap<String, Token>,
}

impl Access {
    /// Checks the tokens. Their stores are the stores of the sandbox.
    pub(crate) fn new(all: Vec<Token>) -> Result<Self, Error> {
        let mut tokens = BTreeMap::new();
        for token in all {
            token.check()?;
            let store_id = token.store_id;
            if let Some(other) = tokens.insert(token.token.clone(), token) {
                return Err(Error::Setting(format!(
                    "duplicate token for the stores {} and {store_id} (expected one store for each token)",
                    other.store_id
                )));
            }
        }
        Ok(Self { stores: tokens.values().map(|token| token.store_id).collect(), tokens })
    }

    /// Returns whether the store exists.
    pub(crate) fn has_store(&self, store_id: i64) -> bool {
        self.stores.contains(&store_id)
    }

    /// Returns the ids of the stores in ascending order.
    pub(crate) fn stores(&self) -> impl Iterator<Item = i64> + '_ {
        self.stores.iter().copied()
    }

    /// Returns the settings of a token.
    pub(crate) fn find(&self, token: &str) -> Option<&Token> {
        self.tokens.get(token)
    }

    /// Returns all tokens as text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        self.tokens.keys().map(String::as_str)
    }

    /// Returns the token of a request.
    pub(crate) fn token(&self, headers: &HeaderMap) -> Result<&Token, Problem> {
        let invalid = |message| Problem::new(ErrorCode::InvalidApiToken, message);
        let authorization = headers.get(header::AUTHORIZATION).ok_or_else(|| {
            invalid(
                "The Authorization header is missing: expected 'Authorization: Bearer' followed by the access token",
            )
        })?;
        // The scheme can have any letter case.
        let token = authorization.to_str().ok().and_then(|text| text.split_once(' '));
        let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let known = token.and_then(|(_, token)| self.find(token.trim()));
        known.ok_or_else(|| invalid("The access token is not valid"))
    }

    /// Checks that a request may use these scopes on the store in its path. Returns the id of the store.
    pub(crate) fn check(&self, headers: &HeaderMap, store: &str, scopes: &[&str]) -> Result<i64, Problem> {
        let token = self.token(headers)?;
        let store_id = store.parse().map_err(|_| Problem::wrong_value("storeId", store, "an integer"))?;
        if !self.has_store(store_id) {
            return Err(Problem::store_not_found(store_id));
        }
        if store_id != token.store_id {
            Rule::TokensOpenOneStore.trace();
            let message = format!("The access token is not valid for the store {store_id}");
            return Err(Problem::new(ErrorCode::InvalidApiToken, message));
        }
        let Some(missing) = scopes.iter().find(|scope| !token.has(scope)) else { return Ok(store_id) };
        let message = if token.is_public() {
            Rule::PublicTokensSeeNoCoupons.trace();
            "A public token cannot access discount coupons".to_owned()
        } else {
            format!("The token lacks the access scope '{missing}'")
        };
        Err(Problem::new(ErrorCode::InsufficientAppScope, message))
    }
}
