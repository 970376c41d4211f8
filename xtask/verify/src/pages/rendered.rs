//! Reads pages that were copied as text from a browser. Cells, headings and sentences are lines, separated by empty lines.
//!
//! The position of a line determines its meaning. The line above the header of a table is a heading. A single word above a type
//! starts a row. All other lines in a table describe the current row.

use std::ops::Range;

use super::{
    blocks::{Block, Content, Piece, Rich, Row, one_line},
    cell::PageType,
    examples,
    sections::Section,
};

pub(crate) fn read(text: &str) -> Vec<Block> {
    let parts = split(text);
    let mut blocks = Vec::new();
    let mut index = 0;
    while let Some(part) = parts.get(index) {
        let lines = &part.lines;
        let (content, next) = match &part.code {
            Some(code) => (Content::Code(code.clone()), index + 1),
            None if is_tabbed(lines) => (tabbed(part.line, lines), index + 1),
            None if is_header(lines) => table(&parts, index),
            None if is_heading(&parts, index) => (Content::Heading(part.plain()), index + 1),
            None => (Content::Paragraph(paragraph(lines)), index + 1),
        };
        blocks.push(Block { line: part.line, content });
        index = next;
    }
    blocks
}

/// Consecutive lines without an empty line, or an example.
struct Part {
    line: usize,
    lines: Vec<String>,
    code: Option<String>,
}

impl Part {
    fn plain(&self) -> String {
        one_line(&self.lines.join(" "))
    }
}

fn split(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let (mut offset, mut line, mut open) = (0, 1, false);
    while offset < text.len() {
        let rest = &text[offset..];
        let first = rest.split('\n').next().unwrap_or_default();
        // A line that starts with a list of ids can continue a sentence.
        let in_sentence = open
            && first.starts_with(['{', '['])
            && parts.last().is_some_and(|part| part.code.is_none() && is_open_sentence(&part.lines));
        let length = match examples::code_at(rest).filter(|_| !in_sentence) {
            Some(length) => {
                parts.push(Part { line, lines: Vec::new(), code: Some(rest[..length].to_owned()) });
                open = false;
                length
            }
            None if first.trim().is_empty() => {
                open = false;
                first.len()
            }
            None => {
                let shown = first.trim_end().to_owned();
                match parts.last_mut().filter(|_| open) {
                    Some(part) => part.lines.push(shown),
                    None => parts.push(Part { line, lines: vec![shown], code: None }),
                }
                open = true;
                first.len()
            }
        };
        let end = offset + length;
        // Continue with the next line.
        let end = end + text[end..].find('\n').map_or(text.len() - end, |at| at + 1);
        line += text[offset..end].matches('\n').count();
        offset = end;
    }
    parts
}

fn paragraph(lines: &[String]) -> Rich {
    Rich::text(lines.join(" "))
}

/// Returns whether a paragraph ends within a sentence. A paragraph that ends with a colon announces code.
fn is_open_sentence(lines: &[String]) -> bool {
    let text = lines.join(" ");
    !text.ends_with([':', '.']) && text.split(' ').count() > 3
}

/// Returns whether the lines are the column names of a table.
fn is_header(lines: &[String]) -> bool {
    let is = |line: Option<&String>, names: &[&str]| {
        line.is_some_and(|line| names.iter().any(|name| line.trim().eq_ignore_ascii_case(name)))
    };
    (2..=4).contains(&lines.len())
        && is(lines.first(), &["field", "param", "parameter", "name", "header", "property", "attribute"])
        && lines[1..].iter().any(|line| is(Some(line), &["type", "format", "description"]))
}

/// Returns whether the lines are a table with tabs between its cells.
fn is_tabbed(lines: &[String]) -> bool {
    lines.first().is_some_and(|line| is_header(&line.split('\t').map(str::to_owned).collect::<Vec<_>>()))
}

fn header_at(parts: &[Part], index: usize) -> bool {
    parts.get(index).is_some_and(|part| is_header(&part.lines) || is_tabbed(&part.lines))
}

/// Returns whether the part is a heading, which names a known section or is above the header of a table.
fn is_heading(parts: &[Part], index: usize) -> bool {
    let title = parts.get(index).map(Part::plain).unwrap_or_default();
    let short = !title.ends_with(['.', ':', ',']) && title.split(' ').count() <= 6;
    if !short {
        return false;
    }
    if Section::of(&title).is_some() {
        return true;
    }
    // A sentence can be between the name of an object and its table.
    let sentence = parts.get(index + 1).map(Part::plain).is_some_and(|text| text.ends_with(['.', ':']));
    header_at(parts, index + 1) || (is_name(&title) && sentence && header_at(parts, index + 2))
}

/// Returns whether the text is a single word, like the name of a field.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_' || first == '$')
        && text.chars().all(|it| it.is_alphanumeric() || "_-.$[]".contains(it))
}

fn is_type(text: &str) -> bool {
    !matches!(PageType::from(text), PageType::Other(_))
}

/// Reads the table whose header is at `start`, and returns the index after it.
fn table(parts: &[Part], start: usize) -> (Content, usize) {
    let header: Vec<String> = parts[start].lines.iter().map(|line| line.trim().to_owned()).collect();
    let typed = header.len() > 2;
    let mut rows: Vec<Row> = Vec::new();
    let mut index = start + 1;
    while let Some(row) = row_at(parts, index, typed) {
        rows.push(row.0);
        index = row.1.end;
    }
    (Content::Table { header, rows }, index)
}

/// Reads the row at `start`, and returns the range of its parts.
fn row_at(parts: &[Part], start: usize, typed: bool) -> Option<(Row, Range<usize>)> {
    let name = parts.get(start).filter(|_| starts_row(parts, start, typed))?;
    let mut end = start + 1;
    let mut type_ = Rich::default();
    if typed && parts.get(end).is_some_and(|part| part.code.is_none()) && has_type(parts, end) {
        type_ = Rich::text(parts[end].plain());
        end += 1;
    }
    // Text belongs to the row until the next row, heading or table starts.
    let mut description = Rich::default();
    while let Some(Part { lines, code: None, .. }) = parts.get(end) {
        let above_code = parts.get(end + 1).is_some_and(|part| part.code.is_some());
        if starts_row(parts, end, typed)
            || is_heading(parts, end)
            || header_at(parts, end)
            || is_end(&parts[end].plain())
            || (above_code && parts[end].plain().ends_with(':'))
        {
            break;
        }
        description.pieces.extend(paragraph(lines).pieces);
        description.pieces.push(Piece::Break);
        end += 1;
    }
    let mut cells = vec![Rich::text(name.plain()), type_, description];
    if !typed {
        cells.remove(1);
    }
    Some((Row { line: name.line, cells }, start..end))
}

/// Returns whether a row starts here, which is a single word above a type or a sentence.
fn starts_row(parts: &[Part], index: usize, typed: bool) -> bool {
    let Some(part) = parts.get(index) else { return false };
    let name = part.plain();
    if !is_name(&name) || is_heading(parts, index) || is_end(&name) {
        return false;
    }
    let below = parts.get(index + 1).map(Part::plain).unwrap_or_default();
    // Copied text lacks the types of objects. Their names are in camel case. Other words are values of the current row.
    let may_be_object = name.chars().any(char::is_lowercase) && !name.contains('_');
    // A capitalized word above a sentence is an unknown heading, unless it is the first row of a table.
    let may_stand_alone = name.starts_with(char::is_lowercase) || (index > 0 && header_at(parts, index - 1));
    let above_sentence = may_stand_alone && below.contains(' ') && !is_heading(parts, index + 1) && !is_end(&below);
    !typed || is_type(&below) || (may_be_object && (has_type(parts, index + 1) || above_sentence))
}

/// Returns whether the type of a row is here.
///
/// An unknown word is also a type if a sentence follows, because a name is never directly below a name.
fn has_type(parts: &[Part], index: usize) -> bool {
    let Some(part) = parts.get(index) else { return false };
    let text = part.plain();
    if is_type(&text) {
        return !header_at(parts, index + 1);
    }
    let below = parts.get(index + 1).map(Part::plain).unwrap_or_default();
    let short = text.split(' ').count() <= 3 && !text.ends_with(['.', ':']);
    short && below.contains(' ') && !is_heading(parts, index) && !is_heading(parts, index + 1) && !is_type(&below)
}

fn is_end(text: &str) -> bool {
    text.starts_with("Last updated") || text.starts_with("Was this helpful")
}

/// Reads a table with tabs between its cells.
fn tabbed(line: usize, lines: &[String]) -> Content {
    let cells = |line: &str| line.split('\t').map(|cell| Rich::text(cell.trim())).collect::<Vec<_>>();
    let header = cells(&lines[0]).iter().map(Rich::plain).collect();
    let mut rows: Vec<Row> = Vec::new();
    for (index, text) in lines.iter().enumerate().skip(1) {
        match rows.last_mut().and_then(|row| row.cells.last_mut()) {
            // The line continues the last cell of the row above.
            Some(last) if !text.contains('\t') => last.pieces.push(Piece::Text(format!(" {text}"))),
            _ => rows.push(Row { line: line + index, cells: cells(text) }),
        }
    }
    Content::Table { header, rows }
}
