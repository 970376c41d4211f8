//! The tools that check this project are pinned: they have exact versions, and a hash of each file from a registry.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use regex::Regex;
use serde_json::Value;
use xtask::workspace;

/// A line with a name, a version, an optional marker of platforms, and a hash for each file of the version.
static REQUIREMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^([A-Za-z0-9._-]+)==([0-9][A-Za-z0-9.+!]*)( ; [^#\\]+?)?((?:\s+--hash=sha256:[0-9a-f]{64})+)$")
        .unwrap()
});

static WANTED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^([A-Za-z0-9._-]+)==([0-9][A-Za-z0-9.+!]*)$").unwrap());

static VERSION: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[0-9]+\.[0-9]+\.[0-9]+$").unwrap());

/// A use of an action in a workflow: its name, the hash of a commit, and the version as a comment. `$/` is a file of this project.
static ACTION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"uses: (?:\$/\S+|([\w/.-]+)@([0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+))$").unwrap());

/// Returns the lines of a requirements file, with continued lines joined and without comments.
fn lines(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let lines = joined.lines().map(|line| line.trim().to_owned());
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// Returns the versions that a requirements file pins, or an error for a line that is not pinned.
fn pinned(text: &str) -> Result<BTreeMap<String, String>, String> {
    lines(text)
        .into_iter()
        .map(|line| {
            let found = REQUIREMENT.captures(&line).ok_or(format!("no version or no hash: {line}"))?;
            Ok((normal(&found[1]), found[2].to_owned()))
        })
        .collect()
}

/// Returns the problems of a package.json and its lock.
fn unpinned_npm(manifest: &Value, lock: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for group in ["dependencies", "devDependencies"] {
        for (name, version) in manifest[group].as_object().into_iter().flatten() {
            if !version.as_str().is_some_and(|it| VERSION.is_match(it)) {
                problems.push(format!("{name} is a range: {version}"));
            }
        }
        if manifest[group] != lock["packages"][""][group] {
            problems.push(format!("the lock is of other {group}"));
        }
    }
    for (name, package) in lock["packages"].as_object().into_iter().flatten().filter(|(name, _)| !name.is_empty()) {
        if !package["integrity"].as_str().is_some_and(|it| it.starts_with("sha512-")) {
            problems.push(format!("{name} has no hash"));
        }
        // An address would be that of the registry with which the lock was written.
        if package.get("resolved").is_some() {
            problems.push(format!("{name} names an address"));
        }
    }
    problems
}

fn normal(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

/// Returns the files of the tools whose names end with this text.
fn files(end: &str) -> Vec<PathBuf> {
    let tools = workspace::root().join("xtask/tools");
    let inside = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let below = inside(&tools).into_iter().filter(|it| it.is_dir()).flat_map(|folder| inside(&folder));
    let all = inside(&tools).into_iter().chain(below);
    let found: Vec<_> = all.filter(|it| it.to_string_lossy().ends_with(end)).collect();
    assert!(!found.is_empty(), "no {end}");
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn each_python_requirement_has_a_version_and_hashes() {
    for file in files("requirements.txt") {
        let pinned = pinned(&read(&file)).unwrap_or_else(|problem| panic!("{}: {problem}", file.display()));
        // The pinned version is the requested version.
        for line in lines(&read(&file.with_extension("in"))).iter().filter(|line| !line.starts_with("-r ")) {
            let wanted = WANTED.captures(line).unwrap_or_else(|| panic!("{}: a range: {line}", file.display()));
            assert_eq!(pinned.get(&normal(&wanted[1])).map(String::as_str), Some(&wanted[2]), "{}", file.display());
        }
    }
}

#[test]
fn a_requirement_without_hash_or_version_is_an_error() {
    let hash = format!("--hash=sha256:{}", "0".repeat(64));
    for right in [
        format!("a==1.0 {hash}"),
        format!("# why\na.b_C==1.0.post1 ; sys_platform == 'win32' \\\n    {hash} \\\n    {hash}\n"),
    ] {
        assert!(pinned(&right).is_ok(), "{right}");
    }
    for wrong in [
        "a==1.0".to_owned(),
        format!("a {hash}"),
        format!("a>=1.0 {hash}"),
        format!("a==1.* {hash}"),
        format!("a~=1.0 {hash}"),
        format!("a==1.0,<2 {hash}"),
        "a==1.0 --hash=sha256:00".to_owned(),
        "a==1.0 --hash=md5:00".to_owned(),
        format!("a==1.0 {hash}\nb==1.0"),
        format!("--index-url https://example.com\na==1.0 {hash}"),
    ] {
        assert!(pinned(&wrong).is_err(), "{wrong}");
    }
}

#[test]
fn each_npm_package_has_a_version_and_a_hash_and_no_address() {
    for file in files("package.json") {
        let json = |name: &str| serde_json::from_str(&read(&file.with_file_name(name))).unwrap();
        assert_eq!(unpinned_npm(&json("package.json"), &json("package-lock.json")), [""; 0], "{}", file.display());
    }
}

#[test]
fn unpinned_npm_packages_are_errors() {
    let manifest = serde_json::json!({"devDependencies": {"a": "^1.0.0"}});
    let packages = serde_json::json!({"": {"devDependencies": {"a": "1.0.0"}}, "a": {}, "b": {"integrity": "sha512-0", "resolved": "https://example.com"}});
    let expected =
        ["a is a range: \"^1.0.0\"", "the lock is of other devDependencies", "a has no hash", "b names an address"];
    assert_eq!(unpinned_npm(&manifest, &serde_json::json!({"packages": packages})), expected);
}

#[test]
fn the_build_backend_of_the_python_packages_is_pinned() {
    let root = workspace::root();
    let pinned = pinned(&read(&root.join("xtask/tools/maturin-requirements.txt"))).unwrap();
    for file in ["python/pyproject.toml", "python/cli/pyproject.toml"] {
        let project: toml::Table = read(&root.join(file)).parse().unwrap();
        let required = project["build-system"]["requires"].as_array().unwrap();
        assert_eq!(required, &[toml::Value::from(format!("maturin=={}", pinned["maturin"]))], "{file}");
    }
}

/// Returns the actions of a workflow with their hashes and versions, or the lines that are not pinned.
fn actions(workflow: &str) -> Result<Vec<(String, String)>, Vec<&str>> {
    let uses: Vec<_> = workflow.lines().filter(|line| line.contains("uses:")).collect();
    let unpinned: Vec<_> = uses.iter().copied().filter(|line| !ACTION.is_match(line)).collect();
    if !unpinned.is_empty() {
        return Err(unpinned);
    }
    let captures = uses.iter().filter_map(|line| ACTION.captures(line));
    Ok(captures.filter_map(|it| Some((it.get(1)?.as_str().to_owned(), it.get(2)?.as_str().to_owned()))).collect())
}

#[test]
fn each_action_has_one_hash_and_its_version() {
    let mut pinned = BTreeMap::new();
    for entry in fs::read_dir(workspace::root().join(".github/workflows")).unwrap() {
        let text = read(&entry.unwrap().path());
        for (action, version) in actions(&text).unwrap() {
            assert_eq!(pinned.entry(action.clone()).or_insert_with(|| version.clone()), &version, "{action}");
        }
    }
    assert!(pinned.contains_key("actions/checkout"), "{pinned:?}");
}

#[test]
fn an_action_without_hash_or_version_is_an_error() {
    let hash = "0".repeat(40);
    for right in [format!("- uses: a/b@{hash} # v1.2.3"), "    uses: $/.github/workflows/ci.yml".to_owned()] {
        assert!(actions(&right).is_ok(), "{right}");
    }
    for wrong in [
        "- uses: a/b".to_owned(),
        "- uses: a/b@v1".to_owned(),
        format!("- uses: a/b@{hash}"),
        format!("- uses: a/b@{hash} # v1"),
        format!("- uses: a/b@{} # v1.2.3", &hash[1..]),
        "- uses: docker://image:latest".to_owned(),
    ] {
        assert!(actions(&wrong).is_err(), "{wrong}");
    }
}
