//! A client with the settings of the environment. Each run is a process, because variables belong to a process.

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

/// The variables that configure a client or its proxy.
const VARIABLES: [&str; 14] = [
    "ECWID_STORE_ID",
    "ECWID_TOKEN",
    "ECWID_BASE_URL",
    "ECWID_ALLOW_HTTP",
    "ECWID_CA_FILE",
    "REQUEST_METHOD",
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

/// Runs a program with these of the variables only, and returns its output.
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
async fn the_environment_configures_a_client() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("A name", "CODE")).await.unwrap();
    let store = ("ECWID_STORE_ID", "1003");
    let token = ("ECWID_TOKEN", sandbox.token());
    let base_url = ("ECWID_BASE_URL", sandbox.base_url());
    assert_eq!(list(&[store, token, base_url]).await, "CODE\tA name\n");
    assert!(list(&[token, base_url]).await.contains("`ECWID_STORE_ID` is not set"));
    assert!(list(&[store, base_url]).await.contains("`ECWID_TOKEN` is not set"));
    let swapped = list(&[("ECWID_STORE_ID", TOKEN), ("ECWID_TOKEN", "1003")]).await;
    assert!(swapped.contains("invalid store id in `ECWID_STORE_ID`") && !swapped.contains(TOKEN), "{swapped}");
    let no_file = list(&[store, token, base_url, ("ECWID_CA_FILE", TOKEN)]).await;
    assert!(no_file.contains("cannot read the file in `ECWID_CA_FILE`") && !no_file.contains(TOKEN), "{no_file}");
}

#[tokio::test]
async fn the_environment_sets_the_proxy_and_the_certificates() {
    let store = ScriptedServer::start(Vec::new(), |_| Act::response(200, PAGE)).await.unwrap();
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

/// A server that is both the proxy and the store.
struct Both(ScriptedServer);

impl Both {
    async fn start() -> Self {
        Self(ScriptedServer::start(Vec::new(), |_| Act::response(200, PAGE)).await.unwrap())
    }

    /// Returns the address of this machine in a form that is not recognized as such. Recognized ones use no proxy.
    fn elsewhere(&self) -> String {
        format!("http://0.0.0.0:{}/api/v3", self.0.address().port())
    }

    fn proxy(&self) -> String {
        format!("http://{}", self.0.address())
    }

    /// Returns the output of a program, and which of the two servers received its request.
    async fn asked(&self, by: Command, base_url: &str, variables: &[(&str, &str)]) -> (String, &'static str) {
        let before = self.0.seen().len();
        let settings = [("ECWID_STORE_ID", "1003"), ("ECWID_TOKEN", TOKEN), ("ECWID_BASE_URL", base_url)];
        let allowed = [("ECWID_ALLOW_HTTP", "1")];
        let text = run(by, &[&settings[..], &allowed, variables].concat()).await;
        assert!(!text.contains(TOKEN), "{text}");
        let asked = match self.0.seen().get(before) {
            None => "nobody",
            Some(seen) if seen.target.starts_with("http://") => "the proxy",
            Some(_) => "the store",
        };
        (text, asked)
    }
}

fn program(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--ignored", "--nocapture"]);
    command
}

fn plain() -> Command {
    program("environment::program_that_asks")
}

#[tokio::test]
async fn no_proxy_lists_hosts_without_a_proxy() {
    let both = Both::start().await;
    let (port, proxy) = (both.0.address().port(), both.proxy());
    let (elsewhere, here) = (both.elsewhere(), both.0.base_url());
    let asked = async |by: Command, base_url: &str, no_proxy: &str| {
        let (text, asked) = both.asked(by, base_url, &[("HTTP_PROXY", &proxy), ("NO_PROXY", no_proxy)]).await;
        assert!(text.contains("CODE\tA name\n"), "{text}");
        asked
    };
    for past in ["example.org, 0.0.0.0", "0.0.0.0/8", "*", "*:*, 0.0.0.0", &format!("a:1,0.0.0.0:{port}")] {
        assert_eq!(asked(plain(), &elsewhere, past).await, "the store", "{past}");
    }
    for not_past in ["", " ", "0.0.0.0:1", "example.org, *.0.0.0", "10.0.0.0/8"] {
        assert_eq!(asked(plain(), &elsewhere, not_past).await, "the proxy", "{not_past}");
    }
    assert_eq!(asked(plain(), here, "").await, "the store");
    let direct = program("environment::program_that_asks_without_a_proxy");
    assert_eq!(asked(direct, &elsewhere, "").await, "the store");
}

/// These names do not exist, so a request without a proxy reaches no server.
#[tokio::test]
async fn no_proxy_includes_subdomains() {
    let both = Both::start().await;
    let proxy = both.proxy();
    let asked = async |host: &str, no_proxy: &str| {
        let base_url = format!("http://{host}/api/v3");
        both.asked(plain(), &base_url, &[("HTTP_PROXY", &proxy), ("NO_PROXY", no_proxy)]).await.1
    };
    for past in
        ["*.shop.invalid", "*.shop.invalid:8080", ".invalid", "INVALID", "a b.shop.invalid", "shop.invalid:8080"]
    {
        assert_eq!(asked("b.shop.invalid:8080", past).await, "nobody", "{past}");
    }
    for not_past in ["*.shop.invalid:80", "*.hop.invalid", "hop.invalid", "c.b.shop.invalid"] {
        assert_eq!(asked("b.shop.invalid:8080", not_past).await, "the proxy", "{not_past}");
    }
    assert_eq!(asked("b.shop.invalid", "shop.invalid:80").await, "nobody", "the port that http has");
}

#[tokio::test]
async fn an_invalid_proxy_of_the_environment_is_an_error() {
    let both = Both::start().await;
    let (elsewhere, proxy) = (both.elsewhere(), both.proxy());
    let spaced = format!(" {proxy}\n");
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        let bare = both.0.address().to_string();
        for readable in [&proxy, &spaced, &bare, &proxy.to_uppercase()] {
            assert_eq!(both.asked(plain(), &elsewhere, &[(name, readable)]).await.1, "the proxy", "{name}={readable}");
        }
        let quoted = format!("\"http://user:hidden@{}\"", both.0.address());
        for not in [
            &quoted,
            "'http://hidden'",
            "http://user:hidden@:80",
            "ftp://hidden",
            "http://",
            "hid den",
            "http://hidden:99999",
        ] {
            let (text, asked) = both.asked(plain(), &elsewhere, &[(name, not)]).await;
            assert!(
                asked == "nobody" && text.contains(&format!("invalid proxy in `{name}`: ")),
                "{name}={not}: {text}"
            );
            assert!(!text.contains("hid"), "{text}");
        }
        // Also if the server is in `NO_PROXY`.
        let other = both.asked(plain(), &elsewhere, &[(name, &quoted), ("NO_PROXY", "0.0.0.0")]).await;
        assert_eq!(other.1, "nobody", "{}", other.0);
    }
    let (text, asked) = both.asked(plain(), &elsewhere, &[("HTTPS_PROXY", "ftp://hidden")]).await;
    assert_eq!(asked, "the store", "it is for https alone: {text}");
    // In a CGI program, this is a header of the incoming request.
    let cgi = [("HTTP_PROXY", &*proxy), ("REQUEST_METHOD", "GET")];
    assert_eq!(both.asked(plain(), &elsewhere, &cgi).await.1, "the store");
}

#[tokio::test]
async fn the_environment_can_allow_http() {
    let both = Both::start().await;
    let elsewhere = both.elsewhere();
    for (value, asked) in
        [("1", "the store"), ("True", "the store"), ("0", "nobody"), ("", "nobody"), (TOKEN, "nobody")]
    {
        let (text, came) = both.asked(plain(), &elsewhere, &[("ECWID_ALLOW_HTTP", value)]).await;
        assert_eq!(came, asked, "{value}: {text}");
        assert!(asked != "nobody" || text.contains("ECWID_ALLOW_HTTP"), "{text}");
    }
}

#[tokio::test]
async fn a_store_of_the_configuration_file_is_used_by_its_name() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.client().unwrap().create(&NewCoupon::new("A name", "CODE")).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let (token, url) = (sandbox.token(), sandbox.base_url());
    fs::write(folder.path().join("main.token"), token).unwrap();
    let config =
        format!("[stores.main]\nstore-id = 1003\ntoken-file = 'main.token'\nbase-url = '{url}'\n").replace('\\', "/");
    fs::write(&path, config).unwrap();
    let variables = [("ECWID_CONFIG", path.to_str().unwrap())];
    let text = run(program("environment::program_with_a_store"), &variables).await;
    assert!(text.contains("CODE\tA name\n"), "{text}");
    fs::write(&path, "").unwrap();
    let text = run(program("environment::program_with_a_store"), &variables).await;
    assert!(text.contains("unknown store: `main`") && !text.contains("CODE"), "{text}");
}

#[tokio::test]
#[ignore = "a program that another test runs"]
async fn program_with_a_store() {
    show(Client::from_config("main")).await;
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
    show(Client::builder(1003, TOKEN).base_url(base_url).allow_http(true).no_proxy().build()).await;
}

async fn show(client: Result<Client, ecwid_coupons::Error>) {
    for coupon in client.unwrap().search().page().await.unwrap().items.unwrap_or_default() {
        println!("{}\t{}", coupon.code.unwrap_or_default(), coupon.name.unwrap_or_default());
    }
}
