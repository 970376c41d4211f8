//! A coupon's fields as flags, made of the field lists that come from the OpenAPI document: a field that is added there is
//! a flag here.

use std::{
    fmt,
    marker::PhantomData,
    path::{Path, PathBuf},
};

use clap::{
    Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches,
    builder::{PossibleValuesParser, TypedValueParser as _, ValueParser},
};
use ecwid_coupons::{
    Decimal, EcwidDateTime, Json, read_json,
    schema::{Field, Kind},
    types::{Coupon, CouponUpdate, NewCoupon},
};
use serde::de::DeserializeOwned;

use crate::{
    exit::Failure,
    fields::{Leaf, kebab, leaves},
    json::Object,
    settings::{self, Settings},
};

const HEADING: &str = "Coupon fields";

/// What a flag's value looks like, for the end of `--help`.
pub(crate) const VALUES: &str = "\
A DATE is 2024-06-30, \"2024-06-30 12:00:00\" or \"2024-06-30 12:00:00 +0200\"; without a zone it is UTC. The values of a list have \
commas between them, and \"\" is the empty list. A NUMBER is sent with the digits it is given with.";

/// A body that is made of flags.
pub(crate) trait Body: DeserializeOwned {
    /// The fields it can have.
    const FIELDS: &'static [Field];
}

impl Body for NewCoupon {
    const FIELDS: &'static [Field] = Self::FIELDS;
}

impl Body for CouponUpdate {
    const FIELDS: &'static [Field] = Self::FIELDS;
}

/// The fields that were given: by flags, in a file, and those to clear.
#[derive(Clone)]
pub(crate) struct CouponFlags<B> {
    given: Vec<(Vec<&'static str>, String)>,
    clear: Vec<&'static str>,
    json: Option<PathBuf>,
    body: PhantomData<B>,
}

impl<B> fmt::Debug for CouponFlags<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CouponFlags")
            .field("given", &self.given)
            .field("clear", &self.clear)
            .field("json", &self.json)
            .finish()
    }
}

impl<B: Body> Args for CouponFlags<B> {
    fn augment_args(command: Command) -> Command {
        let clearable: Vec<_> = B::FIELDS.iter().filter(|field| field.clearable).collect();
        let command = command.arg(
            Arg::new("json").long("json").value_name("PATH").value_parser(clap::value_parser!(PathBuf)).help(
                "Take the fields from a JSON file, or from standard input with -; flags win over it, and fields that the store \
                 alone sets are left out",
            ),
        );
        let command = if clearable.is_empty() {
            command
        } else {
            let names = clearable.iter().map(|field| kebab(field.name)).collect::<Vec<_>>().join(", ");
            command.arg(
                Arg::new("clear")
                    .long("clear")
                    .value_name("FIELD,…")
                    .action(ArgAction::Append)
                    .value_delimiter(',')
                    .value_parser(move |name: &str| clearable_name(&clearable, name))
                    .help(format!("Clear these fields: {names}")),
            )
        };
        let reserved = reserved(&command);
        let leaves = leaves(B::FIELDS);
        leaves.iter().fold(command, |command, leaf| command.arg(flag(leaf, &leaves, &reserved)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<B: Body> FromArgMatches for CouponFlags<B> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut given = Vec::new();
        for leaf in leaves(B::FIELDS) {
            let Some(texts) = matches.get_many::<String>(&id(&leaf.path)) else { continue };
            let texts: Vec<_> = texts.map(String::as_str).filter(|text| !text.is_empty()).collect();
            let text = texts.join(",");
            given.push((leaf.path, if is_plain_list(&leaf.field.kind) { format!("[{text}]") } else { text }));
        }
        let clear = matches.try_get_many("clear").ok().flatten().into_iter().flatten().copied().collect();
        Ok(Self { given, clear, json: matches.get_one("json").cloned(), body: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<B: Body> CouponFlags<B> {
    /// Whether no field was given in any way.
    pub(crate) fn is_empty(&self) -> bool {
        self.given.is_empty() && self.clear.is_empty() && self.json.is_none()
    }

    /// The body that the file, the flags and the fields to clear make.
    pub(crate) fn body(&self, settings: &Settings) -> Result<B, Failure> {
        let mut object = match &self.json {
            Some(path) if path == Path::new("-") && settings.token_file.as_deref() == Some(Path::new("-")) => {
                let message = "--json and --token-file cannot both be read from standard input";
                return Err(Failure::usage(message, "give one of them as a file"));
            }
            Some(path) => read_object(path)?,
            None => Object::new(),
        };
        // What `get` shows can be given to `create`: the store sets these itself.
        object.retain(|name, _| is_field(B::FIELDS, name) || !is_field(Coupon::FIELDS, name));
        for (path, text) in &self.given {
            let json = text.parse().map_err(|_| not_valid("a flag's value", text))?;
            put(&mut object, path, json)?;
        }
        for name in &self.clear {
            if self.given.iter().any(|(path, _)| path.first() == Some(name)) {
                let message = format!("{} is both set and cleared", kebab(name));
                return Err(Failure::usage(message, "leave out one of the two"));
            }
            object.insert((*name).to_owned(), Json::from_value(&())?);
        }
        let lost = B::FIELDS.iter().find(|field| {
            let is_null = object.get(field.name).is_some_and(|json| json.as_str() == "null");
            is_null && !field.clearable && B::FIELDS.iter().any(|field| field.clearable)
        });
        if let Some(field) = lost {
            return Err(Failure::usage(
                format!("{} cannot be cleared with null", field.name),
                "give it a value, or leave it out",
            ));
        }
        let text = serde_json::to_string(&object)?;
        read_json(text.as_bytes()).map_err(|wrong| {
            // The text was made here.
            Failure::usage(
                format!("the fields make no coupon: {}", wrong.without_place()),
                "`--help` after the command lists the fields",
            )
        })
    }
}

fn is_field(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|field| field.name == name)
}

fn not_valid(what: &str, text: &str) -> Failure {
    Failure::usage(format!("{what} makes no JSON: {text}"), "give the field in a file with --json")
}

fn read_object(path: &Path) -> Result<Object, Failure> {
    let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
    let text = settings::read_text(path).map_err(|error| {
        Failure::usage(format!("{name} cannot be read: {error}"), "give --json the path of a file, or -")
    })?;
    // Some editors begin a file with a mark that JSON does not know.
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        Failure::usage(
            format!("{name} holds no JSON object: {error}"),
            r#"it looks like {"name": "10% OFF", "code": "DISC"}"#,
        )
    })
}

/// Puts a value into an object, or into one inside of it.
fn put(object: &mut Object, path: &[&str], json: Json) -> Result<(), Failure> {
    let [name, rest @ ..] = path else { return Ok(()) };
    if rest.is_empty() {
        object.insert((*name).to_owned(), json);
        return Ok(());
    }
    let mut inner: Object = match object.get(*name).map(Json::read::<Option<Object>>) {
        None => Object::new(),
        Some(Ok(inner)) => inner.unwrap_or_default(),
        Some(Err(_)) => {
            let message =
                format!("{name} in the file is no object, so that --{} cannot be put into it", flag_name(path));
            return Err(Failure::usage(message, format!("make {name} an object, or leave it out")));
        }
    };
    put(&mut inner, rest, json)?;
    object.insert((*name).to_owned(), Json::from_value(&inner)?);
    Ok(())
}

fn clearable_name(clearable: &[&'static Field], name: &str) -> Result<&'static str, String> {
    let name = name.trim();
    let found = clearable.iter().find(|field| field.name == name || kebab(field.name) == name);
    found.map(|field| field.name).ok_or_else(|| {
        let names: Vec<_> = clearable.iter().map(|field| kebab(field.name)).collect();
        format!("it cannot be cleared; what can be is {}", names.join(", "))
    })
}

/// The flags that are something else already.
fn reserved(command: &Command) -> Vec<String> {
    let settings = Settings::augment_args(Command::new("settings"));
    let taken = command.get_arguments().chain(settings.get_arguments()).filter_map(Arg::get_long);
    taken.chain(["help", "version", "token"]).map(str::to_owned).collect()
}

/// The name that clap knows the flag by, which no other argument has.
fn id(path: &[&str]) -> String {
    format!("field.{}", path.join("."))
}

fn flag_name(path: &[&str]) -> String {
    path.iter().map(|name| kebab(name)).collect::<Vec<_>>().join("-")
}

fn flag(leaf: &Leaf, all: &[Leaf], reserved: &[String]) -> Arg {
    let Leaf { path, field } = leaf;
    let mut name = flag_name(path);
    if reserved.contains(&name) {
        name = format!("coupon-{name}");
    }
    let mut help =
        field.description.split_ascii_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned();
    let is_needed = field.required && path.len() == 1;
    if is_needed {
        help.push_str(" [needed without --json]");
    }
    let mut arg = Arg::new(id(path))
        .help(help)
        .help_heading(HEADING)
        .value_name(value_name(&field.kind))
        .value_parser(value_parser(&field.kind))
        .ignore_case(true)
        // A name may begin with one, as in "-5% today".
        .allow_hyphen_values(matches!(field.kind, Kind::Text | Kind::List(Kind::Text)))
        .allow_negative_numbers(true);
    if is_plain_list(&field.kind) {
        arg = arg.action(ArgAction::Append);
    }
    if is_needed {
        arg = arg.required_unless_present("json");
    }
    if let [_, .., last] = path[..] {
        let alias = kebab(last);
        let is_alone = all.iter().filter(|other| other.path.last() == Some(&last)).count() == 1;
        let is_free = !reserved.contains(&alias) && !all.iter().any(|other| flag_name(&other.path) == alias);
        if is_alone && is_free {
            arg = arg.visible_alias(alias);
        }
    }
    arg.long(name)
}

/// Whether the field is a list whose items can stand with commas between them.
fn is_plain_list(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::List(Kind::Integer | Kind::Decimal | Kind::Text | Kind::Enum(_) | Kind::DateTime | Kind::Boolean)
    )
}

fn value_name(kind: &Kind) -> String {
    match kind {
        Kind::Boolean => "BOOL",
        Kind::Integer => "N",
        Kind::Decimal => "NUMBER",
        Kind::Text => "TEXT",
        Kind::Enum(_) => "VALUE",
        Kind::DateTime => "DATE",
        Kind::List(Kind::Integer) => "N,…",
        Kind::List(_) if is_plain_list(kind) => "TEXT,…",
        _ => "JSON",
    }
    .to_owned()
}

/// What reads a flag's value into JSON text; for a list, into what stands between its brackets.
fn value_parser(kind: &'static Kind) -> ValueParser {
    match kind {
        // Its values are shown in the help.
        Kind::Enum(known) => {
            PossibleValuesParser::new(known.iter().copied()).try_map(|text| json_text(kind, &text)).into()
        }
        Kind::Boolean => PossibleValuesParser::new(["true", "false"]).map(|text| text.to_ascii_lowercase()).into(),
        Kind::List(item) if is_plain_list(kind) => ValueParser::new(|text: &str| {
            let items = text.split(',').map(str::trim).filter(|_| !text.trim().is_empty());
            items.map(|text| json_text(item, text)).collect::<Result<Vec<_>, _>>().map(|items| items.join(","))
        }),
        _ => ValueParser::new(|text: &str| json_text(kind, text)),
    }
}

/// A value as JSON text.
fn json_text(kind: &Kind, text: &str) -> Result<String, String> {
    let quoted = |text: &str| serde_json::to_string(text).map_err(|error| error.to_string());
    match kind {
        Kind::Boolean => text.parse::<bool>().map(|value| value.to_string()).map_err(|error| error.to_string()),
        Kind::Integer => text.parse::<i64>().map(|value| value.to_string()).map_err(|error| error.to_string()),
        Kind::Decimal => text.parse::<Decimal>().map(|value| value.to_string()).map_err(|error| error.to_string()),
        Kind::Text => quoted(text),
        Kind::Enum(known) => match known.iter().find(|known| known.eq_ignore_ascii_case(text)) {
            Some(known) => quoted(known),
            None => Err(format!("it is one of {}", known.join(", "))),
        },
        Kind::DateTime => {
            text.parse::<EcwidDateTime>().map_err(|error| error.to_string()).and_then(|date| quoted(&date.to_string()))
        }
        _ => text.parse::<Json>().map(|json| json.to_string()).map_err(|error| format!("it is no JSON: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use ecwid_coupons::schema::Kind;

    use super::json_text;

    #[test]
    fn values_become_json_without_a_change() {
        let text = |kind: Kind, text: &str| json_text(&kind, text);
        assert_eq!(text(Kind::Decimal, "10.50").unwrap(), "10.50");
        assert_eq!(
            text(Kind::Decimal, "0.1234567890123456789012345678901").unwrap(),
            "0.1234567890123456789012345678901"
        );
        assert_eq!(text(Kind::DateTime, "2024-06-06 08:00:00 +0400").unwrap(), r#""2024-06-06 08:00:00 +0400""#);
        assert_eq!(text(Kind::Enum(&["ABS", "PERCENT"]), "percent").unwrap(), r#""PERCENT""#);
        assert_eq!(text(Kind::Text, "a\"b").unwrap(), r#""a\"b""#);
        assert!(text(Kind::Enum(&["ABS", "PERCENT"]), "per cent").unwrap_err().contains("ABS, PERCENT"));
        assert!(text(Kind::Decimal, "ten").unwrap_err().contains("10.50"));
        assert!(text(Kind::Integer, "1.5").is_err());
    }
}
