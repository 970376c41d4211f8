//! The maintainers' commands of ecwid-coupons; `main.rs` is their command line.

pub mod bench;
pub mod browser;
pub mod ci;
mod command;
pub mod generate;
pub mod pages;
pub mod public_api;
pub mod report;
mod sandbox;
mod tools;
pub mod verify;
pub mod workspace;
