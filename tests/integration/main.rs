//! Tests that cross crates, in one program, since linking is most of what a test program costs.

mod access;
mod add_field;
mod bad_requests;
mod batch;
mod changes;
mod checkout;
mod clock;
mod codes;
mod control;
mod documented_examples;
mod environment;
mod errors;
mod faults;
mod fidelity;
mod json;
mod limits;
mod paging;
mod pieces;
mod properties;
mod proxies;
mod request_ids;
mod sandbox;
mod tls;
mod verify;
mod walks;
mod webhooks;
