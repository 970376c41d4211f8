//! What changed in the examples: their fields say something of the API, their values do not.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    super::{Json, Part},
    About, Changes, Effect,
    matching::Pair,
};

impl Changes {
    pub(super) fn examples(&mut self, pair: Pair<'_>) {
        for part in [Part::Request, Part::Response] {
            let (old, new) = (bodies(pair.old, part), bodies(pair.new, part));
            let (was, is) = (fields(&old), fields(&new));
            let before = self.found.len();
            let line = new.first().map(|json| json.line);
            let old_line = old.first().map(|json| json.line);
            let place = format!("{} example", part.name());
            let about = |subject, effect, was: Option<&String>, is: Option<&String>, message| About {
                kind: "example",
                effect,
                place: place.clone(),
                subject,
                old_line,
                line,
                old: was.cloned(),
                new: is.cloned(),
                message,
                yaml: None,
            };
            for (path, now) in &is {
                let name = path.rsplit('.').next().unwrap_or(path);
                // What the tables say of a field is said of the tables.
                let documented = documents(pair.new, part, name);
                match was.get(path) {
                    Some(then) if then != now && then != "null" && now != "null" => {
                        let message = format!("an example shows `{path}` as {now}, which was {then}");
                        self.add(pair, about(name, Effect::Breaking, Some(then), Some(now), message));
                    }
                    None if !old.is_empty() && !documented => {
                        let message = format!("an example shows `{path}`, which no table has");
                        self.add(pair, about(name, Effect::Additive, None, Some(now), message));
                    }
                    _ => {}
                }
            }
            for (path, then) in was.iter().filter(|(path, _)| !is.contains_key(*path)) {
                let name = path.rsplit('.').next().unwrap_or(path);
                if !new.is_empty() && !documents(pair.old, part, name) {
                    let message = format!("no example shows `{path}` any more, which no table had");
                    self.add(pair, about(name, Effect::Breaking, Some(then), None, message));
                }
            }
            let texts = |bodies: &[&Json]| bodies.iter().map(|json| values(&json.text)).collect::<Vec<_>>();
            if self.found.len() == before && texts(&old) != texts(&new) {
                let message = format!("the examples of the {} show other values", part.name());
                self.add(pair, about(part.name(), Effect::Wording, None, None, message));
            }
        }
    }
}

fn bodies(operation: &super::Operation, part: Part) -> Vec<&Json> {
    let body = |example: &'_ super::super::Example| match part {
        Part::Request => example.body.is_some(),
        _ => example.answer.is_some(),
    };
    let examples = operation.examples.iter().filter(|example| body(example));
    examples
        .filter_map(|example| if part == Part::Request { example.body.as_ref() } else { example.answer.as_ref() })
        .collect()
}

fn documents(operation: &super::Operation, part: Part, name: &str) -> bool {
    operation
        .tables
        .iter()
        .filter(|table| table.part == part)
        .any(|table| table.members.iter().any(|row| row.name == name))
}

/// The JSON without its layout; the text where it is no JSON.
fn values(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// The fields that examples show, with their types.
fn fields(bodies: &[&Json]) -> BTreeMap<String, String> {
    fn walk(value: &Value, path: &str, fields: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(entries) => {
                for (name, value) in entries {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    let type_ = match value {
                        Value::Null => "null",
                        Value::Bool(_) => "boolean",
                        Value::Number(_) => "number",
                        Value::String(_) => "string",
                        Value::Array(_) => "array",
                        Value::Object(_) => "object",
                    };
                    walk(value, &path, fields);
                    // The last one shown; of several types of one field the pages have none.
                    fields.insert(path, type_.to_owned());
                }
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, path, fields)),
            _ => {}
        }
    }
    let mut fields = BTreeMap::new();
    for body in bodies {
        walk(&values(&body.text), "", &mut fields);
    }
    fields
}
