#![doc = include_str!("../README.md")]

mod code_pattern;
mod job;

pub use code_pattern::{CodeError, CodeGenerator, CodePattern, ParsePatternError};
pub use job::{
    Issue, Job, JobDifference, JobError, JobEvent, JobRun, JobStatus, PlannedRow, ReportRow, Row, RowChange,
    RowOutcome, UndoEvent,
};
