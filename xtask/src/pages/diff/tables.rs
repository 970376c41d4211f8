//! What changed in the tables of fields and parameters.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{Listing, Member, Operation, Page, PageType, Part, Table, paste},
    About, Change, Changes, Effect, letters,
    matching::Pair,
};

/// A table and the fields that lead to it.
#[derive(Clone)]
struct Placed<'a> {
    table: &'a Table,
    /// The path of the field that it describes; its heading where no field does.
    path: String,
}

/// A row that is on one side alone.
struct Lone<'a> {
    place: String,
    row: &'a Member,
    /// What its table says of all rows.
    required: Option<bool>,
}

impl Changes {
    /// Compares the tables of a part.
    pub(super) fn part(&mut self, pair: Pair<'_>, part: Part) {
        let (old, new) = (placed(pair.old, part), placed(pair.new, part));
        let empty = |tables: &[Placed<'_>]| tables.iter().all(|it| it.table.members.is_empty());
        if let Some(section) = new.first().filter(|_| empty(&new) && !empty(&old)) {
            let what = format!("the section of the {}s has no table any more", part.member());
            self.could_not_compare(pair.page, Some(section.table.line), Some(pair.new), part.name(), &what);
            return;
        }
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        let mut taken = BTreeSet::new();
        for old in &old {
            let at = counterpart(old, &new, &taken);
            let rows = at.map_or(&[][..], |at| &new[at].table.members);
            let place = place(part, &at.map_or(old, |at| &new[at]).path);
            for (row, same) in numbered(&old.table.members) {
                match numbered(rows).find(|(other, of)| other.name == row.name && *of == same) {
                    Some((now, _)) => self.row(pair, part, &place, (old.table, row), (new[at.unwrap_or(0)].table, now)),
                    None => removed.push(Lone { place: place.clone(), row, required: None }),
                }
            }
            for (row, same) in numbered(rows) {
                if numbered(&old.table.members).any(|(other, of)| other.name == row.name && of == same) {
                    continue;
                }
                let table = new[at.unwrap_or(0)].table;
                added.push(Lone { place: place.clone(), row, required: table.required });
            }
            taken.extend(at);
        }
        for (_, Placed { table, path }) in new.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
            let place = place(part, path);
            added.extend(table.members.iter().map(|row| Lone { place: place.clone(), row, required: table.required }));
        }
        self.moved(pair, part, &mut removed, &mut added);
        for Lone { place, row, .. } in removed {
            self.add(
                pair,
                About {
                    kind: &format!("{}-removed", noun(part)),
                    effect: Effect::Breaking,
                    message: format!("the {} `{}` is gone from {place}", part.member(), row.name),
                    place,
                    subject: &row.name,
                    old_line: Some(row.line),
                    line: None,
                    old: Some(shown(row)),
                    new: None,
                    yaml: None,
                },
            );
        }
        for Lone { place, row, required, .. } in added {
            let required = row.required.or(required) == Some(true) && part != Part::Response;
            self.add(
                pair,
                About {
                    kind: &format!("{}-added", noun(part)),
                    effect: if required { Effect::Breaking } else { Effect::Additive },
                    message: format!(
                        "the {}{} `{}` is new in {place}",
                        if required { "required " } else { "" },
                        part.member(),
                        row.name
                    ),
                    place,
                    subject: &row.name,
                    old_line: None,
                    line: Some(row.line),
                    old: None,
                    new: Some(shown(row)),
                    yaml: Some(paste::member(part, &row.name, row.type_.as_ref(), &row.values)),
                },
            );
        }
    }

    /// A row that left one table for another.
    fn moved(&mut self, pair: Pair<'_>, part: Part, removed: &mut Vec<Lone<'_>>, added: &mut Vec<Lone<'_>>) {
        // Of several rows with one name it cannot be told which went where.
        let count = |rows: &[Lone<'_>]| {
            let mut count: BTreeMap<String, usize> = BTreeMap::new();
            for lone in rows {
                *count.entry(lone.row.name.clone()).or_default() += 1;
            }
            count
        };
        let (gone, come) = (count(removed), count(added));
        let single = |name: &str| gone.get(name) == Some(&1) && come.get(name) == Some(&1);
        let mut kept = Vec::new();
        for old in removed.drain(..) {
            let at = added.iter().position(|new| new.row.name == old.row.name && same_type(old.row, new.row));
            let Some(new) = at.filter(|_| single(&old.row.name)).map(|at| added.remove(at)) else {
                kept.push(old);
                continue;
            };
            self.add(
                pair,
                About {
                    kind: &format!("{}-moved", noun(part)),
                    effect: Effect::Breaking,
                    message: format!(
                        "the {} `{}` moved from {} to {}",
                        part.member(),
                        old.row.name,
                        old.place,
                        new.place
                    ),
                    place: new.place.clone(),
                    subject: &new.row.name,
                    old_line: Some(old.row.line),
                    line: Some(new.row.line),
                    old: Some(old.place),
                    new: Some(new.place),
                    yaml: Some(paste::member(part, &new.row.name, new.row.type_.as_ref(), &new.row.values)),
                },
            );
        }
        *removed = kept;
    }

    /// Compares a row with itself.
    fn row(&mut self, pair: Pair<'_>, part: Part, place: &str, old: (&Table, &Member), new: (&Table, &Member)) {
        let before = self.found.len();
        let ((old_table, old), (new_table, new)) = (old, new);
        let (name, retyped) = (new.name.as_str(), format!("{}-retyped", noun(part)));
        let about = |kind, effect, subject, was: Option<String>, is: Option<String>, message, yaml| About {
            kind,
            effect,
            place: place.to_owned(),
            subject,
            old_line: Some(old.line),
            line: Some(new.line),
            old: was,
            new: is,
            message,
            yaml,
        };
        if !same_type(old, new) {
            let (was, is) = (type_name(old), type_name(new));
            let message = format!("`{name}` was of type {was} and is of type {is}");
            self.add(pair, about(&retyped, Effect::Breaking, name, Some(was), Some(is), message, None));
        }
        // What is no string any more has lost its values with its type.
        let (was, is) = if same_type(old, new) { (&old.values[..], &new.values[..]) } else { (&[][..], &[][..]) };
        for value in is.iter().filter(|value| !was.contains(value)) {
            // The first values of what was any string leave others out.
            let effect = if old.values.is_empty() { Effect::Breaking } else { Effect::Additive };
            let yaml = Some(format!("enum: [{}]", new.values.join(", ")));
            let message = format!("`{name}` can be `{value}` now");
            self.add(pair, about("enum-value-added", effect, value, None, Some(value.clone()), message, yaml));
        }
        for value in was.iter().filter(|value| !is.contains(value)) {
            let message = format!("`{name}` can be `{value}` no more");
            self.add(
                pair,
                about("enum-value-removed", Effect::Breaking, value, Some(value.clone()), None, message, None),
            );
        }
        for (kind, was, is) in [("default", old.default, new.default), ("maximum", old.maximum, new.maximum)] {
            if was == is {
                continue;
            }
            let text = |value: Option<i64>| value.map_or_else(|| "none".to_owned(), |value| value.to_string());
            // More is allowed than was; any other default changes what is answered to the same request.
            let wider = kind == "maximum" && was.is_some() && is.is_none_or(|is| was.is_some_and(|was| is > was));
            let effect = if wider { Effect::Additive } else { Effect::Breaking };
            let yaml = is.filter(|_| wider).map(|is| format!("{kind}: {is}"));
            let message = format!("the {kind} of `{name}` was {} and is {}", text(was), text(is));
            self.add(pair, about(kind, effect, name, Some(text(was)), Some(text(is)), message, yaml));
        }
        let (was, is) = (old.required.or(old_table.required), new.required.or(new_table.required));
        if was.unwrap_or(false) != is.unwrap_or(false) && part != Part::Response {
            let required = is == Some(true);
            let (effect, word) = if required { (Effect::Breaking, "required") } else { (Effect::Additive, "optional") };
            let before = if required { "optional" } else { "required" };
            let message = format!("`{name}` is {word} now");
            self.add(
                pair,
                about("required", effect, name, Some(before.to_owned()), Some(word.to_owned()), message, None),
            );
        }
        if self.found.len() == before && letters(&old.prose) != letters(&new.prose) {
            let message = format!("what is said of `{name}` is worded anew");
            self.add(pair, about("wording", Effect::Wording, name, None, None, message, None));
        }
    }

    /// Compares tables that belong to no operation, such as those of error codes, row by row.
    pub(super) fn listings(&mut self, old: &Page, new: &Page) {
        // Several tables may stand under one heading.
        let key = |all: &[Listing], at: usize| {
            let before = all[..at].iter().filter(|it| it.heading == all[at].heading).count();
            (all[at].heading.clone(), before)
        };
        let keys = |all: &[Listing]| (0..all.len()).map(|at| key(all, at)).collect::<Vec<_>>();
        let (olds, news) = (keys(&old.listings), keys(&new.listings));
        for (now, key) in new.listings.iter().zip(&news) {
            match olds.iter().position(|other| other == key) {
                Some(at) => {
                    self.compared += 1;
                    self.listing(new, &old.listings[at], now);
                }
                None => {
                    for row in &now.rows {
                        self.listed(new, now, "row-added", Effect::Additive, None, Some(row));
                    }
                }
            }
        }
        for (was, _) in old.listings.iter().zip(&olds).filter(|(_, key)| !news.contains(key)) {
            let what = format!("the table under the heading `{}` is not on the new page", was.heading);
            self.could_not_compare(&new.file, None, None, &was.heading, &what);
        }
    }

    fn listing(&mut self, page: &Page, old: &Listing, new: &Listing) {
        // Some tables name a row twice.
        let keys = |rows: &[(usize, Vec<String>)]| {
            let name = |at: usize| rows[at].1.first().cloned().unwrap_or_default();
            (0..rows.len()).map(|at| (name(at), (0..at).filter(|before| name(*before) == name(at)).count())).collect()
        };
        let (olds, news): (Vec<_>, Vec<_>) = (keys(&old.rows), keys(&new.rows));
        for (row, key) in old.rows.iter().zip(&olds) {
            match news.iter().position(|other| other == key).map(|at| &new.rows[at]) {
                None => self.listed(page, new, "row-removed", Effect::Breaking, Some(row), None),
                Some(now) if row.1.iter().zip(&now.1).all(|(was, is)| letters(was) == letters(is)) => {}
                Some(now) => {
                    let prose = new.columns.iter().position(|column| column.eq_ignore_ascii_case("description"));
                    let mut cells = row.1.iter().zip(&now.1).enumerate();
                    let same = cells.all(|(at, (was, is))| Some(at) == prose || was == is);
                    let (kind, effect) =
                        if same { ("wording", Effect::Wording) } else { ("row-changed", Effect::Breaking) };
                    self.listed(page, new, kind, effect, Some(row), Some(now));
                }
            }
        }
        for (row, _) in new.rows.iter().zip(&news).filter(|(_, key)| !olds.contains(key)) {
            self.listed(page, new, "row-added", Effect::Additive, None, Some(row));
        }
    }

    fn listed(
        &mut self,
        page: &Page,
        listing: &Listing,
        kind: &str,
        effect: Effect,
        old: Option<&(usize, Vec<String>)>,
        new: Option<&(usize, Vec<String>)>,
    ) {
        // The cells between the name and the prose are facts.
        let facts = |row: Option<&(usize, Vec<String>)>| {
            row.map(|(_, cells)| cells[..cells.len().saturating_sub(1).max(1)].join(" "))
        };
        let name = new.or(old).and_then(|(_, cells)| cells.first()).cloned().unwrap_or_default();
        let what = match kind {
            "row-added" => "is new",
            "row-removed" => "is gone",
            "wording" => "is worded anew",
            _ => "changed",
        };
        self.found.push(Change {
            kind: kind.to_owned(),
            effect: Some(effect),
            page: page.file.clone(),
            line: new.map(|(line, _)| *line),
            old_line: old.map(|(line, _)| *line),
            operation: None,
            place: listing.heading.clone(),
            message: format!("`{name}` under `{}` {what}", listing.heading),
            subject: name,
            old: facts(old),
            new: facts(new),
            yaml: None,
        });
    }
}

/// The tables of a part, each with the path of the first field that leads to it.
fn placed(operation: &Operation, part: Part) -> Vec<Placed<'_>> {
    let tables: Vec<_> = operation.tables.iter().filter(|table| table.part == part).collect();
    let mut paths: BTreeMap<&str, String> = BTreeMap::from([("", String::new())]);
    let mut open = vec![""];
    while let Some(object) = open.pop() {
        let path = paths.get(object).cloned().unwrap_or_default();
        for table in tables.iter().filter(|table| table.object == object) {
            for row in &table.members {
                if let Some(inner) = &row.object
                    && !paths.contains_key(inner.as_str())
                {
                    let path = if path.is_empty() { row.name.clone() } else { format!("{path}.{}", row.name) };
                    paths.insert(inner, path);
                    open.insert(0, inner);
                }
            }
        }
    }
    let path = |table: &Table| paths.get(table.object.as_str()).cloned().unwrap_or_else(|| table.object.clone());
    tables.into_iter().map(|table| Placed { table, path: path(table) }).collect()
}

/// Rows with how many of their name stand before them, since some tables name a field twice.
fn numbered(rows: &[Member]) -> impl Iterator<Item = (&Member, usize)> {
    rows.iter().enumerate().map(|(at, row)| (row, rows[..at].iter().filter(|before| before.name == row.name).count()))
}

/// The new table of an old one: the one of the same field, or the one under the same heading.
fn counterpart(old: &Placed<'_>, new: &[Placed<'_>], taken: &BTreeSet<usize>) -> Option<usize> {
    let free = || new.iter().enumerate().filter(|(at, _)| !taken.contains(at));
    let same_path = |new: &Placed<'_>| new.path == old.path;
    let same_heading = |new: &Placed<'_>| new.table.object == old.table.object;
    free()
        .find(|(_, new)| same_path(new) && same_heading(new))
        .or_else(|| free().find(|(_, new)| same_heading(new) && !old.table.object.is_empty()))
        .or_else(|| free().find(|(_, new)| same_path(new)))
        .map(|(at, _)| at)
}

fn place(part: Part, path: &str) -> String {
    if path.is_empty() { part.name().to_owned() } else { format!("{} {path}", part.name()) }
}

/// What a row of a part is called in the kinds of changes.
fn noun(part: Part) -> &'static str {
    match part {
        Part::Request | Part::Response => "field",
        Part::Headers => "header",
        Part::Path | Part::Query => "parameter",
    }
}

fn same_type(old: &Member, new: &Member) -> bool {
    match (&old.type_, &new.type_) {
        (Some(old), Some(new)) => old == new,
        // Copied text loses the types of objects.
        (None, Some(type_)) | (Some(type_), None) => type_.is_object(),
        (None, None) => true,
    }
}

fn type_name(row: &Member) -> String {
    row.type_.as_ref().map_or_else(|| "none".to_owned(), PageType::to_string)
}

fn shown(row: &Member) -> String {
    let values = if row.values.is_empty() { String::new() } else { format!(" ({})", row.values.join(", ")) };
    format!("{}{values}", type_name(row))
}
