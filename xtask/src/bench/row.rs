//! The results of a benchmark. A benchmark prints them as JSON, and `cargo xtask bench` shows and saves them.

use serde::{Deserialize, Serialize};

/// The results of a benchmark.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Results {
    /// How often each figure was measured. The results are medians.
    pub(crate) rounds: u32,
    /// What applies to all figures, such as the size of the data.
    pub(crate) conditions: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// One figure of one contender.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// The task.
    pub(crate) work: String,
    /// The contender.
    pub(crate) who: String,
    /// Whether the contender is part of this project.
    pub(crate) is_ours: bool,
    pub(crate) figure: f64,
    pub(crate) unit: String,
    pub(crate) more_is_better: bool,
    /// The figure relative to the peer to compare with, measured in the same run.
    pub(crate) ratio: Option<f64>,
    pub(crate) target: Option<Target>,
}

/// A maximum, or a minimum if more is better.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    Ratio(f64),
    Figure(f64),
}

impl Row {
    /// Returns a figure of this project, of which less is better.
    pub(crate) fn ours(work: &str, who: &str, figure: f64, unit: &str) -> Self {
        Self {
            work: work.to_owned(),
            who: who.to_owned(),
            is_ours: true,
            figure,
            unit: unit.to_owned(),
            more_is_better: false,
            ratio: None,
            target: None,
        }
    }

    /// Returns this row, with its ratio to the figure of a peer, and the row of the peer.
    pub(crate) fn compared_with(self, who: &str, figure: f64) -> [Self; 2] {
        let peer = Self { who: who.to_owned(), is_ours: false, figure, ratio: Some(1.0), target: None, ..self.clone() };
        [Self { ratio: Some(self.figure / figure), ..self }, peer]
    }
}
