//! A coupon's fields as flags, made of the field lists that come from the OpenAPI document: a field that is added there is
//! a flag here.

use std::{
    marker::PhantomData,
    path::{Path, PathBuf},
};

use clap::{
    Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches,
    builder::{PossibleValuesParser, TypedValueParser as _, ValueParser},
};
use ecwid_coupons::{
    __private::{JsonMembers, input_file::FILE_LIMIT},
    Decimal, EcwidDateTime, FieldError, FieldInput, Json,
    chrono::Utc,
    schema::{Field, Kind},
    types::{CouponUpdate, NewCoupon},
};
use serde::de::DeserializeOwned;

use crate::{
    exit::Failure,
    fields::{FieldPath, dotted, kebab, leaves},
    settings::{self, Settings},
};

const HEADING: &str = "Coupon fields";

/// What a flag's value looks like, for the end of `--help`.
pub(crate) const VALUES: &str = "\
A DATE is 2024-06-30, \"2024-06-30 12:00:00\" or \"2024-06-30 12:00:00 +0200\". Without a zone it is UTC. Without a time it is the \
first second of that day, 00:00:00, and for --expiration-date the last second, 23:59:59. The values of a list have commas between \
them, and \"\" is the empty list. A NUMBER is sent with the digits it is given with.";

/// An object that is made of flags.
pub(crate) trait Fields: DeserializeOwned {
    /// The fields it can have.
    const FIELDS: &'static [Field];
}

impl Fields for NewCoupon {
    const FIELDS: &'static [Field] = Self::FIELDS;
}

impl Fields for CouponUpdate {
    const FIELDS: &'static [Field] = Self::FIELDS;
}

/// The fields that were given: by flags, in a file, and those to clear.
#[derive(Clone, Debug)]
pub(crate) struct CouponFlags<B> {
    set: Vec<(FieldPath, Vec<Json>)>,
    clear: Vec<&'static Field>,
    json: Option<PathBuf>,
    allow_unknown: bool,
    body: PhantomData<B>,
}

impl<B: Fields> Args for CouponFlags<B> {
    fn augment_args(command: Command) -> Command {
        let clearable: Vec<_> = B::FIELDS.iter().filter(|field| field.clearable).collect();
        let command = command
            .arg(Arg::new("json").long("json").value_name("PATH").value_parser(clap::value_parser!(PathBuf)).help(
                "Take the fields from a JSON file, or from standard input with -; names as discountType or discount_type. Flags \
                 win over it. Left out is what the store sets: id, dates of creation and update, order count, and the statuses \
                 EXPIRED and USEDUP",
            ))
            .arg(Arg::new("allow-unknown").long("allow-unknown").action(ArgAction::SetTrue).requires("json").help(
                "Send fields of --json, and values of enums, that this version does not know as they are",
            ));
        let names = clearable.iter().map(|field| kebab(field.name)).collect::<Vec<_>>().join(", ");
        let command = command.args((!clearable.is_empty()).then(|| {
            Arg::new("clear")
                .long("clear")
                .value_name("FIELD,…")
                .action(ArgAction::Append)
                .value_delimiter(',')
                .help(format!("Clear these fields: {names}"))
                .value_parser(move |name: &str| {
                    let name = name.trim();
                    let found = clearable.iter().find(|field| field.name == name || kebab(field.name) == name);
                    found.copied().ok_or_else(|| format!("it cannot be cleared; what can be is {names}"))
                })
        }));
        let reserved = reserved(&command);
        let leaves = leaves(B::FIELDS);
        command.args(leaves.iter().filter_map(|leaf| flag(leaf, &leaves, &reserved)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<B: Fields> FromArgMatches for CouponFlags<B> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut set = Vec::new();
        for leaf in leaves(B::FIELDS) {
            let values = matches.get_many::<Vec<Json>>(&id(&leaf));
            set.extend(values.map(|values| (leaf, values.flatten().cloned().collect())));
        }
        let clear = matches.try_get_many("clear").ok().flatten().into_iter().flatten().copied().collect();
        let allow_unknown = matches.get_flag("allow-unknown");
        Ok(Self { set, clear, json: matches.get_one("json").cloned(), allow_unknown, body: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<B: Fields> CouponFlags<B> {
    /// The body that the file, the flags and the fields to clear make, and what to say once it was sent.
    pub(crate) fn body(&self, settings: &Settings) -> Result<(B, Vec<String>), Failure> {
        let mut input = FieldInput::new(B::FIELDS);
        if self.allow_unknown {
            input = input.allow_unknown();
        }
        match &self.json {
            Some(path) if path == Path::new("-") && settings.token_file.as_deref() == Some(Path::new("-")) => {
                let message = "--json and --token-file cannot both be read from standard input";
                return Err(Failure::usage(message, "give one of them as a file"));
            }
            Some(path) => {
                for (name, value) in read_members(path)?.0 {
                    input.add(&name, value).map_err(not_taken)?;
                }
            }
            None => {}
        }
        for (leaf, values) in &self.set {
            let json = match &values[..] {
                [value] if !leaf.last().is_some_and(|field| is_plain_list(&field.kind)) => value.clone(),
                values => Json::from_value(values)?,
            };
            input.set(leaf, json).map_err(not_taken)?;
        }
        for field in &self.clear {
            if self.set.iter().any(|(leaf, _)| leaf.first() == Some(field)) {
                let message = format!("{} is both set and cleared", kebab(field.name));
                return Err(Failure::usage(message, "leave out one of the two"));
            }
            input.set(&[field], Json::from_value(&())?).map_err(not_taken)?;
        }
        let is_update = B::FIELDS.iter().any(|field| field.clearable);
        for field in B::FIELDS {
            let text = input.values().get(field.name).map_or("", |json| json.as_str());
            if text == "null" && is_update && !field.clearable {
                let message = format!("{} cannot be cleared with null", field.name);
                return Err(Failure::usage(message, "give it a value, or leave it out"));
            }
            if field.kind == Kind::Decimal
                && significant_digits(text) > FLOAT_DIGITS
                && let Some(error) = text.parse::<Decimal>().ok().and_then(|number| number.float_error())
            {
                return Err(Failure::usage(format!("{}: {error}", field.name), "round the number"));
            }
        }
        let body = input.read().map_err(|wrong| {
            Failure::usage(format!("the fields make no coupon: {wrong}"), "`--help` after the command lists the fields")
        })?;
        Ok((body, notes(&input)))
    }
}

fn notes(input: &FieldInput) -> Vec<String> {
    let mut notes = Vec::new();
    if !input.left_out().is_empty() {
        let mut text = format!("left out what the store sets: {}", input.left_out().join(", "));
        if input.left_out().iter().any(|name| name == "orderCount") {
            text.push_str("; --order-count sets a count");
        }
        notes.push(text);
    }
    notes.extend(input.days().iter().map(|(name, date)| sent_as(name, date)));
    let end = input
        .values()
        .get("expirationDate")
        .and_then(|json| json.deserialize::<Option<EcwidDateTime>>().ok().flatten());
    if let Some(end) = end.filter(|end| end.to_utc().is_some_and(|end| end <= Utc::now())) {
        notes.push(format!("the coupon is over already: its expirationDate {end} has passed"));
    }
    notes
}

/// What to say of a date that was given without a time.
pub(crate) fn sent_as(name: &str, date: &EcwidDateTime) -> String {
    format!("{name} has no time and is sent as {date}")
}

fn not_taken(error: FieldError) -> Failure {
    let hint = if error.is_unknown() {
        "correct it, or send it as it is with --allow-unknown"
    } else {
        "`--help` after the command lists the fields"
    };
    Failure::usage(error.to_string(), hint)
}

/// How many digits every decimal number keeps as a float. What has more may be what is left of a computation.
const FLOAT_DIGITS: usize = 15;

fn significant_digits(text: &str) -> usize {
    let digits = text.bytes().take_while(|byte| !matches!(byte, b'e' | b'E')).filter(u8::is_ascii_digit);
    digits.skip_while(|digit| *digit == b'0').count()
}

fn read_members(path: &Path) -> Result<JsonMembers, Failure> {
    let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
    let text = settings::read_text(path, FILE_LIMIT).map_err(|error| {
        Failure::usage(format!("{name} cannot be read: {error}"), "give --json the path of a file, or -")
    })?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::usage(
            format!("{name} holds no JSON object: {error}"),
            r#"it looks like {"name": "10% OFF", "code": "DISC", "discountType": "PERCENT", "discount": 10}"#,
        )
    })
}

/// The flags that are something else already.
fn reserved(command: &Command) -> Vec<String> {
    let settings = Settings::augment_args(Command::new("settings"));
    let taken = command.get_arguments().chain(settings.get_arguments()).filter_map(Arg::get_long);
    taken.chain(["help", "version", "token"]).map(str::to_owned).collect()
}

/// The name that clap knows the flag by, which no other argument has.
fn id(path: &[&Field]) -> String {
    format!("field.{}", dotted(path))
}

fn flag_name(path: &[&Field]) -> String {
    path.iter().map(|field| kebab(field.name)).collect::<Vec<_>>().join("-")
}

fn flag(path: &FieldPath, all: &[FieldPath], reserved: &[String]) -> Option<Arg> {
    let field = path.last()?;
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
    if path.len() > 1 {
        let alias = kebab(field.name);
        let is_alone =
            all.iter().filter(|other| other.last().is_some_and(|other| other.name == field.name)).count() == 1;
        let is_free = !reserved.contains(&alias) && !all.iter().any(|other| flag_name(other) == alias);
        if is_alone && is_free {
            arg = arg.visible_alias(alias);
        }
    }
    Some(arg.long(name))
}

/// Whether the field is a list whose items can stand with commas between them.
fn is_plain_list(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::List(Kind::Integer | Kind::Decimal | Kind::Text | Kind::Enum(_) | Kind::DateTime | Kind::Boolean)
    )
}

fn value_name(kind: &Kind) -> &'static str {
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
}

/// What reads a flag's value: one value, or the items of a list.
fn value_parser(kind: &'static Kind) -> ValueParser {
    let known: &[&str] = match kind {
        Kind::Enum(known) => known,
        Kind::Boolean => &["true", "false"],
        Kind::List(item) if is_plain_list(kind) => {
            return ValueParser::new(|text: &str| {
                let items = text.split(',').map(str::trim).filter(|_| !text.trim().is_empty());
                items.map(|text| item.parse_text(text)).collect::<Result<Vec<_>, _>>()
            });
        }
        _ => return ValueParser::new(|text: &str| kind.parse_text(text).map(|value| vec![value])),
    };
    // They are shown in the help, and taken in any letter case.
    let parser = PossibleValuesParser::new(known.iter().copied());
    parser.try_map(|text| kind.parse_text(&text.to_ascii_lowercase()).map(|value| vec![value])).into()
}
