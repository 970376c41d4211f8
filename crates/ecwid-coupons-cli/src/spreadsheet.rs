//! CSV that is safe to open in a spreadsheet, which runs a text that begins like a formula.

use ecwid_coupons::Json;

use crate::columns;

/// What tells a spreadsheet that the file is UTF-8.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What a formula begins with, in the forms of East Asian keyboards too.
const BEGINNINGS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What a spreadsheet begins another cell at, where it is set to other separators than commas. Quotes may stand before a cell.
const SEPARATORS: [char; 4] = ['\t', '\r', '\n', ';'];

/// A value as a cell: a number as it is, and all else so that it is read as text.
pub(crate) fn cell(json: &Json) -> Result<String, serde_json::Error> {
    let text = columns::text(json)?;
    let is_number = json.as_str().starts_with(|first: char| first == '-' || first.is_ascii_digit());
    Ok(if is_number { text } else { as_text(&text) })
}

/// The text with an apostrophe before all that would begin a formula.
fn as_text(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 1);
    if text.starts_with(['\t', '\r', '\n']) {
        cell.push('\'');
    }
    let mut begins = true;
    for next in text.chars() {
        if begins && BEGINNINGS.contains(&next) {
            cell.push('\'');
        }
        begins = SEPARATORS.contains(&next) || begins && next == '"';
        cell.push(next);
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_formula_becomes_text_and_a_number_stays_one() {
        for (json, expected) in [
            (r#""=1+1""#, "'=1+1"),
            (r#""+1""#, "'+1"),
            (r#""-5""#, "'-5"),
            (r#""@SUM(A1)""#, "'@SUM(A1)"),
            (r#""\t=1""#, "'\t'=1"),
            (r#""\r=1""#, "'\r'=1"),
            (r#""\nx""#, "'\nx"),
            (r#""＝1""#, "'＝1"),
            (r#""＠x""#, "'＠x"),
            (r#""x;=1;y\n@z""#, "x;'=1;y\n'@z"),
            (r#""\"=1""#, "\"'=1"),
            ("-5", "-5"),
            ("-0.50", "-0.50"),
            ("10.50", "10.50"),
            ("[-1,2]", "[-1,2]"),
            (r#"{"a":"x;=1"}"#, r#"{"a":"x;'=1"}"#),
            (r#""a-b=c, +d 'e'""#, "a-b=c, +d 'e'"),
            ("null", ""),
            ("true", "true"),
        ] {
            assert_eq!(cell(&json.parse().unwrap()).unwrap(), expected, "{json}");
        }
    }
}
