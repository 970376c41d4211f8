//! The maintainers' commands of ecwid-coupons; `main.rs` is their command line.

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
