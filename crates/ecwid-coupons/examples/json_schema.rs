//! Prints the JSON Schema of every type, as `{"serialize": {"Coupon": {…}, …}, "deserialize": {…}}`.
//!
//! Other tools can check what is sent (`serialize`) and what is read (`deserialize`). `cargo xtask verify` compares the
//! schemas with the OpenAPI document.

use ecwid_coupons::{schemars::generate::SchemaSettings, types::json_schemas};
use serde_json::json;

fn main() {
    let schemas = json!({
        "serialize": json_schemas(SchemaSettings::draft2020_12().for_serialize()),
        "deserialize": json_schemas(SchemaSettings::draft2020_12().for_deserialize()),
    });
    println!("{schemas:#}");
}
