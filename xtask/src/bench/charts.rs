//! The saved results as bar charts, for the template `docs/background/benchmarks.md`.

use std::path::Path;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    row::Row,
    saved::Saved,
    table::{conditions, number, ratio},
};

/// The subjects that the page shows.
const SUBJECTS: [&str; 5] = ["client", "python", "jobs", "sync", "sandbox"];

/// The bars of one task.
#[derive(Serialize)]
struct Chart {
    work: String,
    parts: Vec<Part>,
}

/// The bars of one unit.
#[derive(Serialize)]
struct Part {
    unit: String,
    more_is_better: bool,
    bars: Vec<Bar>,
}

#[derive(Serialize)]
struct Bar {
    who: String,
    is_ours: bool,
    figure: String,
    /// The length of the bar relative to the longest one, in percent.
    percent: f64,
    ratio: Option<String>,
    target: Option<String>,
    is_met: Option<bool>,
}

/// Returns the charts of each subject with the machine and the date. A subject without saved results is null.
pub(crate) fn charts(root: &Path) -> anyhow::Result<Value> {
    let mut subjects = Map::new();
    for subject in SUBJECTS {
        let shown = Saved::read(root, subject)?.map(|saved| {
            let Saved { date, commit, is_changed, machine, versions, results } = &saved;
            json!({
                "date": date, "commit": commit, "is_changed": is_changed, "machine": machine, "versions": versions,
                "conditions": conditions(results), "charts": grouped(&results.rows),
            })
        });
        subjects.insert(subject.to_owned(), shown.into());
    }
    Ok(subjects.into())
}

/// Groups rows by task and unit. The order is that of the rows.
fn grouped(rows: &[Row]) -> Vec<Chart> {
    let mut works: IndexMap<&str, IndexMap<&str, Vec<&Row>>> = IndexMap::new();
    for row in rows {
        works.entry(&row.work).or_default().entry(&row.unit).or_default().push(row);
    }
    let chart = |(work, units): (&str, IndexMap<_, Vec<_>>)| Chart {
        work: work.to_owned(),
        parts: units.values().map(|rows| part(rows)).collect(),
    };
    works.into_iter().map(chart).collect()
}

fn part(rows: &[&Row]) -> Part {
    let longest = rows.iter().map(|row| row.figure).fold(0.0, f64::max);
    let bars = rows.iter().map(|row| bar(row, longest)).collect();
    Part { unit: rows[0].unit.clone(), more_is_better: rows[0].more_is_better, bars }
}

fn bar(row: &Row, longest: f64) -> Bar {
    Bar {
        who: row.who.clone(),
        is_ours: row.is_ours,
        figure: number(row.figure),
        percent: if longest > 0.0 { (row.figure / longest * 1000.0).round() / 10.0 } else { 0.0 },
        ratio: row.ratio.map(ratio),
        target: row.target_text(),
        is_met: row.is_met(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn rows_of_one_task_and_unit_are_one_group_of_bars() {
        let row = |who: &str, figure, unit| Row::ours("gets", who, figure, unit);
        let rows = [row("a", 10.0, "ms"), row("a", 3.0, "MB"), row("b", 40.0, "ms")];
        let charts = serde_json::to_value(grouped(&rows)).unwrap();
        let bars: Vec<_> =
            charts[0]["parts"][0]["bars"].as_array().unwrap().iter().map(|bar| &bar["percent"]).collect();
        assert_eq!(bars, [25.0, 100.0]);
        assert_eq!(charts[0]["parts"][1]["unit"], "MB");
        assert_eq!(charts.as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_subject_without_results_is_null_and_an_incomplete_file_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(charts(root.path()).unwrap()["client"], Value::Null);
        fs::create_dir_all(root.path().join("docs/benchmarks")).unwrap();
        fs::write(root.path().join("docs/benchmarks/client.json"), r#"{"date": "2026-01-01"}"#).unwrap();
        let error = format!("{:#}", charts(root.path()).unwrap_err());
        assert!(error.contains("missing field `commit`"), "{error}");
    }
}
