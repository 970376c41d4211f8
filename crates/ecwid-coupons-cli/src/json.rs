//! JSON as text: objects whose values keep their digits.

use std::collections::BTreeMap;

use ecwid_coupons::Json;

/// An object whose values are the JSON text they came as.
pub(crate) type Object = BTreeMap<String, Json>;
