//! The client that the environment describes. Its variables are those of a program, so each run is one.

use std::{fs, process::Command};

use ecwid_coupons::{Client, types::NewCoupon};
use ecwid_coupons_sandbox::Sandbox;
use ecwid_coupons_tests::{
    cargo,
    scripted_server::{Act, ScriptedServer},
    target,
    tls_front::TlsFront,
    workspace,
};
use rustls::ALL_VERSIONS;

const TOKEN: &str = "secret_do_not_show";

/// The variables that a client or its proxy is set by.
const VARIABLES: [&str; 12] = [
    "ECWID_STORE_ID",
    "ECWID_TOKEN",
    "ECWID_BASE_URL",
    "ECWID_CA_FILE",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];

const PAGE: &str = r#"{"total":1,"count":1,"offset":0,"limit":100,"items":[{"id":7,"code":"CODE","name":"A name"}]}"#;

/// Runs a program with these variables and no others of these; what it wrote.
async fn run(mut command: Command, variables: &[(&str, &str)]) -> String {
    for name in VARIABLES {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// Runs the example that lists coupons.
async fn list(variables: &[(&str, &str)]) -> String {
    let mut command = cargo(&workspace(), &target());
    command.args(["run", "--quiet", "--package", "ecwid-coupons", "--example", "list"]);
    run(command, variables).await
}

#[tokio::test]
async fn the_environment_sets_a_client_up() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("A name", "CODE")).await.unwrap();
    let store = ("ECWID_STORE_ID", "1003");
    let token = ("ECWID_TOKEN", sandbox.token());
    let base_url = ("ECWID_BASE_URL", sandbox.base_url());
    assert_eq!(list(&[store, token, base_url]).await, "CODE\tA name\n");
    assert!(list(&[token, base_url]).await.contains("ECWID_STORE_ID is not set"));
    assert!(list(&[store, base_url]).await.contains("ECWID_TOKEN is not set"));
    let swapped = list(&[("ECWID_STORE_ID", TOKEN), ("ECWID_TOKEN", "1003")]).await;
    assert!(swapped.contains("ECWID_STORE_ID is no store id") && !swapped.contains(TOKEN), "{swapped}");
    let no_file = list(&[store, token, base_url, ("ECWID_CA_FILE", TOKEN)]).await;
    assert!(no_file.contains("that ECWID_CA_FILE names cannot be read") && !no_file.contains(TOKEN), "{no_file}");
}

#[tokio::test]
async fn the_environment_names_the_proxy_and_what_to_trust() {
    let store = ScriptedServer::start(Vec::new(), |_| Act::answer(200, PAGE)).await.unwrap();
    let front = TlsFront::start(store.address(), ALL_VERSIONS).await.unwrap();
    let to = front.address();
    let tunnel = move |_: &_| Act::Tunnel(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), to);
    let proxy = ScriptedServer::start(Vec::new(), tunnel).await.unwrap();
    let root = tempfile::NamedTempFile::new().unwrap();
    fs::write(root.path(), front.root()).unwrap();
    let shown = list(&[
        ("ECWID_STORE_ID", "1003"),
        ("ECWID_TOKEN", TOKEN),
        ("ECWID_BASE_URL", "https://store.example/api/v3"),
        ("ECWID_CA_FILE", root.path().to_str().unwrap()),
        ("HTTPS_PROXY", &format!("http://user:password@{}", proxy.address())),
    ])
    .await;
    assert_eq!(shown, "CODE\tA name\n");
    let seen = proxy.seen();
    assert!(seen.iter().all(|it| it.method == "CONNECT" && it.target == "store.example:443"), "{seen:?}");
    assert_eq!(seen[0].header("proxy-authorization"), Some("Basic dXNlcjpwYXNzd29yZA=="));
    assert!(!format!("{seen:?}").contains(TOKEN), "the token is for the store alone");
}

/// A server that is the proxy and the store in one, and which of the two each program asked.
#[tokio::test]
async fn the_environment_says_what_goes_past_the_proxy() {
    let server = ScriptedServer::start(Vec::new(), |_| Act::answer(200, PAGE)).await.unwrap();
    let port = server.address().port();
    // This machine, by an address that is not known for it: a proxy is never asked for those that are.
    let elsewhere = format!("http://0.0.0.0:{port}/api/v3");
    let proxy = ("HTTP_PROXY", &*format!("http://127.0.0.1:{port}"));
    let asked = async |by: Command, base_url: &str, variables: &[(&str, &str)]| {
        let before = server.seen().len();
        let settings = [("ECWID_STORE_ID", "1003"), ("ECWID_TOKEN", TOKEN), ("ECWID_BASE_URL", base_url), proxy];
        let text = run(by, &[&settings, variables].concat()).await;
        assert!(text.contains("CODE\tA name\n"), "{text}");
        if server.seen()[before].target.starts_with("http://") { "the proxy" } else { "the store" }
    };
    let program = |test: &str| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([test, "--exact", "--ignored", "--nocapture"]);
        command
    };
    let plain = || program("environment::program_that_asks");
    assert_eq!(asked(plain(), &elsewhere, &[]).await, "the proxy");
    assert_eq!(asked(plain(), &elsewhere, &[("NO_PROXY", "example.org, 0.0.0.0")]).await, "the store");
    assert_eq!(asked(plain(), server.base_url(), &[]).await, "the store");
    let direct = || program("environment::program_that_asks_without_a_proxy");
    assert_eq!(asked(direct(), &elsewhere, &[]).await, "the store");
}

#[tokio::test]
#[ignore = "a program that another test runs"]
async fn program_that_asks() {
    show(Client::from_env()).await;
}

#[tokio::test]
#[ignore = "a program that another test runs"]
async fn program_that_asks_without_a_proxy() {
    let base_url = std::env::var("ECWID_BASE_URL").unwrap();
    show(Client::builder(1003, TOKEN).base_url(base_url).no_proxy().build()).await;
}

async fn show(client: Result<Client, ecwid_coupons::Error>) {
    for coupon in client.unwrap().search().page().await.unwrap().items.unwrap_or_default() {
        println!("{}\t{}", coupon.code.unwrap_or_default(), coupon.name.unwrap_or_default());
    }
}
