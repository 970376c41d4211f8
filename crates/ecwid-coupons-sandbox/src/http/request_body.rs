//! [`BodyReader`]: reads request bodies.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::{error_code::ErrorCode, problem::Problem};

/// The maximum size of a body in bytes. A batch of 500 coupons is well below it.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// A body of up to `SMALL_BODY` bytes is always read immediately. At most `LARGE_BODIES` larger bodies are in memory at
/// a time, and the others wait.
const SMALL_BODY: usize = 64 * 1024;
const LARGE_BODIES: usize = 4;

/// How much of a body that is too large is read and discarded, in bytes. Closing the connection earlier would reset it,
/// and the client could lose the response.
const MAX_DISCARDED: usize = 64 * 1024 * 1024;

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Reads request bodies with limits on memory and time.
pub(crate) struct BodyReader(Arc<Semaphore>);

impl Default for BodyReader {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LARGE_BODIES)))
    }
}

impl BodyReader {
    /// Reads a body. A large body comes with a permit, which is held until the response is ready.
    pub(crate) async fn read(&self, body: Body) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Problem> {
        tokio::time::timeout(BODY_TIMEOUT, self.read_all(body))
            .await
            .unwrap_or_else(|_| Err(Problem::new(ErrorCode::Timeout, "The body did not arrive in time")))
    }

    async fn read_all(&self, mut body: Body) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Problem> {
        let (mut read, mut length, mut room) = (BytesMut::new(), 0, None);
        while let Some(frame) = body.frame().await {
            let frame =
                frame.map_err(|error| Problem::wrong_parameter(format!("Wrong body: it is incomplete ({error})")))?;
            let data = frame.into_data().unwrap_or_default();
            length += data.len();
            if length > SMALL_BODY && room.is_none() {
                room = Some(Arc::clone(&self.0).acquire_owned().await?);
            }
            if length <= MAX_BODY {
                read.extend_from_slice(&data);
            } else if length > MAX_DISCARDED {
                break;
            } else {
                read = BytesMut::new();
            }
        }
        if length > MAX_BODY { Err(Problem::body_too_large(MAX_BODY)) } else { Ok((read.freeze(), room)) }
    }
}
