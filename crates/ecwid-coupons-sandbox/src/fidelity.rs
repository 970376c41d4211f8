//! The fidelity ledger: a list of the behaviors of the sandbox, each with its source.
//!
//! The rows are exhaustive `match`es on `ApiRoute`, `ControlRoute`, `PageRoute`, `ErrorCode`, `Rule` and
//! [`Reason`](crate::checkout::Reason), so a variant without a row is a compile error.

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

/// Returns all rows of the ledger.
///
/// # Example
///
/// ```
/// use ecwid_coupons_sandbox::fidelity::{Basis, ledger};
///
/// // A test that relies on these rows may find that Ecwid behaves differently.
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

/// Returns the rows of all variants of an enum. `kind` is the first part of their ids.
fn rows<T: VariantArray + Copy + Into<&'static str>>(kind: &str, row: fn(T) -> Row) -> Vec<Behavior> {
    let behavior = |of: &T| {
        let Row { does, basis, test } = row(*of);
        Behavior { id: format!("{kind}.{}", (*of).into()), does, basis, test }
    };
    T::VARIANTS.iter().map(behavior).collect()
}
