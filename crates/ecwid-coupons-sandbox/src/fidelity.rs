//! The fidelity ledger: how far each behaviour of the sandbox can be trusted.
//!
//! What a row is of is enumerated by types (`ApiRoute`, `ControlRoute`, `PageRoute`, `ErrorCode`, `Rule`, [`Reason`]), and the rows are `match`es on them, so that
//! what has no row does not compile.

mod checkout;
mod errors;
mod not_simulated;
mod page;
mod routes;
mod row;
mod rules;

use strum::VariantArray as _;

use crate::{
    checkout::Reason,
    http::{
        error_code::ErrorCode,
        route::{ApiRoute, ControlRoute, PageRoute, Route as _},
    },
    rule::Rule,
};

pub use not_simulated::{NOT_SIMULATED, NotSimulated};
pub use row::{Basis, Behaviour};

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
    let api = ApiRoute::VARIANTS.iter().map(|route| routes::api(*route).of(format!("route.{}", route.name())));
    let control =
        ControlRoute::VARIANTS.iter().map(|route| routes::control(*route).of(format!("route.{}", route.name())));
    let web_page =
        PageRoute::VARIANTS.iter().map(|route| routes::web_page(*route).of(format!("route.{}", route.name())));
    let errors = ErrorCode::VARIANTS.iter().map(|code| errors::row(*code).of(format!("error.{}", code.as_str())));
    let rules = Rule::VARIANTS.iter().map(|rule| rules::row(*rule).of(format!("rule.{}", rule.name())));
    let reasons =
        Reason::VARIANTS.iter().map(|reason| checkout::row(*reason).of(format!("checkout.{}", reason.as_str())));
    api.chain(control).chain(web_page).chain(errors).chain(rules).chain(reasons).collect()
}
