//! Rewrites a page without changing its claims: with another layout of its tables, and with other words.

use xtask_verify::pages::{Operation, Page, PageType};

use super::edit::{Layout, Row, line, rows};

/// Words that must stay in a description, because they make a claim.
const KEY_WORDS: [&str; 10] =
    ["one", "of", "values", "or", "and", "required", "optional", "each", "default", "maximum"];

/// Phrases that announce the values of an enum.
const ANNOUNCEMENTS: [&str; 4] =
    ["Possible values:", "Supported values are", "Must be one of these:", "Allowed values:"];

/// Rewrites the tables of a page: pipe tables to HTML, HTML tables to pipe tables, and paragraphs to lines with tabs.
pub(super) fn tables(file: &str, text: &str) -> String {
    let page = Page::read(file, text.as_bytes()).unwrap();
    let mut out = text.to_owned();
    // Start at the end, so that the offsets before stay valid.
    for operation in page.operations.iter().rev() {
        for (at, table) in operation.tables.iter().enumerate().rev().filter(|(_, table)| !table.members.is_empty()) {
            let layout = Layout::of(text, table);
            let found = rows(text, operation, at);
            let cells: Vec<_> = found.iter().map(|row| cells(text, row)).collect();
            let first = line(text, table.line);
            let header = header(layout, &text[first.start..]);
            let (end, written) = match layout {
                Layout::Pipe => (found.last().unwrap().whole.end, html(&header, &cells)),
                Layout::Html => (first.end, pipes(&header, &cells)),
                Layout::Text => (found.last().unwrap().description.end, tabs(&header, &cells)),
            };
            out.replace_range(first.start..end, &written);
        }
    }
    out
}

fn cells(text: &str, row: &Row) -> [String; 3] {
    let type_ = row.type_.clone().map_or("", |type_| &text[type_]);
    [&text[row.name.clone()], type_, &text[row.description.clone()]].map(str::to_owned)
}

fn header(layout: Layout, table: &str) -> Vec<String> {
    let first = table.lines().next().unwrap();
    let names: Vec<_> = match layout {
        Layout::Pipe => first.split('|').map(str::trim).filter(|name| !name.is_empty()).collect(),
        Layout::Html => {
            first.split("</th>").filter_map(|cell| cell.rsplit_once('>')).map(|(_, name)| name).take(3).collect()
        }
        Layout::Text => table.lines().take_while(|line| !line.is_empty()).collect(),
    };
    assert_eq!(names.len(), 3, "{names:?}");
    names.into_iter().map(str::to_owned).collect()
}

fn html(header: &[String], rows: &[[String; 3]]) -> String {
    let names: String = header.iter().map(|name| format!("<th>{name}</th>")).collect();
    let shown = |cell: &String| format!("<td>{}</td>", to_html(cell));
    let rows: String =
        rows.iter().map(|row| format!("<tr>{}</tr>", row.iter().map(shown).collect::<String>())).collect();
    format!("<table><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>\n")
}

/// Converts the Markdown of a cell to HTML.
fn to_html(cell: &str) -> String {
    let mut out = String::new();
    for (index, part) in cell.replace("\\_", "_").split('`').enumerate() {
        out.push_str(&if index % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() });
    }
    while let Some((before, rest)) = out.split_once('[').filter(|(_, rest)| rest.contains("](")) {
        let (label, rest) = rest.split_once("](").unwrap();
        let (address, after) = rest.split_once(')').unwrap();
        out = format!("{before}<a href=\"{address}\">{label}</a>{after}");
    }
    out
}

fn pipes(header: &[String], rows: &[[String; 3]]) -> String {
    // HTML is valid in a Markdown cell. Characters outside of tags that Markdown would interpret are escaped.
    let escaped = |cell: &String| {
        let mut is_tag = false;
        let mut out = String::new();
        for it in cell.chars() {
            is_tag = (is_tag || it == '<') && it != '>';
            if !is_tag && "_*|".contains(it) {
                out.push('\\');
            }
            out.push(it);
        }
        out
    };
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rows = rows.iter().map(|cells| row(&cells.each_ref().map(escaped))).collect::<String>();
    format!("{}| --- | --- | --- |\n{}", row(header), rows.trim_end())
}

fn tabs(header: &[String], rows: &[[String; 3]]) -> String {
    let row = |cells: &[String]| cells.join("\t").replace("\n\n", " ");
    std::iter::once(header).chain(rows.iter().map(<[String; 3]>::as_slice)).map(row).collect::<Vec<_>>().join("\n")
}

/// Replaces the words of a page, except names, types, codes, values, numbers, and words that make a claim.
pub(super) fn words(file: &str, text: &str) -> String {
    let page = Page::read(file, text.as_bytes()).unwrap();
    let mut out = text.to_owned();
    for operation in page.operations.iter().rev() {
        for at in (0..operation.tables.len()).rev().filter(|at| !operation.tables[*at].members.is_empty()) {
            let layout = Layout::of(text, &operation.tables[at]);
            for (index, row) in rows(text, operation, at).into_iter().enumerate().rev() {
                let described = description(operation, at, index, &text[row.description.clone()], layout);
                out.replace_range(row.description, &described);
            }
        }
    }
    let last = page.operations.iter().map(|operation| operation.line).max().unwrap_or(usize::MAX);
    let mut in_code = false;
    let lines = out.lines().enumerate().map(|(index, line)| {
        in_code ^= line.starts_with("```");
        // In copied text, only the length distinguishes a sentence from a cell.
        let is_prose = line.split(' ').count() > 4 && !line.starts_with(['#', '|', '<', '{', ' ', '"', '[']);
        let is_code = in_code
            || line.contains("http")
            || line.contains("HTTP/1.1")
            || line.ends_with('\\')
            || line.contains('\'');
        if index < last || is_code || !is_prose { line.to_owned() } else { sentence(line) }
    });
    lines.map(|line| line + "\n").collect()
}

fn description(operation: &Operation, table: usize, row: usize, text: &str, layout: Layout) -> String {
    let member = &operation.tables[table].members[row];
    if let (Some(default), Some(maximum)) = (member.default, member.maximum) {
        assert_eq!(member.type_, Some(PageType::Number));
        return match layout {
            Layout::Text => format!("A number. The default is {default}, and the maximum is {maximum} too."),
            Layout::Pipe => format!("A number. The default is `{default}`, and the maximum is `{maximum}` too."),
            Layout::Html => {
                format!("A number. The default is <code>{default}</code>, the maximum <code>{maximum}</code>.")
            }
        };
    }
    prose(&text.replace("One of:", ANNOUNCEMENTS[row % ANNOUNCEMENTS.len()]))
}

/// Replaces a sentence of a section.
fn sentence(line: &str) -> String {
    for word in ["required", "optional"] {
        if line.starts_with("All ") && line.contains(word) {
            return format!("Each of them is {word}.");
        }
    }
    prose(line)
}

/// Replaces all plain words of a text.
fn prose(text: &str) -> String {
    let mut out = String::new();
    let (mut is_marked, mut word) = (false, String::new());
    for it in text.chars().chain(['\0']) {
        if it.is_alphanumeric() || "_-?=.,:/&;'\"\\".contains(it) {
            word.push(it);
            continue;
        }
        let bare = word.trim_matches(['.', ',', ':', ';']);
        let is_word = bare.len() > 1
            && bare.chars().all(char::is_alphabetic)
            && bare[1..].chars().all(char::is_lowercase)
            && !KEY_WORDS.contains(&bare.to_lowercase().as_str())
            && !ANNOUNCEMENTS.iter().any(|words| words.contains(bare));
        out.push_str(&if is_word && !is_marked { word.replace(bare, "word") } else { std::mem::take(&mut word) });
        word.clear();
        match it {
            '\0' => {}
            '<' => is_marked = true,
            '`' => is_marked = !is_marked,
            _ => {}
        }
        if it != '\0' {
            out.push(it);
        }
        // The text of an element other than code is prose.
        if it == '>' {
            is_marked = out.ends_with("<code>");
        }
    }
    out
}
