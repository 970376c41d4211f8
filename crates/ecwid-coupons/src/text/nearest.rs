//! [`nearest`]: a suggestion for a misspelled name.

/// The minimum similarity of an unknown name and a suggestion, from 0 to 1.
const LIKENESS: f64 = 0.68;

/// Returns the candidate whose name is most like this one, if one is alike. Letter case and punctuation do not matter.
pub(crate) fn nearest<T>(candidates: impl IntoIterator<Item = (impl AsRef<str>, T)>, name: &str) -> Option<T> {
    let name = compact(name);
    let alike = candidates
        .into_iter()
        .map(|(known, candidate)| (strsim::jaro_winkler(&compact(known.as_ref()), &name), candidate));
    let best = alike.filter(|(likeness, _)| *likeness >= LIKENESS).max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.map(|(_, candidate)| candidate)
}

/// Returns the letters and digits of a name, in lower case.
pub(crate) fn compact(name: &str) -> String {
    name.chars().filter(|next| next.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The error of serde for a name or a value that is not one of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName<'a> {
    /// The unknown name.
    pub name: &'a str,
    /// The list, such as "`a` or `b`".
    pub expected: &'a str,
    /// The expected name that was probably meant.
    pub meant: Option<&'a str>,
}

impl<'a> UnknownName<'a> {
    /// Parses a message of serde. `None` if it has another problem.
    pub fn parse(message: &'a str) -> Option<Self> {
        let kinds = ["unknown field `", "unknown variant `"];
        let rest = kinds.iter().find_map(|kind| message.strip_prefix(kind))?;
        let (name, expected) = rest.rsplit_once("`, expected ")?;
        let known = expected.split('`').skip(1).step_by(2);
        Some(Self { name, expected, meant: nearest(known.map(|known| (known, known)), name) })
    }
}

#[cfg(test)]
mod tests {
    use super::UnknownName;

    #[test]
    fn an_expected_name_is_suggested() {
        let parse = |message| UnknownName::parse(message).map(|unknown| (unknown.name, unknown.meant));
        let keys = "unknown field `store_id`, expected one of `store-id`, `token-file`";
        assert_eq!(parse(keys), Some(("store_id", Some("store-id"))));
        assert_eq!(parse("unknown field `x`, expected `default` or `stores`"), Some(("x", None)));
        assert_eq!(parse("unknown variant `state`, expected `status`"), Some(("state", Some("status"))));
        assert_eq!(parse("missing field `token`"), None);
    }
}
