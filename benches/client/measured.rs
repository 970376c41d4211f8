//! [`Sample`]: the measurement of one process. [`Rounds`]: those of all rounds.

use std::{path::Path, process::Command, time::Instant};

use anyhow::{Context as _, ensure};
use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};

use crate::{
    Contender, allocations,
    row::{Row, Target},
};

/// The measurement of one run of one contender.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Sample {
    pub(crate) wall_seconds: f64,
    /// CPU time of the whole process, including system time.
    pub(crate) cpu_seconds: f64,
    /// `None` in a build without counting.
    pub(crate) allocations: Option<u64>,
}

impl Sample {
    /// Runs some work and measures it.
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

    /// Runs a program with these arguments and returns the sample that it printed.
    pub(crate) fn of(program: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let output = Command::new(program).args(arguments).output().context("cannot start a process to measure")?;
        ensure!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

impl Contender {
    pub(crate) const ALL: [Self; 2] = [Self::Ours, Self::Plain];

    /// Returns the name in the arguments.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Plain => "plain",
        }
    }

    /// Returns the contenders in the order of a round. They take turns at being first.
    pub(crate) fn in_turn(round: u32) -> [Self; 2] {
        let [first, second] = Self::ALL;
        if round.is_multiple_of(2) { [first, second] } else { [second, first] }
    }
}

/// The results of both contenders for one figure, in all rounds.
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

    /// Returns the medians as rows. `peer` is the name of the plain code, and `target` the maximum ratio to it.
    pub(crate) fn rows(self, work: &str, unit: &str, peer: &str, target: Option<f64>) -> [Row; 2] {
        let ours = Row::ours(work, "ecwid-coupons", median(self.ours), unit);
        Row { target: target.map(Target::Ratio), ..ours }.compared_with(peer, median(self.plain))
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    if figures.len().is_multiple_of(2) { f64::midpoint(figures[middle - 1], figures[middle]) } else { figures[middle] }
}
