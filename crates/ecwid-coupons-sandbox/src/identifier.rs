//! Random identifiers in the format of Ecwid's.

/// Returns a new identifier: hexadecimal digits in groups.
pub(crate) fn new_identifier() -> String {
    let number = format!("{:032x}", fastrand::u128(..));
    [&number[..8], &number[8..12], &number[12..16], &number[16..20], &number[20..]].join("-")
}
