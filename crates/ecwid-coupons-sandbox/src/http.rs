//! HTTP: connections, routes, requests and responses.

pub(crate) mod access;
pub(crate) mod connection;
pub(crate) mod error_code;
pub(crate) mod parameters;
pub(crate) mod problem;
pub(crate) mod rate_limit;
pub(crate) mod request_body;
pub(crate) mod response;
pub(crate) mod response_fields;
pub(crate) mod route;
pub(crate) mod server;
