//! Examples of the documentation.

use ecwid_coupons::Client;

use crate::Sandbox;

/// Runs an example of the documentation with a sandbox and its client.
pub fn run_example<F>(example: F)
where
    F: AsyncFnOnce(Sandbox, Client) -> Result<(), Box<dyn std::error::Error>>,
{
    let run = async {
        let sandbox = Sandbox::start().await?;
        let client = sandbox.client()?;
        example(sandbox, client).await
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("the runtime starts").block_on(run).expect("the example succeeds");
}
