//! Connects the generated operations with the transport.

use reqwest::Request;

use crate::{
    Error,
    operations::Operations,
    progenitor_client::{ClientHooks, Inner, OperationInfo},
    transport::response::Response,
};

impl ClientHooks<Inner> for Operations {
    async fn exec(&self, request: Request, info: &OperationInfo) -> Result<Response, Error> {
        self.transport.send(&self.client, request, info.operation_id).await
    }
}
