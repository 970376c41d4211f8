//! Tests with a server whose certificate the system does not trust.

mod program;
// The file and not its crate, because a source distribution would contain a crate that this one names.
#[path = "../../../tests/src/scripted_server.rs"]
#[allow(dead_code, unreachable_pub)]
mod scripted_server;
#[path = "../../../tests/src/tls_front.rs"]
#[allow(dead_code, unreachable_pub)]
mod tls_front;

use program::{TOKEN, alone, program, program_for, run, server};
use scripted_server::{Act, ScriptedServer};
use tls_front::TlsFront;

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

#[tokio::test(flavor = "multi_thread")]
async fn a_store_has_its_own_certificates_and_its_own_proxy() {
    let page = r#"{"total":0,"count":0,"offset":0,"limit":1,"items":[]}"#;
    let store = ScriptedServer::start(Vec::new(), |_| Act::response(200, page)).await.unwrap();
    let front = TlsFront::start(store.address(), rustls::ALL_VERSIONS).await.unwrap();
    let proxy = server("407 Proxy Authentication Required", "Proxy-Authenticate: Basic\r\n", "<html>");
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    };
    write("root.pem", front.root());
    write("token", TOKEN);
    let common = |url: &str| format!("store-id = 1003\ntoken-file = 'token'\nbase-url = '{url}'\n");
    let config = format!(
        "[stores.trusted]\n{0}ca-file = 'root.pem'\n[stores.other]\n{0}[stores.behind]\n{1}proxy = '{2}'\n",
        common(&front.base_url()),
        common("https://shop.invalid/api/v3"),
        proxy.trim_end_matches("/api/v3"),
    );
    write("config.toml", &config);
    let check = |store: &str| {
        let mut command = program(&["check", "--store", store, "--timeout", "20"]);
        run(command.env("ECWID_CONFIG", folder.path().join("config.toml")))
    };
    assert!(check("trusted").ok().contains("connection             ok"));
    for (store, expected) in [
        ("other", "add the root certificate of the server or the proxy"),
        ("behind", "set the user name and the password of the proxy"),
    ] {
        let outcome = check(store);
        let failed = outcome.out.lines().find(|line| line.contains("FAILED")).unwrap_or_default();
        assert!(outcome.code == 6 && failed.contains("connection") && failed.contains(expected), "{outcome:?}");
    }
}
