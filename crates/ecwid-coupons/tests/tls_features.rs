//! TLS with each choice of features. `cargo xtask ci --only features` runs this with each.

use std::panic::catch_unwind;

use ecwid_coupons::{Client, reqwest};
use rustls::crypto::CryptoProvider;

/// Returns the error of a client for this address, if there is one.
fn error(base_url: &str) -> Option<String> {
    Client::builder(1003, "secret").base_url(base_url).build().err().map(|error| error.to_string())
}

/// Whether another part of the program can create an HTTP client without settings.
fn others_can_create_a_client() -> bool {
    catch_unwind(reqwest::Client::new).is_ok()
}

// A single test, because a provider is installed for the whole process.
#[test]
fn a_client_is_created_or_the_error_names_the_features() {
    // With its feature `rustls-no-provider` alone, the HTTP library panics.
    let expected = cfg!(feature = "aws-lc-rs") || !cfg!(feature = "rustls");
    assert_eq!(others_can_create_a_client(), expected);
    let (https, http) = (error("https://store.example/api/v3"), error("http://127.0.0.1:1/api/v3"));
    assert!(CryptoProvider::get_default().is_none(), "the choice of a provider for the process is the program's");
    assert_eq!(others_can_create_a_client(), expected);
    if cfg!(any(feature = "ring", feature = "aws-lc-rs")) {
        assert_eq!((https, http), (None, None));
        return;
    }
    let text = https.unwrap();
    assert!(text.contains("`ring` or `aws-lc-rs` of ecwid-coupons"), "{text}");
    if !cfg!(feature = "rustls") {
        assert_eq!(http, None, "plain HTTP needs no TLS");
        return;
    }
    // The HTTP library sets up TLS before it knows the address, and panics without a provider.
    assert_eq!(http, Some(text));
    rustls::crypto::ring::default_provider().install_default().unwrap();
    assert_eq!((error("https://store.example/api/v3"), error("http://127.0.0.1:1/api/v3")), (None, None));
    assert!(others_can_create_a_client());
}
