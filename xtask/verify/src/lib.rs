//! The OpenAPI document against the vendor's pages.
//!
//! `pages` reads a page, or a folder of pages, into what it claims. The lock (`lock`) holds the claims that were read last.
//! `compare` holds either against the document.

// Nothing here is published, and most names say what they are of.
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
