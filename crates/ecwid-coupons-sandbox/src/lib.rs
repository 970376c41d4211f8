#![doc = include_str!("../README.md")]

mod access;
mod answer;
mod batch;
mod beginning;
mod bodies;
mod changes;
pub mod checkout;
mod clock;
mod config;
mod connection;
mod control;
mod coupons;
mod error_code;
mod faults;
pub mod fidelity;
mod identifier;
mod ignored_fields;
mod journal;
mod limits;
mod parameters;
mod problem;
mod rate_limit;
mod redaction;
mod response_fields;
mod route;
mod rules;
mod sandbox;
mod sandbox_builder;
mod seed;
mod server;
mod shop;
mod store;
mod token;
mod web;
mod webhooks;

pub use config::Config;
pub use faults::{Effect, Fault, FaultReport};
pub use journal::Exchange;
pub use limits::Limits;
pub use sandbox::{Error, Sandbox};
pub use sandbox_builder::SandboxBuilder;
pub use token::Token;
pub use webhooks::{Delivery, DeliveryState, Webhook};

/// The store that a sandbox serves unless told otherwise.
pub const DEFAULT_STORE_ID: i64 = 1003;

/// The token that a sandbox takes unless told otherwise.
pub const DEFAULT_TOKEN: &str = "secret_sandbox";

/// The client secret that webhooks are signed with unless told otherwise.
pub const DEFAULT_CLIENT_SECRET: &str = "client_secret_sandbox";

/// The access scopes that a token can have. There is no scope for deleting alone.
pub const SCOPES: &[&str] =
    &["read_discount_coupons", "create_discount_coupons", "update_discount_coupons", "read_store_profile"];
