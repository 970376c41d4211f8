//! Helpers of the tests: the program, a sandbox that it runs, and servers with a fixed response.

// No test file uses all of them.
#![allow(dead_code)]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

/// A token that no output may contain.
pub(crate) const TOKEN: &str = "secret_never_shown_1f3a";

/// The outcome of a run of the program.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Outcome {
    /// Returns the output of a successful run.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{self:#?}");
        self.out
    }

    /// Returns the errors of a run with this exit code. There is always an error. There is a hint, unless the error is about a
    /// value and says what is expected.
    #[track_caller]
    pub(crate) fn failed(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:#?}");
        let is_of_value = ["error: invalid value '", "error: a value is required for '"]
            .iter()
            .any(|text| self.err.starts_with(text));
        assert!(self.err.starts_with("error: ") && self.err.contains("\nhint: ") != is_of_value, "{self:#?}");
        self.err
    }
}

/// Returns the program without the settings of this machine.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecwid-coupons"));
    command.args(arguments).stdin(Stdio::null());
    for name in [
        "ECWID_STORE_ID",
        "ECWID_TOKEN",
        "ECWID_BASE_URL",
        "ECWID_CA_FILE",
        "ECWID_ALLOW_HTTP",
        "ECWID_CONFIG",
        "ECWID_SANDBOX_TOKEN",
        "ECWID_SANDBOX_CLIENT_SECRET",
        "COLUMNS",
        "NO_COLOR",
        "CLICOLOR_FORCE",
    ] {
        command.env_remove(name);
    }
    // No configuration file of this machine is read.
    command.env("XDG_CONFIG_HOME", "/no-such-folder").env("APPDATA", "/no-such-folder");
    command
}

/// Runs a command and waits for its end.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Outcome {
    let output = command.output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("the output is UTF-8");
    let outcome =
        Outcome { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) };
    assert!(!outcome.out.contains(TOKEN) && !outcome.err.contains(TOKEN), "the token is shown: {outcome:#?}");
    assert!(!outcome.err.contains("panicked"), "{outcome:#?}");
    outcome
}

/// Runs the program with `--sandbox`.
#[track_caller]
pub(crate) fn alone(arguments: &[&str]) -> Outcome {
    run(program(arguments).arg("--sandbox"))
}

/// Runs the program with this text on standard input.
#[track_caller]
pub(crate) fn run_with_input(command: &mut Command, input: &str) -> Outcome {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), input).expect("the file is written");
    run(command.stdin(file.reopen().expect("the file is read")))
}

/// A sandbox that the program runs. It is killed when this value is dropped.
pub(crate) struct Sandbox {
    child: Child,
    pub(crate) base_url: String,
}

impl Sandbox {
    /// Starts a sandbox on a free port with the token [`TOKEN`].
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = program(&["sandbox", "--port", "0"]);
        command.args(arguments);
        Self::start_by(command)
    }

    /// Starts a sandbox in a folder.
    pub(crate) fn start_in(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = program(&["sandbox", "--port", "0"]);
        command.args(arguments).current_dir(folder);
        Self::start_by(command)
    }

    /// Starts a sandbox with this command.
    pub(crate) fn start_by(mut command: Command) -> Self {
        command.env("ECWID_SANDBOX_TOKEN", TOKEN).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut line).expect("a line");
        let base_url = line.trim_end().strip_prefix("listening on ").unwrap_or_else(|| panic!("{line:?}")).to_owned();
        Self { child, base_url }
    }

    /// Returns the program with the settings for this sandbox.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = program(arguments);
        command.envs(self.settings());
        command
    }

    /// Returns the settings for this sandbox as variables.
    pub(crate) fn settings(&self) -> [(&str, &str); 3] {
        [("ECWID_STORE_ID", "1003"), ("ECWID_TOKEN", TOKEN), ("ECWID_BASE_URL", &self.base_url)]
    }

    /// Returns the response of the control API to a GET.
    pub(crate) fn control(&self, path: &str) -> String {
        let address = self.base_url.trim_start_matches("http://").trim_end_matches("/api/v3");
        let mut stream = TcpStream::connect(address).expect("the sandbox listens");
        let request = format!("GET /_sandbox/{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("the request is sent");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("a response");
        response
    }

    /// Returns the id of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        run(&mut self.program(arguments))
    }

    /// Stops the sandbox with a signal. Returns its exit code and its standard error.
    #[cfg(unix)]
    pub(crate) fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let done = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill is there");
        assert!(done.success());
        let code = self.child.wait().expect("it ends").code();
        let mut text = String::new();
        self.child.stderr.take().expect("it is piped").read_to_string(&mut text).expect("it is UTF-8");
        (code, text)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a server that sends the same response to every request. Returns its base URL.
pub(crate) fn server(status: &'static str, headers: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut request = BufReader::new(stream.try_clone().expect("a stream")).lines();
            while request.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let length = body.len();
            let response =
                format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
            let _ = stream.write_all(response.as_bytes());
            let _ = stream.shutdown(Shutdown::Write);
        }
    });
    format!("http://{address}/api/v3")
}

/// Returns the program with the settings for a server.
pub(crate) fn program_for(base_url: &str, arguments: &[&str]) -> Command {
    let mut command = program(arguments);
    command.env("ECWID_STORE_ID", "1003").env("ECWID_TOKEN", TOKEN).args(["--base-url", base_url]);
    command
}
