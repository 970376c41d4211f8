//! The fields of a coupon as flags. The flags come from the generated list of fields, so a field that is added to the OpenAPI
//! document becomes a flag.

use std::{
    marker::PhantomData,
    path::{Path, PathBuf},
};

use clap::{
    Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches,
    builder::{PossibleValuesParser, TypedValueParser as _, ValueParser},
};
use ecwid_coupons::{
    __private::{JsonMembers, dotted, input_file::FILE_LIMIT, leaves, place_of, read_json},
    Decimal, EcwidDateTime, FieldError, FieldInput, RawJson,
    chrono::Utc,
    schema::{self, ApiObject, Field, Kind},
    types::Coupon,
};

use crate::{
    deprecated,
    exit::Failure,
    fields::{FieldPath, kebab},
    settings::{self, Settings},
};

const HEADING: &str = "Coupon fields";

/// The formats of values, for the end of `--help`.
pub(crate) const VALUES: &str = "\
A DATE is a date such as 2024-06-30, \"2024-06-30 12:00:00\" or \"2024-06-30 12:00:00 +0200\". A date without a zone is in UTC. \
A date without a time is the first second of that day, 00:00:00. For --expiration-date it is the last second, 23:59:59. The \
values of a list are separated by commas, and \"\" is the empty list. The digits of a NUMBER are sent unchanged.";

/// The fields to send and the fields to clear, from flags and from a JSON file.
#[derive(Clone, Debug)]
pub(crate) struct CouponFlags<B> {
    set: Vec<(FieldPath, Vec<RawJson>)>,
    clear: Vec<&'static Field>,
    json: Option<PathBuf>,
    allow_unknown: bool,
    body: PhantomData<B>,
}

impl<B: ApiObject> Args for CouponFlags<B> {
    fn augment_args(command: Command) -> Command {
        let clearable: Vec<_> = B::FIELDS.iter().filter(|field| field.clearable).collect();
        let command = command
            .arg(Arg::new("json").long("json").value_name("PATH").value_parser(clap::value_parser!(PathBuf)).help(
                "Read fields from a JSON file, or from standard input if PATH is -. Names can be written as discountType or \
                 discount_type. Flags override the file. Fields that the store sets are left out: the id, the dates of \
                 creation and update, the order count, and the statuses EXPIRED and USEDUP",
            ))
            .arg(Arg::new("allow-unknown").long("allow-unknown").action(ArgAction::SetTrue).requires("json").help(
                "Send unknown fields and unknown enum values of --json unchanged",
            ));
        let names = clearable.iter().map(|field| kebab(field.name)).collect::<Vec<_>>().join(", ");
        let command = command.args((!clearable.is_empty()).then(|| {
            Arg::new("clear")
                .long("clear")
                .value_name("FIELD,…")
                .action(ArgAction::Append)
                .value_delimiter(',')
                .help(format!("Clear fields: {names}"))
                .value_parser(move |name: &str| {
                    let name = name.trim();
                    let found = clearable.iter().find(|field| field.name == name || kebab(field.name) == name);
                    found.copied().ok_or_else(|| format!("the field cannot be cleared (expected one of {names})"))
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

impl<B: ApiObject> FromArgMatches for CouponFlags<B> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut set = Vec::new();
        for leaf in leaves(B::FIELDS) {
            let values = matches.get_many::<Vec<RawJson>>(&id(&leaf));
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

impl<B: ApiObject> CouponFlags<B> {
    /// Whether unknown fields and unknown enum values are sent.
    pub(crate) fn allow_unknown(&self) -> bool {
        self.allow_unknown
    }

    /// Returns the request body, and the notes to print after it was sent.
    pub(crate) fn body(&self, settings: &Settings) -> Result<(B, Vec<String>), Failure> {
        let mut input = FieldInput::new(B::FIELDS);
        if self.allow_unknown {
            input = input.allow_unknown();
        }
        if self.json.as_deref() == Some(Path::new("-")) {
            settings.refuse_token_from_input("`--json`")?;
        }
        let file = self.json.as_deref().map(JsonFile::read).transpose()?;
        for (name, value) in file.as_ref().map(JsonFile::members).transpose()?.unwrap_or_default() {
            input.add(&name, value).map_err(|error| {
                let place = file.as_ref().map_or_else(String::new, |file| file.place(error.path()));
                not_taken::<B>(format!("{place}: {error}"), &error)
            })?;
        }
        for (leaf, values) in &self.set {
            let json = match &values[..] {
                [value] if !leaf.last().is_some_and(|field| is_plain_list(&field.kind)) => value.clone(),
                values => RawJson::from_value(values)?,
            };
            if let [field] = leaf[..]
                && field.name == "status"
                && Coupon::is_set_by_store(field.name, &json)
            {
                let message = format!(
                    "invalid value for `--status`: `{}` (expected ACTIVE or PAUSED)",
                    json.deserialize::<String>()?
                );
                return Err(Failure::usage(
                    message,
                    "pause the coupon, or set its `--expiration-date`; only the store sets this status",
                ));
            }
            input.set(leaf, json).map_err(|error| not_taken::<B>(error.to_string(), &error))?;
        }
        for field in &self.clear {
            if self.set.iter().any(|(leaf, _)| leaf.first() == Some(field)) {
                let message = format!("field both set and cleared: `{}`", kebab(field.name));
                return Err(Failure::usage(message, "set the field or clear it, not both"));
            }
            let cleared = input.set(&[field], RawJson::from_value(&())?);
            cleared.map_err(|error| not_taken::<B>(error.to_string(), &error))?;
        }
        let is_update = B::FIELDS.iter().any(|field| field.clearable);
        // A value without a flag is from the file.
        let place = |field: &str| {
            let is_set = self.set.iter().any(|(leaf, _)| leaf.first().is_some_and(|set| set.name == field));
            file.as_ref().filter(|_| !is_set)
        };
        let prefix =
            |field: &str| place(field).map_or_else(String::new, |file| format!("{}: ", file.place(Some(field))));
        for field in B::FIELDS {
            let text = input.values().get(field.name).map_or("", |json| json.as_str());
            if text == "null" && is_update && !field.clearable {
                let message = format!(
                    "{}invalid value: `null` for `{}` (expected a value; the field cannot be cleared)",
                    prefix(field.name),
                    field.name
                );
                return Err(Failure::usage(message, "give the field a value or leave it out"));
            }
            if field.kind == Kind::Decimal
                && significant_digits(text) > FLOAT_DIGITS
                && let Some(error) = text.parse::<Decimal>().ok().and_then(|number| number.float_error())
            {
                let message = format!("{}{}: {error}", prefix(field.name), field.name);
                return Err(Failure::usage(message, "round the number"));
            }
        }
        let body = input.read().map_err(|wrong| {
            // A value without a path, such as a missing one, has no place in the file.
            let outermost = wrong.path().and_then(|path| path.split(['.', '[']).next()).unwrap_or_default();
            let place = place(outermost).map_or_else(String::new, |file| format!(" in {}", file.place(wrong.path())));
            not_taken::<B>(format!("invalid coupon{place}: {wrong}"), &wrong)
        })?;
        Ok((body, notes(&input)))
    }
}

fn notes(input: &FieldInput) -> Vec<String> {
    let mut notes = Vec::new();
    if !input.left_out().is_empty() {
        let mut text = format!("fields left out because the store sets them: {}", input.left_out().join(", "));
        if input.left_out().iter().any(|name| name == "orderCount") {
            text.push_str("; set an order count with `--order-count`");
        }
        notes.push(text);
    }
    notes.extend(input.days().iter().map(|(name, date)| sent_as(name, date)));
    let end = input
        .values()
        .get("expirationDate")
        .and_then(|json| json.deserialize::<Option<EcwidDateTime>>().ok().flatten());
    if let Some(end) = end.filter(|end| end.to_utc().is_some_and(|end| end <= Utc::now())) {
        notes.push(format!("the coupon has already expired: its `expirationDate` is {end}"));
    }
    notes
}

/// Returns the note about a date without a time.
pub(crate) fn sent_as(name: &str, date: &EcwidDateTime) -> String {
    format!("`{name}` has no time and is sent as {date}")
}

fn not_taken<B: ApiObject>(message: String, error: &FieldError) -> Failure {
    if error.is_unknown() {
        return Failure::usage(message, "correct the name or the value, or send it unchanged with `--allow-unknown`");
    }
    // The last item of the path can be the index in a list.
    let field = error.path().and_then(|path| schema::find_column(B::FIELDS, path.split('[').next()?));
    let hint = field.as_deref().and_then(<[&Field]>::last).map_or_else(
        || "run the command with `--help` for a list of fields".to_owned(),
        |field| format!("write the field as in `\"{}\": {}`", field.name, example(&field.kind)),
    );
    Failure::usage(message, hint)
}

/// Returns a value of this kind in JSON.
fn example(kind: &Kind) -> String {
    match kind {
        Kind::Boolean => "true".to_owned(),
        Kind::Integer => "3".to_owned(),
        Kind::Decimal => "10.5".to_owned(),
        Kind::Enum([known, ..]) => format!("\"{known}\""),
        Kind::DateTime => "\"2024-06-30 12:00:00 +0000\"".to_owned(),
        Kind::List(item) => format!("[{}]", example(item)),
        Kind::Object([field, ..]) => format!("{{\"{}\": {}}}", field.name, example(&field.kind)),
        Kind::Map(value) => format!("{{\"name\": {}}}", example(value)),
        _ => "\"SUMMER\"".to_owned(),
    }
}

/// How many digits of a decimal number a float preserves. More digits can be the rounding error of a calculation.
const FLOAT_DIGITS: usize = 15;

fn significant_digits(text: &str) -> usize {
    let digits = text.bytes().take_while(|byte| !matches!(byte, b'e' | b'E')).filter(u8::is_ascii_digit);
    digits.skip_while(|digit| *digit == b'0').count()
}

/// Returns the name of the file of `--json` for a message.
fn shown(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { format!("`{}`", path.display()) }
}

/// The file of `--json`.
struct JsonFile {
    /// The name in messages.
    name: String,
    text: String,
}

impl JsonFile {
    fn read(path: &Path) -> Result<Self, Failure> {
        let name = shown(path);
        let text = settings::read_text(path, FILE_LIMIT).map_err(|error| {
            let hint = "pass the path of a UTF-8 text file that you can read, or `-`, to `--json`";
            Failure::usage(format!("cannot read {name}: {error}"), hint)
        })?;
        Ok(Self { name, text })
    }

    fn members(&self) -> Result<Vec<(String, RawJson)>, Failure> {
        let members = read_json::<JsonMembers>(self.text.as_bytes()).map_err(|problem| {
            Failure::usage(
                format!("invalid JSON in {}: {problem}", self.name),
                r#"write an object such as {"name": "10% OFF", "code": "DISC", "discountType": "PERCENT", "discount": 10}"#,
            )
        })?;
        Ok(members.0)
    }

    /// Returns the name of the file, with the line and the column of the value at this path.
    fn place(&self, path: Option<&str>) -> String {
        match path.and_then(|path| place_of(&self.text, path)) {
            Some((line, column)) => format!("{} at line {line} column {column}", self.name),
            None => self.name.clone(),
        }
    }
}

/// Returns the names of flags that are already taken.
fn reserved(command: &Command) -> Vec<String> {
    let settings = Settings::augment_args(Command::new("settings"));
    let taken = command.get_arguments().chain(settings.get_arguments()).filter_map(Arg::get_long);
    taken.chain(["help", "version", "token"]).map(str::to_owned).collect()
}

/// Returns the id of the argument in clap.
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
        help.push_str(" [required without --json]");
    }
    if let Some(note) = path.iter().find_map(|field| field.deprecated) {
        help.push_str(&deprecated::mark(note));
    }
    let mut arg = Arg::new(id(path))
        .help(help)
        .help_heading(HEADING)
        .value_name(value_name(&field.kind))
        .value_parser(value_parser(&field.kind))
        .ignore_case(true)
        // Text can start with a hyphen, as in "-5% today".
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

/// Returns whether the field is a list whose items can be separated by commas.
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

/// Returns the parser of a flag's value. It returns one value, or the items of a list.
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
    // The help lists these values. The letter case of the argument is ignored.
    let parser = PossibleValuesParser::new(known.iter().copied());
    parser.try_map(|text| kind.parse_text(&text.to_ascii_lowercase()).map(|value| vec![value])).into()
}
