//! [`Token`]: an access token, the store it opens, and its scopes.

use std::{collections::BTreeSet, fmt};

use serde::Deserialize;

use crate::{Error, SCOPES, redaction::shown_name};

/// What the tokens begin with that a storefront shows to all the world.
const PUBLIC: &str = "public_";

/// An access token of a store.
///
/// A token opens one store. Unless told otherwise it has all of [`SCOPES`]; a public one, which begins with `public_`, has none
/// and can have none. Neither `Debug` nor the journal shows it.
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
    /// A token of a store, whose id is a positive number. A token that no header may hold is refused when a sandbox is started.
    pub fn new(store_id: i64, token: impl Into<String>) -> Self {
        Self { store_id, token: token.into(), scopes: None }
    }

    /// The access scopes of the token, and no others; each is one of [`SCOPES`].
    #[must_use]
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Whether anyone who looks at a storefront can have it.
    pub(crate) fn is_public(&self) -> bool {
        self.token.starts_with(PUBLIC)
    }

    pub(crate) fn has(&self, scope: &str) -> bool {
        match &self.scopes {
            Some(scopes) => scopes.contains(scope),
            None => !self.is_public(),
        }
    }

    /// Refuses what no store could have.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let refused = |why: String| Err(Error::Setting(why));
        if self.store_id <= 0 {
            return refused(format!("{} is no store id; it is a positive number", self.store_id));
        }
        if self.token.is_empty() || !self.token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return refused("a token is of letters, digits and signs without spaces, and not empty".to_owned());
        }
        let scopes = self.scopes.iter().flatten();
        if let Some(unknown) = scopes.clone().find(|scope| !SCOPES.contains(&scope.as_str())) {
            let unknown = shown_name(unknown);
            return refused(format!("there is no access scope {unknown:?}; there are {}", SCOPES.join(", ")));
        }
        if self.is_public() && scopes.count() > 0 {
            return refused("a public token has no access scopes; leave them out, or name it secret_…".to_owned());
        }
        Ok(())
    }
}
