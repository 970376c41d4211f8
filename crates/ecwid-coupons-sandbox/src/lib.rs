#![doc = include_str!("../README.md")]

mod api;
mod app;
pub mod checkout;
mod clock;
mod control;
mod coupon_rules;
mod error;
mod faults;
pub mod fidelity;
mod http;
mod identifier;
mod initial_state;
mod journal;
mod lock;
mod redaction;
mod rule;
mod sandbox;
mod seed;
mod store;
mod web;
mod webhooks;

pub use error::Error;
pub use faults::{Effect, Fault, FaultReport};
pub use journal::RecordedRequest;
pub use sandbox::{Config, Limits, Sandbox, SandboxBuilder, Token};
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
