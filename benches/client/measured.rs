//! [`Measured`]: a row of the table. [`Sample`]: what one process tells another.

use std::{path::Path, process::Command, time::Instant};

use anyhow::{Context as _, ensure};
use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};

use crate::{Contender, allocations};

/// A figure of both contenders.
#[derive(Debug, Serialize)]
pub(crate) struct Measured {
    /// What was done.
    pub(crate) work: &'static str,
    /// What was measured, with its unit.
    pub(crate) figure: &'static str,
    pub(crate) ours: f64,
    pub(crate) plain: f64,
    /// The ratio of ours to theirs that is aimed at, where one is.
    pub(crate) target: Option<f64>,
}

impl Measured {
    pub(crate) fn ratio(&self) -> f64 {
        self.ours / self.plain
    }

    pub(crate) fn is_met(&self) -> Option<bool> {
        self.target.map(|target| self.ratio() <= target)
    }
}

/// What one run of one contender took.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Sample {
    pub(crate) wall_seconds: f64,
    /// Of the whole process, in the system too.
    pub(crate) cpu_seconds: f64,
    /// None are counted by a program that is not built for it.
    pub(crate) allocations: Option<u64>,
}

impl Sample {
    /// Does some work, and measures it.
    pub(crate) fn take<T>(work: impl FnOnce() -> T) -> (T, Self) {
        let (start, cpu) = (Instant::now(), ProcessTime::now());
        let (done, allocations) = allocations::count(work);
        let (wall, cpu) = (start.elapsed(), cpu.elapsed());
        (done, Self { wall_seconds: wall.as_secs_f64(), cpu_seconds: cpu.as_secs_f64(), allocations })
    }

    pub(crate) fn print(&self) -> anyhow::Result<()> {
        println!("{}", serde_json::to_string(self)?);
        Ok(())
    }

    /// What a process of this program printed, which ran in the role that the arguments say.
    pub(crate) fn of(program: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let output = Command::new(program).args(arguments).output().context("cannot start a process to measure")?;
        ensure!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

impl Contender {
    pub(crate) const ALL: [Self; 2] = [Self::Ours, Self::Plain];

    /// As it stands among the arguments.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Plain => "plain",
        }
    }

    /// The contenders in the order of a round: each begins every other time.
    pub(crate) fn in_turn(round: u32) -> [Self; 2] {
        let [first, second] = Self::ALL;
        if round.is_multiple_of(2) { [first, second] } else { [second, first] }
    }
}

/// A figure of both contenders, gathered round by round.
#[derive(Default)]
pub(crate) struct Rounds {
    ours: Vec<f64>,
    plain: Vec<f64>,
}

impl Rounds {
    pub(crate) fn add(&mut self, contender: Contender, figure: f64) {
        match contender {
            Contender::Ours => self.ours.push(figure),
            Contender::Plain => self.plain.push(figure),
        }
    }

    /// The medians as a row.
    pub(crate) fn row(self, work: &'static str, figure: &'static str, target: Option<f64>) -> Measured {
        Measured { work, figure, ours: median(self.ours), plain: median(self.plain), target }
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    if figures.len().is_multiple_of(2) { f64::midpoint(figures[middle - 1], figures[middle]) } else { figures[middle] }
}
