//! [`BodyReader`]: reads the bodies of requests.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::{error_code::ErrorCode, problem::Problem};

/// The largest body that is taken, in bytes. A batch of 500 coupons is well below it.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// Up to which length a body is read at once, in bytes. Of longer ones so many are held at a time, and the others wait, so that
/// many of them do not fill the memory.
const SMALL_BODY: usize = 64 * 1024;
const LARGE_BODIES: usize = 4;

/// How much of a larger body is read and thrown away. A connection that is closed on a client which still sends is reset, and
/// the answer may be lost with it.
const MAX_DISCARDED: usize = 64 * 1024 * 1024;

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Reads the bodies of requests, so that they neither fill the memory nor hold a connection for long.
pub(crate) struct BodyReader(Arc<Semaphore>);

impl Default for BodyReader {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LARGE_BODIES)))
    }
}

impl BodyReader {
    /// Reads a body, and gives with a large one the room that it has, which is to be held until the request is answered.
    pub(crate) async fn read(&self, body: Body) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Problem> {
        tokio::time::timeout(BODY_TIMEOUT, self.read_all(body))
            .await
            .unwrap_or_else(|_| Err(Problem::new(ErrorCode::Timeout, "The body did not arrive in time")))
    }

    async fn read_all(&self, mut body: Body) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Problem> {
        let (mut read, mut length, mut room) = (BytesMut::new(), 0, None);
        while let Some(frame) = body.frame().await {
            let frame =
                frame.map_err(|error| Problem::wrong_parameter(format!("Wrong body: it broke off ({error})")))?;
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
