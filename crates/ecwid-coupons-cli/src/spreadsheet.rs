//! CSV cells that are safe in a spreadsheet. Spreadsheets execute text that starts like a formula.

use ecwid_coupons::RawJson;

use crate::columns;

/// The mark by which spreadsheets detect UTF-8.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The first characters of formulas, including their full-width forms.
const BEGINNINGS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// The separators of cells in spreadsheets that do not use commas. Quotes can come before the text of a cell.
const SEPARATORS: [char; 4] = ['\t', '\r', '\n', ';'];

/// Formats a value as a cell. Numbers stay unchanged. Anything else is escaped, so that the spreadsheet treats it as text.
pub(crate) fn cell(json: &RawJson) -> Result<String, serde_json::Error> {
    let text = columns::text(json)?;
    let is_number = json.as_str().starts_with(|first: char| first == '-' || first.is_ascii_digit());
    Ok(if is_number { text } else { as_text(&text) })
}

/// Inserts an apostrophe before each start of a formula.
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
    fn formulas_become_text_and_numbers_stay_numbers() {
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
