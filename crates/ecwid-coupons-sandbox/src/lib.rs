#![doc = include_str!("../README.md")]

mod api;
mod app;
pub mod checkout;
mod clock;
mod control;
mod coupon_rules;
mod error;
mod example;
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
#[doc(hidden)]
pub use example::run_example;
pub use faults::{Effect, Fault, FaultReport};
pub use journal::RecordedRequest;
pub use sandbox::{BatchSettings, ChangeSettings, Config, Limits, Sandbox, SandboxBuilder, StoreSettings, Token};
pub use webhooks::{Delivery, DeliveryState, Webhook};

/// The default id of the first store.
pub const DEFAULT_STORE_ID: i64 = 1003;

/// The default token.
pub const DEFAULT_TOKEN: &str = "secret_sandbox";

/// The default client secret for signing webhooks.
pub const DEFAULT_CLIENT_SECRET: &str = "client_secret_sandbox";

/// The access scopes that a token can have. Deleting a coupon needs `update_discount_coupons`.
pub const SCOPES: &[&str] =
    &["read_discount_coupons", "create_discount_coupons", "update_discount_coupons", "read_store_profile"];
