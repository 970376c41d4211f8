//! Pages made from the facts of the lock, in words of our own.
//!
//! The vendor's pages are not part of this project. What is tested on pages of these is tested everywhere.

mod examples;
mod markup;

use xtask_verify::{
    lock::{Lock, LockedPage},
    pages::{Format, Member, Operation, PageType, Part, Table},
};

use self::markup::{Cell, Out, Piece, Row};

/// What a page is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// Markdown with pipe tables.
    Pipe,
    /// Markdown with HTML tables, each in a single line.
    Html,
    /// Markdown with HTML tables over many lines, empty ones among them.
    SpreadHtml,
    /// Text as it is copied from a browser: each cell is a paragraph, and types that are links are lost.
    Text,
}

impl Style {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pipe, Self::Html, Self::SpreadHtml, Self::Text];

    /// The format that a page in this style is read as.
    pub fn format(self) -> Format {
        if self == Self::Text { Format::Text } else { Format::Markdown }
    }
}

/// Writes pages.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'a> {
    /// What they are written in.
    pub style: Style,
    /// Whether the values of enums are explained.
    pub explained: bool,
    /// Whether pages of operations show examples; guides, which are nothing else, always do.
    pub examples: bool,
    /// Where the operations of examples are looked up.
    pub lock: &'a Lock,
}

impl<'a> Writer<'a> {
    /// A writer of pages with examples, and with values that are not explained.
    pub fn new(style: Style, lock: &'a Lock) -> Self {
        Self { style, explained: false, examples: true, lock }
    }

    /// The name of a page's file.
    pub fn file(&self, page: &LockedPage) -> String {
        format!("{}.{}", stem(page), if self.style == Style::Text { "txt" } else { "md" })
    }

    /// The page. The lines of its facts become those that they are written in.
    pub fn write(&self, page: &mut LockedPage) -> String {
        let mut out = Out::new(self.style);
        let title = stem(page).replace('-', " ");
        out.heading(1, &format!("{}{}", title[..1].to_uppercase(), &title[1..]));
        let mut examples = std::mem::take(&mut page.examples);
        if page.operations.is_empty() {
            out.paragraph(&[Piece::text("A guide, with what is sent where.")]);
            page.examples = examples::write(&mut out, self.lock, examples);
            return out.text;
        }
        for operation in &mut page.operations {
            operation.line =
                out.paragraph(&[Piece::code(&operation.method), Piece::text(" "), Piece::code(&operation.url)]);
            if self.examples {
                page.examples.extend(examples::write(&mut out, self.lock, std::mem::take(&mut examples)));
            }
            self.operation(&mut out, operation);
        }
        out.text
    }

    fn operation(&self, out: &mut Out, operation: &mut Operation) {
        if let Some(scopes) = &mut operation.scopes {
            scopes.line = out.heading(3, "Access scopes");
            let mut pieces = vec![Piece::text(if scopes.names.is_empty() {
                "None is needed."
            } else {
                "What the token must be allowed to do:"
            })];
            pieces.extend(scopes.names.keys().flat_map(|name| [Piece::text(" "), Piece::code(name)]));
            let line = out.paragraph(&pieces);
            scopes.names.values_mut().for_each(|it| *it = line);
        }
        let addresses = addresses(&operation.tables);
        for table in &mut operation.tables {
            table.line =
                if table.object.is_empty() { out.heading(3, title(table.part)) } else { out.heading(4, &table.object) };
            if let Some(required) = table.required {
                out.paragraph(&[Piece::text(&format!("Every one of these is {}.", word(required).to_lowercase()))]);
            }
            if table.members.is_empty() {
                continue;
            }
            let rows: Vec<_> = table.members.iter().map(|member| self.row(member, table.part, &addresses)).collect();
            let (line, lines) = out.table(columns(table.part), &rows);
            table.line = line;
            for (member, line) in table.members.iter_mut().zip(lines) {
                member.line = line;
            }
        }
    }

    fn row(&self, member: &Member, part: Part, addresses: &[(Part, String, String)]) -> Row {
        let shown = member.type_.as_ref().map(ToString::to_string).unwrap_or_default();
        let type_ = match (&member.type_, &member.object) {
            (_, Some(object)) => {
                let address = addresses.iter().find(|(of, name, _)| *of == part && name == object);
                let address = address.map_or(object.as_str(), |(.., address)| address);
                let shown = if shown.is_empty() { PageType::Object.to_string() } else { shown };
                Cell::Link { text: shown, label: object.clone(), address: address.to_owned() }
            }
            (Some(PageType::Other(_)), None) => Cell::Pieces(vec![Piece::code(&shown)]),
            _ => Cell::Pieces(vec![Piece::text(&shown)]),
        };
        Row { name: member.name.clone(), type_, description: self.description(member) }
    }

    fn description(&self, member: &Member) -> Vec<Piece> {
        let mut pieces = vec![Piece::text(&format!("A word or two about {}.", member.name))];
        match (member.default, member.maximum) {
            (Some(default), Some(maximum)) => {
                pieces.push(Piece::text(&format!(" The default is {default}, and the maximum is {maximum}.")));
            }
            (Some(default), None) => pieces.push(Piece::text(&format!(" Left out, it defaults to {default}."))),
            (None, Some(maximum)) => pieces.push(Piece::text(&format!(" It can be {maximum} at most."))),
            (None, None) => {}
        }
        if !member.values.is_empty() {
            pieces.extend([Piece::Break, Piece::text("Possible values:")]);
        }
        for value in &member.values {
            pieces.extend([Piece::Break, Piece::code(value)]);
            if self.explained {
                pieces.push(Piece::text(" - taken when that is meant."));
            }
        }
        if let Some(required) = member.required {
            pieces.extend([Piece::Break, Piece::Break, Piece::text(word(required))]);
        }
        pieces
    }
}

/// The last part of a page's address, which names its file and, in other words, the page.
pub fn stem(page: &LockedPage) -> &str {
    page.address.rsplit('/').next().unwrap_or_default()
}

/// The heading of each object's table, with the address that it has on the page: those that repeat are numbered.
fn addresses(tables: &[Table]) -> Vec<(Part, String, String)> {
    let objects: Vec<_> = tables.iter().filter(|table| !table.object.is_empty()).collect();
    let of = |(index, table): (usize, &&Table)| {
        let before = objects[..index].iter().filter(|other| other.object == table.object).count();
        let number = if before > 0 { format!("-{before}") } else { String::new() };
        (table.part, table.object.clone(), format!("{}{number}", table.object.to_lowercase()))
    };
    objects.iter().enumerate().map(of).collect()
}

fn word(required: bool) -> &'static str {
    if required { "Required" } else { "Optional" }
}

fn title(part: Part) -> &'static str {
    match part {
        Part::Path => "Path parameters",
        Part::Query => "Query parameters",
        Part::Headers => "Request headers",
        Part::Request => "Request body",
        Part::Response => "Response body",
    }
}

fn columns(part: Part) -> [&'static str; 3] {
    match part {
        Part::Path | Part::Query => ["Parameter", "Type", "Description"],
        Part::Headers => ["Header", "Format", "Description"],
        Part::Request | Part::Response => ["Field", "Type", "Description"],
    }
}
