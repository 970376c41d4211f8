//! The faults section of the page. The fields of its form are generated from the JSON schema of [`Effect`].

use std::{collections::BTreeMap, sync::LazyLock};

use indexmap::IndexMap;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{form::Form, view::View};
use crate::{Effect, Fault, FaultReport, app::App, faults::operations, http::problem::Problem};

/// The kinds of effects.
static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let schema = schemars::schema_for!(Effect);
    serde_json::from_value(schema.get("oneOf").cloned().unwrap_or_default()).unwrap_or_default()
});

/// The schema of a kind of effect.
#[derive(Deserialize)]
struct Kind {
    description: String,
    properties: BTreeMap<String, Property>,
}

/// The schema of a field. The field `kind` is a constant.
#[derive(Deserialize)]
struct Property {
    /// The label.
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    #[serde(rename = "const")]
    constant: Option<String>,
    #[serde(rename = "type")]
    types: Value,
    #[serde(default)]
    examples: Vec<Value>,
}

impl Kind {
    fn name(&self) -> &str {
        self.properties.get("kind").and_then(|property| property.constant.as_deref()).unwrap_or_default()
    }

    fn fields(&self) -> impl Iterator<Item = (&String, &Property)> {
        self.properties.iter().filter(|(_, property)| property.constant.is_none())
    }
}

impl Property {
    fn is(&self, kind: &str) -> bool {
        self.types.to_string().contains(kind)
    }
}

pub(super) fn show(app: &App, view: &View) -> Markup {
    let faults = app.faults.report();
    html! {
        section aria-labelledby="faults" {
            h2 #faults { "Faults" }
            @if faults.is_empty() { p.empty { "No faults." } } @else { (list(view, &faults)) }
            (new(view))
        }
    }
}

fn list(view: &View, faults: &[FaultReport]) -> Markup {
    html! {
        ul.faults {
            @for FaultReport { id, fault, matched, fired } in faults {
                li {
                    div {
                        strong { (effect(&fault.effect)) } " " (scope(fault))
                        div.note { "fired for " (fired) " of " (matched) " requests, seed " (fault.seed.unwrap_or_default()) }
                    }
                    form method="post" action="/page/faults" {
                        (view.back_to())
                        input type="hidden" name="id" value=(id);
                        button name="do" value="remove" aria-label={ "Remove the fault: " (effect(&fault.effect)) } { "Remove" }
                    }
                }
            }
        }
        form method="post" action="/page/faults" {
            (view.back_to())
            button name="do" value="clear" { "Remove all" }
        }
    }
}

/// Describes an effect and the fields that are set.
fn effect(effect: &Effect) -> String {
    let text = serde_json::to_string(effect).unwrap_or_default();
    let fields: IndexMap<String, Value> = serde_json::from_str(&text).unwrap_or_default();
    let name = fields.get("kind").and_then(Value::as_str).unwrap_or_default();
    let Some(kind) = KINDS.iter().find(|kind| kind.name() == name) else { return name.to_owned() };
    let is_set = |value: &Value| !value.is_null() && *value != json!(false) && *value != json!(0);
    // The first sentence is enough.
    let mut words =
        kind.description.split_once(". ").map_or(kind.description.clone(), |(first, _)| format!("{first}."));
    for (field, value) in fields.iter().filter(|(field, value)| *field != "kind" && is_set(value)) {
        let title = kind.properties.get(field).map_or(field.as_str(), |property| &property.title);
        words.push_str(&if *value == json!(true) { format!(" {title}.") } else { format!(" {title}: {value}.") });
    }
    words
}

/// Returns a description of the requests that a fault applies to.
fn scope(fault: &Fault) -> String {
    let mut words = match fault.operations.as_slice() {
        [] => "On every operation".to_owned(),
        names => format!("On {}", names.join(", ").replace('_', " ")),
    };
    if fault.skip > 0 {
        words.push_str(&format!(", after {} requests", fault.skip));
    }
    if let Some(times) = fault.times {
        words.push_str(&format!(", {times} times"));
    }
    if fault.probability < 1.0 {
        words.push_str(&format!(", with probability {}", fault.probability));
    }
    words
}

fn new(view: &View) -> Markup {
    html! {
        form.fault method="post" action="/page/faults" {
            (view.back_to())
            label {
                "Effect"
                select name="kind" {
                    @for kind in &*KINDS {
                        option value=(kind.name()) selected[kind.name() == "status"] { (kind.description) }
                    }
                }
            }
            @for kind in &*KINDS {
                div.row data-kind=(kind.name()) {
                    @for (name, property) in kind.fields() { (field(&format!("{}.{name}", kind.name()), property)) }
                }
            }
            details {
                summary { "Requests" }
                label {
                    "Operations (default: all)"
                    select name="operations" multiple size="5" { @for name in operations() { option value=(name) { (name.replace('_', " ")) } } }
                }
                div.row {
                    label { "Requests to let through first" input type="number" name="skip" min="0" value="0"; }
                    label { "Times to fire" input type="number" name="times" min="0" placeholder="no limit"; }
                    label { "Probability" input type="number" name="probability" min="0" max="1" step="any" value="1"; }
                    label { "Seed" input type="number" name="seed" min="0" placeholder="random"; }
                }
            }
            button name="do" value="add" { "Add fault" }
        }
    }
}

fn field(input: &str, property: &Property) -> Markup {
    let example = property.examples.first().map(|value| value.as_str().map_or(value.to_string(), str::to_owned));
    html! {
        @if property.is("boolean") {
            label.check title=(property.description) { input type="checkbox" name=(input) value="true"; (property.title) }
        } @else {
            label title=(property.description) {
                (property.title)
                input type=(if property.is("integer") { "number" } else { "text" }) name=(input) value=[example] min="0"
                    autocomplete="off";
            }
        }
    }
}

/// Returns the style that shows the fields of the selected kind only. Browsers without `:has` show all fields.
pub(super) fn style() -> String {
    let shown = KINDS.iter().map(|kind| {
        let name = kind.name();
        format!("  .fault:has([value=\"{name}\"]:checked) [data-kind=\"{name}\"] {{ display: flex; }}\n")
    });
    let shown: String = shown.collect();
    format!("@supports selector(:has(a)) {{\n  .fault [data-kind] {{ display: none; }}\n{shown}}}\n")
}

/// Returns the fault that a form describes, as JSON for the control API.
pub(super) fn fault(form: &Form) -> Result<Value, Problem> {
    let name = form.text("kind");
    let kind = KINDS.iter().find(|kind| kind.name() == name);
    let kind = kind.ok_or_else(|| Problem::wrong_value("kind", name, "a kind of effect"))?;
    let mut effect = Map::from_iter([("kind".to_owned(), json!(name))]);
    for (field, property) in kind.fields() {
        let input = format!("{name}.{field}");
        let value = match form.text(&input) {
            text if property.is("boolean") => json!(text == "true"),
            _ if property.is("integer") => form.number(&input)?,
            text => json!(text),
        };
        if !value.is_null() && value != json!("") {
            effect.insert(field.to_owned(), value);
        }
    }
    let mut fault = Map::from_iter([
        ("operations".to_owned(), json!(form.texts("operations"))),
        ("effect".to_owned(), Value::Object(effect)),
    ]);
    for name in ["skip", "times", "probability", "seed"] {
        let value = form.number(name)?;
        if !value.is_null() {
            fault.insert(name.to_owned(), value);
        }
    }
    Ok(Value::Object(fault))
}
