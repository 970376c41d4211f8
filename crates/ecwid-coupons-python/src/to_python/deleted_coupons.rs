//! [`DeletedCouponList`]: a list of deleted coupons in memory.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, RecordBatchIterator, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use ecwid_coupons::{DeletedSearch, EcwidDateTime, types};
use pyo3::{
    IntoPyObjectExt as _,
    exceptions::PyValueError,
    prelude::*,
    types::{PyIterator, PyList},
};

use crate::{
    generated::DeletedCoupon,
    to_python::{
        AnyResult, errors,
        model::{self, BlockRef},
        sequence::{self, Selection},
        table::{self, Capsule},
    },
};

/// The number of fields of each item in the repr of a list.
const SHOWN_FIELDS: usize = 2;

/// Deleted coupons as an immutable sequence and as a table.
///
/// Polars, pandas, pyarrow and DuckDB accept a list as a table. The column ``id`` has integers, and the column ``date`` has times in
/// UTC.
///
/// Examples:
///     >>> made = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
///     >>> _ = coupons.delete("TEN")
///     >>> deleted = coupons.deleted()
///     >>> len(deleted), deleted[0].id == made.id, deleted[-1:] == deleted
///     (1, True, True)
///     >>> import polars
///     >>> polars.DataFrame(deleted).columns
///     ['id', 'date']
#[pyclass(frozen, sequence, module = "ecwid_coupons")]
#[derive(Clone, Debug)]
pub(crate) struct DeletedCouponList {
    coupons: Arc<Vec<types::DeletedCoupon>>,
}

impl DeletedCouponList {
    pub(crate) fn new(coupons: Vec<types::DeletedCoupon>) -> Self {
        Self { coupons: Arc::new(coupons) }
    }

    /// Reads all deletions that a search finds.
    pub(crate) async fn read(search: DeletedSearch) -> PyResult<Self> {
        search.all().await.map(Self::new).map_err(|error| errors::to_python(&error))
    }

    fn item(&self, index: usize) -> DeletedCoupon {
        DeletedCoupon(BlockRef::new(Arc::clone(&self.coupons), index))
    }

    fn batch(&self) -> Result<RecordBatch, String> {
        let ids: Int64Array = self.coupons.iter().map(|coupon| coupon.id).collect();
        let dates = self.coupons.iter().map(|coupon| coupon.date.as_ref().map(micros).transpose());
        let dates = dates.collect::<Result<Vec<_>, _>>()?;
        let dates = TimestampMicrosecondArray::from(dates).with_timezone("UTC");
        let columns: Vec<ArrayRef> = vec![Arc::new(ids), Arc::new(dates)];
        RecordBatch::try_new(schema(), columns).map_err(|error| error.to_string())
    }
}

fn micros(date: &EcwidDateTime) -> Result<i64, String> {
    let wrong = || format!("invalid date of a deletion: `{}` (expected a date)", errors::shown_text(&date.to_string()));
    Ok(date.to_utc().ok_or_else(wrong)?.timestamp_micros())
}

fn schema() -> SchemaRef {
    let date = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![Field::new("id", DataType::Int64, true), Field::new("date", date, true)]))
}

#[pymethods]
impl DeletedCouponList {
    fn __len__(&self) -> usize {
        self.coupons.len()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: &Bound<'py, PyAny>) -> AnyResult<'py> {
        match sequence::select(index, self.coupons.len(), "deleted coupon")? {
            Selection::One(place) => self.item(place).into_bound_py_any(py),
            Selection::Slice(places) => {
                Self::new(places.into_iter().map(|place| self.coupons[place].clone()).collect()).into_bound_py_any(py)
            }
        }
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        PyList::new(py, (0..self.coupons.len()).map(|index| self.item(index)))?.try_iter()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.coupons == other.get().coupons)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let shown = (0..self.coupons.len().min(3))
            .map(|index| model::repr("DeletedCoupon", &self.item(index).__rich_repr__(py)?, SHOWN_FIELDS));
        let shown = shown.collect::<PyResult<Vec<_>>>()?.join(", ");
        let more = if self.coupons.len() > 3 { ", ..." } else { "" };
        Ok(format!("<DeletedCouponList of {}: [{shown}{more}]>", self.coupons.len()))
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyAny>>) -> Capsule<'py> {
        let _ = requested_schema;
        // Made in advance, because an Arrow stream would hide the type of an error.
        let batch = py.detach(|| self.batch()).map_err(PyValueError::new_err)?;
        table::stream_capsule(py, Box::new(RecordBatchIterator::new([Ok(batch)], schema())))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> Capsule<'py> {
        table::schema_capsule(py, &schema())
    }
}
