#![doc = include_str!("../README.md")]
// docs.rs uses a nightly compiler, which marks the items that need a feature.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod changes;
mod code_pattern;
mod declaration;
mod job;
mod plan;
mod sync;
#[cfg(feature = "tables")]
mod table;
mod wanted;

pub use changes::{Change, Changes, ChangesCursor, ChangesError, ChangesMode, ChangesReader, ParseChangesCursorError};
pub use code_pattern::{CodeError, CodeGenerator, CodePattern, ParsePatternError};
pub use declaration::{CodeScope, Declaration, DeclarationError, declaration_schema, pull, to_toml};
pub use job::{
    Issue, Job, JobDifference, JobError, JobEvent, JobRun, JobStatus, PlannedRow, ReportRow, Row, RowChange,
    RowOutcome, UndoEvent,
};
pub use plan::{OtherCoupon, Plan, PlanError, Prune, Removal};
pub use sync::{SqliteCopy, SyncError, SyncOptions, SyncSummary};
#[cfg(feature = "tables")]
pub use table::{CouponRow, CouponTable, DateOrder, DecimalMark, Problem, Table, TableError, TableOptions};
pub use wanted::{PlannedChange, PlannedCoupon, WantedCoupon, WantedProblem, compare, problems};
