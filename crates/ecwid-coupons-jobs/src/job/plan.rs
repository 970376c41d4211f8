//! [`Issue`]: the plan of a job that issues coupons with random codes.

use std::path::Path;

use ecwid_coupons::{Client, types::NewCoupon};
use indexmap::IndexMap;
use rusqlite::{Connection, params};

use super::{Job, JobError, file, new_file};
use crate::{CodeGenerator, CodePattern};

/// The columns of a row, by name and in order. The report has them beside the code.
pub type Row = IndexMap<String, String>;

/// The plan of a job that issues coupons with random codes.
///
/// All codes are drawn and written to the file of the job before the first request.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until the job is created and run"]
pub struct Issue {
    template: NewCoupon,
    pattern: CodePattern,
    rows: Vec<Row>,
    allows_guessable: bool,
}

impl Issue {
    /// Returns a plan for coupons with the fields of a template, whose code is ignored.
    pub fn new(template: NewCoupon, pattern: CodePattern) -> Self {
        Self { template, pattern, rows: Vec::new(), allows_guessable: false }
    }

    /// Sets the number of coupons.
    pub fn count(mut self, coupons: usize) -> Self {
        self.rows = vec![Row::new(); coupons];
        self
    }

    /// Sets the rows that get a coupon each, such as the recipients of a newsletter.
    ///
    /// The pattern can use their columns. The report has them beside the code.
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows = rows.into_iter().collect();
        self
    }

    /// Allows codes whose [strength](Self::strength) is below [`CodePattern::GUESSABLE`].
    pub fn allow_guessable(mut self) -> Self {
        self.allows_guessable = true;
        self
    }

    /// Returns how many tries it takes on average to guess one of the codes.
    ///
    /// # Errors
    ///
    /// The pattern has too few codes.
    pub fn strength(&self) -> Result<f64, JobError> {
        Ok(self.pattern.generator(self.rows.len())?.strength())
    }

    /// Returns the number of coupons.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no coupons.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Draws a code as an example. The job gets other codes.
    ///
    /// # Errors
    ///
    /// The pattern has too few codes, or the first row lacks a column of the pattern.
    pub fn example(&self) -> Result<String, JobError> {
        let columns = self.rows.first();
        let mut codes = self.pattern.generator(self.rows.len())?;
        Ok(codes.draw(|name| columns.and_then(|columns| columns.get(name)).map(String::as_str))?)
    }

    /// Draws the codes, and writes the plan to a new file that only its owner can read. Nothing is sent.
    ///
    /// # Errors
    ///
    /// - There are no coupons, or the template is invalid.
    /// - The pattern has too few codes, or they are easy to guess.
    /// - A row lacks a column of the pattern.
    /// - The file exists or cannot be written.
    pub fn create(&self, client: &Client, path: impl AsRef<Path>) -> Result<Job, JobError> {
        let codes = self.check(client)?;
        new_file::create(path.as_ref(), |connection| self.write(connection, path.as_ref(), client, codes))
    }

    /// Draws the codes of a job that is only in memory. It cannot be continued by another process.
    ///
    /// # Errors
    ///
    /// See [`create`](Self::create).
    pub fn in_memory(&self, client: &Client) -> Result<Job, JobError> {
        let codes = self.check(client)?;
        new_file::in_memory(|connection| self.write(connection, Path::new(new_file::IN_MEMORY), client, codes))
    }

    fn check(&self, client: &Client) -> Result<CodeGenerator, JobError> {
        if self.rows.is_empty() {
            return Err(JobError::Plan("the job has no coupons; set their number or their rows".to_owned()));
        }
        let mut template = self.template.clone();
        template.code = "CODE".to_owned();
        if let Some(problem) = client.create_many([template]).problems().first() {
            return Err(JobError::Plan(format!("the template of the coupons: {}: {}", problem.field, problem.problem)));
        }
        let codes = self.pattern.generator(self.rows.len())?;
        if codes.strength() < CodePattern::GUESSABLE && !self.allows_guessable {
            let (strength, places) = (codes.strength(), codes.places_for_good_strength());
            return Err(JobError::Guessable { strength, places });
        }
        Ok(codes)
    }

    fn write(
        &self,
        connection: &Connection,
        path: &Path,
        client: &Client,
        mut codes: CodeGenerator,
    ) -> Result<(), JobError> {
        let fail = |error| file::failed(path, error);
        let transaction = connection.unchecked_transaction().map_err(fail)?;
        let invalid = |error: serde_json::Error| JobError::Plan(format!("the template is not JSON: {error}"));
        let template = serde_json::to_string(&self.template).map_err(invalid)?;
        let insert = "INSERT INTO job (store_id, base_url, template, pattern) VALUES (?1, ?2, ?3, ?4)";
        let settings = params![client.store_id(), client.base_url(), template, self.pattern.to_string()];
        transaction.execute(insert, settings).map_err(fail)?;
        {
            let insert = "INSERT INTO rows (row, code, columns) VALUES (?1, ?2, ?3)";
            let mut insert = transaction.prepare(insert).map_err(fail)?;
            for (row, columns) in self.rows.iter().enumerate() {
                let code = codes
                    .draw(|name| columns.get(name).map(String::as_str))
                    .map_err(|error| JobError::Plan(format!("row {row}, counted from 0: {error}")))?;
                let columns = (!columns.is_empty()).then(|| serde_json::to_string(columns)).transpose();
                let columns = columns.map_err(|error| JobError::Plan(error.to_string()))?;
                insert.execute(params![i64::try_from(row).unwrap_or(i64::MAX), code, columns]).map_err(fail)?;
            }
        }
        transaction.commit().map_err(fail)
    }
}
