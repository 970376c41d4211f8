//! `docs`: the documentation site. Zensical builds it from `zensical.toml` and the folder `docs`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use crate::{bench, command, sandbox::Sandbox, tools::python::Venv, workspace};

const REQUIREMENTS: &str = "xtask/tools/docs/requirements.txt";

const CONTRADICTIONS: &str = "openapi/contradictions.toml";

/// The data of the reference pages, which are templates. `zensical.toml` names this file too.
const DATA: &str = "target/site-data.json";

/// The folder of the built site. `zensical.toml` names it too.
const SITE: &str = "target/site";

/// The beginnings of lines in which the parser of docstrings reports a problem. They do not fail a strict build.
const PROBLEMS: [&str; 2] = ["griffe:", "mkdocstrings:"];

/// Builds the site, and returns its folder.
///
/// # Errors
///
/// The command does not compile, or Zensical reports a warning, such as a link to a page or heading that does not exist.
pub fn run() -> anyhow::Result<PathBuf> {
    let venv = Venv::installed("docs", REQUIREMENTS)?;
    let root = workspace::root();
    fs::create_dir_all(root.join("target"))?;
    fs::write(root.join(DATA), data(&Sandbox::build(&[])?)?.to_string())?;
    // A page of a deleted file would stay in the folder.
    let site = root.join(SITE);
    if site.exists() {
        fs::remove_dir_all(&site).with_context(|| format!("cannot remove {}", site.display()))?;
    }
    let output = command::run_shown(command::command(venv.program("zensical")).args(["build", "--clean", "--strict"]))?;
    let problems = output.lines().filter(|line| PROBLEMS.iter().any(|problem| line.starts_with(problem))).count();
    ensure!(problems == 0, "{problems} problems in docstrings, see above");
    Ok(site)
}

/// Returns what the reference pages show besides the docstrings and the OpenAPI document.
fn data(program: &Path) -> anyhow::Result<Value> {
    let fidelity = command::ask(command::command(program).args(["sandbox", "--fidelity", "--format", "json"]))?;
    let fidelity: Value = serde_json::from_str(&fidelity)?;
    let contradictions = fs::read_to_string(workspace::root().join(CONTRADICTIONS))?;
    let contradictions: toml::Table =
        contradictions.parse().with_context(|| format!("cannot read {CONTRADICTIONS}"))?;
    let benchmarks = bench::charts(&workspace::root())?;
    Ok(json!({
        "fidelity": fidelity, "contradictions": contradictions, "commands": commands(program)?, "benchmarks": benchmarks,
    }))
}

/// Returns the help of the command and of each subcommand.
fn commands(program: &Path) -> anyhow::Result<Vec<Value>> {
    let folder = tempfile::tempdir()?;
    command::ask(command::command(program).arg("man").arg(folder.path()))?;
    let mut names = Vec::new();
    for page in fs::read_dir(folder.path())? {
        let page = page?.file_name().to_string_lossy().into_owned();
        names.extend(page.strip_suffix(".1").map(|name| name.replace("ecwid-coupons", "").replace('-', " ")));
    }
    names.sort();
    let help = |name: &String| {
        let mut help = command::command(program);
        let help = command::ask(help.arg("help").args(name.split_whitespace()))?;
        let (about, rest) = help.split_once("\n\nUsage: ").context("no usage in the help of the command")?;
        Ok(json!({"name": format!("ecwid-coupons{name}"), "about": about, "help": format!("Usage: {rest}")}))
    };
    names.iter().map(help).collect()
}
