//! Downloads a page over HTTP, completely, within limits of time and size, and only from the requested host.

use std::{net::IpAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, RETRY_AFTER},
    redirect::Policy,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::runtime::{self, Runtime};
use url::Url;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_BYTES: usize = 5_000_000;
const MAX_REDIRECTS: usize = 5;
/// If a server asks for a longer delay, there is no second attempt.
const MAX_PAUSE: Duration = Duration::from_secs(30);

pub(super) struct Downloader {
    client: Client,
    runtime: Runtime,
    timeout: Duration,
    pause: Duration,
}

struct Refusal {
    reason: String,
    /// The delay before a second attempt, if one can help.
    again_after: Option<Duration>,
}

impl Refusal {
    fn last(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), again_after: None }
    }
}

impl Downloader {
    /// Returns a downloader for these URLs.
    pub(super) fn new<'a>(
        urls: impl Iterator<Item = &'a Url> + Clone,
        timeout: Duration,
        pause: Duration,
    ) -> anyhow::Result<Self> {
        let mut builder = Client::builder()
            .user_agent(concat!("ecwid-coupons xtask/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(timeout)
            .referer(false)
            .redirect(Policy::custom(|attempt| {
                let refusal = stray(attempt.previous(), attempt.url());
                if let Some(refusal) = refusal { attempt.error(refusal) } else { attempt.follow() }
            }))
            .tls_backend_preconfigured(tls(urls.clone().any(|url| url.scheme() == "https"))?);
        // A proxy of the environment cannot reach a mirror on this machine.
        if urls.clone().all(is_loopback) {
            builder = builder.no_proxy();
        }
        let client = builder.build().context("cannot set up the HTTP client")?;
        // Pages are downloaded one after the other, so one thread is enough.
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { client, runtime, timeout, pause })
    }

    /// Downloads a page, or returns the reason of the failure.
    pub(super) fn get(&self, url: &Url) -> Result<Vec<u8>, String> {
        self.runtime.block_on(async {
            let refusal = match self.attempt(url).await {
                Ok(body) => return Ok(body),
                Err(refusal) => refusal,
            };
            let Some(pause) = refusal.again_after else { return Err(refusal.reason) };
            tokio::time::sleep(pause).await;
            self.attempt(url).await.map_err(|refusal| format!("{}, also at the second attempt", refusal.reason))
        })
    }

    async fn attempt(&self, url: &Url) -> Result<Vec<u8>, Refusal> {
        // `*/*` is for mirrors that do not know the type of Markdown.
        let request = self.client.get(url.clone()).header(ACCEPT, "text/markdown, text/plain;q=0.9, */*;q=0.1");
        let mut response = request.send().await.map_err(|error| self.broken("no response", error))?;
        self.check(&response)?;
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(None) => return Ok(body),
                Ok(Some(chunk)) if body.len() + chunk.len() > MAX_BYTES => {
                    return Err(Refusal::last(format!("the page is larger than {} MB", MAX_BYTES / 1_000_000)));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Err(error) => {
                    return Err(self.broken(&format!("the response ended after {} bytes", body.len()), error));
                }
            }
        }
    }

    /// Checks the status and the headers of a response.
    fn check(&self, response: &Response) -> Result<(), Refusal> {
        let status = response.status();
        if status != StatusCode::OK {
            let reason = format!("unexpected status: {status}");
            if !matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
                return Err(Refusal::last(reason));
            }
            return Err(match retry_after(response.headers()) {
                Some(pause) if pause > MAX_PAUSE => {
                    Refusal::last(format!("{reason}, with a delay of {} s until the next request", pause.as_secs()))
                }
                pause => Refusal { reason, again_after: Some(pause.unwrap_or(self.pause)) },
            });
        }
        match response.headers().get(CONTENT_TYPE).map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()) {
            Some(text) if !is_text(&text) => {
                Err(Refusal::last(format!("unexpected content type: {text:?} (expected Markdown)")))
            }
            _ => Ok(()),
        }
    }

    /// Returns the failure of a connection. A second attempt can help, except after a timeout or a redirect.
    fn broken(&self, what: &str, error: reqwest::Error) -> Refusal {
        let (timeout, redirect) = (error.is_timeout() && !error.is_connect(), error.is_redirect());
        // The errors around the root cause add nothing to `what`.
        let cause = anyhow::Error::from(error).root_cause().to_string();
        if timeout {
            Refusal::last(format!("the download took longer than {:?}", self.timeout))
        } else if redirect {
            Refusal::last(cause)
        } else {
            Refusal { reason: format!("{what}: {cause}"), again_after: Some(self.pause) }
        }
    }
}

/// Returns the TLS settings: rustls with the ring provider and the system's certificates, like in the client.
fn tls(needed: bool) -> anyhow::Result<ClientConfig> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("cannot set up TLS")?;
    // The system's certificates are not loaded without TLS, because minimal containers have none.
    Ok(if needed {
        config.with_platform_verifier().context("cannot set up TLS")?.with_no_client_auth()
    } else {
        config.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
    })
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn stray(previous: &[Url], to: &Url) -> Option<String> {
    let from = previous.first()?;
    // The query is not shown, because the query of a sign-in form can contain secrets.
    let shown = format!("{}{}", to.origin().ascii_serialization(), to.path());
    // The scheme is part of the origin, so redirects from https to http are not followed.
    if from.origin() != to.origin() {
        let host = from.origin().ascii_serialization();
        return Some(format!("redirect to {shown}, which is not on {host}"));
    }
    (previous.len() > MAX_REDIRECTS).then(|| format!("more than {MAX_REDIRECTS} redirects, the last to {shown}"))
}

/// Returns whether a content type is accepted. Many servers do not know the extension `.md` and send `application/octet-stream`.
fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "" | "application/octet-stream" => true,
        "text/html" => false,
        other => other.starts_with("text/"),
    }
}

/// Returns the delay in the header `Retry-After`, which is a number of seconds or a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some((until.to_utc() - chrono::Utc::now()).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_stays_on_scheme_host_and_port() {
        let url = |text: &str| Url::parse(text).unwrap();
        let from = [url("https://docs.example/page.md")];
        for (to, follows) in [
            ("https://docs.example/other?query", true),
            ("https://docs.example:443/other", true),
            ("http://docs.example/page.md", false),
            ("http://docs.example:443/page.md", false),
            ("https://docs.example:8443/page.md", false),
            ("https://docs.example.com/page.md", false),
            ("https://docs.example@elsewhere/page.md", false),
        ] {
            assert_eq!(stray(&from, &url(to)).is_none(), follows, "{to}");
        }
    }
}
