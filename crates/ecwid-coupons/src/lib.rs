// The examples of the README need these features.
#![cfg_attr(any(not(doctest), all(feature = "blocking", feature = "webhook")), doc = include_str!("../README.md"))]
// docs.rs uses a nightly compiler, which marks the items that need a feature.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "blocking")]
mod blocking;
mod client;
#[cfg(feature = "config")]
mod config;
mod coupon;
mod deleted;
mod error;
// Formatted by the generator, which writes all paths in full.
#[rustfmt::skip]
#[allow(unused_qualifications)]
mod generated;
mod progenitor_client;
pub mod schema;
mod search;
#[cfg(feature = "test-util")]
pub mod test_util;
mod text;
mod transport;
mod value;
#[cfg(feature = "webhook")]
pub mod webhook;

#[cfg(feature = "blocking")]
pub use blocking::Blocking;
pub use client::{
    Client,
    batch::{Batch, BatchItem, BatchResult, SentBatch},
    builder::ClientBuilder,
    create::CreateOutcome,
    create_many::{CreateMany, RowProblem},
    create_stream::CreateManyStream,
    creation_report::{CreationReport, RowOutcome},
    delete_if_unused::DeleteOutcome,
    difference::Difference,
    get::Get,
};
#[cfg(feature = "config")]
pub use config::{
    Config,
    store::{StoreConfig, TokenSource},
};
pub use deleted::{DeletedSearch, DeletedStream};
pub use error::{Error, ErrorKind};
pub use generated::{operations, types};
pub use progenitor_client::ResponseValue;
pub use schema::{
    field_enum::UnknownFieldError, field_error::FieldError, field_input::FieldInput, lenient::SkippedCoupon,
};
pub use search::{
    Search,
    cursor::{Cursor, ParseCursorError},
    streams::{CouponStream, Page, PageStream},
};
pub use transport::{attempt::Attempt, call::Call, tls::TlsVersion};
pub use value::{
    comma_list::CommaList,
    coupon_ref::{CouponRef, CouponRefError},
    date_time::{DayBound, EcwidDateTime, ParseDateError},
    decimal::{Decimal, DecimalRangeError, InexactFloatError, ParseDecimalError},
    json::{JsonObject, RawJson},
    patch::Patch,
    response_fields::{ResponseFields, ResponseFieldsError},
    time_filter::TimeFilter,
};

/// Items for the other crates of this project. They are not part of the API and may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use crate::{
        client::{
            batch::is_without_batches,
            difference::{changes_of, is_launched_later},
            token::read_token,
        },
        error::json::{JsonProblem, in_words, read_json},
        schema::{
            field_input::read_fields,
            flat::{dotted, flatten, leaves},
            lenient::read_lenient,
            object::Unchecked,
            place::{line_and_column, place_of},
        },
        text::{
            environment::{read_switch, read_variable},
            escape::{escape_json, escape_untrusted},
            input_file,
            nearest::UnknownName,
            redact::{Redactor, hide_tokens},
        },
        transport::{read_error, response::read_response},
        value::json::JsonMembers,
    };
}

// Public types use types of these crates, so users need the same versions.
pub use chrono;
pub use reqwest;
pub use rust_decimal;
#[cfg(feature = "schemars")]
pub use schemars;
