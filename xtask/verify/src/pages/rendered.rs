//! Pages as text copied from a browser: a cell, a heading and a sentence are all lines with an empty line between.
//!
//! What a line is follows from its place. A heading is the line above a table's header; a row begins where a single word
//! stands above a type; what else stands in a table describes the row above it.

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

/// Lines without an empty one between them, or an example.
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
        // A sentence may go on in a new line with a list of ids.
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
        // On to the next line.
        let end = end + text[end..].find('\n').map_or(text.len() - end, |at| at + 1);
        line += text[offset..end].matches('\n').count();
        offset = end;
    }
    parts
}

fn paragraph(lines: &[String]) -> Rich {
    Rich::text(lines.join(" "))
}

/// Whether a paragraph ends within a sentence, and not with what announces code.
fn is_open_sentence(lines: &[String]) -> bool {
    let text = lines.join(" ");
    !text.ends_with([':', '.']) && text.split(' ').count() > 3
}

/// Whether these are the names of a table's columns.
fn is_header(lines: &[String]) -> bool {
    let is = |line: Option<&String>, names: &[&str]| {
        line.is_some_and(|line| names.iter().any(|name| line.trim().eq_ignore_ascii_case(name)))
    };
    (2..=4).contains(&lines.len())
        && is(lines.first(), &["field", "param", "parameter", "name", "header", "property", "attribute"])
        && lines[1..].iter().any(|line| is(Some(line), &["type", "format", "description"]))
}

/// Whether this is a table whose cells have tabs between them.
fn is_tabbed(lines: &[String]) -> bool {
    lines.first().is_some_and(|line| is_header(&line.split('\t').map(str::to_owned).collect::<Vec<_>>()))
}

fn header_at(parts: &[Part], index: usize) -> bool {
    parts.get(index).is_some_and(|part| is_header(&part.lines) || is_tabbed(&part.lines))
}

/// Whether the part is a heading: it names a section that is known, or stands above a table's header.
fn is_heading(parts: &[Part], index: usize) -> bool {
    let title = parts.get(index).map(Part::plain).unwrap_or_default();
    let short = !title.ends_with(['.', ':', ',']) && title.split(' ').count() <= 6;
    if !short {
        return false;
    }
    if Section::of(&title).is_some() {
        return true;
    }
    // Between the name of an object and its table there may be a sentence.
    let sentence = parts.get(index + 1).map(Part::plain).is_some_and(|text| text.ends_with(['.', ':']));
    header_at(parts, index + 1) || (is_name(&title) && sentence && header_at(parts, index + 2))
}

/// A single word, as the name of a field is.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_' || first == '$')
        && text.chars().all(|it| it.is_alphanumeric() || "_-.$[]".contains(it))
}

fn is_type(text: &str) -> bool {
    !matches!(PageType::from(text), PageType::Other(_))
}

/// The table whose header stands at `start`, and the index behind it.
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

/// The row that begins at `start`, and the parts that it is made of.
fn row_at(parts: &[Part], start: usize, typed: bool) -> Option<(Row, Range<usize>)> {
    let name = parts.get(start).filter(|_| starts_row(parts, start, typed))?;
    let mut end = start + 1;
    let mut type_ = Rich::default();
    if typed && parts.get(end).is_some_and(|part| part.code.is_none()) && has_type(parts, end) {
        type_ = Rich::text(parts[end].plain());
        end += 1;
    }
    // The first text behind is the row's own whatever it looks like; what follows may be the next row's.
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

/// Whether a row's name stands here: a single word with a type below it, or with a sentence.
fn starts_row(parts: &[Part], index: usize, typed: bool) -> bool {
    let Some(part) = parts.get(index) else { return false };
    let name = part.plain();
    if !is_name(&name) || is_heading(parts, index) || is_end(&name) {
        return false;
    }
    let below = parts.get(index + 1).map(Part::plain).unwrap_or_default();
    // Copied text loses the types of objects, whose names are in camel case; other words are values of the row above.
    let may_be_object = name.chars().any(char::is_lowercase) && !name.contains('_');
    // A word with a capital above a sentence is a heading that is not known, unless a table begins with it.
    let may_stand_alone = name.starts_with(char::is_lowercase) || (index > 0 && header_at(parts, index - 1));
    let above_sentence = may_stand_alone && below.contains(' ') && !is_heading(parts, index + 1) && !is_end(&below);
    !typed || is_type(&below) || (may_be_object && (has_type(parts, index + 1) || above_sentence))
}

/// Whether the second cell of a row stands here.
///
/// A word that is no known type is one too when a sentence follows: a name never stands right below a name.
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

/// A table that was copied with tabs between its cells.
fn tabbed(line: usize, lines: &[String]) -> Content {
    let cells = |line: &str| line.split('\t').map(|cell| Rich::text(cell.trim())).collect::<Vec<_>>();
    let header = cells(&lines[0]).iter().map(Rich::plain).collect();
    let mut rows: Vec<Row> = Vec::new();
    for (index, text) in lines.iter().enumerate().skip(1) {
        match rows.last_mut().and_then(|row| row.cells.last_mut()) {
            // The line goes on with the last cell of the row above.
            Some(last) if !text.contains('\t') => last.pieces.push(Piece::Text(format!(" {text}"))),
            _ => rows.push(Row { line: line + index, cells: cells(text) }),
        }
    }
    Content::Table { header, rows }
}
