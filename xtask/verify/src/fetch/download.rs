//! A page over HTTP: whole, in bounded time and size, and from the host that was asked.

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
/// A server that wants a longer pause is left alone.
const MAX_PAUSE: Duration = Duration::from_secs(30);

pub(super) struct Downloader {
    client: Client,
    runtime: Runtime,
    timeout: Duration,
    pause: Duration,
}

struct Refusal {
    reason: String,
    /// How long to wait before asking again, where that may help.
    again_after: Option<Duration>,
}

impl Refusal {
    fn last(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), again_after: None }
    }
}

impl Downloader {
    /// Sets up what these URLs need.
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
        let client = builder.build().context("the HTTP client cannot be set up")?;
        // One page after the other needs no second thread.
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { client, runtime, timeout, pause })
    }

    /// Downloads a page, or says why there is none.
    pub(super) fn get(&self, url: &Url) -> Result<Vec<u8>, String> {
        self.runtime.block_on(async {
            let refusal = match self.attempt(url).await {
                Ok(body) => return Ok(body),
                Err(refusal) => refusal,
            };
            let Some(pause) = refusal.again_after else { return Err(refusal.reason) };
            tokio::time::sleep(pause).await;
            self.attempt(url).await.map_err(|refusal| format!("{}, at the second attempt too", refusal.reason))
        })
    }

    async fn attempt(&self, url: &Url) -> Result<Vec<u8>, Refusal> {
        // The last of them for a mirror that does not know Markdown, and would have to refuse.
        let request = self.client.get(url.clone()).header(ACCEPT, "text/markdown, text/plain;q=0.9, */*;q=0.1");
        let mut response = request.send().await.map_err(|error| self.broken("there is no answer", error))?;
        self.check(&response)?;
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(None) => return Ok(body),
                Ok(Some(chunk)) if body.len() + chunk.len() > MAX_BYTES => {
                    return Err(Refusal::last(format!("it is larger than {} MB", MAX_BYTES / 1_000_000)));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Err(error) => {
                    return Err(self.broken(&format!("it broke off after {} bytes", body.len()), error));
                }
            }
        }
    }

    /// Whether the head of an answer is that of a page.
    fn check(&self, response: &Response) -> Result<(), Refusal> {
        let status = response.status();
        if status != StatusCode::OK {
            let reason = format!("the server answered {status}");
            if !matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
                return Err(Refusal::last(reason));
            }
            return Err(match retry_after(response.headers()) {
                Some(pause) if pause > MAX_PAUSE => {
                    Refusal::last(format!("{reason} and asks to be left alone for {} s", pause.as_secs()))
                }
                pause => Refusal { reason, again_after: Some(pause.unwrap_or(self.pause)) },
            });
        }
        match response.headers().get(CONTENT_TYPE).map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()) {
            Some(text) if !is_text(&text) => Err(Refusal::last(format!("it is {text:?}, and not Markdown"))),
            _ => Ok(()),
        }
    }

    /// What became of the connection. A new one may do better, except where the time or a redirect is the reason.
    fn broken(&self, what: &str, error: reqwest::Error) -> Refusal {
        let (timeout, redirect) = (error.is_timeout() && !error.is_connect(), error.is_redirect());
        // What is around the cause says no more than `what`.
        let cause = anyhow::Error::from(error).root_cause().to_string();
        if timeout {
            Refusal::last(format!("it did not come whole within {:?}", self.timeout))
        } else if redirect {
            Refusal::last(cause)
        } else {
            Refusal { reason: format!("{what}: {cause}"), again_after: Some(self.pause) }
        }
    }
}

/// TLS as the client sets it up: rustls with the ring provider and the system's certificates.
fn tls(needed: bool) -> anyhow::Result<ClientConfig> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("TLS cannot be set up")?;
    // Without TLS there is no need for the system's certificates, which a bare container does not have.
    Ok(if needed {
        config.with_platform_verifier().context("TLS cannot be set up")?.with_no_client_auth()
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
    // The query of a form to sign in may hold what is nobody's business.
    let shown = format!("{}{}", to.origin().ascii_serialization(), to.path());
    // A scheme is a part of the origin, so that nothing leads from https to http.
    if from.origin() != to.origin() {
        let host = from.origin().ascii_serialization();
        return Some(format!("it leads to {shown}, which is not on {host}"));
    }
    (previous.len() > MAX_REDIRECTS).then(|| format!("it leads on more than {MAX_REDIRECTS} times, at last to {shown}"))
}

/// Whether a page may come as this; many servers do not know the extension `.md` and call it a stream of octets.
fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "" | "application/octet-stream" => true,
        "text/html" => false,
        other => other.starts_with("text/"),
    }
}

/// How long the server asks to wait: seconds, or until a date.
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
