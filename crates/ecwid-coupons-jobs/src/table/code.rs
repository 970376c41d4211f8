//! Codes of coupons in a file.

use super::{Cell, TableOptions, cell::DIGITS_GONE};

/// Returns the code of a cell.
///
/// # Errors
///
/// A spreadsheet has made something else of the code, or it has a character that people do not see.
pub(super) fn read(cell: &Cell, options: &TableOptions) -> Result<String, String> {
    match cell {
        Cell::Text(text) => check(text.trim_matches(' '), options),
        Cell::Empty => Err("the code is missing".to_owned()),
        Cell::Number { .. } if cell.is_inexact() => Err(DIGITS_GONE.to_owned()),
        Cell::Number { digits, .. } => {
            let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
            if options.numeric_codes && is_whole {
                return cell.text().map_err(str::to_owned);
            }
            let accept = if is_whole { ", or accept such codes with `--numeric-codes`" } else { "" };
            Err(format!("the code is the number {digits}, whose leading zeros are lost; write it as text{accept}"))
        }
        Cell::Boolean(value) => Err(format!("the code is the boolean {value}; write it as text")),
        Cell::Date(date) => {
            let date = super::cell::written(*date);
            Err(format!(
                "the spreadsheet has made the date {date} of the code; format the cell as text, and type the code again"
            ))
        }
        Cell::Json(json) => Err(format!("the code is `{json}` (expected text)")),
        Cell::Destroyed(problem) => Err((*problem).to_owned()),
    }
}

fn check(code: &str, options: &TableOptions) -> Result<String, String> {
    if is_scientific(code) {
        return Err(format!(
            "a spreadsheet has made the number `{code}` of the code, and its digits are gone; type the code again as text"
        ));
    }
    for letter in code.chars() {
        let number = u32::from(letter);
        if letter.is_control() || (letter.is_whitespace() && letter != ' ') || is_invisible(letter) {
            return Err(format!("the code has the invisible character U+{number:04X}; remove it"));
        }
        if !letter.is_ascii() && !options.unicode_codes {
            return Err(format!(
                "the code has the letter `{letter}` (U+{number:04X}), which may only look like one of the English alphabet; \
                 type the code again, or accept such codes with `--unicode-codes`"
            ));
        }
    }
    Ok(code.to_owned())
}

/// Whether the text is a number with an exponent, as in `1.23457E+11`.
fn is_scientific(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else { return false };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, decimals) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    // Codes such as `1E10` are common. Spreadsheets write a sign or decimals.
    let is_written = exponent.starts_with(['+', '-']) || digits.contains(['.', ',']);
    is_written && is_number(whole) && is_number(decimals) && is_number(exponent.trim_start_matches(['+', '-']))
}

/// Whether the character has no width, or directs the text.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
