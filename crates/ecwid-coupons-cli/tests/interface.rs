//! The parts of the command that programs use are listed in `interface.txt`, so that reviewers see their changes: subcommands, flags,
//! variables, exit codes and the columns of CSV. `cargo xtask release` takes a line that is gone for a breaking change.

mod program;

use std::{collections::BTreeSet, env, fs, path::Path, sync::LazyLock};

use program::{Sandbox, program, run};
use regex::Regex;

const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/interface.txt");

/// If this variable is set, the list is written.
const WRITE: &str = "ECWID_WRITE_INTERFACE";

/// A flag at the start of a line of the help.
static FLAG: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^ +(?:(-\w), )?(--[a-z-]+)").unwrap());

/// The values of a flag, in one line or in a list.
static VALUES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)\[possible values: ([^\]]+)\]|^ +- ([\w-]+): ").unwrap());

/// A subcommand with another name.
static ALIAS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\[alias: ([a-z]+)\]").unwrap());

static VARIABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?:ECWID_[A-Z_]+|NO_COLOR|CLICOLOR_FORCE)\b").unwrap());

/// The row of an exit code in the help, or in the table of the guide.
static EXIT_CODES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^(?:  |\| )(\d+(?:, \d+)*)(?:  | \| )(.*?)(?: \|)?$").unwrap());

fn help(subcommand: &str) -> String {
    run(program(&["help"]).args(subcommand.split_whitespace())).ok()
}

/// Returns the names of the subcommands, which have a manual page each.
fn subcommands() -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    run(program(&["man"]).arg(folder.path())).ok();
    let pages = fs::read_dir(folder.path()).unwrap().map(|page| page.unwrap().file_name().into_string().unwrap());
    let name = |page: String| {
        page.strip_suffix(".1").unwrap().replace("ecwid-coupons", "").replace('-', " ").trim().to_owned()
    };
    pages.map(name).collect()
}

/// Adds a line for each column that a command prints as CSV.
fn add_columns(list: &mut BTreeSet<String>, name: &str, csv: &str) {
    let header = csv.lines().next().unwrap();
    assert!(header.contains(','), "{name}: {csv}");
    list.extend(header.split(',').map(|column| format!("column {name}: {column}")));
}

#[test]
fn the_interface_is_listed() {
    let mut list = BTreeSet::new();
    for subcommand in subcommands() {
        let help = help(&subcommand);
        let is_program = subcommand.is_empty();
        // The settings are those of the program.
        let own = if is_program { &help } else { help.split("\nSettings:\n").next().unwrap() };
        let name = if is_program { "ecwid-coupons" } else { &subcommand };
        list.insert(format!("command {name}"));
        list.extend(ALIAS.captures_iter(own).map(|alias| format!("command {name} {}", &alias[1])));
        list.extend(VARIABLE.find_iter(own).map(|variable| format!("variable {}", variable.as_str())));
        let flags: Vec<_> = FLAG.captures_iter(own).filter(|flag| &flag[2] != "--help").collect();
        for (index, flag) in flags.iter().enumerate() {
            list.insert(format!("flag {name} {}", &flag[2]));
            list.extend(flag.get(1).map(|short| format!("flag {name} {}", short.as_str())));
            let end = flags.get(index + 1).map_or(own.len(), |next| next.get_match().start());
            for values in VALUES.captures_iter(&own[flag.get_match().end()..end]) {
                let values = values.get(1).or(values.get(2)).unwrap().as_str().split(',').map(str::trim);
                list.extend(values.map(|value| format!("flag {name} {} {value}", &flag[2])));
            }
        }
        if is_program {
            let codes = EXIT_CODES.captures_iter(&help);
            list.extend(
                codes.flat_map(|row| row[1].split(", ").map(|code| format!("exit code {code}")).collect::<Vec<_>>()),
            );
        }
    }

    let sandbox = Sandbox::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (job, copy) = (path("a.job"), path("copy.sqlite"));
    sandbox.run(&["issue", "--pattern", "A-[*]", "--count", "1", "--name", "A", "--job", &job]).ok();
    sandbox.run(&["create", "--name", "B", "--code", "B"]).ok();
    sandbox.run(&["create", "--name", "C", "--code", "C"]).ok();
    for (name, arguments) in [
        ("create", &["create", "--name", "D", "--code", "D"][..]),
        ("search", &["search"]),
        ("update of several coupons", &["update", "B", "C", "--discount", "5"]),
        ("delete of several coupons", &["delete", "B", "C"]),
        ("job status", &["job", "status", &job]),
        ("job report", &["job", "report", &job]),
        ("job verify", &["job", "verify", &job]),
        ("check", &["check"]),
        ("config show", &["config", "show"]),
        ("sync", &["sync", "--to", &copy]),
        ("sandbox --fidelity", &["sandbox", "--fidelity"]),
    ] {
        add_columns(&mut list, name, &sandbox.run(&[arguments, &["--format", "csv"]].concat()).out);
    }

    let list: String = list.into_iter().map(|line| line + "\n").collect();
    if env::var_os(WRITE).is_some() {
        fs::write(LIST, list).unwrap();
        return;
    }
    let listed = fs::read_to_string(LIST).unwrap();
    let (old, new): (BTreeSet<_>, BTreeSet<_>) = (listed.lines().collect(), list.lines().collect());
    let changes: Vec<_> = old.symmetric_difference(&new).collect();
    assert!(changes.is_empty(), "changed: {changes:#?}\nrun the test with {WRITE}=1, and commit interface.txt");
}

#[test]
fn the_guide_has_the_exit_codes_of_the_help() {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides/errors.md")).unwrap();
    let codes = |text: &str| {
        EXIT_CODES.captures_iter(text).map(|row| (row[1].to_owned(), row[2].to_owned())).collect::<Vec<_>>()
    };
    let (in_guide, in_help) = (codes(&guide), codes(&help("")));
    assert!(in_help.len() > 9, "{in_help:?}");
    assert_eq!(in_guide, in_help);
}
