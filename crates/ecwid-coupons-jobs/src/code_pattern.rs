//! [`CodePattern`]: a pattern for random coupon codes, such as `SPRING-[10]`.

use std::{
    collections::{BTreeSet, HashSet},
    fmt,
    str::FromStr,
};

use rand::{
    RngExt as _, SeedableRng as _,
    rngs::{StdRng, SysRng},
};

/// Letters and digits that people do not mix up and that form no words: no vowels, no `Y`, no `0 O 1 I L`, no `B S Z`
/// beside `8 5 2`.
const CLEAR: &str = "23456789CDFGHJKMNPQRTVWX";
const DIGITS: &str = "0123456789";
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The maximum length of a code. Source: the vendor's documentation of 2014-2020.
const LONGEST: usize = 128;

/// How often a code is drawn again before the pattern counts as exhausted.
const REDRAWS: usize = 1000;

/// A pattern for random coupon codes.
///
/// | part | meaning |
/// | --- | --- |
/// | text | itself |
/// | `[N]` | `N` random letters and digits that people do not mix up (`23456789CDFGHJKMNPQRTVWX`) |
/// | `[N:ALPHABET]` | `N` random characters of an alphabet: `clear` (as above), `digits`, `letters`, or the characters themselves |
/// | `[*]` | as many random characters as the number of codes requires, see [`GOOD`](Self::GOOD) |
/// | `{column}` | the value of a column of the row that the code is for |
/// | `[[` and `{{` | `[` and `{` |
///
/// The store compares codes in any letter case, so the letters of an alphabet are upper case. Random characters come
/// from a cryptographically secure generator with a seed of the operating system.
///
/// # Example
///
/// ```
/// use ecwid_coupons_jobs::CodePattern;
///
/// let pattern: CodePattern = "SPRING-[*]".parse()?;
/// let mut codes = pattern.generator(10_000)?;
/// let code = codes.draw(|_column| None)?;
/// assert!(code.starts_with("SPRING-") && code.len() == "SPRING-".len() + 10);
/// assert!(codes.strength() > 1e9);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePattern {
    source: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// Without a length, the number of codes decides.
    Random {
        length: Option<usize>,
        alphabet: Vec<char>,
    },
    Column(String),
}

/// Why a text is not a [`CodePattern`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid pattern: `{pattern}`: {problem} at character {position}{hint}")]
pub struct ParsePatternError {
    pattern: String,
    problem: String,
    /// Counted from 1.
    position: usize,
    hint: &'static str,
}

/// Why a pattern gives no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// The pattern has no random part, so everybody can guess the codes.
    #[error("the pattern `{pattern}` has no random part (expected a part such as `[10]` or `[*]`)")]
    NotRandom {
        /// The pattern.
        pattern: String,
    },
    /// The pattern has not enough different codes.
    #[error("the pattern `{pattern}` has too few different codes; hint: use at least {places} random places")]
    Exhausted {
        /// The pattern.
        pattern: String,
        /// How many random places give a [good](CodePattern::GOOD) strength.
        places: usize,
    },
    /// A row has no value for a column of the pattern.
    #[error("the pattern needs the column `{column}`, which the row does not have")]
    MissingColumn {
        /// The name of the column.
        column: String,
    },
    /// The code has a character that is not allowed in codes.
    #[error("the code `{code}` has the character {character:?} (expected visible ASCII characters)")]
    Character {
        /// The code.
        code: String,
        /// The character.
        character: char,
    },
    /// The code is too long.
    #[error("the code `{code}` has {length} characters (expected at most {LONGEST})")]
    TooLong {
        /// The code.
        code: String,
        /// Its length in characters.
        length: usize,
    },
    /// The operating system gave no random numbers.
    #[error("the operating system gives no random numbers: {reason}")]
    NoRandomNumbers {
        /// The operating system's reason.
        reason: String,
    },
}

impl CodePattern {
    /// The [strength](CodeGenerator::strength) that `[*]` reaches.
    pub const GOOD: f64 = 1e9;

    /// The [strength](CodeGenerator::strength) below which somebody who tries codes may find one.
    pub const WEAK: f64 = 1e8;

    /// The [strength](CodeGenerator::strength) below which somebody who tries codes will find one.
    pub const GUESSABLE: f64 = 1e6;

    /// Returns the names of the columns that the pattern uses.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Column(name) => Some(name.as_str()),
            Part::Text(_) | Part::Random { .. } => None,
        })
    }

    /// Returns a generator of this many different codes.
    ///
    /// # Errors
    ///
    /// - The pattern has no random part, or fewer different codes.
    /// - The operating system gives no random numbers.
    pub fn generator(&self, count: usize) -> Result<CodeGenerator, CodeError> {
        let random = StdRng::try_from_rng(&mut SysRng)
            .map_err(|error| CodeError::NoRandomNumbers { reason: error.to_string() })?;
        let mut parts = self.parts.clone();
        let is_random = |part: &&Part| matches!(part, Part::Random { .. });
        let Some(Part::Random { alphabet, .. }) = parts.iter().find(is_random) else {
            return Err(CodeError::NotRandom { pattern: self.source.clone() });
        };
        let places = places(alphabet.len(), count, Self::GOOD);
        let fixed: f64 = parts.iter().map(combinations).product();
        let open = parts.iter().filter(|part| matches!(part, Part::Random { length: None, .. })).count();
        for part in &mut parts {
            if let Part::Random { length: length @ None, alphabet } = part {
                // Several open parts share the combinations that the fixed parts lack.
                let needed = (Self::GOOD * count as f64 / fixed).max(1.0).powf(1.0 / open as f64);
                *length = Some(self::places(alphabet.len(), 1, needed).max(1));
            }
        }
        let combinations: f64 = parts.iter().map(combinations).product();
        let exhausted = CodeError::Exhausted { pattern: self.source.clone(), places };
        if combinations < count as f64 {
            return Err(exhausted);
        }
        let strength = combinations / count.max(1) as f64;
        Ok(CodeGenerator { parts, random, used: HashSet::with_capacity(count), strength, places, exhausted })
    }
}

/// Returns how many places of an alphabet of this size give this strength to this many codes.
fn places(alphabet: usize, count: usize, strength: f64) -> usize {
    let mut places = 0;
    let mut combinations = 1.0;
    while combinations < strength * count.max(1) as f64 {
        combinations *= alphabet as f64;
        places += 1;
    }
    places
}

fn combinations(part: &Part) -> f64 {
    match part {
        Part::Random { length: Some(length), alphabet } => {
            (alphabet.len() as f64).powi(i32::try_from(*length).unwrap_or(i32::MAX))
        }
        Part::Random { length: None, .. } | Part::Text(_) | Part::Column(_) => 1.0,
    }
}

/// Draws different codes of a [`CodePattern`], made by [`CodePattern::generator`].
#[derive(Debug)]
pub struct CodeGenerator {
    parts: Vec<Part>,
    random: StdRng,
    /// The codes so far, in lower case.
    used: HashSet<String>,
    strength: f64,
    places: usize,
    exhausted: CodeError,
}

impl CodeGenerator {
    /// Returns how many guesses it takes on average to find one of the codes: the number of combinations divided by the
    /// number of codes.
    pub fn strength(&self) -> f64 {
        self.strength
    }

    /// Returns how many random places give a [good](CodePattern::GOOD) strength to the codes.
    pub fn places_for_good_strength(&self) -> usize {
        self.places
    }

    /// Draws a code that was not drawn before, in any letter case. `column` returns the value of a column for the code.
    ///
    /// A code that a spreadsheet would take for a number, such as `20260101` or `2E5`, is not drawn unless the pattern
    /// has only digits.
    ///
    /// # Errors
    ///
    /// - The row lacks a column of the pattern.
    /// - The code is too long, or has a space or a character that is not ASCII.
    /// - There are no further codes.
    pub fn draw<'a>(&mut self, column: impl Fn(&str) -> Option<&'a str>) -> Result<String, CodeError> {
        for _ in 0..REDRAWS {
            let code = self.draw_any(&column)?;
            if reads_as_number(&code) && !self.has_only_digits() {
                continue;
            }
            if self.used.insert(code.to_lowercase()) {
                return Ok(code);
            }
        }
        Err(self.exhausted.clone())
    }

    fn has_only_digits(&self) -> bool {
        self.parts.iter().all(|part| match part {
            Part::Random { alphabet, .. } => alphabet.iter().all(char::is_ascii_digit),
            Part::Text(text) => text.bytes().all(|byte| byte.is_ascii_digit()),
            Part::Column(_) => true,
        })
    }

    fn draw_any<'a>(&mut self, column: &impl Fn(&str) -> Option<&'a str>) -> Result<String, CodeError> {
        let mut code = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => code.push_str(text),
                Part::Column(name) => {
                    let missing = || CodeError::MissingColumn { column: name.clone() };
                    code.push_str(column(name).filter(|value| !value.trim().is_empty()).ok_or_else(missing)?.trim());
                }
                Part::Random { length, alphabet } => {
                    for _ in 0..length.unwrap_or_default() {
                        code.push(alphabet[self.random.random_range(..alphabet.len())]);
                    }
                }
            }
        }
        if let Some(character) = code.chars().find(|next| !next.is_ascii_graphic()) {
            return Err(CodeError::Character { code, character });
        }
        match code.len() {
            length if length > LONGEST => Err(CodeError::TooLong { code, length }),
            _ => Ok(code),
        }
    }
}

/// Whether a spreadsheet would take the code for a number, and destroy it. `D` is an exponent in some programs.
fn reads_as_number(code: &str) -> bool {
    let (mantissa, exponent) = code.split_once(['E', 'e', 'D', 'd']).unwrap_or((code, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let mantissa = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    is_number(&mantissa.replacen(['.', ','], "", 1)) && is_number(exponent)
}

impl FromStr for CodePattern {
    type Err = ParsePatternError;

    fn from_str(source: &str) -> Result<Self, Self::Err> {
        let characters: Vec<char> = source.chars().collect();
        let error = |problem: String, at: usize, hint| {
            let pattern = source.to_owned();
            Err(ParsePatternError { pattern, problem, position: at + 1, hint })
        };
        let (mut parts, mut text, mut at) = (Vec::new(), String::new(), 0);
        while let Some(&next) = characters.get(at) {
            let close = match next {
                '[' => ']',
                '{' => '}',
                _ if !next.is_ascii_graphic() => {
                    return error(format!("the character {next:?}"), at, " (expected visible ASCII characters)");
                }
                _ => {
                    text.push(next);
                    at += 1;
                    continue;
                }
            };
            if characters.get(at + 1) == Some(&next) {
                text.push(next);
                at += 2;
                continue;
            }
            let Some(length) = characters[at..].iter().position(|it| *it == close) else {
                return error(
                    format!("`{next}` without `{close}`"),
                    at,
                    "; hint: write `[[` or `{{` for the character itself",
                );
            };
            let inside: String = characters[at + 1..at + length].iter().collect();
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            match if next == '[' { random(&inside) } else { column(&inside) } {
                Ok(part) => parts.push(part),
                Err((problem, hint)) => return error(problem, at, hint),
            }
            at += length + 1;
        }
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        if parts.is_empty() {
            return error("it is empty".to_owned(), 0, " (expected a pattern such as `SPRING-[*]`)");
        }
        Ok(Self { source: source.to_owned(), parts })
    }
}

/// Reads the inside of `[…]`.
fn random(inside: &str) -> Result<Part, (String, &'static str)> {
    let (length, alphabet) = inside.split_once(':').unwrap_or((inside, "clear"));
    let length = match length {
        "*" => None,
        digits => match digits.parse() {
            Ok(length @ 1..=LONGEST) => Some(length),
            _ => return Err((format!("the length `{digits}`"), " (expected a number from 1 to 128, or `*`)")),
        },
    };
    let alphabet = match alphabet {
        "clear" => CLEAR,
        "digits" => DIGITS,
        "letters" => LETTERS,
        own => own,
    };
    if let Some(wrong) = alphabet.chars().find(|next| !next.is_ascii_graphic()) {
        return Err((format!("the character {wrong:?} in an alphabet"), " (expected visible ASCII characters)"));
    }
    let alphabet: BTreeSet<char> = alphabet.chars().map(|next| next.to_ascii_uppercase()).collect();
    if alphabet.len() < 2 {
        let hint = " (expected `clear`, `digits`, `letters`, or at least two different characters)";
        return Err(("an alphabet with fewer than two characters".to_owned(), hint));
    }
    Ok(Part::Random { length, alphabet: alphabet.into_iter().collect() })
}

/// Reads the inside of `{…}`.
fn column(inside: &str) -> Result<Part, (String, &'static str)> {
    match inside.trim() {
        "" => Err(("a column without a name".to_owned(), " (expected a name such as `{first_name}`)")),
        name => Ok(Part::Column(name.to_owned())),
    }
}

impl fmt::Display for CodePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generator(pattern: &str, count: usize) -> CodeGenerator {
        pattern.parse::<CodePattern>().unwrap().generator(count).unwrap()
    }

    fn draw(pattern: &str) -> String {
        generator(pattern, 1).draw(|name| (name == "first_name").then_some("ANN")).unwrap()
    }

    #[test]
    fn parts_are_text_random_places_and_columns() {
        assert_eq!(draw("A[[B]]{{[1:X X]".replace(" X", "Y").as_str()).len(), "A[B]]{".len() + 1);
        let code = draw("TY-{first_name}-[4:digits]-[3:letters]-[5:abc]");
        let parts: Vec<_> = code.split('-').collect();
        assert_eq!((parts[0], parts[1]), ("TY", "ANN"));
        assert!(parts[2].len() == 4 && parts[2].bytes().all(|it| it.is_ascii_digit()), "{code}");
        assert!(parts[3].len() == 3 && parts[3].bytes().all(|it| it.is_ascii_uppercase()), "{code}");
        assert!(parts[4].len() == 5 && parts[4].chars().all(|it| "ABC".contains(it)), "{code}");
        assert_eq!("{a}-[2]-{b}".parse::<CodePattern>().unwrap().columns().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn the_number_of_codes_decides_the_length() {
        for (count, length) in [(1, 7), (10_000, 10), (1_000_000, 11)] {
            let mut codes = generator("[*]", count);
            assert_eq!(codes.draw(|_| None).unwrap().len(), length, "{count}");
            assert!(codes.strength() >= CodePattern::GOOD);
        }
        let mut shared = generator("[*]-[*]", 10_000);
        let code = shared.draw(|_| None).unwrap();
        assert_eq!(code.len(), 5 + 1 + 5);
        let strength = generator("A-[4]", 10_000).strength();
        assert!((33.0..34.0).contains(&strength), "{strength}");
        assert_eq!(generator("A-[4]", 10_000).places_for_good_strength(), 10);
    }

    #[test]
    fn codes_differ_in_any_letter_case() {
        let mut codes = generator("[2:aAbBcC]", 9);
        let drawn: BTreeSet<_> = (0..9).map(|_| codes.draw(|_| None).unwrap()).collect();
        assert_eq!(drawn.len(), 9);
        assert!(drawn.iter().all(|code| *code == code.to_uppercase()));
        let error = codes.draw(|_| None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the pattern `[2:aAbBcC]` has too few different codes; hint: use at least 21 random places"
        );
        assert_eq!(
            "[2:ab]".parse::<CodePattern>().unwrap().generator(5).unwrap_err(),
            CodeError::Exhausted { pattern: "[2:ab]".to_owned(), places: 33 }
        );
    }

    #[test]
    fn every_character_is_equally_frequent() {
        // Chi-square with 23 degrees of freedom: above 58 once in 100,000 runs for each of the six places.
        const CODES: usize = 48_000;
        let mut codes = generator("[6]", CODES);
        let mut counts = vec![[0_f64; 24]; 6];
        for _ in 0..CODES {
            for (place, next) in codes.draw(|_| None).unwrap().chars().enumerate() {
                counts[place][CLEAR.find(next).unwrap()] += 1.0;
            }
        }
        let expected = CODES as f64 / 24.0;
        for of_place in counts {
            let chi_square: f64 = of_place.iter().map(|count| (count - expected).powi(2) / expected).sum();
            assert!(chi_square < 70.0, "{chi_square}");
        }
    }

    #[test]
    fn a_code_is_no_number_in_a_spreadsheet() {
        for code in ["123", "2E5", "9D3", "1.5", "1,5", "12E+3", "-7", "1E-10"] {
            assert!(reads_as_number(code), "{code}");
        }
        for code in ["2E", "E5", "2X5", "1-2", "", "-", "E", "1.2.3"] {
            assert!(!reads_as_number(code), "{code}");
        }
        let mut codes = generator("[3:23D]", 12);
        for _ in 0..12 {
            let code = codes.draw(|_| None).unwrap();
            assert!(!reads_as_number(&code), "{code}");
        }
        // Digits alone are what the pattern asks for.
        assert_eq!(draw("[8:digits]").len(), 8);
    }

    #[test]
    fn a_wrong_pattern_is_explained() {
        for (pattern, expected) in [
            ("", "invalid pattern: ``: it is empty at character 1 (expected a pattern such as `SPRING-[*]`)"),
            (
                "A-[0]",
                "invalid pattern: `A-[0]`: the length `0` at character 3 (expected a number from 1 to 128, or `*`)",
            ),
            (
                "A-[x]",
                "invalid pattern: `A-[x]`: the length `x` at character 3 (expected a number from 1 to 128, or `*`)",
            ),
            (
                "A-[4",
                "invalid pattern: `A-[4`: `[` without `]` at character 3; hint: write `[[` or `{{` for the character itself",
            ),
            (
                "A-{}",
                "invalid pattern: `A-{}`: a column without a name at character 3 (expected a name such as `{first_name}`)",
            ),
            (
                "A B[4]",
                "invalid pattern: `A B[4]`: the character ' ' at character 2 (expected visible ASCII characters)",
            ),
            (
                "[4:aA]",
                "invalid pattern: `[4:aA]`: an alphabet with fewer than two characters at character 1 (expected `clear`, `digits`, `letters`, or at least two different characters)",
            ),
            (
                "[4:äb]",
                "invalid pattern: `[4:äb]`: the character 'ä' in an alphabet at character 1 (expected visible ASCII characters)",
            ),
        ] {
            assert_eq!(pattern.parse::<CodePattern>().unwrap_err().to_string(), expected);
        }
        let error = |pattern: &str, value: Option<&'static str>| {
            let pattern = pattern.parse::<CodePattern>().unwrap();
            match pattern.generator(1) {
                Ok(mut codes) => codes.draw(|_| value).unwrap_err().to_string(),
                Err(error) => error.to_string(),
            }
        };
        assert_eq!(
            error("SPRING", None),
            "the pattern `SPRING` has no random part (expected a part such as `[10]` or `[*]`)"
        );
        assert_eq!(error("{who}-[9]", None), "the pattern needs the column `who`, which the row does not have");
        assert!(error("{who}-[9]", Some("Zoë")).ends_with("has the character 'ë' (expected visible ASCII characters)"));
        assert!(error("{who}-[9]", Some("A B")).contains("has the character ' '"));
        assert!(error("[100]-[100]", None).ends_with("has 201 characters (expected at most 128)"));
    }
}
