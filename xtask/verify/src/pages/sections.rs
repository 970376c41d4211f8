//! The sections of a reference page.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Scopes,
    Examples,
    Members(Part),
}

/// The part of an operation whose members a table describes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    #[default]
    Path,
    Query,
    Headers,
    Request,
    Response,
}

impl Part {
    pub(crate) const ALL: [Self; 5] = [Self::Path, Self::Query, Self::Headers, Self::Request, Self::Response];

    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Headers => "headers",
            Self::Request => "request",
            Self::Response => "response",
        }
    }

    /// Returns the word for a member of the part in messages.
    pub(crate) fn member(self) -> &'static str {
        match self {
            Self::Path => "path parameter",
            Self::Query => "query parameter",
            Self::Headers => "header",
            Self::Request => "request field",
            Self::Response => "response field",
        }
    }
}

impl Section {
    /// Returns the section that a heading starts.
    pub(crate) fn of(heading: &str) -> Option<Self> {
        let heading = heading.to_lowercase();
        let words: Vec<_> = heading.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let has = |wanted: &[&str]| wanted.iter().any(|word| words.contains(word));
        if words.len() > 6 {
            return None;
        }
        let (parameters, body) = (has(&["params", "param", "parameters"]), has(&["json", "body", "fields"]));
        Some(match () {
            // A sentence can start with the word.
            () if has(&["example", "examples"]) => {
                return (words.len() == 1 || has(&["request", "response"])).then_some(Self::Examples);
            }
            () if has(&["scope", "scopes"]) => Self::Scopes,
            () if has(&["path"]) && parameters => Self::Members(Part::Path),
            () if has(&["query"]) && parameters => Self::Members(Part::Query),
            () if words == ["headers"] || words == ["request", "headers"] => Self::Members(Part::Headers),
            () if words == ["request"] || (has(&["request"]) && body) => Self::Members(Part::Request),
            () if words == ["response"] || (has(&["response"]) && body) => Self::Members(Part::Response),
            () => return None,
        })
    }
}
