//! Access control: tokens, their scopes and their stores.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    sync::{Arc, Mutex},
};

use http::{HeaderMap, header};

use crate::{
    Error, Token,
    http::{error_code::ErrorCode, problem::Problem},
    lock::lock,
    rule::Rule,
};

/// The stores and their tokens.
pub(crate) struct Access {
    /// The tokens that the sandbox started with.
    initial: Tokens,
    tokens: Mutex<Tokens>,
}

/// Settings of tokens, by token. Each store has at least one token.
type Tokens = BTreeMap<String, Arc<Token>>;

impl Access {
    /// Checks the tokens. Their stores are the stores of the sandbox.
    pub(crate) fn new(all: Vec<Token>) -> Result<Self, Error> {
        let mut initial = Tokens::new();
        all.into_iter().try_for_each(|token| insert(&mut initial, token))?;
        Ok(Self { tokens: Mutex::new(initial.clone()), initial })
    }

    /// Adds a token. Its store is created if it does not exist.
    pub(crate) fn add(&self, token: Token) -> Result<(), Error> {
        insert(&mut lock(&self.tokens), token)
    }

    /// Removes the tokens and stores that were added later.
    pub(crate) fn reset(&self) {
        lock(&self.tokens).clone_from(&self.initial);
    }

    /// Returns whether the store exists.
    pub(crate) fn has_store(&self, store_id: i64) -> bool {
        lock(&self.tokens).values().any(|token| token.store_id == store_id)
    }

    /// Returns the ids of the stores in ascending order.
    pub(crate) fn stores(&self) -> BTreeSet<i64> {
        lock(&self.tokens).values().map(|token| token.store_id).collect()
    }

    /// Returns the settings of a token.
    pub(crate) fn find(&self, token: &str) -> Option<Arc<Token>> {
        lock(&self.tokens).get(token).cloned()
    }

    /// Returns the initial tokens as text.
    pub(crate) fn initial_texts(&self) -> impl Iterator<Item = &str> {
        self.initial.keys().map(String::as_str)
    }

    /// Returns the token of a request.
    pub(crate) fn token(&self, headers: &HeaderMap) -> Result<Arc<Token>, Problem> {
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
        if store_id != token.store_id {
            if !self.has_store(store_id) {
                return Err(Problem::store_not_found(store_id));
            }
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

fn insert(tokens: &mut Tokens, token: Token) -> Result<(), Error> {
    token.check()?;
    match tokens.entry(token.token.clone()) {
        Entry::Vacant(place) => {
            place.insert(Arc::new(token));
            Ok(())
        }
        Entry::Occupied(other) => Err(Error::Setting(format!(
            "duplicate token for the stores {} and {} (expected one store for each token)",
            other.get().store_id,
            token.store_id
        ))),
    }
}
