//! The parts of a page in any format: headings, paragraphs, tables and code, each with its line.

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Block {
    pub(crate) line: usize,
    pub(crate) content: Content,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Heading(String),
    Paragraph(Rich),
    /// The header row can be empty.
    Table {
        header: Vec<String>,
        rows: Vec<Row>,
    },
    Code(String),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) line: usize,
    pub(crate) cells: Vec<Rich>,
}

/// Text with the markup that matters here.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rich {
    pub(crate) pieces: Vec<Piece>,
    /// The targets of the links.
    pub(crate) links: Vec<String>,
}

/// A piece of [`Rich`] text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    Text(String),
    Code(String),
    /// A line break, or the end of a paragraph or of a list item.
    Break,
}

impl Rich {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Text(text.into())], links: Vec::new() }
    }

    pub(crate) fn plain(&self) -> String {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) | Piece::Code(text) => text.as_str(),
            Piece::Break => " ",
        });
        one_line(&pieces.collect::<String>())
    }

    /// Returns the text that is marked as code.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Code(code) => Some(code.as_str()),
            _ => None,
        })
    }
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
