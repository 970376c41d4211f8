//! `plan`: shows what a declaration changes.

use std::path::PathBuf;

use clap::Args;
use ecwid_coupons::{JsonObject, RawJson, types::NewCoupon};
use ecwid_coupons_jobs::{OtherCoupon, Plan, PlannedChange, PlannedCoupon, Removal};

use crate::{
    columns::Columns,
    declared::{self, DeclaredFile, Removals},
    differences,
    exit::{self, Code, Failure, one_line, redacted},
    output::{self, Format, Rows},
    settings::Settings,
};

/// The arguments of `plan`.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The declaration, or - for standard input
    file: PathBuf,

    /// Write the plan to a file for `apply`, which refuses it if a coupon has changed by then
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Exit with code 9 if something would be changed
    #[arg(long)]
    exit_code: bool,

    #[command(flatten)]
    removals: Removals,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    let Arguments { file, out, exit_code, removals } = arguments;
    let file = DeclaredFile::read(settings, &file)?;
    if file.is_saved_plan() {
        let hint = "apply it with `ecwid-coupons apply`, or pass a declaration in TOML";
        return Err(Failure::usage("the file is a plan, not a declaration", hint));
    }
    let store = settings.connect().await?;
    let plan = file.plan(&store.client, &removals).await?;
    show(settings, &plan)?;
    if let Some(path) = &out {
        declared::save(&plan, path)?;
    }
    if exit_code && !plan.is_empty() { Err(Failure::silent(Code::Differs)) } else { Ok(()) }
}

/// Prints the coupons that need a change, and those that are left alone.
pub(crate) fn show(settings: &Settings, plan: &Plan) -> Result<(), Failure> {
    let lines = plan.coupons().iter().map(of_declared).chain(plan.others().iter().map(of_other));
    let lines = lines.collect::<Result<Vec<_>, serde_json::Error>>()?;
    for PlannedCoupon { code, note, .. } in plan.coupons() {
        if let Some(note) = note {
            exit::note(&format!("`{code}`: {note}"));
        }
    }
    if settings.format == Format::Table {
        let shown = lines.iter().filter(|line| line.action != "keep");
        let mut text: String = shown.map(|line| format!("{}\n", redacted(&one_line(&line.text)))).collect();
        text.push_str(&format!("Plan: {plan}"));
        return output::print(&text);
    }
    let names = ["action", "code", "id", "changes"];
    let columns = Columns::named(names.iter());
    let mut rows = Rows::new(output::out(), settings.format, columns)?;
    for Line { action, code, id, changes, .. } in lines {
        let fields = [
            ("action", RawJson::from_value(action)?),
            ("code", RawJson::from_value(&code)?),
            ("id", RawJson::from_value(&id)?),
            ("changes", changes),
        ];
        rows.add([JsonObject::from(fields.map(|(name, value)| (name.to_owned(), value)))])?;
    }
    rows.finish().map(drop)
}

/// What happens to a coupon.
struct Line {
    action: &'static str,
    code: String,
    id: Option<i64>,
    /// The old and new values, or the new coupon.
    changes: RawJson,
    text: String,
}

fn of_declared(PlannedCoupon { code, change, .. }: &PlannedCoupon) -> Result<Line, serde_json::Error> {
    let (action, id, changes, text) = match change {
        PlannedChange::Create(new) => {
            ("create", None, RawJson::from_value(new)?, format!("+ {code}: {}", fields_of(new)?))
        }
        PlannedChange::Update { id, differences, .. } => {
            let text = format!("~ {code}: {}", differences::text(differences));
            ("update", Some(*id), differences::json(differences)?, text)
        }
        PlannedChange::Unchanged { id } => ("keep", Some(*id), RawJson::from_value(&())?, String::new()),
    };
    Ok(Line { action, code: code.clone(), id, changes, text })
}

fn of_other(OtherCoupon { code, id, stored, removal, .. }: &OtherCoupon) -> Result<Line, serde_json::Error> {
    let status = stored.status.as_ref().map_or_else(|| "no status".to_owned(), ToString::to_string);
    let orders = match stored.order_count {
        Some(1) => "used by 1 order".to_owned(),
        Some(count) => format!("used by {count} orders"),
        None => "used by an unknown number of orders".to_owned(),
    };
    let state = format!("{status}, {orders}");
    let (action, text) = match removal {
        Removal::Pause => ("pause", format!("- {code}: pause, because the file does not have it ({state})")),
        Removal::Delete => ("delete", format!("- {code}: delete, because the file does not have it ({state})")),
        Removal::Refused => ("refuse", format!("? {code}: not deleted, because it may be in use ({state})")),
        Removal::Left => ("leave", format!("? {code}: in the scope, but not in the file; left alone ({state})")),
    };
    Ok(Line { action, code: code.clone(), id: Some(*id), changes: RawJson::from_value(&())?, text })
}

/// Returns the fields of a new coupon in the order of the API.
fn fields_of(new: &NewCoupon) -> Result<String, serde_json::Error> {
    let members: JsonObject = RawJson::from_value(new)?.deserialize()?;
    let named = NewCoupon::FIELDS.iter().filter(|field| field.name != "code");
    let named = named.filter_map(|field| Some(format!("{}: {}", field.name, members.get(field.name)?)));
    let mut fields: Vec<_> = named.collect();
    if new.discount_type.is_none() {
        fields.push("discountType: \"ABS\" by default".to_owned());
    }
    Ok(fields.join(", "))
}
