//! The token of the requests, and the function that provides a new one.

use std::{
    error::Error as StdError,
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroizing;

use crate::{
    Error, client::token::token_problem, error::chain, text::redact::Redactor, transport::own_task::in_own_task,
};

/// The result of a token provider.
pub(crate) type ProvidedToken = Result<String, Box<dyn StdError + Send + Sync>>;

/// A function that returns the current token.
pub(crate) type TokenProvider =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = ProvidedToken> + Send>> + Send + Sync + 'static>;

/// The token of a client, and the function that replaces it.
pub(crate) struct Tokens {
    current: Mutex<Option<Token>>,
    provider: Option<TokenProvider>,
    /// Held by the call that asks the provider, so that concurrent calls do not ask it too.
    asking: tokio::sync::Mutex<()>,
    /// Knows all tokens that were used.
    redactor: Redactor,
}

/// A token, as the value of the header.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) authorization: HeaderValue,
    /// How many times the provider had been asked.
    number: u64,
}

impl Tokens {
    /// Uses this token first. The token may be empty if there is a provider.
    pub(crate) fn new(token: &str, provider: Option<TokenProvider>, redactor: Redactor) -> Result<Self, Error> {
        let first = if token.is_empty() && provider.is_some() {
            None
        } else {
            Some(Token { authorization: authorization(token)?, number: 0 })
        };
        Ok(Self { current: Mutex::new(first), provider, asking: tokio::sync::Mutex::default(), redactor })
    }

    /// Returns the current token, if there is one yet.
    pub(crate) fn current(&self) -> Option<Token> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the provider for the first token.
    pub(crate) async fn first(self: &Arc<Self>) -> Result<Token, Error> {
        self.newer_than(None).await
    }

    /// Returns the token that replaces a refused one. `None` if there is no provider, or if it returns the same token.
    pub(crate) async fn after_refusal(self: &Arc<Self>, refused: &Token) -> Result<Option<Token>, Error> {
        if self.provider.is_none() {
            return Ok(None);
        }
        let token = self.newer_than(Some(refused)).await?;
        Ok((token.authorization != refused.authorization).then_some(token))
    }

    /// Asks the provider, unless another call has asked it in the meantime.
    async fn newer_than(self: &Arc<Self>, old: Option<&Token>) -> Result<Token, Error> {
        let (tokens, old) = (Arc::clone(self), old.cloned());
        in_own_task(async move { tokens.ask(old.as_ref()).await }).await
    }

    async fn ask(&self, old: Option<&Token>) -> Result<Token, Error> {
        let _asking = self.asking.lock().await;
        if let Some(token) = self.current().filter(|current| old.is_none_or(|old| current.number > old.number)) {
            return Ok(token);
        }
        let provider = self.provider.as_ref().expect("there is a token or a provider");
        let text = provider().await.map_err(|error| {
            Error::configuration(format!("the token provider failed: {}", chain(&*error))).redacted(&self.redactor)
        })?;
        let text = Zeroizing::new(text);
        self.redactor.add(&text);
        let invalid = |error: Error| error.with_hint("check what the token provider returns").redacted(&self.redactor);
        let authorization = authorization(&text).map_err(invalid)?;
        let token = Token { authorization, number: old.map_or(0, |old| old.number + 1) };
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
        Ok(token)
    }

    /// Whether this is the current token.
    pub(crate) fn is_current(&self, token: &str) -> bool {
        self.current()
            .is_some_and(|current| current.authorization.as_bytes().strip_prefix(SCHEME) == Some(token.as_bytes()))
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}

impl Token {
    /// Whether this is a public token, which cannot access coupons.
    pub(crate) fn is_public(&self) -> bool {
        self.authorization.as_bytes().strip_prefix(SCHEME).is_some_and(|token| token.starts_with(b"public_"))
    }
}

/// Whether the store refused the token itself, and not what the token may do.
///
/// A store that refuses the token did nothing, so the request can be sent again.
pub(crate) fn is_token_refused(error: &Error) -> bool {
    // Older documentation has errors without a code.
    error.is_unauthorized() || error.status() == Some(403) && error.code().is_none()
}

/// What precedes the token in the header.
const SCHEME: &[u8] = b"Bearer ";

/// Returns the value of the header, marked as sensitive.
fn authorization(token: &str) -> Result<HeaderValue, Error> {
    if token.is_empty() {
        return Err(Error::configuration("the token is empty"));
    }
    if let Some(problem) = token_problem(token) {
        return Err(Error::configuration(format!("invalid token: it has {problem} (expected the token alone)")));
    }
    if token.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Err(Error::configuration(
            "invalid token: it has a space, a line break or another invalid character; check how it was copied or read",
        ));
    }
    // All copies of the header share these bytes, which are overwritten with zeros when the last copy is dropped.
    let bytes = Bytes::from_owner(Zeroizing::new([SCHEME, token.as_bytes()].concat()));
    let mut header = HeaderValue::from_maybe_shared(bytes).map_err(|_| Error::configuration("invalid token"))?;
    header.set_sensitive(true);
    Ok(header)
}
