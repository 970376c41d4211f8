//! Breaks each claim in turn, and expects a finding with its line and its name.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::Write as _,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use ecwid_coupons_tests::{
    page_writer::{Style, Writer},
    workspace,
};
use xtask_verify::{
    Finding, Report,
    pages::{Format, Operation, Page},
    run,
};

use super::{
    Folder, edit, lock,
    mutation::{Change, Expected, Place, RowChange, missing, owner},
    operation_of, options, shown,
};

/// A page with a change.
struct Mutant {
    file: String,
    text: String,
    /// A description of the change.
    label: String,
    /// The format of the page and the kind of the change, for the table of counts.
    kind: (String, &'static str),
    /// The operation to check, if the folder has only one page.
    operation: Option<String>,
    expected: Vec<(Expected, Vec<usize>)>,
    /// Whether the exit code can be 2, because nothing is left that could differ.
    leaves_nothing: bool,
}

#[test]
fn every_broken_claim_of_the_vendors_pages_is_found() {
    let test = "every_broken_claim_of_the_vendors_pages_is_found";
    let Some(folder) = Folder::of_vendor(test).map(|folder| folder.completed(test)) else { return };
    let lock = lock();
    let mut mutants = Vec::new();
    for file in folder.files() {
        let text = folder.read(&file);
        let page = Page::read(&file, text.as_bytes()).unwrap();
        let Some(locked) = lock.pages.iter().find(|locked| locked.sha256 == page.sha256) else { continue };
        for operation in &page.operations {
            for change in Change::all(operation) {
                let (mutated, added) = edit::apply(&text, operation, &change);
                assert_ne!(mutated, text, "{file}: {change:?} changes nothing");
                let mut mutant = Mutant::new(&file, mutated, page.format, operation, &change, |place| {
                    lines(place, operation, added)
                });
                mutant.operation = Some(operation_of(locked));
                mutants.push(mutant);
            }
        }
    }
    // One change of each format and kind is tested among all pages. The others are tested with one page, which is faster.
    let mut among_all = BTreeSet::new();
    let (whole, alone): (Vec<_>, Vec<_>) =
        mutants.into_iter().partition(|mutant| among_all.insert(mutant.kind.clone()));
    let whole = whole.into_iter().map(|mutant| Mutant { operation: None, ..mutant }).collect();
    let mut missed = check("the vendor's pages, among all others", whole, 32, &|| Folder::copied(folder.path()));
    missed.extend(check("the vendor's pages", alone, 1100, &Folder::new));
    assert_none(&missed);
}

#[test]
fn every_broken_fact_of_a_written_page_is_found() {
    let lock = lock();
    let mut mutants = Vec::new();
    for style in Style::ALL {
        let writer = Writer { examples: false, explained: style == Style::Html, ..Writer::new(style, &lock) };
        // A page that is in the lock in two formats is written once.
        let mut known = BTreeSet::new();
        for page in lock.pages.iter().filter(|page| known.insert(&page.address)) {
            for operation in &page.operations {
                for change in Change::all(operation) {
                    let mut written = page.clone();
                    written.operations = vec![change.of_facts(operation)];
                    let text = writer.write(&mut written);
                    let after = &written.operations[0];
                    let added = |table: usize| after.tables[table].members.last().map(|row| row.line);
                    let mut mutant = Mutant::new(
                        &writer.file(page),
                        text,
                        style.format(),
                        operation,
                        &change,
                        |place| match place {
                            Place::AddedRow(table) => vec![added(table).unwrap()],
                            _ => lines(place, after, None),
                        },
                    );
                    mutant.kind.0 = format!("{style:?}");
                    if style == Style::Text {
                        mutant.may_lose_row(operation, &change, after);
                    }
                    mutant.operation = Some(operation_of(page));
                    mutants.push(mutant);
                }
            }
        }
    }
    // Tables on many lines differ only in their lines, so one change of each kind is enough.
    let mut spread = BTreeSet::new();
    mutants.retain(|mutant| {
        mutant.kind.0 != format!("{:?}", Style::SpreadHtml) || spread.insert((mutant.file.clone(), mutant.kind.1))
    });
    assert_none(&check("written pages", mutants, 3000, &Folder::new));
}

#[track_caller]
fn assert_none(missed: &[String]) {
    assert!(missed.is_empty(), "{} mutants were not found:\n{}", missed.len(), missed.join("\n"));
}

impl Mutant {
    fn new(
        file: &str,
        text: String,
        format: Format,
        operation: &Operation,
        change: &Change,
        lines: impl Fn(Place) -> Vec<usize>,
    ) -> Self {
        let expected = change.expected(operation).into_iter().map(|it| {
            let lines = lines(it.place);
            (it, lines)
        });
        Self {
            file: file.to_owned(),
            text,
            label: format!("{} {}: {change:?} {}", operation.method, operation.url, about(change, operation)),
            kind: (format!("{format:?}"), change.kind()),
            operation: None,
            expected: expected.collect(),
            leaves_nothing: change.leaves_nothing(operation),
        }
    }

    /// In copied text, a word that could be a value is the name of a row only if it is above a type.
    fn may_lose_row(&mut self, operation: &Operation, change: &Change, after: &Operation) {
        let Change::Row(table, row, RowChange::Type("thing") | RowChange::Untyped) = change else { return };
        let (table, name) = (&operation.tables[*table], &operation.tables[*table].members[*row].name);
        if name.contains('_') {
            let (expected, lines) = &mut self.expected[0];
            expected.kinds.push(missing(table.part));
            lines.extend(after.table(table.part).map(|table| table.line));
        }
    }

    /// Returns what is wrong with the report, or `None` if the change was found.
    fn missed(&self, report: &Report) -> Option<String> {
        let mut missed = String::new();
        if report.exit_code() != 1 && !(self.leaves_nothing && report.exit_code() == 2) {
            let _ = writeln!(missed, "  the exit code is {}", report.exit_code());
        }
        for (Expected { kinds, subject, .. }, lines) in &self.expected {
            let is_it = |it: &Finding| {
                kinds.contains(&it.kind)
                    && it.subject == *subject
                    && it.page.as_deref() == Some(&self.file)
                    && it.line.is_some_and(|line| lines.contains(&line))
            };
            if !report.findings.iter().any(is_it) {
                let _ = writeln!(missed, "  no {} `{subject}` at {lines:?}", kinds.join(" or "));
            }
        }
        (!missed.is_empty()).then(|| format!("{}: {}\n{missed}{}", self.file, self.label, shown(report)))
    }
}

/// Returns the row or table of a change.
fn about(change: &Change, operation: &Operation) -> String {
    match change {
        Change::Row(table, row, _) => {
            let table = &operation.tables[*table];
            format!("({} {} {})", table.part.name(), table.object, table.members[*row].name)
        }
        Change::RowAdded(table) | Change::AllRequired(table) => {
            format!("({} {})", operation.tables[*table].part.name(), operation.tables[*table].object)
        }
        _ => String::new(),
    }
}

/// Returns the lines at which a finding is accepted.
fn lines(place: Place, operation: &Operation, added: Option<usize>) -> Vec<usize> {
    let scopes = operation.scopes.as_ref().unwrap();
    match place {
        Place::Operation => vec![operation.line],
        Place::Scopes => vec![scopes.line],
        // The sentence that requires no scope has no known line.
        Place::Scope => vec![scopes.names.values().next().copied().unwrap_or(scopes.line + 2)],
        Place::Table(table) => {
            let table = &operation.tables[table];
            let part = operation.table(table.part).map(|part| part.line);
            std::iter::once(table.line).chain(part).collect()
        }
        Place::Empty(table) => {
            let table = &operation.tables[table];
            vec![table.line, owner(operation, table).0]
        }
        Place::Row(table, row) => vec![operation.tables[table].members[row].line],
        Place::AddedRow(_) => added.into_iter().collect(),
    }
}

/// Runs `verify` on each mutant, prints the counts, and returns the mutants that were not found.
///
/// Fails if there are fewer than `at_least` mutants.
fn check(what: &str, mutants: Vec<Mutant>, at_least: usize, folder: &(impl Fn() -> Folder + Sync)) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let work = || {
        let folder = folder();
        let mut missed = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(mutant) = mutants.get(at) else { break missed };
            let before = folder.path().join(&mutant.file).exists().then(|| folder.read(&mutant.file));
            folder.write(&mutant.file, &mutant.text);
            let mut options = options(&workspace(), Some(folder.path()));
            options.operations.extend(mutant.operation.clone());
            missed.extend(mutant.missed(&run(&options).unwrap()).map(|missed| (at, missed)));
            match before {
                Some(before) => folder.write(&mutant.file, &before),
                None => folder.remove(&mutant.file),
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut missed: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    missed.sort();

    let mut counts: BTreeMap<_, (usize, usize)> = BTreeMap::new();
    for (at, mutant) in mutants.iter().enumerate() {
        let (all, caught) = counts.entry(&mutant.kind).or_default();
        *all += 1;
        *caught += usize::from(missed.iter().all(|(other, _)| *other != at));
    }
    let caught = mutants.len() - missed.len();
    let mut table = format!("{what}: {caught} of {} mutants are found\n", mutants.len());
    for ((format, kind), (all, caught)) in counts {
        let _ = writeln!(table, "  {format:10} {kind:28} {caught:5} of {all}");
    }
    // Write directly to standard error, because the test runner hides the output of passing tests.
    let _ = std::io::stderr().write_all(table.as_bytes());
    assert!(mutants.len() >= at_least, "{what}: there are {} mutants alone", mutants.len());
    missed.into_iter().map(|(_, missed)| missed).collect()
}
