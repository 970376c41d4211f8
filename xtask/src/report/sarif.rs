//! SARIF 2.1.0, which code scanning services read.

use std::collections::BTreeSet;

use serde_json::json;
use serde_sarif::sarif::{Sarif, Version};

use super::{Findings, Item, Level};

pub(super) fn write(findings: &Findings) -> anyhow::Result<String> {
    let rules: BTreeSet<_> = findings.items.iter().map(|item| item.kind.as_str()).collect();
    let rules: Vec<_> = rules
        .into_iter()
        .map(|rule| json!({ "id": rule, "shortDescription": { "text": rule.replace('-', " ") } }))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": Version::V2_1_0.to_string(),
        "runs": [{
            "tool": { "driver": {
                "name": findings.command,
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": findings.items.iter().map(result).collect::<Vec<_>>(),
        }],
    });
    // Through the types of the standard, so that a member that it does not have is an error here and not at the reader.
    let log: Sarif = serde_json::from_value(log)?;
    Ok(serde_json::to_string_pretty(&log)? + "\n")
}

fn result(item: &Item) -> serde_json::Value {
    let level = match item.level {
        Level::Error => "error",
        Level::Warning => "warning",
    };
    let location = |file: &str, line: usize| json!({ "physicalLocation": { "artifactLocation": { "uri": file }, "region": { "startLine": line } } });
    let mut result = json!({
        "ruleId": item.kind,
        "level": level,
        "message": { "text": item.message },
        "properties": item.properties,
    });
    if let Some((file, line)) = &item.place {
        result["locations"] = json!([location(file, *line)]);
    }
    if let Some((file, line, what)) = &item.related {
        let mut related = location(file, *line);
        related["id"] = json!(1);
        related["message"] = json!({ "text": what });
        result["relatedLocations"] = json!([related]);
    }
    result
}
