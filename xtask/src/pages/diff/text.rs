//! The diff as people and programs read it.

use std::fmt::Write as _;

use serde_json::json;

use super::{Change, Diff, Effect};
use crate::report::{Findings, Format, Item, Level};

impl Diff {
    /// The diff in a format.
    ///
    /// # Errors
    ///
    /// When a format cannot express it, which is a fault of this program.
    pub fn write(&self, format: Format) -> anyhow::Result<String> {
        Ok(match (format, self.findings().write(format)?) {
            (_, Some(written)) => written,
            (Format::Json, None) => serde_json::to_string_pretty(self)? + "\n",
            (_, None) => self.text(),
        })
    }

    fn findings(&self) -> Findings {
        let items = self.changes.iter().map(|change| Item {
            level: match change.effect {
                Some(Effect::Breaking) => Level::Error,
                Some(Effect::Additive) | None => Level::Warning,
                Some(Effect::Wording) => Level::Note,
            },
            kind: change.kind.clone(),
            subject: change.subject.clone(),
            group: change.operation.clone().unwrap_or_else(|| change.page.clone()),
            message: change.message.clone(),
            place: Some((change.page.clone(), change.line.or(change.old_line).unwrap_or(1))),
            related: None,
            properties: json!(change).as_object().cloned().unwrap_or_default(),
        });
        Findings { command: "cargo xtask pages diff", groups: Vec::new(), items: items.collect() }
    }

    fn text(&self) -> String {
        let mut out = String::new();
        let mut shown = None;
        for change in &self.changes {
            let Change { kind, effect, page, line, old_line, operation, subject, message, yaml, .. } = change;
            if shown != Some((page, operation)) {
                let of = operation.as_ref().map(|it| format!(": {it}")).unwrap_or_default();
                let _ = writeln!(out, "{page}{of}");
                shown = Some((page, operation));
            }
            let effect = effect.map_or("UNKNOWN", Effect::name);
            let lines = match (line, old_line) {
                (Some(line), Some(old)) if line == old => format!("line {line}"),
                (Some(line), Some(old)) => format!("line {line}, was {old}"),
                (Some(line), None) => format!("line {line}"),
                (None, Some(old)) => format!("was line {old}"),
                (None, None) => "the page".to_owned(),
            };
            let _ = writeln!(out, "  {effect:8}  {kind} `{subject}`: {message} ({lines})");
            if let Some(yaml) = yaml {
                let _ = writeln!(out, "            {}", yaml.replace('\n', "\n            "));
            }
        }
        if !self.changes.is_empty() {
            out.push('\n');
        }
        let unknown = self.changes.iter().filter(|change| change.effect.is_none()).count();
        let _ = write!(
            out,
            "{} operations and tables compared: {} breaking, {} additive, {} of wording alone",
            self.compared,
            self.count(Effect::Breaking),
            self.count(Effect::Additive),
            self.count(Effect::Wording)
        );
        let _ = writeln!(
            out,
            "{}",
            if unknown == 0 { String::new() } else { format!(", {unknown} COULD NOT BE COMPARED") }
        );
        out
    }
}
