//! The maintainers' commands of ecwid-coupons; `main.rs` is their command line.

// Nothing here is published, and most names say what they are of.
#![allow(missing_docs, clippy::missing_errors_doc)]

pub mod bench;
pub mod browser;
pub mod ci;
pub mod command;
pub mod generate;
pub mod public_api;
mod sandbox;
mod tools;
pub mod verify;
pub mod workspace;
