//! Prints the JSON Schema of every type, as `{"serialize": {"Coupon": {…}, …}, "deserialize": {…}}`.
//!
//! It is for other tools: to check or describe what is sent to the store (`serialize`) and what is read from it
//! (`deserialize`). `cargo xtask verify` compares it with the OpenAPI document, to notice what the generator lost.

use ecwid_coupons::{schemars::generate::SchemaSettings, types::json_schemas};
use serde_json::json;

fn main() {
    let schemas = json!({
        "serialize": json_schemas(SchemaSettings::draft2020_12().for_serialize()),
        "deserialize": json_schemas(SchemaSettings::draft2020_12().for_deserialize()),
    });
    println!("{schemas:#}");
}
