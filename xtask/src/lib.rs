//! The maintainers' commands of ecwid-coupons. `main.rs` has their command line.

// The crate is not published, and most names need no description.
#![allow(missing_docs, clippy::missing_errors_doc)]

pub mod bench;
pub mod browser;
pub mod ci;
pub mod command;
pub mod dist;
pub mod docs;
pub mod drift;
pub mod fuzz;
pub mod generate;
pub mod java;
pub mod man;
pub mod packages;
pub mod public_api;
pub mod python_matrix;
pub mod release;
mod sandbox;
mod tools;
pub mod verify;
pub mod workspace;
