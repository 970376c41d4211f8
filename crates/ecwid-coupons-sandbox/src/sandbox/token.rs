//! [`Token`]: an access token, its store and its scopes.

use std::{collections::BTreeSet, fmt};

use serde::Deserialize;

use crate::{Error, SCOPES, redaction::shown_name};

/// The prefix of public tokens, which a storefront shows to everybody.
const PUBLIC: &str = "public_";

/// An access token of one store. Defaults to all of [`SCOPES`]. A public token begins with `public_` and has no scopes.
/// Neither `Debug` nor the journal shows a token.
///
/// # Example
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use ecwid_coupons_sandbox::{Sandbox, Token};
/// let reader = Token::new(1004, "secret_reader").scopes(["read_discount_coupons"]);
/// let sandbox = Sandbox::builder().add_token(reader).start().await?;
/// let refused = sandbox.client_with("secret_reader")?.delete("CODE").await.unwrap_err();
/// assert_eq!(refused.code(), Some("INSUFFICIENT_APP_SCOPE"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Token {
    pub(crate) store_id: i64,
    pub(crate) token: String,
    scopes: Option<BTreeSet<String>>,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("store_id", &self.store_id).finish_non_exhaustive()
    }
}

impl Token {
    /// Creates a token of a store. The id of the store is a positive integer. A token that no header can contain is
    /// refused when the sandbox starts.
    pub fn new(store_id: i64, token: impl Into<String>) -> Self {
        Self { store_id, token: token.into(), scopes: None }
    }

    /// Sets the access scopes of the token. Each is one of [`SCOPES`].
    #[must_use]
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Returns whether this is a public token.
    pub(crate) fn is_public(&self) -> bool {
        self.token.starts_with(PUBLIC)
    }

    pub(crate) fn has(&self, scope: &str) -> bool {
        match &self.scopes {
            Some(scopes) => scopes.contains(scope),
            None => !self.is_public(),
        }
    }

    /// Refuses a token that no store could have.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let refused = |why: String| Err(Error::Setting(why));
        if self.store_id <= 0 {
            return refused(format!("invalid store id: `{}` (expected a positive integer)", self.store_id));
        }
        if self.token.is_empty() || !self.token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return refused("invalid token (expected printable ASCII characters without spaces)".to_owned());
        }
        let scopes = self.scopes.iter().flatten();
        if let Some(unknown) = scopes.clone().find(|scope| !SCOPES.contains(&scope.as_str())) {
            let unknown = shown_name(unknown);
            return refused(format!("unknown access scope: `{unknown}` (expected one of {})", SCOPES.join(", ")));
        }
        if self.is_public() && scopes.count() > 0 {
            return refused("a public token cannot have access scopes; remove the scopes, or use a token that begins with `secret_`".to_owned());
        }
        Ok(())
    }
}
