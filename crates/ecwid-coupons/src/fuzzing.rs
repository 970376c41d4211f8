//! What reads the bytes of an answer, for the fuzz targets: they are built with `--cfg fuzzing`, and nothing else is.

use serde::de::DeserializeOwned;

use crate::{transport, types::ApiError};

/// Reads the body of an answer, as every operation does.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    transport::response::read_response(body)
}

/// Reads the body of an answer whose status is no success.
pub fn read_error(text: &str) -> ApiError {
    transport::read_error(text)
}
