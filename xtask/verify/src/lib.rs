//! Compares the OpenAPI document with the vendor's documentation pages.
//!
//! `pages` reads the claims of a page or of a folder of pages. The lock (`lock`) has the claims of the pages that were read last.
//! `compare` compares the claims of either with the document.

// The crate is not published, and most names need no description.
#![allow(missing_docs, clippy::missing_errors_doc)]

mod compare;
mod contradictions;
mod document;
mod examples;
pub mod fetch;
mod finding;
mod folder;
mod identify;
mod ledger;
pub mod lock;
pub mod pages;
mod report;
mod run;
mod since_last_read;
mod types;
mod update_lock;
mod verifier;

pub use self::{
    finding::Finding,
    ledger::PATH as LEDGER,
    report::{Format, Report},
    run::{run, today},
    verifier::Options,
};
