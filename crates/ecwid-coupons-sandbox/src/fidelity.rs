//! The fidelity ledger: how far each behaviour of the sandbox can be trusted.
//!
//! What a row is of is enumerated by types (`ApiRoute`, `ControlRoute`, `PageRoute`, `ErrorCode`, `Rule`, [`Reason`](crate::checkout::Reason)), and the rows are `match`es on them, so that
//! what has no row does not compile.

mod checkout;
mod errors;
mod not_simulated;
mod page;
mod routes;
mod row;
mod rules;

use strum::VariantArray;

use row::Row;

pub use not_simulated::{NOT_SIMULATED, NotSimulated};
pub use row::{Basis, Behavior};

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
pub fn ledger() -> Vec<Behavior> {
    [
        rows("route", routes::api),
        rows("route", routes::control),
        rows("route", routes::web_page),
        rows("error", errors::error),
        rows("rule", rules::rule),
        rows("checkout", checkout::reason),
    ]
    .concat()
}

/// The rows of all variants of an enum, whose ids begin with this word.
fn rows<T: VariantArray + Copy + Into<&'static str>>(kind: &str, row: fn(T) -> Row) -> Vec<Behavior> {
    let behaviour = |of: &T| {
        let Row { does, basis, test } = row(*of);
        Behavior { id: format!("{kind}.{}", (*of).into()), does, basis, test }
    };
    T::VARIANTS.iter().map(behaviour).collect()
}
