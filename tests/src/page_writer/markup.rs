//! Headings, paragraphs, tables and code in each style.

use super::Style;

/// A piece of text.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text(String),
    Code(String),
    Break,
}

impl Piece {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(super) fn code(text: &str) -> Self {
        Self::Code(text.to_owned())
    }
}

/// The cell of a type.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Pieces(Vec<Piece>),
    /// A type, and the name of the table that describes it as a link.
    Link {
        text: String,
        label: String,
        address: String,
    },
}

/// A row of a table.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) type_: Cell,
    pub(super) description: Vec<Piece>,
}

/// The page so far.
pub(super) struct Out {
    style: Style,
    pub(super) text: String,
}

impl Out {
    pub(super) fn new(style: Style) -> Self {
        Self { style, text: String::new() }
    }

    fn line(&self) -> usize {
        1 + self.text.matches('\n').count()
    }

    /// Adds a block with an empty line below it, and tells its line.
    fn block(&mut self, text: &str) -> usize {
        let line = self.line();
        self.text.push_str(text);
        self.text.push_str("\n\n");
        line
    }

    pub(super) fn heading(&mut self, level: usize, text: &str) -> usize {
        match self.style {
            Style::Text => self.block(text),
            _ => self.block(&format!("{} {text}", "#".repeat(level))),
        }
    }

    pub(super) fn paragraph(&mut self, pieces: &[Piece]) -> usize {
        let text = match self.style {
            Style::Text => plain(pieces),
            _ => markdown(pieces),
        };
        self.block(&text)
    }

    /// Code; its line is that of its first line, not of the fence.
    pub(super) fn code(&mut self, language: &str, code: &str) -> usize {
        match self.style {
            Style::Text => self.block(code),
            _ => self.block(&format!("```{language}\n{code}\n```")) + 1,
        }
    }

    /// A table; tells its line and those of its rows.
    pub(super) fn table(&mut self, header: [&str; 3], rows: &[Row]) -> (usize, Vec<usize>) {
        match self.style {
            Style::Pipe => self.pipe(header, rows),
            Style::Html => self.html(header, rows, ""),
            Style::SpreadHtml => self.html(header, rows, "\n\n"),
            Style::Text => {
                let line = self.block(&header.join("\n"));
                let mut lines = Vec::new();
                for Row { name, type_, description } in rows {
                    lines.push(self.block(name));
                    match type_ {
                        Cell::Pieces(pieces) if !plain(pieces).is_empty() => {
                            self.block(&plain(pieces));
                        }
                        _ => {}
                    }
                    self.block(&plain(description));
                }
                (line, lines)
            }
        }
    }

    fn pipe(&mut self, header: [&str; 3], rows: &[Row]) -> (usize, Vec<usize>) {
        let line = self.line();
        self.text.push_str(&format!("| {} |\n| --- | --- | --- |\n", header.join(" | ")));
        let mut lines = Vec::new();
        for Row { name, type_, description } in rows {
            lines.push(self.line());
            let type_ = match type_ {
                Cell::Pieces(pieces) => markdown(pieces),
                Cell::Link { text, label, address } => format!("{text} [{label}](#{address})"),
            };
            let name = name.replace('_', "\\_");
            self.text.push_str(&format!("| {name} | {type_} | {} |\n", in_pipes(description)));
        }
        self.text.push('\n');
        (line, lines)
    }

    /// `between` stands between all tags that text may stand between.
    fn html(&mut self, header: [&str; 3], rows: &[Row], between: &str) -> (usize, Vec<usize>) {
        let line = self.line();
        let header: String = header.iter().map(|name| format!("{between}<th width=\"200\">{name}</th>")).collect();
        self.text.push_str(&format!("<table><thead><tr>{header}{between}</tr></thead><tbody>{between}"));
        let mut lines = Vec::new();
        for Row { name, type_, description } in rows {
            self.text.push_str(&format!("<tr>{between}"));
            lines.push(self.line());
            let type_ = match type_ {
                Cell::Pieces(pieces) => html(pieces),
                Cell::Link { text, label, address } => format!("{text} <a href=\"#{address}\">{label}</a>"),
            };
            let cells = [name.clone(), type_, html(description)];
            let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>{between}")).collect();
            self.text.push_str(&format!("{cells}</tr>{between}"));
        }
        self.text.push_str("</tbody></table>\n\n");
        (line, lines)
    }
}

/// As a browser shows it: without marks, and in one line.
fn plain(pieces: &[Piece]) -> String {
    let shown: String =
        pieces.iter().map(|piece| if let Piece::Text(it) | Piece::Code(it) = piece { it } else { " " }).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn markdown(pieces: &[Piece]) -> String {
    let shown = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Code(code) => format!("`{code}`"),
        Piece::Break => "\n".to_owned(),
    };
    pieces.iter().map(shown).collect()
}

fn html(pieces: &[Piece]) -> String {
    let shown = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Code(code) => format!("<code>{code}</code>"),
        Piece::Break => "<br>".to_owned(),
    };
    pieces.iter().map(shown).collect()
}

/// A cell of a pipe table has a single line, so what needs breaks is HTML there, in which Markdown still holds.
fn in_pipes(pieces: &[Piece]) -> String {
    if pieces.iter().any(|piece| matches!(piece, Piece::Break)) {
        return format!("<p>{}</p>", html(pieces).replace('_', "\\_"));
    }
    markdown(pieces)
}
