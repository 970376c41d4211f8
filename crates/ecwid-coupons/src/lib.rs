#![doc = include_str!("../README.md")]

mod attempt;
mod client;
mod client_builder;
mod comma_list;
mod coupon;
mod coupon_lookup;
mod coupon_ref;
mod create_many;
mod creation;
mod creation_report;
mod cursor;
mod date_time;
mod decimal;
mod delete;
mod difference;
mod error;
mod escape;
mod field_enum;
mod field_input;
// For the fuzz targets, and no part of the API.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
// Formatted by the generator, which writes out every path.
#[rustfmt::skip]
#[allow(unused_qualifications)]
mod generated;
mod get;
mod http_client;
// For this project's other crates, and no part of the API.
#[doc(hidden)]
pub mod input_file;
mod json;
mod json_problem;
#[cfg(feature = "schemars")]
mod json_schema;
mod lenient;
mod object;
mod open_enum;
mod pacing;
mod pages;
mod patch;
mod proxy;
mod redact;
mod request_id;
mod response_fields;
mod retry;
mod runtime;
pub mod schema;
mod search;
mod seen;
mod time_filter;
mod tls;
mod token;
mod transport;
mod update;
mod withdrawal;
mod write_response;

pub use attempt::Attempt;
pub use client::Client;
pub use client_builder::ClientBuilder;
#[doc(hidden)]
pub use client_builder::read_switch;
pub use comma_list::CommaList;
pub use coupon_ref::{CouponRef, CouponRefError};
pub use create_many::{CreateMany, RowProblem};
pub use creation::Creation;
pub use creation_report::{CreationReport, RowOutcome};
pub use cursor::{Cursor, ParseCursorError};
pub use date_time::{DayBound, EcwidDateTime, ParseDateError};
pub use decimal::{Decimal, InexactFloatError, ParseDecimalError};
pub use difference::Difference;
pub use error::{Error, ErrorKind};
#[doc(hidden)]
pub use escape::{escape_json, escape_untrusted};
pub use field_enum::UnknownFieldError;
#[doc(hidden)]
pub use field_input::JsonMembers;
pub use field_input::{FieldError, FieldInput};
pub use generated::{operations, types};
pub use get::Get;
pub use json::{Extra, Json};
#[doc(hidden)]
pub use json_problem::{JsonProblem, in_words, read_json};
pub use lenient::SkippedCoupon;
#[doc(hidden)]
pub use lenient::read_lenient;
pub use pages::Page;
pub use patch::Patch;
#[doc(hidden)]
pub use redact::{Redactor, hide_tokens};
pub use response_fields::{ResponseFields, ResponseFieldsError};
pub use runtime::ResponseValue;
#[doc(hidden)]
pub use runtime::read_answer;
pub use search::Search;
pub use time_filter::TimeFilter;
pub use tls::TlsVersion;
#[doc(hidden)]
pub use token::token_problem;
pub use withdrawal::Withdrawal;

// Their types are part of this crate's, so a user needs the same versions.
pub use chrono;
pub use rust_decimal;
#[cfg(feature = "schemars")]
pub use schemars;

pub(crate) use schema::Operation;
