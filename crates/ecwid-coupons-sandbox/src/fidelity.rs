//! The fidelity ledger: how far each behaviour of the sandbox can be trusted.
//!
//! What a row is of is enumerated by types (`Route`, `ErrorCode`, `Rule`, [`Reason`]), and the rows are `match`es on them, so that
//! what has no row does not compile.

mod checkout;
mod errors;
mod not_simulated;
mod page;
mod routes;
mod rules;

use serde::Serialize;
use strum::VariantArray as _;

use crate::{
    checkout::Reason,
    http::{error_code::ErrorCode, route::Route},
    rule::Rule,
};

pub use not_simulated::{NOT_SIMULATED, NotSimulated};

/// A row of the ledger: one behaviour, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Behaviour {
    /// What it is of, such as `route.get_discount_coupon`, `error.CONSTRAINT_VIOLATION`, `rule.codes-in-any-case` or
    /// `checkout.COUPON_EXPIRED`.
    pub id: String,
    /// What the sandbox does.
    pub does: &'static str,
    /// Why it does so.
    #[serde(flatten)]
    pub basis: Basis,
    /// The test that shows it: module and name below `tests/integration`.
    pub test: &'static str,
}

/// What a behaviour rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "basis", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Basis {
    /// The vendor's pages say so.
    Documented {
        /// The address of the page.
        page: &'static str,
        /// The heading that it stands below, and the fields; several with `; ` between.
        section: &'static str,
    },
    /// No page of today says so, but something that was written for the vendor's server relies on it.
    Observed {
        /// Where it was seen: an address, or a repository and a file in it.
        at: &'static str,
    },
    /// Nothing says so. A store may do otherwise.
    Assumed {
        /// Why this and not something else.
        because: &'static str,
    },
    /// It is the sandbox's own, and no store has it.
    Own,
}

/// All rows: the routes, the error codes, the rules, and the reasons of a checkout.
///
/// ```
/// use ecwid_coupons_sandbox::fidelity::{Basis, ledger};
///
/// // What a test relies on that a store may do otherwise.
/// let assumed = ledger().into_iter().filter(|row| matches!(row.basis, Basis::Assumed { .. }));
/// for row in assumed {
///     println!("{}: {}", row.id, row.does);
/// }
/// ```
pub fn ledger() -> Vec<Behaviour> {
    let routes = Route::VARIANTS.iter().map(|route| routes::row(*route).of(format!("route.{}", route.name())));
    let errors = ErrorCode::VARIANTS.iter().map(|code| errors::row(*code).of(format!("error.{}", code.as_str())));
    let rules = Rule::VARIANTS.iter().map(|rule| rules::row(*rule).of(format!("rule.{}", rule.name())));
    let reasons =
        Reason::VARIANTS.iter().map(|reason| checkout::row(*reason).of(format!("checkout.{}", reason.as_str())));
    routes.chain(errors).chain(rules).chain(reasons).collect()
}

/// A row without the name of what it is of.
struct Row {
    does: &'static str,
    basis: Basis,
    test: &'static str,
}

impl Row {
    fn of(self, id: String) -> Behaviour {
        let Self { does, basis, test } = self;
        Behaviour { id, does, basis, test }
    }
}

const fn documented(does: &'static str, page: &'static str, section: &'static str, test: &'static str) -> Row {
    Row { does, basis: Basis::Documented { page, section }, test }
}

const fn observed(does: &'static str, at: &'static str, test: &'static str) -> Row {
    Row { does, basis: Basis::Observed { at }, test }
}

const fn own(does: &'static str, test: &'static str) -> Row {
    Row { does, basis: Basis::Own, test }
}

const fn assumed(does: &'static str, because: &'static str, test: &'static str) -> Row {
    Row { does, basis: Basis::Assumed { because }, test }
}
