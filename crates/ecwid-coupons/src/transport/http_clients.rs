//! The HTTP clients of a client: one for each runtime that sends requests.
//!
//! A connection belongs to the runtime in which it was opened. If a program does not run that runtime at the moment, a
//! request on the connection gets no response. Therefore runtimes do not share connections.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::{Request, Response};
use tokio::runtime::{Handle, Id};

use crate::{Error, transport::connect::Connector};

/// The maximum number of runtimes with an HTTP client. A program may create a runtime for each call.
const MOST_RUNTIMES: usize = 16;

/// A function that responds to requests in place of the store.
#[cfg(feature = "test-util")]
pub(crate) type Responder = Arc<dyn Fn(&Request) -> Response + Send + Sync>;

/// The HTTP clients of a client and its clones.
#[derive(Clone)]
pub(crate) enum HttpClients {
    /// The HTTP client of the caller, for all runtimes.
    Given,
    /// An HTTP client for each runtime.
    OfRuntimes(Arc<OfRuntimes>),
    /// No HTTP client. This function responds.
    #[cfg(feature = "test-util")]
    Responder(Responder),
}

/// The HTTP clients of the runtimes that were used last.
pub(crate) struct OfRuntimes {
    connector: Connector,
    clients: Mutex<Vec<(Id, reqwest::Client)>>,
}

impl HttpClients {
    /// Creates an HTTP client with the settings of this connector for each runtime.
    pub(crate) fn of_runtimes(connector: Connector) -> Self {
        Self::OfRuntimes(Arc::new(OfRuntimes { connector, clients: Mutex::default() }))
    }

    /// Sends a request. `first` is the HTTP client of the caller, or that of the first runtime.
    pub(crate) async fn execute(
        &self,
        first: &reqwest::Client,
        request: Request,
        failed: impl FnOnce(reqwest::Error) -> Error,
    ) -> Result<Response, Error> {
        match self {
            Self::Given => first.execute(request).await.map_err(failed),
            Self::OfRuntimes(runtimes) => runtimes.client(first)?.execute(request).await.map_err(failed),
            #[cfg(feature = "test-util")]
            Self::Responder(respond) => Ok(respond(&request)),
        }
    }
}

impl OfRuntimes {
    /// Returns the HTTP client of the current runtime.
    fn client(&self, first: &reqwest::Client) -> Result<reqwest::Client, Error> {
        let id = Handle::current().id();
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = clients.iter().find(|(known, _)| *known == id) {
            return Ok(client.clone());
        }
        let client = if clients.is_empty() { first.clone() } else { self.connector.http_client()? };
        if clients.len() == MOST_RUNTIMES {
            clients.remove(0);
        }
        clients.push((id, client.clone()));
        Ok(client)
    }
}
