//! Tests with a server whose certificate the system does not trust.

mod program;

use ecwid_coupons_tests::{
    scripted_server::{Act, ScriptedServer},
    tls_front::TlsFront,
};
use program::{alone, program_for, run};

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_root_certificates_is_trusted() {
    let page = r#"{"total":0,"count":0,"offset":0,"limit":100,"items":[]}"#;
    let store = ScriptedServer::start(Vec::new(), |_| Act::response(200, page)).await.unwrap();
    let front = TlsFront::start(store.address(), rustls::ALL_VERSIONS).await.unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), front.root()).unwrap();

    let search = || program_for(&front.base_url(), &["search", "--format", "json"]);
    let error = run(&mut search()).failed(6);
    assert!(error.contains("add the root certificate of the server or the proxy"), "{error}");
    assert_eq!(run(search().arg("--ca-file").arg(file.path())).ok(), "[]\n");
    assert_eq!(run(search().env("ECWID_CA_FILE", file.path())).ok(), "[]\n");
    // A byte order mark does not hide the first certificate.
    std::fs::write(file.path(), format!("\u{feff}{}", front.root())).unwrap();
    assert_eq!(run(search().arg("--ca-file").arg(file.path())).ok(), "[]\n");

    std::fs::write(file.path(), "no certificate").unwrap();
    let error = run(search().arg("--ca-file").arg(file.path())).failed(2);
    assert!(error.contains("invalid root certificates: there are none"), "{error}");
    alone(&["search", "--ca-file", "some.pem"]).failed(2);
}
