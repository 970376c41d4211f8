//! A JUnit report: a case for everything that was looked at, failed where something was found.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Findings, Level};

pub(super) fn write(findings: &Findings) -> anyhow::Result<String> {
    let mut groups = findings.groups.clone();
    for item in &findings.items {
        if !groups.contains(&item.group) {
            groups.push(item.group.clone());
        }
    }
    let mut suite = TestSuite::new(findings.command);
    for group in groups {
        let items: Vec<_> = findings.items.iter().filter(|item| item.group == group).collect();
        let lines: Vec<_> = items
            .iter()
            .map(|item| {
                let place = item.related.as_ref().map(|(file, line, _)| format!("{file}:{line}: "));
                format!("{}{} `{}`: {}", place.unwrap_or_default(), item.kind, item.subject, item.message)
            })
            .collect();
        // What could not be checked is an error; what disagrees is a failure.
        let kind = match () {
            () if items.iter().any(|item| item.level == Level::Error) => Some(NonSuccessKind::Failure),
            () if items.iter().any(|item| item.level == Level::Warning) => Some(NonSuccessKind::Error),
            () => None,
        };
        let status = match kind {
            None => TestCaseStatus::success(),
            Some(kind) => {
                let mut status = TestCaseStatus::non_success(kind);
                status.set_message(format!("{} found", items.len())).set_description(lines.join("\n"));
                status
            }
        };
        let mut case = TestCase::new(group, status);
        case.set_classname(findings.command);
        suite.add_test_case(case);
    }
    let mut report = Report::new(findings.command);
    report.add_test_suite(suite);
    Ok(report.to_string()? + "\n")
}
