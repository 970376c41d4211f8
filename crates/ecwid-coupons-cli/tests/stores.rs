//! Stores of a configuration file: `--store`, `--all-stores`, `config show` and `check`.

mod program;

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::PathBuf,
    process::Command,
};

use program::{Outcome, Sandbox, TOKEN, program, run, server};
use tempfile::TempDir;

/// A sandbox with three stores, and a configuration file that names them. The token of `third` can only read.
struct Stores {
    sandbox: Sandbox,
    folder: TempDir,
}

impl Stores {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tokens = "[[tokens]]\nstoreId = 1004\ntoken = \"secret_outlet\"\n\
                      [[tokens]]\nstoreId = 1005\ntoken = \"secret_third\"\nscopes = [\"read_discount_coupons\"]\n";
        fs::write(folder.path().join("sandbox.toml"), tokens).unwrap();
        let sandbox = Sandbox::start_in(folder.path(), &["--config", "sandbox.toml", "--seed", "3"]);
        let stores = Self { sandbox, folder };
        let url = &stores.sandbox.base_url;
        stores.write("main.token", TOKEN);
        stores.write("outlet.token", "secret_outlet");
        stores.write("third.token", "secret_third");
        stores.write("config.toml", &format!(
            "default = 'main'\n\
             [stores.main]\nstore-id = 1003\ntoken-file = 'main.token'\nbase-url = '{url}'\n\
             [stores.outlet]\nstore-id = 1004\ntoken-file = 'outlet.token'\nbase-url = '{url}'\nrequests-per-minute = 200\n\
             [stores.third]\nstore-id = 1005\ntoken-file = 'third.token'\nbase-url = '{url}'\n"
        ));
        stores
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(arguments);
        command.env("ECWID_CONFIG", self.path("config.toml"));
        command
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        run(&mut self.command(arguments))
    }

    fn create(&self, store: &str, code: &str) {
        self.run(&["create", "--store", store, "--name", "Name", "--code", code, "--discount", "5"]).ok();
    }
}

#[test]
fn a_store_is_selected_by_name_or_is_the_default() {
    let stores = Stores::start();
    stores.create("outlet", "OUT");
    assert!(stores.run(&["get", "OUT", "--store", "outlet"]).ok().contains("OUT"));
    stores.run(&["get", "OUT"]).failed(3);
    let all = stores.run(&["search", "--format", "jsonl"]).ok();
    assert_eq!(all.lines().count(), 3);
    assert!(!all.contains("\"store\""), "a single store needs no column: {all}");

    // The environment and the flags override the file as a whole.
    let mut other = stores.command(&["search", "--format", "jsonl"]);
    other
        .env("ECWID_STORE_ID", "1004")
        .env("ECWID_TOKEN", "secret_outlet")
        .env("ECWID_BASE_URL", &stores.sandbox.base_url);
    assert!(run(&mut other).ok().contains("OUT"));
    // But not if a store is named: its token would be sent for another store, or to another server.
    let mut named = stores.command(&["get", "OUT", "--store", "outlet"]);
    named.env("ECWID_STORE_ID", "1003").env("ECWID_TOKEN", TOKEN).env("ECWID_BASE_URL", "http://127.0.0.1:9/api/v3");
    assert!(run(&mut named).ok().contains("OUT"));
    // A flag overrides a setting of the named store.
    let error = stores.run(&["search", "--store", "main", "--base-url", "http://127.0.0.1:9/api/v3"]).failed(6);
    assert!(error.contains("cannot reach http://127.0.0.1:9"), "{error}");
    let error = stores.run(&["search", "--store", "main", "--store-id", "1004"]);
    assert_eq!(error.code, 2, "{error:?}");
}

#[test]
fn a_wrong_store_or_file_is_named() {
    let stores = Stores::start();
    let path = stores.path("config.toml");
    let error = stores.run(&["search", "--store", "nope"]).failed(2);
    assert!(error.contains("unknown store: `nope` (expected `main`, `outlet`, `third`)"), "{error}");
    assert!(error.contains(&path.display().to_string()), "{error}");
    let error = stores.run(&["get", "A", "--store", "main,outlet"]).failed(2);
    assert!(error.contains("this command accepts one store"), "{error}");
    stores.run(&["delete", "A", "--all-stores"]).failed(2);
    let error =
        run(program(&["search", "--config", "/no-such-file.toml", "--store", "main"]).env_remove("ECWID_CONFIG"));
    assert!(error.failed(2).contains("`/no-such-file.toml`"));
    let error = run(&mut program(&["search", "--store", "main"])).failed(2);
    assert!(error.contains("missing configuration file: ") && error.contains("[stores.main]"), "{error}");

    stores.write("config.toml", &format!("[stores.main]\nstore-id = 1003\ntoken = '{TOKEN}'\n"));
    let error = stores.run(&["search"]).failed(2);
    assert!(error.contains("line 3") && error.contains("the file cannot contain a token"), "{error}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let url = &stores.sandbox.base_url;
        let main = format!("[stores.main]\nstore-id = 1003\ntoken-file = 'main.token'\nbase-url = '{url}'\n");
        stores.write("config.toml", &main);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let outcome = stores.run(&["config", "show"]);
        assert!(outcome.err.contains("config.toml` (mode 0644); run `chmod 600` on it"), "{outcome:?}");
        fs::set_permissions(stores.path("main.token"), fs::Permissions::from_mode(0o640)).unwrap();
        let outcome = stores.run(&["search"]);
        assert!(outcome.err.contains("the token file of the store `main` (mode 0640)"), "{outcome:?}");
    }
}

#[test]
fn all_stores_are_searched_at_once() {
    let stores = Stores::start();
    stores.create("outlet", "OUT1");
    stores.create("outlet", "OUT2");
    for arguments in [&["search", "--all-stores"][..], &["search", "--store", "outlet,main,third"]] {
        let table = stores.run(arguments).ok();
        assert!(table.lines().next().unwrap().starts_with("store "), "{table}");
        let names: Vec<_> = table.lines().skip(2).map(|line| line.split_whitespace().next().unwrap()).collect();
        let outlet_first = arguments.len() == 3;
        let mut expected = ["main", "main", "main", "outlet", "outlet"];
        if outlet_first {
            expected.rotate_right(2);
        }
        assert_eq!(names, expected, "{table}");
    }
    let csv = stores.run(&["search", "--all-stores", "--format", "csv", "--fields", "code", "--limit", "1"]).ok();
    let mut lines: Vec<_> = csv.lines().collect();
    lines[1..].sort_unstable();
    assert_eq!(lines, ["store,code", "main,PARTNER10-21", "outlet,OUT1"], "the limit applies to each store");
    let json = stores.run(&["search", "--all-stores", "--format", "json"]).ok();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(rows.iter().filter(|row| row["store"] == "outlet" && row["discount"] == 5).count(), 2);
    assert_eq!(stores.run(&["search", "--store", "third,third", "--format", "json"]).ok(), "[]\n");
    let help = stores.run(&["search", "--help"]).ok().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("The column `store` says whose row it is."), "{help}");
}

#[test]
fn a_store_that_fails_does_not_end_the_others() {
    let stores = Stores::start();
    stores.create("outlet", "OUT");
    // A token that cannot be read, and one that the store refuses.
    for (file, text, code, part) in [
        ("main.token", "", 2, "store `main`: invalid token file"),
        ("main.token", "secret_wrong", 7, "store `main`: search_discount_coupons: 403"),
    ] {
        stores.write(file, text);
        let outcome = stores.run(&["search", "--all-stores", "--format", "jsonl", "--fields", "code"]);
        assert_eq!(
            (outcome.code, outcome.out.as_str()),
            (code, "{\"store\":\"outlet\",\"code\":\"OUT\"}\n"),
            "{outcome:?}"
        );
        assert_eq!(outcome.err.matches(part).count(), 1, "{outcome:?}");
        let summary = "error: 1 of 3 stores failed: the coupons are missing or incomplete\n";
        assert!(outcome.err.contains(summary), "{outcome:?}");
    }
}

#[test]
fn each_setting_is_shown_with_its_source_and_without_secrets() {
    let stores = Stores::start();
    let config = fs::read_to_string(stores.path("config.toml")).unwrap();
    stores.write("config.toml", &format!("{config}proxy = 'http://user:hush@proxy.example:3128'\n"));
    let shown = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = stores.command(&[&["config", "show", "--format", "csv"], arguments].concat());
        run(command.envs(variables.iter().copied())).ok()
    };
    let file = format!("file {}", stores.path("config.toml").display());
    let text = shown(&["--store", "outlet", "--allow-http"], &[("ECWID_CA_FILE", "ca.pem")]);
    for line in [
        format!("outlet,store id,1004,{file}"),
        format!("outlet,token,from file {},{file}", stores.path("outlet.token").display()),
        format!("outlet,base URL,{},{file}", stores.sandbox.base_url),
        format!("outlet,requests per minute,200,{file}"),
        "outlet,CA file,ca.pem,environment variable ECWID_CA_FILE".to_owned(),
        "outlet,allow http,yes,flag --allow-http".to_owned(),
    ] {
        assert!(text.lines().any(|known| known == line), "{line}: {text}");
    }
    let text = shown(&["--all-stores"], &[]);
    assert!(text.contains(&format!("third,proxy,…@proxy.example:3128,{file}")) && !text.contains("hush"), "{text}");
    let text = shown(&[], &[("ECWID_STORE_ID", "7"), ("ECWID_TOKEN", TOKEN)]);
    assert!(text.contains("7,token,from environment variable ECWID_TOKEN,environment variable ECWID_TOKEN"), "{text}");
    assert!(text.contains("7,base URL,https://app.ecwid.com/api/v3,default"), "{text}");
}

fn checks(outcome: &Outcome) -> Vec<(String, String, String)> {
    let row = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        (text("store"), text("check"), text("result"))
    };
    outcome.out.lines().map(row).collect()
}

#[test]
fn the_connection_the_token_and_the_scopes_are_checked() {
    let stores = Stores::start();
    let table = stores.run(&["check"]).ok();
    assert!(table.contains("main") && table.contains("3 coupons"), "{table}");
    stores.create("outlet", "OUT");
    let coupons = || {
        let csv = stores.run(&["search", "--all-stores", "--format", "csv"]).ok();
        csv.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
    };
    let before = coupons();

    let outcome = stores.run(&["check", "--write", "--all-stores", "--format", "jsonl"]);
    assert_eq!(outcome.code, 7, "the token of the third store can only read: {outcome:?}");
    let checks = checks(&outcome);
    let results = |store: &str| {
        let of_store = checks.iter().filter(|(name, ..)| name == store);
        of_store.map(|(_, check, result)| format!("{check} {result}")).collect::<Vec<_>>()
    };
    let reads = ["settings ok", "connection ok", "token ok", "read_discount_coupons ok", "rate limit ok", "clock ok"];
    let writes = ["create_discount_coupons ok", "update_discount_coupons ok", "update_discount_coupons ok"];
    assert_eq!(results("main"), [&reads[..], &writes].concat());
    assert_eq!(results("outlet"), [&reads[..], &writes].concat());
    let limited = ["create_discount_coupons skipped", "update_discount_coupons failed"];
    assert_eq!(results("third"), [&reads[..], &limited].concat());
    assert!(outcome.out.contains("at most 200 requests in any 60 s"), "{outcome:?}");
    assert_eq!(coupons(), before, "a check changes nothing");
}

#[test]
fn a_failed_check_has_the_exit_code_of_its_failure() {
    let stores = Stores::start();
    for (token, base_url, code, check) in [
        ("secret_wrong", stores.sandbox.base_url.as_str(), 7, "token"),
        (TOKEN, "http://127.0.0.1:9/api/v3", 6, "connection"),
        ("", &stores.sandbox.base_url, 2, "settings"),
    ] {
        stores.write("main.token", token);
        let outcome = stores.run(&["check", "--format", "jsonl", "--base-url", base_url, "--store", "main"]);
        assert_eq!(outcome.code, code, "{outcome:?}");
        let failed: Vec<_> = checks(&outcome).into_iter().filter(|(.., result)| result == "failed").collect();
        assert_eq!(failed, [("main".to_owned(), check.to_owned(), "failed".to_owned())]);
    }
}

#[test]
fn a_token_in_another_place_is_not_shown_by_config_show() {
    let stores = Stores::start();
    let config = "[stores.secret_hush]\nstore-id = 1003\ntoken-file = 'secret_hush'\nca-file = 'secret_hush'\n\
                  base-url = 'http://u:secret_hush@127.0.0.1/api/v3?k=secret_hush'\n\
                  [stores.b]\nstore-id = 1004\ntoken-env = 'secret_hush'\n[stores.c]\nstore-id = 1\n\
                  token-command = ['secret_hush', 'secret_hush']\n";
    stores.write("config.toml", config);
    for format in ["table", "json", "csv"] {
        let shown = stores.run(&["config", "show", "--all-stores", "--format", format]).ok();
        assert!(shown.contains("secret_…") && !shown.contains("hush"), "{shown}");
    }
}

#[test]
fn coupons_of_another_store_are_not_changed() {
    let stores = Stores::start();
    for store in ["main", "outlet"] {
        stores.create(store, "SAME");
    }
    let all = stores.run(&["search", "--all-stores", "--code", "SAME", "--format", "jsonl"]).ok();
    assert_eq!(all.lines().count(), 2);
    let delete = |store: &str, input: &str| {
        program::run_with_input(&mut stores.command(&["delete", "-", "--store", store]), input)
    };
    let error = delete("outlet", &all).failed(2);
    assert!(error.contains("a coupon of the store `main`\nhint: select its store with `--store main`, and"), "{error}");
    let of_outlet = all.lines().find(|line| line.contains("\"outlet\"")).unwrap();
    delete("outlet", of_outlet).ok();
    stores.run(&["get", "SAME", "--store", "main"]).ok();
    let array = stores.run(&["search", "--code", "SAME", "--format", "json"]).ok();
    assert!(delete("main", &array).failed(2).contains("a JSON array (expected an object on each line"));
    assert_eq!(
        stores.run(&["search", "--all-stores", "--count", "--code", "SAME", "--format", "csv"]).ok(),
        "store,count\nmain,1\noutlet,0\nthird,0\n"
    );
}

#[test]
fn a_clock_that_is_off_is_a_warning() {
    let page = r#"{"total":0,"count":0,"offset":0,"limit":1,"items":[]}"#;
    for (date, text) in [
        ("Sun, 06 Nov 1994 08:49:37 GMT", "ahead of the server's"),
        ("Fri, 06 Nov 2099 08:49:37 GMT", "behind the server's"),
    ] {
        let headers: &str = format!("Content-Type: application/json\r\nDate: {date}\r\n").leak();
        let base_url = server("200 OK", headers, page);
        let mut command = program(&["check", "--base-url", &base_url, "--store-id", "1003"]);
        let outcome = run(command.env("ECWID_TOKEN", TOKEN));
        let clock = outcome.ok().lines().find(|line| line.contains("clock  ")).unwrap_or_default().to_owned();
        assert!(clock.contains("warning") && clock.contains(text), "{clock}");
    }
}

/// The server responds to nobody before it has a request of each store.
#[test]
fn stores_are_searched_at_the_same_time() {
    let stores = Stores::start();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/api/v3", listener.local_addr().unwrap());
    let text = ["main", "outlet", "third"].iter().enumerate().map(|(index, name)| {
        format!("[stores.{name}]\nstore-id = {}\ntoken-file = '{name}.token'\nbase-url = '{url}'\n", 1003 + index)
    });
    stores.write("config.toml", &text.collect::<String>());
    let server = std::thread::spawn(move || {
        let mut waiting = Vec::new();
        while waiting.len() < 3 {
            let (stream, _) = listener.accept().unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            waiting.push((stream, line.split('/').nth(3).unwrap().to_owned()));
        }
        let page = r#"{"total":0,"count":0,"offset":0,"limit":1,"items":[]}"#;
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", page.len());
        for (stream, _) in &mut waiting {
            stream.write_all(format!("{head}{page}").as_bytes()).unwrap();
        }
        waiting.into_iter().map(|(_, store)| store).collect::<std::collections::BTreeSet<_>>()
    });
    let count = ["search", "--all-stores", "--count", "--format", "csv", "--timeout", "60"];
    assert_eq!(stores.run(&count).ok(), "store,count\nmain,0\noutlet,0\nthird,0\n");
    assert_eq!(server.join().unwrap().into_iter().collect::<Vec<_>>(), ["1003", "1004", "1005"]);
}

#[test]
fn each_store_has_its_own_rate_limit() {
    let stores = Stores::start();
    let config = fs::read_to_string(stores.path("config.toml")).unwrap().replace("requests-per-minute = 200\n", "");
    stores.write("config.toml", &config.replace(".token'\n", ".token'\nrequests-per-minute = 1\n"));
    // One request for each store is allowed.
    let outcome = stores.run(&["search", "--all-stores", "--format", "jsonl", "--timeout", "30"]);
    assert_eq!((outcome.code, outcome.out.lines().count()), (0, 3), "{outcome:?}");
    // Coupons of more than a page need two.
    let load: String = (0..120).map(|index| format!("{{\"name\":\"A\",\"code\":\"C{index}\"}}\n")).collect();
    stores.write("many.jsonl", &load);
    let mut import = stores.sandbox.program(&["import"]);
    run(import.arg(stores.path("many.jsonl"))).ok();
    let create = ["create", "--name", "Name", "--code", "OUT", "--discount", "5", "--store", "outlet"];
    stores.run(&create).ok();
    let outcome = stores.run(&["search", "--all-stores", "--format", "jsonl", "--timeout", "30"]);
    assert_eq!(outcome.code, 5, "{outcome:?}");
    assert!(outcome.err.contains("store `main`: ") && outcome.err.contains("rate limit"), "{outcome:?}");
    assert!(outcome.out.contains("\"outlet\"") && !outcome.err.contains("store `outlet`"), "{outcome:?}");
}

#[test]
fn the_file_is_in_the_configuration_folder_unless_another_is_named() {
    let stores = Stores::start();
    let config = fs::read_to_string(stores.path("config.toml")).unwrap();
    fs::create_dir(stores.path("ecwid-coupons")).unwrap();
    let default = |name: &str| config.replace("default = 'main'", &format!("default = '{name}'"));
    let files = [("ecwid-coupons/config.toml", "third"), ("environment.toml", "outlet"), ("flag.toml", "main")];
    for (file, store) in files {
        // Token files are beside the configuration file.
        stores.write(
            file,
            &default(store).replace("token-file = '", &format!("token-file = '{}/", stores.folder.path().display())),
        );
    }
    let shown = |environment: bool, flag: bool| {
        let mut command = program(&["config", "show", "--format", "csv"]);
        command.env("XDG_CONFIG_HOME", stores.folder.path()).env("APPDATA", stores.folder.path());
        if environment {
            command.env("ECWID_CONFIG", stores.path("environment.toml"));
        }
        if flag {
            command.arg("--config").arg(stores.path("flag.toml"));
        }
        run(&mut command).ok().lines().nth(1).unwrap().to_owned()
    };
    for (index, (environment, flag)) in [(false, false), (true, false), (true, true)].into_iter().enumerate() {
        let (file, store) = files[index];
        let id = ["main", "outlet", "third"].iter().position(|name| *name == store).unwrap() + 1003;
        let expected = format!("{store},store id,{id},file {}", stores.path(file).display());
        assert_eq!(shown(environment, flag), expected);
    }
}
