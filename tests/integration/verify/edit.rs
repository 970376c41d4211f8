//! Changes single claims in the text of a page, and leaves the rest of the page unchanged.

use std::ops::Range;

use xtask_verify::pages::{Member, Operation, Table};

use super::mutation::{ADDED, ADDED_SCOPE, ADDED_VALUE, Change, RowChange, renamed, renamed_scope};

/// The layout of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// One row per line, with `|` between the cells.
    Pipe,
    /// An HTML table in one line.
    Html,
    /// Each cell is a paragraph.
    Text,
}

impl Layout {
    pub(super) fn of(text: &str, table: &Table) -> Self {
        match &text[line(text, table.line)] {
            line if line.starts_with('|') => Self::Pipe,
            line if line.starts_with("<table") => Self::Html,
            _ => Self::Text,
        }
    }
}

/// The place of a row in the text of a page.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) whole: Range<usize>,
    pub(super) name: Range<usize>,
    /// `None` in copied text, which lacks types that are links.
    pub(super) type_: Option<Range<usize>>,
    pub(super) description: Range<usize>,
}

/// Changes a page. Returns the page and the line of an added row.
pub(super) fn apply(text: &str, operation: &Operation, change: &Change) -> (String, Option<usize>) {
    let page = Page { text, operation };
    let with = |range: Range<usize>, to: &str| {
        let mut text = text.to_owned();
        text.replace_range(range, to);
        (text, None)
    };
    match change {
        Change::Method(to) => with(page.find(operation.line, &operation.method), to),
        Change::Url(to) => with(page.find(operation.line, &operation.url), to),
        Change::ScopeRenamed(from) => with(page.scope(from), &renamed_scope(from)),
        Change::ScopeRemoved(name) => with(page.scope(name), "it"),
        Change::ScopeAdded => {
            let at = page.below_scopes().end;
            let is_marked = text.starts_with('#');
            let shown = if is_marked { format!(", `{ADDED_SCOPE}`") } else { format!(", {ADDED_SCOPE}") };
            with(at..at, &shown)
        }
        Change::AllRequired(at) => {
            let (range, flipped) = page.all_required(&operation.tables[*at]);
            with(range, flipped)
        }
        Change::RowAdded(at) => page.with_row(*at),
        Change::Row(at, row, change) => {
            let (found, member) = (page.row(*at, *row), &operation.tables[*at].members[*row]);
            let (range, to) = page.changed(Layout::of(text, &operation.tables[*at]), &found, member, change);
            with(range, &to)
        }
    }
}

/// The rows of a table, in the order of the page.
pub(super) fn rows(text: &str, operation: &Operation, table: usize) -> Vec<Row> {
    let page = Page { text, operation };
    (0..operation.tables[table].members.len()).map(|row| page.row(table, row)).collect()
}

struct Page<'a> {
    text: &'a str,
    operation: &'a Operation,
}

impl Page<'_> {
    /// Returns the first occurrence of a text in a line.
    #[track_caller]
    fn find(&self, at: usize, what: &str) -> Range<usize> {
        let line = line(self.text, at);
        let found = self.text[line.clone()].find(what);
        let start = line.start + found.unwrap_or_else(|| panic!("{what} is not in line {at}: {}", &self.text[line]));
        start..start + what.len()
    }

    fn scope(&self, name: &str) -> Range<usize> {
        self.find(self.operation.scopes.as_ref().unwrap().names[name], name)
    }

    /// Returns the sentence about the scopes.
    fn below_scopes(&self) -> Range<usize> {
        let scopes = self.operation.scopes.as_ref().unwrap();
        line(self.text, scopes.names.values().next().copied().unwrap_or(scopes.line + 2))
    }

    /// Returns the place of the word above a table that says whether its members are required, and the opposite word.
    fn all_required(&self, table: &Table) -> (Range<usize>, &'static str) {
        for at in (table.line - 4..table.line).rev() {
            for (word, other) in [("required", "optional"), ("optional", "required")] {
                if self.text[line(self.text, at)].contains(word) {
                    return (self.find(at, word), other);
                }
            }
        }
        panic!("no sentence about required members above line {}", table.line)
    }

    fn row(&self, table: usize, row: usize) -> Row {
        let (table, member) = (&self.operation.tables[table], &self.operation.tables[table].members[row]);
        let found = match Layout::of(self.text, table) {
            Layout::Pipe => self.pipe(member),
            Layout::Html => self.html(table, row),
            Layout::Text => self.paragraphs(table, row),
        };
        assert_eq!(self.text[found.name.clone()].replace('\\', ""), member.name, "line {}", member.line);
        found
    }

    fn pipe(&self, member: &Member) -> Row {
        let line = line(self.text, member.line);
        let bars: Vec<_> = self.text[line.clone()].match_indices('|').map(|(at, _)| line.start + at).collect();
        let cells: Vec<_> = bars.windows(2).map(|bars| trimmed(self.text, bars[0] + 1..bars[1])).collect();
        assert_eq!(cells.len(), 3, "{}", &self.text[line]);
        let [name, type_, description] = <[_; 3]>::try_from(cells).unwrap();
        Row { whole: line.start..line.end + 1, name, type_: Some(type_), description }
    }

    fn html(&self, table: &Table, row: usize) -> Row {
        let line = line(self.text, table.line);
        let (start, _) = self.text[line.clone()].match_indices("<tr><td>").nth(row).unwrap();
        let start = line.start + start;
        let end = start + self.text[start..].find("</tr>").unwrap() + "</tr>".len();
        let row = &self.text[start..end];
        let starts = row.match_indices("<td>").map(|(at, tag)| start + at + tag.len());
        let ends = row.match_indices("</td>").map(|(at, _)| start + at);
        let cells: Vec<_> = starts.zip(ends).map(|(start, end)| start..end).collect();
        let [name, type_, description] = <[_; 3]>::try_from(cells).unwrap();
        Row { whole: start..end, name, type_: Some(type_), description }
    }

    fn paragraphs(&self, table: &Table, row: usize) -> Row {
        let start = line(self.text, table.members[row].line).start;
        // The description of the last row is one paragraph, because the position does not show where it ends.
        let next = table.members.get(row + 1).map(|next| line(self.text, next.line).start);
        let rest = &self.text[start..next.unwrap_or(self.text.len())];
        let mut paragraphs = rest.split("\n\n").scan(start, |at, text| {
            let range = *at..*at + text.len();
            *at = range.end + 2;
            Some(range)
        });
        let name = paragraphs.next().unwrap();
        let type_ = table.members[row].type_.as_ref().map(|_| paragraphs.next().unwrap());
        let mut description = paragraphs.next().unwrap();
        if let (Some(next), Some(last)) = (next, paragraphs.filter(|it| !it.is_empty()).last()) {
            assert!(last.end < next);
            description.end = last.end;
        }
        Row { whole: start..next.unwrap_or(description.end + 2), name, type_, description }
    }

    fn with_row(&self, at: usize) -> (String, Option<usize>) {
        let table = &self.operation.tables[at];
        let last = self.row(at, table.members.len() - 1);
        let (row, lines_above) = match Layout::of(self.text, table) {
            Layout::Pipe => (format!("| {ADDED} | number | How often it can be. |\n"), 0),
            Layout::Html => (format!("<tr><td>{ADDED}</td><td>number</td><td>How often it can be.</td></tr>"), 0),
            Layout::Text => (format!("{ADDED}\n\nnumber\n\nHow often it can be.\n\n"), 0),
        };
        let end = last.whole.end.min(self.text.len());
        let mut text = self.text.to_owned();
        text.insert_str(end, &row);
        let line = 1 + self.text[..end].matches('\n').count() + lines_above;
        (text, Some(line))
    }

    fn changed(&self, layout: Layout, row: &Row, member: &Member, change: &RowChange) -> (Range<usize>, String) {
        let description = row.description.clone();
        match change {
            RowChange::Renamed => (row.name.clone(), renamed(&member.name)),
            RowChange::Removed => (row.whole.clone(), String::new()),
            RowChange::Type(to) => match &row.type_ {
                Some(type_) => (type_.clone(), (*to).to_owned()),
                None => (row.name.end..row.name.end, format!("\n\n{to}")),
            },
            // In text, an empty cell is not a paragraph.
            RowChange::Untyped if layout == Layout::Text => {
                (row.name.end..row.type_.clone().unwrap().end, String::new())
            }
            RowChange::Untyped => (row.type_.clone().unwrap(), String::new()),
            RowChange::ValueRenamed(value) => {
                let value = &member.values[*value];
                (value_in(self.text, &description, value), renamed(value))
            }
            RowChange::ValueRemoved(value) => {
                let mut range = self.explained(layout, &description, member, *value);
                // Also remove the space or the line break before the value.
                if layout == Layout::Text && *value + 1 == member.values.len() {
                    range.start -= 1;
                }
                (range, String::new())
            }
            RowChange::ValueAdded => {
                let last = self.explained(layout, &description, member, member.values.len() - 1);
                let explanation = if self.text[last.clone()].contains(['-', '–']) { " - later." } else { "" };
                let added = match layout {
                    Layout::Text => format!(" {ADDED_VALUE}{explanation}"),
                    _ => format!("<br><code>{ADDED_VALUE}</code>{explanation}"),
                };
                (last.end..last.end, added)
            }
            RowChange::Limits(Some(one), Some(other)) if one == other => {
                let number = member.default.unwrap().to_string();
                let at = description.start + self.text[description.clone()].find(&number).unwrap();
                (at..at + number.len(), one.to_string())
            }
            RowChange::Limits(default, maximum) => {
                let default = default.map(|it| format!("The default is {it}."));
                let maximum = maximum.map(|it| format!("The maximum is {it}."));
                (description, [default, maximum].into_iter().flatten().collect::<Vec<_>>().join(" "))
            }
            RowChange::Required => {
                let word = |required: bool| if required { "Required" } else { "Optional" };
                let (from, to) = (word(member.required.unwrap()), word(!member.required.unwrap()));
                let at = description.start + self.text[description.clone()].rfind(from).unwrap();
                (at..at + from.len(), to.to_owned())
            }
        }
    }

    /// Returns the place of a value with its marks and its explanation.
    fn explained(&self, layout: Layout, description: &Range<usize>, member: &Member, value: usize) -> Range<usize> {
        let mark = |range: Range<usize>| match layout {
            Layout::Text => range,
            _ => range.start - "<code>".len()..range.end + "</code>".len(),
        };
        let this = mark(value_in(self.text, description, &member.values[value]));
        let next = member.values.get(value + 1).map(|next| mark(value_in(self.text, description, next)).start);
        let ends = match layout {
            Layout::Text => description.end,
            _ => {
                let rest = &self.text[this.end..description.end];
                this.end + ["<br>", "</p>"].iter().filter_map(|tag| rest.find(tag)).min().unwrap_or(rest.len())
            }
        };
        this.start..next.unwrap_or(ends)
    }
}

/// Returns the range of a line, without the line break.
pub(super) fn line(text: &str, number: usize) -> Range<usize> {
    let start = text.split_inclusive('\n').take(number - 1).map(str::len).sum();
    start..start + text[start..].find('\n').unwrap_or(text.len() - start)
}

/// Returns the place of a value as a separate word. In pipe tables, its underscores are escaped.
fn value_in(text: &str, within: &Range<usize>, value: &str) -> Range<usize> {
    let is_inside = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '\\';
    for written in [value.to_owned(), value.replace('_', "\\_")] {
        for (at, _) in text[within.clone()].match_indices(&written) {
            let (start, end) = (within.start + at, within.start + at + written.len());
            if !text[..start].ends_with(is_inside) && !text[end..].starts_with(is_inside) {
                return start..end;
            }
        }
    }
    panic!("{value} is not in {}", &text[within.clone()])
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let cell = &text[range.clone()];
    let start = range.start + cell.len() - cell.trim_start().len();
    start..start + cell.trim().len()
}
