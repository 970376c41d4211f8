//! Connects the generated operations with the transport.

use reqwest::Request;

use crate::{
    Error,
    operations::Operations,
    progenitor_client::{ClientHooks, OperationInfo},
    transport::{Transport, response::Response},
};

impl ClientHooks<Transport> for Operations {
    async fn exec(&self, request: Request, info: &OperationInfo) -> Result<Response, Error> {
        self.transport.send(&self.client, request, info.operation_id).await
    }
}
