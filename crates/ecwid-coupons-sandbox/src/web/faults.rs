//! What goes wrong on demand, and the form that adds to it.

use bytes::Bytes;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::{ControlCall, document::back_to, form::Form, view::View};
use crate::{
    Effect, Fault, FaultReport,
    faults::operations,
    http::{problem::Problem, route::Route, server::App},
};

/// The kinds of effects: name, what happens, and the fields that go with it.
const KINDS: [(&str, &str, &[&str]); 10] = [
    ("status", "a refusal", &["status", "code", "retryAfter", "afterWork"]),
    ("latency", "a late answer", &["milliseconds", "jitterMilliseconds"]),
    ("resetBefore", "a reset, nothing done", &[]),
    ("resetAfter", "a reset, all done", &[]),
    ("truncate", "a body that breaks off", &["bytes"]),
    ("drip", "a body in small parts", &["bytes", "milliseconds"]),
    ("contentType", "another content type", &["contentType"]),
    ("html", "a page of HTML", &["status"]),
    ("duplicate", "the request arrives twice", &[]),
    ("staleRead", "reads that lag behind", &["milliseconds"]),
];

pub(super) fn show(app: &App, view: &View) -> Markup {
    let faults = app.faults.report();
    html! {
        section aria-labelledby="faults" {
            h2 #faults { "Faults" }
            @if faults.is_empty() { p.empty { "All goes well." } } @else { (list(view, &faults)) }
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
                        div.note { "came about " (fired) " of " (matched) " times, seed " (fault.seed.unwrap_or_default()) }
                    }
                    form method="post" action="/page/faults" {
                        (back_to(view))
                        input type="hidden" name="id" value=(id);
                        button name="do" value="remove" aria-label={ "Remove the fault: " (effect(&fault.effect)) } { "Remove" }
                    }
                }
            }
        }
        form method="post" action="/page/faults" {
            (back_to(view))
            button name="do" value="clear" { "Remove all" }
        }
    }
}

/// An effect in words.
fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Latency { milliseconds, jitter_milliseconds: 0 } => format!("{milliseconds} ms late"),
        Effect::Latency { milliseconds, jitter_milliseconds } => {
            format!("{milliseconds} to {} ms late", milliseconds + jitter_milliseconds)
        }
        Effect::Status { status, code, retry_after, after_work } => {
            let code = code.as_ref().map(|code| format!(" {code}")).unwrap_or_default();
            let retry = retry_after.map(|seconds| format!(", Retry-After {seconds}")).unwrap_or_default();
            let work = if *after_work { ", after the work" } else { "" };
            format!("{status}{code}{retry}{work}")
        }
        Effect::ResetBefore => "reset, nothing done".to_owned(),
        Effect::ResetAfter => "reset, all done".to_owned(),
        Effect::Truncate { bytes } => format!("breaks off after {bytes} bytes"),
        Effect::ContentType { content_type } => format!("says it is {content_type:?}"),
        Effect::Html { status } => format!("{status} with a page of HTML"),
        Effect::Drip { bytes, milliseconds } => format!("{bytes} bytes each {milliseconds} ms"),
        Effect::Duplicate => "arrives twice".to_owned(),
        Effect::StaleRead { milliseconds } => format!("reads lag {milliseconds} ms behind"),
    }
}

/// The requests that a fault is for, in words.
fn scope(fault: &Fault) -> String {
    let mut words = match fault.operations.as_slice() {
        [] => "on every operation".to_owned(),
        names => format!("on {}", names.join(", ")),
    };
    if fault.skip > 0 {
        words.push_str(&format!(", after {} that go well", fault.skip));
    }
    if let Some(times) = fault.times {
        words.push_str(&format!(", {times} times"));
    }
    if fault.probability < 1.0 {
        words.push_str(&format!(", by a chance of {}", fault.probability));
    }
    words
}

fn new(view: &View) -> Markup {
    let number = |label: &str, name: &str, value: &str, min: &str, step: &str| {
        html! { label data-field=(name) { (label) input type="number" name=(name) value=(value) min=(min) step=(step); } }
    };
    html! {
        form.fault method="post" action="/page/faults" {
            (back_to(view))
            label {
                "What goes wrong"
                select name="kind" {
                    @for (kind, happens, _) in KINDS { option value=(kind) { (happens) } }
                }
            }
            div.row {
                (number("Status", "status", "503", "200", "1"))
                label data-field="code" { "Error code" input name="code" placeholder="none" autocomplete="off"; }
                (number("Retry-After, s", "retryAfter", "", "0", "1"))
                label.check data-field="afterWork" { input type="checkbox" name="afterWork" value="true"; "after the work is done" }
                (number("Bytes", "bytes", "10", "0", "1"))
                (number("Milliseconds", "milliseconds", "1000", "0", "1"))
                (number("By chance up to, ms more", "jitterMilliseconds", "0", "0", "1"))
                label data-field="contentType" { "Content type" input name="contentType" value="text/plain"; }
            }
            details {
                summary { "Which requests" }
                label {
                    "Operations (none chosen: all)"
                    select name="operations" multiple size="5" { @for name in operations() { option { (name) } } }
                }
                div.row {
                    label { "Go well first" input type="number" name="skip" min="0" value="0"; }
                    label { "Times" input type="number" name="times" min="0" placeholder="no end"; }
                    label { "Chance" input type="number" name="probability" min="0" max="1" step="any" value="1"; }
                    label { "Seed" input type="number" name="seed" min="0" placeholder="any"; }
                }
            }
            button name="do" value="add" { "Add the fault" }
        }
    }
}

/// What a form of the faults asks for.
pub(super) fn call(form: &Form) -> Result<ControlCall, Problem> {
    match form.text("do") {
        "add" => Ok(ControlCall::new(Route::AddFaults, &fault(form)?)),
        "clear" => Ok(ControlCall::new(Route::ClearFaults, &json!({}))),
        "remove" => Ok(ControlCall { route: Route::RemoveFault, path: form.text("id").to_owned(), body: Bytes::new() }),
        other => Err(Problem::wrong_value("do", other, "add, clear or remove")),
    }
}

/// The fault that a form describes, as the control API takes it.
fn fault(form: &Form) -> Result<Value, Problem> {
    let kind = form.text("kind");
    let known = KINDS.iter().find(|(name, ..)| *name == kind);
    let (_, _, fields) = known.ok_or_else(|| Problem::wrong_value("kind", kind, "one of the list"))?;
    let mut effect = Map::from_iter([("kind".to_owned(), json!(kind))]);
    for &name in *fields {
        let value = match name {
            "code" | "contentType" => json!(form.text(name)),
            "afterWork" => json!(form.text(name) == "true"),
            _ => form.number(name)?,
        };
        if !value.is_null() && value != json!("") {
            effect.insert(name.to_owned(), value);
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
