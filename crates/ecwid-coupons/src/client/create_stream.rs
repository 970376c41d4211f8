//! [`CreateManyStream`]: the outcomes of a bulk create as a stream.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{Stream, StreamExt as _, stream::BoxStream};

use crate::RowOutcome;

/// The rows of a bulk create with their outcomes, returned by [`CreateMany::stream`](crate::CreateMany::stream).
///
/// [`next`](Self::next) needs no import. It is also a [`Stream`]: for its combinators, see
/// [Streams](crate::Search#streams).
#[must_use = "nothing is created until the stream is read"]
pub struct CreateManyStream(BoxStream<'static, (usize, RowOutcome)>);

impl CreateManyStream {
    pub(crate) fn new(rows: impl Stream<Item = (usize, RowOutcome)> + Send + 'static) -> Self {
        Self(Box::pin(rows))
    }

    /// Returns the next row whose outcome is known, and `None` at the end. Rows are counted from 0.
    ///
    /// If the future is dropped before it is ready, the rows that are in flight remain in flight. The next call
    /// continues with them.
    pub async fn next(&mut self) -> Option<(usize, RowOutcome)> {
        self.0.next().await
    }
}

impl Stream for CreateManyStream {
    type Item = (usize, RowOutcome);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

impl fmt::Debug for CreateManyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateManyStream").finish_non_exhaustive()
    }
}
