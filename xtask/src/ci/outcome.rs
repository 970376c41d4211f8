//! The outcome of each step, and the table of outcomes and times.

use std::time::Duration;

use crate::command::Spent;

/// Faster commands are not shown.
const LEAST: Duration = Duration::from_secs(5);

/// The maximum number of characters of a command line in the table.
const WIDTH: usize = 90;

/// A part of a step that could not run on this machine, and the reason.
pub(super) struct Skipped {
    pub(super) part: &'static str,
    pub(super) reason: String,
}

/// The result of a step: the parts that were skipped.
pub(super) type StepResult = anyhow::Result<Vec<Skipped>>;

/// The outcome of a step.
pub(super) enum Outcome {
    Ran { skipped: Vec<Skipped>, time: Duration },
    Failed { time: Duration },
    NotRun { reason: String },
}

impl Outcome {
    pub(super) fn is_failed(&self) -> bool {
        matches!(self, Self::Failed { .. })
    }
}

pub(super) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// Prints the table. `parts` has the commands of each step that ran.
pub(super) fn print_table(outcomes: &[(String, &Outcome)], parts: &[Vec<Spent>]) {
    print!("{}", written(outcomes, parts));
}

fn written(outcomes: &[(String, &Outcome)], parts: &[Vec<Spent>]) -> String {
    let mut lines = vec![line("step", "time", "result")];
    let (mut total, mut skipped_parts, mut parts) = (Duration::ZERO, 0, parts.iter());
    for (step, outcome) in outcomes {
        let (time, result) = match outcome {
            Outcome::Ran { skipped, time } if skipped.is_empty() => (Some(time), "ok".to_owned()),
            Outcome::Ran { time, .. } => (Some(time), "ok, except:".to_owned()),
            Outcome::Failed { time } => (Some(time), "FAILED".to_owned()),
            Outcome::NotRun { reason } => (None, format!("not run: {reason}")),
        };
        let shown = time.map_or_else(|| "-".to_owned(), |time| seconds(*time));
        lines.push(line(step, &shown, &result));
        if let Outcome::Ran { skipped, .. } = outcome {
            lines.extend(
                skipped.iter().map(|Skipped { part, reason }| line("", "", &format!("SKIPPED {part}: {reason}"))),
            );
            skipped_parts += skipped.len();
        }
        let Some(time) = time else { continue };
        total += *time;
        let spent = parts.next().into_iter().flatten().filter(|it| it.time >= LEAST);
        lines.extend(spent.map(|Spent { command, time }| {
            let command: String = command.chars().take(WIDTH).collect();
            line("", "", &format!("{:>9}  {command}", seconds(*time)))
        }));
    }
    let skipped = if skipped_parts == 0 { String::new() } else { format!("{skipped_parts} SKIPPED, see above") };
    lines.push(line("total", &seconds(total), &skipped));
    lines.concat()
}

fn line(step: &str, time: &str, rest: &str) -> String {
    format!("{}\n", format!("{step:<14}{time:>9}  {rest}").trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_followed_by_its_slow_commands_and_its_skipped_parts() {
        let time = Duration::from_secs;
        let skipped = vec![Skipped { part: "advisories", reason: "no network".to_owned() }];
        let outcomes = [
            ("command", Outcome::Failed { time: time(61) }),
            ("demo", Outcome::NotRun { reason: "`command` failed".to_owned() }),
            ("deny", Outcome::Ran { skipped, time: time(7) }),
        ];
        let outcomes: Vec<_> = outcomes.iter().map(|(step, outcome)| ((*step).to_owned(), outcome)).collect();
        let spent = |command: &str, seconds| Spent { command: command.to_owned(), time: time(seconds) };
        let parts = [vec![spent("cargo build", 60), spent("short", 1)], vec![spent("cargo install", 6)]];
        let expected = "\
step               time  result
command          61.0 s  FAILED
                            60.0 s  cargo build
demo                  -  not run: `command` failed
deny              7.0 s  ok, except:
                         SKIPPED advisories: no network
                             6.0 s  cargo install
total            68.0 s  1 SKIPPED, see above
";
        assert_eq!(written(&outcomes, &parts), expected);
    }
}
