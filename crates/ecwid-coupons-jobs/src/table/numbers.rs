//! Amounts as people write them: `12,50`, `1.000,00`, `10 %`, `€ 5`.

use super::DecimalMark;

/// An amount.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Amount {
    /// The digits, with a point before the decimals.
    pub(super) digits: String,
    pub(super) unit: Option<Unit>,
}

/// What is written beside an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Percent,
    Currency,
}

/// What an amount says about the decimal mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    None,
    Mark(DecimalMark),
    /// Such as `1.000`.
    Ambiguous,
}

/// Returns what an amount says about the decimal mark of its column.
pub(super) fn evidence(text: &str) -> Evidence {
    let Ok(Parts { digits, .. }) = split(text) else { return Evidence::None };
    let count = |mark: char| digits.matches(mark).count();
    let mark = |mark: char| Evidence::Mark(if mark == '.' { DecimalMark::Point } else { DecimalMark::Comma });
    let other = |mark: char| if mark == '.' { ',' } else { '.' };
    let Some(last) = digits.rfind(['.', ',']) else { return Evidence::None };
    let found = if digits[last..].starts_with('.') { '.' } else { ',' };
    let (before, after) = (&digits[..last], digits.len() - last - 1);
    if count('.') > 0 && count(',') > 0 {
        return mark(found);
    }
    if count(found) > 1 {
        return mark(other(found));
    }
    let is_grouped = before.contains(is_space);
    let is_group = after == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0') && !is_grouped;
    if is_group { Evidence::Ambiguous } else { mark(found) }
}

/// Reads an amount.
///
/// # Errors
///
/// The text is not an amount with this decimal mark.
pub(super) fn parse(text: &str, mark: Option<DecimalMark>) -> Result<Amount, String> {
    let Parts { sign, digits, unit } = split(text)?;
    let mark = mark.map(DecimalMark::char);
    let (whole, decimals) = match mark.and_then(|mark| digits.rsplit_once(mark)) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (digits, None),
    };
    let is_group = |letter: char| is_space(letter) || (matches!(letter, '.' | ',') && Some(letter) != mark);
    let groups: Vec<_> = whole.split(is_group).collect();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let are_groups = groups[1..].iter().all(|group| group.len() == 3) && groups.iter().all(|group| is_number(group));
    let is_right = (are_groups || (whole.is_empty() && decimals.is_some())) && decimals.is_none_or(is_number);
    if !is_right {
        let example = if mark == Some(',') { "1.000,50" } else { "1,000.50" };
        return Err(format!("`{text}` is not an amount (expected one as in `{example}`)"));
    }
    let whole = groups.concat();
    let whole = if whole.is_empty() { "0" } else { &whole };
    let decimals = decimals.map_or_else(String::new, |decimals| format!(".{decimals}"));
    // JSON numbers have no leading zeros.
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Ok(Amount { digits: format!("{sign}{whole}{decimals}"), unit })
}

struct Parts<'a> {
    sign: &'a str,
    digits: &'a str,
    unit: Option<Unit>,
}

/// Splits an amount from what is written beside it.
fn split(text: &str) -> Result<Parts<'_>, String> {
    let wrong = || format!("`{text}` is not an amount (expected one as in `12.50`, `10 %` or `€ 5`)");
    let begin = text.find(|letter: char| letter.is_ascii_digit()).ok_or_else(wrong)?;
    let end = text.rfind(|letter: char| letter.is_ascii_digit()).ok_or_else(wrong)? + 1;
    let (mut before, after) = (&text[..begin], &text[end..]);
    let mut start = begin;
    if let Some(rest) = before.strip_suffix(['.', ',']) {
        (before, start) = (rest, begin - 1);
    }
    let digits = &text[start..end];
    if !digits.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ',') || is_space(letter)) {
        return Err(wrong());
    }
    let beside = before.trim_matches(is_space);
    let (sign, before) = match beside
        .strip_suffix(['-', '−'])
        .map(|rest| ("-", rest))
        .or(beside.strip_prefix('-').map(|rest| ("-", rest)))
    {
        Some(found) => found,
        None => ("", beside.strip_suffix('+').unwrap_or(beside)),
    };
    let unit = match (before.trim_matches(is_space), after.trim_matches(is_space)) {
        ("", "") => None,
        ("", "%") | ("%", "") => Some(Unit::Percent),
        (beside, "") | ("", beside) if is_currency(beside) => Some(Unit::Currency),
        _ => return Err(wrong()),
    };
    Ok(Parts { sign, digits, unit })
}

/// Whether the text is the symbol or the code of a currency.
fn is_currency(text: &str) -> bool {
    let is_symbol = |letter: char| matches!(letter, '$' | '¢'..='¥' | '\u{20a0}'..='\u{20cf}');
    let letters = text.trim_end_matches('.');
    let is_code = (1..=3).contains(&letters.chars().count()) && letters.chars().all(char::is_alphabetic);
    is_code || (!text.is_empty() && text.chars().all(|letter| is_symbol(letter) || letter.is_ascii_uppercase()))
}

/// Whether the character groups digits in some country.
fn is_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\'' | '’')
}

#[cfg(test)]
mod tests {
    use super::{Amount, DecimalMark::*, Evidence, Unit::*, evidence, parse};

    #[test]
    fn an_amount_tells_its_decimal_mark_or_is_ambiguous() {
        for (text, expected) in [
            ("12", Evidence::None),
            ("12,50", Evidence::Mark(Comma)),
            ("12.5 €", Evidence::Mark(Point)),
            ("1.000,00", Evidence::Mark(Comma)),
            ("1,000.00", Evidence::Mark(Point)),
            ("1.000.000", Evidence::Mark(Comma)),
            ("1,000,000", Evidence::Mark(Point)),
            ("1.000", Evidence::Ambiguous),
            ("-1,000", Evidence::Ambiguous),
            ("0.125", Evidence::Mark(Point)),
            ("1234.567", Evidence::Mark(Point)),
            (".125", Evidence::Mark(Point)),
            ("1 000,125", Evidence::Mark(Comma)),
            ("1.0000", Evidence::Mark(Point)),
        ] {
            assert_eq!(evidence(text), expected, "{text}");
        }
    }

    #[test]
    fn amounts_keep_their_digits() {
        for (text, mark, digits, unit) in [
            ("12", None, "12", None),
            ("12,50", Some(Comma), "12.50", None),
            ("1.000,00", Some(Comma), "1000.00", None),
            ("1,000.00", Some(Point), "1000.00", None),
            ("1.000.000", Some(Comma), "1000000", None),
            ("1\u{a0}000,5 €", Some(Comma), "1000.5", Some(Currency)),
            ("1’000.50 CHF", Some(Point), "1000.50", Some(Currency)),
            ("10 %", None, "10", Some(Percent)),
            ("%10", None, "10", Some(Percent)),
            ("-5", None, "-5", None),
            ("$ 5.00", Some(Point), "5.00", Some(Currency)),
            ("US$5", None, "5", Some(Currency)),
            (".5", Some(Point), "0.5", None),
            ("007,50", Some(Comma), "7.50", None),
            ("0", None, "0", None),
        ] {
            assert_eq!(parse(text, mark), Ok(Amount { digits: digits.to_owned(), unit }), "{text}");
        }
        for (text, mark) in [
            ("ten", None),
            ("1e5", None),
            ("12 50", None),
            ("12.50", Some(Comma)),
            ("1,00,000", Some(Point)),
            ("10-20", None),
            ("5 for 4", None),
            ("1,5", Some(Point)),
            ("10 % off", None),
            ("٣", None),
        ] {
            assert!(parse(text, mark).is_err(), "{text}: {:?}", parse(text, mark));
        }
    }
}
