//! Tests that the commands of the workflows in `.github/workflows` exist, because the workflows cannot run here.

use std::{collections::BTreeSet, fs};

use clap::Parser as _;
use serde_norway::Value;
use xtask::workspace;

use super::Arguments;

/// The commands besides those of this program. `RUST` stands for the minimum Rust version.
const OTHERS: [&str; 24] = [
    "bash .ci/run",
    "cargo build --package xtask --package xtask-verify --locked",
    "cargo publish --workspace --locked --no-verify",
    "cp target/dist/ecwid-coupons-cli-*.cdx.json target/command.cdx.json",
    "digest=\"$(docker buildx imagetools inspect \"$image:$version\" --format '{{.Manifest.Digest}}')\"",
    "docker build --file Containerfile --tag \"ecwid-sandbox:$ARCHITECTURE\" target/image",
    "docker buildx imagetools create --tag \"$image:$version\" \"$image:$version-amd64\" \"$image:$version-arm64\"",
    "docker load --input \"image-$architecture.tar\"",
    "docker login ghcr.io --username \"$GITHUB_ACTOR\" --password-stdin <<< \"$TOKEN\"",
    "docker push \"$image:$version-$architecture\"",
    "docker run --rm \"ecwid-sandbox:$ARCHITECTURE\" --fidelity",
    "docker save --output \"image-$ARCHITECTURE.tar\" \"ecwid-sandbox:$ARCHITECTURE\"",
    "docker tag \"ecwid-sandbox:$architecture\" \"$image:$version-$architecture\"",
    "done",
    "echo \"digest=$digest\" >> \"$GITHUB_OUTPUT\"",
    "echo \"image=$image\" >> \"$GITHUB_OUTPUT\"",
    "for architecture in amd64 arm64; do",
    "gh release create \"$GITHUB_REF_NAME\" --repo \"$GITHUB_REPOSITORY\" --verify-tag --notes-file release/notes.md release/dist/*",
    "image=\"ghcr.io/${GITHUB_REPOSITORY_OWNER,,}/ecwid-sandbox\"",
    "rustup target add \"$TARGET\"",
    "rustup toolchain install RUST --profile minimal",
    "rustup toolchain install nightly --profile minimal",
    "tar --directory target/site --create --file target/artifact.tar .",
    "version=\"${GITHUB_REF_NAME#v}\"",
];

/// The variables of GitHub, with the values for a release.
const VARIABLES: [(&str, &str); 2] = [("\"$GITHUB_REF_NAME\"", "v1.2.3"), ("\"${GITHUB_REF_NAME#v}\"", "1.2.3")];

/// A line of a script, with the definitions of its job and step.
struct Line {
    text: String,
    job: Value,
    step: Value,
}

/// Returns the lines of the scripts of a workflow.
fn lines(workflow: &str) -> Vec<Line> {
    let workflow: Value = serde_norway::from_str(workflow).unwrap();
    let jobs = workflow["jobs"].as_mapping().unwrap().values();
    let steps = jobs.flat_map(|job| job["steps"].as_sequence().into_iter().flatten().map(move |step| (job, step)));
    steps
        .flat_map(|(job, step)| {
            let lines = step["run"].as_str().unwrap_or_default().lines();
            lines.map(|line| Line { text: line.trim().to_owned(), job: job.clone(), step: step.clone() })
        })
        .collect()
}

impl Line {
    /// Returns the commands of this line, one for each value of the variables that refer to the matrix.
    fn commands(&self) -> Vec<String> {
        let mut commands = vec![self.text.clone()];
        for (variable, value) in VARIABLES {
            commands.iter_mut().for_each(|command| *command = command.replace(variable, value));
        }
        for part in [&self.job, &self.step] {
            for (name, value) in part["env"].as_mapping().into_iter().flatten() {
                let variable = format!("\"${}\"", name.as_str().unwrap());
                let key = value.as_str().and_then(|it| it.strip_prefix("${{ matrix.")?.strip_suffix(" }}"));
                let values = key.map(|key| self.matrix(key)).unwrap_or_default();
                if self.text.contains(&variable) && !values.is_empty() {
                    let with = |command: &String| {
                        values.iter().map(|value| command.replace(&variable, value)).collect::<Vec<_>>()
                    };
                    commands = commands.iter().flat_map(with).collect();
                }
            }
        }
        commands
    }

    /// Returns the values of a key of the matrix.
    fn matrix(&self, key: &str) -> BTreeSet<String> {
        let matrix = &self.job["strategy"]["matrix"];
        let included = matrix["include"].as_sequence().into_iter().flatten().map(|entry| &entry[key]);
        let values = matrix[key].as_sequence().into_iter().flatten().chain(included);
        values.filter_map(|value| Some(value.as_str()?.to_owned())).collect()
    }

    /// Returns why a command of this line is wrong.
    fn problem(&self, rust: &str) -> Option<String> {
        if OTHERS.iter().any(|other| other.replace("RUST", rust) == self.text) {
            return None;
        }
        self.commands().iter().find_map(|command| {
            let Some(arguments) = command.strip_prefix("cargo xtask ") else {
                return Some(format!(
                    "unknown command: `{command}` (expected `cargo xtask` or one of the listed ones)"
                ));
            };
            let arguments = arguments.split(" > ").next().unwrap_or_default().split_whitespace();
            Arguments::try_parse_from(["cargo xtask"].into_iter().chain(arguments)).err().map(|error| error.to_string())
        })
    }
}

fn rust_version() -> String {
    let manifest: toml::Table = fs::read_to_string(workspace::root().join("Cargo.toml")).unwrap().parse().unwrap();
    manifest["workspace"]["package"]["rust-version"].as_str().unwrap().to_owned()
}

#[test]
fn the_commands_exist() {
    let (rust, mut seen) = (rust_version(), BTreeSet::new());
    for file in fs::read_dir(workspace::root().join(".github/workflows")).unwrap() {
        let path = file.unwrap().path();
        for line in lines(&fs::read_to_string(&path).unwrap()) {
            assert_eq!(line.problem(&rust), None, "{}: {}", path.display(), line.text);
            seen.insert(line.text);
        }
    }
    let unused: Vec<_> = OTHERS.iter().filter(|other| !seen.contains(&other.replace("RUST", &rust))).collect();
    assert!(unused.is_empty(), "commands that no workflow has: {unused:?}");
    assert!(seen.iter().any(|line| line.starts_with("cargo xtask ")));
}

#[test]
fn wrong_commands_are_found() {
    let workflow = r#"
jobs:
  a:
    strategy: { matrix: { include: [{ resolution: lowest }, { resolution: newest }] } }
    steps:
      - run: cargo xtask ci --only format
      - run: cargo xtask ci --only nothing
      - run: cargo xtask nothing
      - run: cargo xtask man --flag
      - run: rustup toolchain install 1.2 --profile minimal
      - run: curl https://example.com
      - run: cargo xtask python-matrix --resolution "$RESOLUTION"
        env: { RESOLUTION: "${{ matrix.resolution }}" }
      - run: |
          cargo xtask man
          cargo xtask ci && true
"#;
    let problems: Vec<_> = lines(workflow).iter().map(|line| line.problem("1.1").unwrap_or_default()).collect();
    let expected = ["", "'nothing'", "'nothing'", "'--flag'", "unknown", "unknown", "'newest'", "", "'&&'"];
    assert_eq!(problems.len(), expected.len());
    for (problem, expected) in problems.iter().zip(expected) {
        assert!(problem.contains(expected) && problem.is_empty() == expected.is_empty(), "{expected}: {problem}");
    }
}
