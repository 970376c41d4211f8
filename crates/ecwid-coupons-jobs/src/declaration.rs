//! [`Declaration`]: a TOML file that says which coupons a store has.

mod pull;
mod read;
mod schema;
mod scope;
mod write;

use std::fmt;

use ecwid_coupons::{Client, EcwidDateTime};

pub use pull::pull;
pub use schema::declaration_schema;
pub use scope::CodeScope;
pub use write::to_toml;

use crate::{JobError, WantedCoupon, problems, wanted};

/// A TOML file that says which coupons a store has.
///
/// ```toml
/// scope = ["SUMMER-*"]                  # optional: the codes that this file is about, see below
///
/// [defaults]                            # optional: fields of all coupons
/// usesLimit = "ONCEPERCUSTOMER"
///
/// [coupons.SUMMER-10]
/// name = "Summer 12.5%"
/// discountType = "PERCENT"
/// discount = 12.5                       # or "12.5"
/// expirationDate = "none"               # clears the field
/// catalogLimit = { products = [101, 102] }
/// ```
///
/// The fields have the names of the API. A field that is not named is left as it is. `"none"` clears a date, a number, a
/// list or a limit. The digits of numbers are kept. A date is text as in the API, or a date of TOML.
/// [`Field::day_bound`](ecwid_coupons::schema::Field::day_bound) says what a date without a time means.
///
/// A coupon whose code is in the scope, and that the file does not have, can be removed: see [`Prune`](crate::Prune).
/// Without a scope, nothing is ever removed.
///
/// # Example
///
/// ```
/// use ecwid_coupons_jobs::Declaration;
///
/// let declaration = Declaration::parse("[coupons.TEN]\nname = \"Ten\"\ndiscount = 10.50\n")?;
/// assert_eq!(declaration.coupons()[0].fields.discount.value().unwrap().to_string(), "10.50");
///
/// let error = Declaration::parse("[coupons.TEN]\ndiscuont = 10\n").unwrap_err();
/// assert_eq!(error.to_string(), "line 2, column 1: unknown field: `discuont` (did you mean `discount`?)");
/// # Ok::<_, ecwid_coupons_jobs::DeclarationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Declaration {
    scope: Option<CodeScope>,
    coupons: Vec<WantedCoupon>,
    /// The position of each coupon, with the line and the column.
    places: Vec<(usize, usize)>,
    days: Vec<(String, EcwidDateTime)>,
}

/// The error of a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeclarationError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: String,
}

impl fmt::Display for DeclarationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.problem)
    }
}

impl std::error::Error for DeclarationError {}

impl Declaration {
    /// Parses a declaration.
    ///
    /// # Errors
    ///
    /// The text is not TOML, a key or an enum value is unknown, or a value does not have the kind of its field.
    pub fn parse(text: &str) -> Result<Self, DeclarationError> {
        read::parse(text)
    }

    /// Returns the scope, if there is one.
    pub fn scope(&self) -> Option<&CodeScope> {
        self.scope.as_ref()
    }

    /// Returns the coupons, in the order of the file. The defaults are among their fields.
    pub fn coupons(&self) -> &[WantedCoupon] {
        &self.coupons
    }

    /// Returns the dates that have no time in the file, each with the name of its field and the instant that is sent.
    pub fn days(&self) -> &[(String, EcwidDateTime)] {
        &self.days
    }

    /// Fails if a coupon has [`problems`]. The error has the lines.
    pub(crate) fn check(&self, client: &Client) -> Result<(), JobError> {
        let mut problems = problems(client, &self.coupons);
        for problem in &mut problems {
            let (line, _) = self.places[problem.index];
            problem.problem.push_str(&format!(" (line {line})"));
        }
        wanted::refuse(&problems)
    }
}
