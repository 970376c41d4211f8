//! The fields of a coupon by name: flattened for flags and columns, and chosen by `--fields`.

use std::{fmt, str::FromStr};

use ecwid_coupons::{
    schema::{Field, Kind},
    types::Coupon,
};
use heck::{ToKebabCase as _, ToLowerCamelCase as _};

/// A field that holds a value: one of the coupon's own, or one inside an object such as `catalogLimit`.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    /// The names on the way to it.
    pub(crate) path: Vec<&'static str>,
    pub(crate) field: &'static Field,
}

/// The fields of an object that hold values, those inside of its objects included.
pub(crate) fn leaves(fields: &'static [Field]) -> Vec<Leaf> {
    let mut found = Vec::new();
    for field in fields {
        match field.kind {
            Kind::Object(inside) => found.extend(leaves(inside).into_iter().map(|mut leaf| {
                leaf.path.insert(0, field.name);
                leaf
            })),
            _ => found.push(Leaf { path: vec![field.name], field }),
        }
    }
    found
}

/// A field's name as it stands in a flag, such as `discount-type`.
pub(crate) fn kebab(name: &str) -> String {
    name.to_kebab_case()
}

/// Which fields to show, as `--fields` gives them: `id,name,catalogLimit(products)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen(pub(crate) Vec<Choice>);

/// A field that was chosen: all of it, or some of what is inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) inside: Option<Chosen>,
}

impl Chosen {
    /// Whether a field is chosen, in full or in part.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|choice| choice.name == name)
    }

    /// The same and one more field.
    pub(crate) fn with(&self, name: &str) -> Self {
        let mut chosen = self.clone();
        if !chosen.has(name) {
            chosen.0.insert(0, Choice { name: name.to_owned(), inside: None });
        }
        chosen
    }
}

impl fmt::Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Choice { name, inside }) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{name}")?;
            if let Some(inside) = inside {
                write!(f, "({inside})")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Chosen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut rest = text;
        let chosen = list(&mut rest).filter(|_| rest.is_empty());
        let mut chosen = chosen
            .ok_or_else(|| "write names with commas between, such as id,name,catalogLimit(products)".to_owned())?;
        // The vendor's notation for a search, where the coupons stand in `items`.
        if let [Choice { name, inside: Some(inside) }] = &chosen.0[..]
            && name == "items"
        {
            chosen = inside.clone();
        }
        Ok(chosen)
    }
}

/// Reads `name,name(name,name)` up to a closing parenthesis or the end.
fn list(rest: &mut &str) -> Option<Chosen> {
    let mut choices = Vec::new();
    loop {
        let text = rest.trim_start();
        let length = text.find(|next: char| !(next.is_alphanumeric() || "_-".contains(next))).unwrap_or(text.len());
        let (name, after) = text.split_at(length);
        *rest = after.trim_start();
        let mut inside = None;
        if let Some(after) = rest.strip_prefix('(') {
            *rest = after;
            inside = Some(list(rest)?);
            *rest = rest.strip_prefix(')')?.trim_start();
        }
        if name.is_empty() {
            return None;
        }
        choices.push(Choice { name: json_name(name), inside });
        match rest.strip_prefix(',') {
            Some(after) => *rest = after,
            None => return Some(Chosen(choices)),
        }
    }
}

/// The name in JSON of a field that is named as in JSON or as in a flag.
fn json_name(name: &str) -> String {
    let is_flag =
        name.contains('-') || Coupon::FIELDS.iter().any(|field| field.name != name && kebab(field.name) == name);
    if is_flag { name.to_lower_camel_case() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::Chosen;

    #[test]
    fn fields_are_chosen_in_the_vendors_notation() {
        let read = |text: &str| text.parse::<Chosen>().map(|chosen| chosen.to_string());
        assert_eq!(read("id,name,status").unwrap(), "id,name,status");
        assert_eq!(
            read(" id , discount-type,catalogLimit( products, categories ),x").unwrap(),
            "id,discountType,catalogLimit(products,categories),x"
        );
        assert_eq!(read("items(id,catalogLimit(products))").unwrap(), "id,catalogLimit(products)");
        for wrong in ["", ",", "id,", "a(", "a()", "a)", "a b", "a(b))", "é!"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert_eq!("name,code".parse::<Chosen>().unwrap().with("id").with("id").to_string(), "id,name,code");
    }
}
