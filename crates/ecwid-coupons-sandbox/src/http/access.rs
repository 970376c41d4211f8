//! Who may do what: the tokens, their scopes and their stores.

use std::collections::{BTreeMap, BTreeSet};

use http::{HeaderMap, header};

use crate::{
    Error, Token,
    http::{error_code::ErrorCode, problem::Problem},
    rule::Rule,
};

/// The stores, and the tokens that open them.
pub(crate) struct Access {
    stores: BTreeSet<i64>,
    tokens: BTreeMap<String, Token>,
}

impl Access {
    /// The tokens and the stores that they are of.
    pub(crate) fn new(all: Vec<Token>) -> Result<Self, Error> {
        let mut tokens = BTreeMap::new();
        for token in all {
            token.check()?;
            let store_id = token.store_id;
            if let Some(other) = tokens.insert(token.token.clone(), token) {
                return Err(Error::Setting(format!(
                    "a token is given twice, for the stores {} and {store_id}; each token is of one store",
                    other.store_id
                )));
            }
        }
        Ok(Self { stores: tokens.values().map(|token| token.store_id).collect(), tokens })
    }

    /// Whether there is a store.
    pub(crate) fn has_store(&self, store_id: i64) -> bool {
        self.stores.contains(&store_id)
    }

    /// The stores by id.
    pub(crate) fn stores(&self) -> impl Iterator<Item = i64> + '_ {
        self.stores.iter().copied()
    }

    /// The token of this text.
    pub(crate) fn find(&self, token: &str) -> Option<&Token> {
        self.tokens.get(token)
    }

    /// The texts of all tokens.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        self.tokens.keys().map(String::as_str)
    }

    /// The token that a request has.
    pub(crate) fn token(&self, headers: &HeaderMap) -> Result<&Token, Problem> {
        let invalid = |message| Problem::new(ErrorCode::InvalidApiToken, message);
        let authorization = headers.get(header::AUTHORIZATION).ok_or_else(|| {
            invalid("There is no Authorization header; it is 'Authorization: Bearer' and the access token")
        })?;
        // A scheme is written in any letter case.
        let token = authorization.to_str().ok().and_then(|text| text.split_once(' '));
        let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let known = token.and_then(|(_, token)| self.find(token.trim()));
        known.ok_or_else(|| invalid("The access token is not valid"))
    }

    /// Whether a request may do something on the store named in its path; gives the store.
    pub(crate) fn check(&self, headers: &HeaderMap, store: &str, scopes: &[&str]) -> Result<i64, Problem> {
        let token = self.token(headers)?;
        let store_id = store.parse().map_err(|_| Problem::wrong_value("storeId", store, "a number"))?;
        if !self.has_store(store_id) {
            return Err(Problem::store_not_found(store_id));
        }
        if store_id != token.store_id {
            Rule::TokensOpenOneStore.trace();
            let message = format!("The access token is not valid for the store {store_id}");
            return Err(Problem::new(ErrorCode::InvalidApiToken, message));
        }
        match scopes.iter().find(|scope| !token.has(scope)) {
            Some(_) if token.is_public() => {
                Rule::PublicTokensSeeNoCoupons.trace();
                Err(Problem::new(ErrorCode::InsufficientAppScope, "A public token cannot reach discount coupons"))
            }
            Some(missing) => {
                let message = format!("The token lacks the access scope '{missing}'");
                Err(Problem::new(ErrorCode::InsufficientAppScope, message))
            }
            None => Ok(store_id),
        }
    }
}
