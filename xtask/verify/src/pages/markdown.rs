//! Reads pages in the format of the documentation site: Markdown with pipe tables and HTML tables.
//!
//! To read both kinds of tables in the same way, the Markdown is rendered to HTML. Each element gets an attribute with its line.
//! Then an HTML parser reads the result.

use anyhow::Context as _;
use lol_html::{RewriteStrSettings, element, rewrite_str};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use pulldown_cmark_escape::{escape_href, escape_html, escape_html_body_text};
use scraper::{ElementRef, Html, Node, node::Element};

use super::blocks::{Block, Content, Piece, Rich, Row, one_line};

const LINE: &str = "data-line";

pub(crate) fn read(text: &str) -> anyhow::Result<Vec<Block>> {
    let html = Html::parse_fragment(&render(text)?);
    let mut walker = Walker::default();
    walker.children(html.root_element());
    walker.end_paragraph();
    Ok(walker.blocks)
}

/// Renders a page to HTML, with the line of each element in the attribute [`LINE`].
fn render(text: &str) -> anyhow::Result<String> {
    let lines = Lines::of(text);
    let mut out = String::new();
    // The range of HTML that is already written. The Markdown parser may end the HTML earlier.
    let mut written = 0..0;
    let mut in_head = false;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        if written.contains(&range.start) {
            continue;
        }
        match event {
            Event::Start(Tag::HtmlBlock) => {
                written = range.start..end_of_html(text, range.start, range.end);
                out.push_str(&mark_lines(&text[written.clone()], &lines, range.start)?);
            }
            Event::Start(tag) => {
                in_head |= tag == Tag::TableHead;
                let Some(element) = element_of(tag.to_end(), in_head) else { continue };
                // The first line of a fenced block is the fence.
                let fence = matches!(tag, Tag::CodeBlock(CodeBlockKind::Fenced(_)));
                out.push_str(&format!("<{element} {LINE}=\"{}\"", lines.line(range.start) + usize::from(fence)));
                if let Tag::Link { dest_url, .. } = tag {
                    out.push_str(" href=\"");
                    escape_href(&mut out, &dest_url)?;
                    out.push('"');
                }
                out.push('>');
            }
            Event::End(tag) => {
                out.extend(element_of(tag, in_head).map(|element| format!("</{element}>")));
                in_head &= tag != TagEnd::TableHead;
            }
            Event::Text(text) => escape_html_body_text(&mut out, &text)?,
            Event::Code(code) => {
                out.push_str("<code>");
                escape_html(&mut out, &code)?;
                out.push_str("</code>");
            }
            Event::Html(html) | Event::InlineHtml(html) => out.push_str(&html),
            Event::SoftBreak => out.push('\n'),
            Event::HardBreak => out.push_str("<br>"),
            _ => {}
        }
    }
    Ok(out)
}

/// Returns the HTML element for a part of Markdown.
fn element_of(tag: TagEnd, in_head: bool) -> Option<String> {
    let name = match tag {
        TagEnd::Heading(level) => return Some(level.to_string()),
        TagEnd::Paragraph => "p",
        TagEnd::Table => "table",
        TagEnd::TableHead | TagEnd::TableRow => "tr",
        TagEnd::TableCell if in_head => "th",
        TagEnd::TableCell => "td",
        TagEnd::Item => "li",
        TagEnd::CodeBlock => "pre",
        TagEnd::Link => "a",
        _ => return None,
    };
    Some(name.to_owned())
}

/// Returns the end of a block of HTML. In Markdown, it ends at an empty line, but a table must end at its end tag.
fn end_of_html(text: &str, start: usize, end: usize) -> usize {
    let lower = text[start..].to_ascii_lowercase();
    let (inside, after) = lower.split_at(end - start);
    if inside.matches("<table").count() <= inside.matches("</table").count() {
        return end;
    }
    match after.find("</table>") {
        Some(at) => end + at + "</table>".len(),
        None => end,
    }
}

/// Adds the line of each element to HTML as an attribute.
fn mark_lines(html: &str, lines: &Lines, start: usize) -> anyhow::Result<String> {
    let mark = element!("*", |element| {
        let line = lines.line(start + element.source_location().bytes().start);
        element.set_attribute(LINE, &line.to_string())?;
        Ok(())
    });
    rewrite_str(html, RewriteStrSettings::new().append_element_content_handler(mark)).context("cannot read the HTML")
}

struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    fn line(&self, offset: usize) -> usize {
        1 + self.0.partition_point(|newline| *newline < offset)
    }
}

/// Walks through the HTML and collects the blocks.
#[derive(Default)]
struct Walker {
    blocks: Vec<Block>,
    /// The line of the current element.
    line: usize,
    /// The current paragraph, with its line.
    open: Option<(usize, Rich)>,
}

impl Walker {
    fn children(&mut self, element: ElementRef<'_>) {
        for child in element.children() {
            match (ElementRef::wrap(child), child.value()) {
                (Some(child), _) => self.element(child),
                // White space does not start a paragraph, but separates the words in one.
                (None, Node::Text(text)) if self.open.is_some() || !text.trim().is_empty() => {
                    self.paragraph().pieces.push(Piece::Text(text.to_string()));
                }
                _ => {}
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>) {
        let around = self.line;
        self.line = line_of(element.value()).unwrap_or(around);
        match element.value().name() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end_paragraph();
                let heading = one_line(&element.text().collect::<String>());
                self.push(Content::Heading(heading));
            }
            "table" => {
                self.end_paragraph();
                let table = self.table(element);
                self.push(table);
            }
            "pre" => {
                self.end_paragraph();
                self.push(Content::Code(element.text().collect()));
            }
            "p" | "li" | "summary" | "div" | "details" | "ul" | "ol" | "blockquote" | "section" | "main" | "body" => {
                self.end_paragraph();
                self.children(element);
                self.end_paragraph();
            }
            "script" | "style" => {}
            _ => collect(element, self.paragraph()),
        }
        self.line = around;
    }

    fn table(&self, table: ElementRef<'_>) -> Content {
        let (mut header, mut rows) = (Vec::new(), Vec::new());
        for row in table.descendent_elements().filter(|element| element.value().name() == "tr") {
            let cells = row.child_elements().filter(|element| matches!(element.value().name(), "td" | "th"));
            let is_header = row.child_elements().all(|cell| cell.value().name() == "th");
            let cells: Vec<Rich> = cells.map(rich).collect();
            if is_header && header.is_empty() && rows.is_empty() {
                header = cells.iter().map(Rich::plain).collect();
            } else {
                // The line of the first cell is the line of the name. Other cells can start on later lines.
                let first = row.child_elements().next().and_then(|cell| line_of(cell.value()));
                let line = first.or_else(|| line_of(row.value())).unwrap_or(self.line);
                rows.push(Row { line, cells });
            }
        }
        Content::Table { header, rows }
    }

    fn push(&mut self, content: Content) {
        self.blocks.push(Block { line: self.line, content });
    }

    fn paragraph(&mut self) -> &mut Rich {
        let line = self.line;
        &mut self.open.get_or_insert_with(|| (line, Rich::default())).1
    }

    fn end_paragraph(&mut self) {
        if let Some((line, rich)) = self.open.take() {
            self.blocks.push(Block { line, content: Content::Paragraph(rich) });
        }
    }
}

fn line_of(element: &Element) -> Option<usize> {
    element.attr(LINE)?.parse().ok()
}

fn collect(element: ElementRef<'_>, rich: &mut Rich) {
    match element.value().name() {
        "code" => rich.pieces.push(Piece::Code(element.text().collect::<String>().trim().to_owned())),
        "br" => rich.pieces.push(Piece::Break),
        name => {
            rich.links.extend(element.value().attr("href").map(str::to_owned));
            collect_children(element, rich);
            if matches!(name, "p" | "li" | "div") {
                rich.pieces.push(Piece::Break);
            }
        }
    }
}

fn collect_children(element: ElementRef<'_>, rich: &mut Rich) {
    for child in element.children() {
        if let Some(child) = ElementRef::wrap(child) {
            collect(child, rich);
        } else if let Node::Text(text) = child.value() {
            rich.pieces.push(Piece::Text(text.to_string()));
        }
    }
}

fn rich(cell: ElementRef<'_>) -> Rich {
    let mut rich = Rich::default();
    collect_children(cell, &mut rich);
    rich
}
