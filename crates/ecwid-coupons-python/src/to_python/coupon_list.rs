//! [`CouponList`]: a list of coupons in memory.

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchIterator};
use ecwid_coupons::{SkippedCoupon, schema::Kind, types};
use pyo3::{
    IntoPyObjectExt as _,
    exceptions::PyValueError,
    prelude::*,
    types::{PyList, PyTuple},
};

use crate::{
    from_python::fields::JsonText,
    generated::Coupon,
    to_python::{
        AnyResult,
        columns::{Decimals, Flat, Layout},
        model::{self, BlockRef, SHOWN_ROWS},
        sequence::{self, Selection},
        table::{self, Capsule},
    },
};

pub(crate) type Block = Arc<Vec<types::Coupon>>;

/// The maximum number of coupons in a batch of a table.
const BATCH: usize = 65_536;

/// The number of fields of each coupon in the repr of a list.
const SHOWN_FIELDS: usize = 5;

/// The number of Python objects that are made between two checks for signals.
pub(crate) const LOOK: usize = 1_000;

/// The minimum number of coupons for a thread.
const SHARE: usize = 2_000;

/// Coupons as an immutable sequence and as a table.
///
/// A slice is another `CouponList`. Polars, pandas, pyarrow and DuckDB accept a list as a table, with exact amounts. Use `table` for
/// amounts of another type.
///
/// Examples:
///     >>> _ = coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10)
///     >>> found = coupons.search().collect()
///     >>> len(found), found[0].code, found[-1:] == found
///     (1, 'TEN', True)
///     >>> import polars
///     >>> polars.DataFrame(found)["code"].to_list()
///     ['TEN']
#[pyclass(frozen, sequence, module = "ecwid_coupons")]
#[derive(Clone, Debug)]
pub(crate) struct CouponList {
    blocks: Arc<[Block]>,
    /// The block of each coupon, and its index in the block.
    rows: Arc<[(u32, u32)]>,
    /// The coupons that the search skipped.
    skipped: Arc<[SkippedCoupon]>,
}

impl CouponList {
    pub(crate) fn new(blocks: Vec<Block>) -> Self {
        let rows =
            blocks.iter().zip(0..).flat_map(|(block, number)| (0..block.len() as u32).map(move |row| (number, row)));
        Self { rows: rows.collect(), blocks: blocks.into(), skipped: Arc::default() }
    }

    /// Adds the coupons that the search skipped.
    pub(crate) fn with_skipped(self, skipped: Vec<SkippedCoupon>) -> Self {
        Self { skipped: skipped.into(), ..self }
    }

    pub(crate) fn unreadable(&self) -> &[SkippedCoupon] {
        &self.skipped
    }

    /// Converts the table with a function of the module `_frames`.
    fn framed<'py>(&self, py: Python<'py>, function: &str, layout: Layout) -> AnyResult<'py> {
        py.import("ecwid_coupons._frames")?.call_method1(function, (self.in_layout(layout),))
    }

    fn in_layout(&self, layout: Layout) -> CouponTable {
        CouponTable { list: self.clone(), layout }
    }

    fn coupon(&self, index: usize) -> Coupon {
        let (block, row) = self.rows[index];
        Coupon(BlockRef::new(Arc::clone(&self.blocks[block as usize]), row as usize))
    }

    fn first_rows(&self) -> impl ExactSizeIterator<Item = Coupon> {
        (0..self.rows.len().min(SHOWN_ROWS)).map(|index| self.coupon(index))
    }

    pub(crate) fn coupons(&self) -> impl ExactSizeIterator<Item = &types::Coupon> {
        self.rows.iter().map(|(block, row)| &self.blocks[*block as usize][*row as usize])
    }

    /// Makes the batches of the table. All are made in advance, because an Arrow stream would hide the type of an error.
    fn batches(&self, py: Python<'_>, layout: Layout) -> PyResult<Vec<RecordBatch>> {
        let made = py.detach(|| {
            let coupons: Vec<_> = self.coupons().collect();
            let batch = coupons.len().div_ceil(threads()).clamp(SHARE, BATCH);
            let batches: Vec<_> = coupons.chunks(batch).collect();
            in_parallel(&batches, |coupons| table::batch(coupons, layout))
        });
        made.map_err(PyValueError::new_err)
    }
}

#[pymethods]
impl CouponList {
    /// Parses one JSON text, or a list of JSON texts in parallel.
    ///
    /// Each text is the body of a page, or an array of coupons.
    ///
    /// Raises:
    ///     TypeError: The argument is not text or bytes, or a list or tuple of them.
    ///     ValueError: A text is not valid. The error says where.
    ///
    /// Examples:
    ///     >>> found = CouponList.from_json(['{"items":[{"code":"A"}]}', '[{"code":"B"}]'])
    ///     >>> [coupon.code for coupon in found]
    ///     ['A', 'B']
    #[staticmethod]
    fn from_json(py: Python<'_>, pages: &Bound<'_, PyAny>) -> PyResult<Self> {
        let is_list = pages.is_instance_of::<PyList>() || pages.is_instance_of::<PyTuple>();
        let pages: Vec<JsonText> = if is_list { pages.extract()? } else { vec![pages.extract()?] };
        let blocks = py.detach(|| in_parallel(&pages, read_page)).map_err(PyValueError::new_err)?;
        Ok(Self::new(blocks))
    }

    fn __len__(&self) -> usize {
        self.rows.len()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: &Bound<'py, PyAny>) -> AnyResult<'py> {
        match sequence::select(index, self.rows.len(), "coupon")? {
            Selection::One(place) => self.coupon(place).into_bound_py_any(py),
            Selection::Slice(places) => {
                let rows = places.into_iter().map(|place| self.rows[place]).collect();
                Self { blocks: Arc::clone(&self.blocks), rows, skipped: Arc::default() }.into_bound_py_any(py)
            }
        }
    }

    fn __iter__(slf: Bound<'_, Self>) -> CouponIterator {
        CouponIterator { list: slf.get().clone(), next: std::sync::atomic::AtomicUsize::new(0) }
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.coupons().eq(other.get().coupons()))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let shown = (0..self.rows.len().min(3))
            .map(|index| model::repr("Coupon", &self.coupon(index).__rich_repr__(py)?, SHOWN_FIELDS));
        let shown = shown.collect::<PyResult<Vec<_>>>()?.join(", ");
        let more = if self.rows.len() > 3 { ", ..." } else { "" };
        Ok(format!("<CouponList of {}: [{shown}{more}]>", self.rows.len()))
    }

    /// Returns the number of coupons and the first ones.
    fn __rich_repr__<'py>(&self, py: Python<'py>) -> PyResult<Vec<(&'static str, Bound<'py, PyAny>)>> {
        let total = self.rows.len().into_bound_py_any(py)?;
        Ok(vec![("total", total), ("coupons", PyList::new(py, self.first_rows())?.into_any())])
    }

    /// Returns the number of coupons and the first ones as an HTML table.
    fn _repr_html_<'py>(&self, py: Python<'py>) -> AnyResult<'py> {
        let rows = PyList::new(py, self.first_rows())?;
        model::display(py)?.call_method1("coupons_html", ("CouponList", rows, self.rows.len()))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let text = slf.get().to_json()?;
        Ok((slf.get_type().getattr("from_json")?, (text,)))
    }

    /// The coupons that the search skipped because they cannot be read. Empty without ``skip_unreadable=True``, and for slices.
    ///
    /// Examples:
    ///     >>> coupons.search(skip_unreadable=True).collect().skipped
    ///     ()
    #[getter]
    fn skipped<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        skipped_to_python(py, &self.skipped)
    }

    /// Returns the coupons as a JSON array. All digits and extra fields are preserved.
    ///
    /// Examples:
    ///     >>> CouponList.from_json('{"items":[{"code":"A","discount":10.00}]}').to_json()
    ///     '[{"code":"A","discount":10.00}]'
    fn to_json(&self) -> PyResult<String> {
        let coupons: Vec<_> = self.coupons().collect();
        serde_json::to_string(&coupons).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// Returns the coupons as dicts. See `Coupon.to_dict`.
    ///
    /// Raises:
    ///     ValueError: A date is not valid. The error contains the date.
    ///
    /// Examples:
    ///     >>> CouponList.from_json('[{"code":"A","discount":10}]').to_dicts()
    ///     [{'code': 'A', 'discount': Decimal('10')}]
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for index in 0..self.rows.len() {
            if index % LOOK == 0 {
                py.check_signals()?;
            }
            list.append(Bound::new(py, self.coupon(index))?.call_method0("to_dict")?)?;
        }
        Ok(list)
    }

    /// Returns the index of the first coupon that equals this coupon.
    ///
    /// Raises:
    ///     ValueError: The coupon is not in the list.
    ///
    /// Examples:
    ///     >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
    ///     >>> found.index(found[1])
    ///     1
    fn index(&self, value: &Bound<'_, PyAny>) -> PyResult<usize> {
        let is_it = |coupon: &Coupon| self.coupons().position(|other| other == coupon.0.get());
        let place = value.cast::<Coupon>().ok().and_then(|coupon| is_it(coupon.get()));
        place.ok_or_else(|| PyValueError::new_err("the coupon is not in the list"))
    }

    /// Returns the number of coupons that equal this coupon.
    ///
    /// Examples:
    ///     >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
    ///     >>> found.count(found[1]), found.count("FIVE")
    ///     (1, 0)
    fn count(&self, value: &Bound<'_, PyAny>) -> usize {
        let Ok(coupon) = value.cast::<Coupon>() else { return 0 };
        self.coupons().filter(|other| *other == coupon.get().0.get()).count()
    }

    /// Returns the coupons as a Polars frame. Requires Polars. See `table` for the arguments and the errors.
    ///
    /// Examples:
    ///     >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
    ///     >>> found.to_polars(decimals="float64")["discount"].sum()
    ///     15.0
    #[pyo3(
        signature = (*, decimals = Decimals::Decimal, flat = Flat::default()),
        text_signature = "($self, *, decimals='decimal', flat=False)"
    )]
    fn to_polars<'py>(&self, py: Python<'py>, decimals: Decimals, flat: Flat) -> AnyResult<'py> {
        self.framed(py, "to_polars", Layout { decimals, flat })
    }

    /// Returns the coupons as a pandas frame. Requires pandas and pyarrow. See `table` for the other arguments and the errors.
    ///
    /// Args:
    ///     decimals: The type of amounts.
    ///     flat: Whether to make columns that CSV and Excel can hold.
    ///     dtype_backend: ``"pyarrow"`` keeps the Arrow types of all columns, so that amounts are Arrow decimals. By default, columns
    ///         have NumPy types, and amounts are Python objects.
    ///
    /// Examples:
    ///     >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
    ///     >>> found.to_pandas(decimals="float64")["discount"].sum().item()
    ///     15.0
    #[pyo3(
        signature = (*, decimals = Decimals::Decimal, flat = Flat::default(), dtype_backend = None),
        text_signature = "($self, *, decimals='decimal', flat=False, dtype_backend=None)"
    )]
    fn to_pandas<'py>(
        &self,
        py: Python<'py>,
        decimals: Decimals,
        flat: Flat,
        dtype_backend: Option<Bound<'py, PyAny>>,
    ) -> AnyResult<'py> {
        let table = self.in_layout(Layout { decimals, flat });
        py.import("ecwid_coupons._frames")?.call_method1("to_pandas", (table, dtype_backend))
    }

    /// Returns the coupons as a pyarrow table. Requires pyarrow. See `table` for the arguments and the errors.
    ///
    /// Examples:
    ///     >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
    ///     >>> found.to_arrow().column("discount")[0].as_py()
    ///     Decimal('10.000000000')
    #[pyo3(
        signature = (*, decimals = Decimals::Decimal, flat = Flat::default()),
        text_signature = "($self, *, decimals='decimal', flat=False)"
    )]
    fn to_arrow<'py>(&self, py: Python<'py>, decimals: Decimals, flat: Flat) -> AnyResult<'py> {
        self.framed(py, "to_arrow", Layout { decimals, flat })
    }

    /// Returns the coupons as a table for any consumer of Arrow data.
    ///
    /// Args:
    ///     decimals: The type of amounts: ``"decimal"`` is exact, ``"float64"`` is the nearest float, and ``"text"`` has all digits.
    ///     flat: Whether to make columns that CSV and Excel can hold. Lists are joined with ", ", and dates have no time zone. They
    ///         are in UTC. In a CSV file, an amount of the type ``"decimal"`` has 9 digits after the point, and one of the type
    ///         ``"text"`` has the digits that the store sent.
    ///
    /// Raises:
    ///     ValueError: An amount or a date does not fit its column. The error names the coupon.
    ///
    /// Examples:
    ///     >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
    ///     >>> import duckdb
    ///     >>> amounts = found.table(decimals="float64")
    ///     >>> duckdb.sql("select sum(discount) from amounts").fetchall()
    ///     [(15.0,)]
    #[pyo3(
        signature = (*, decimals = Decimals::Decimal, flat = Flat::default()),
        text_signature = "($self, *, decimals='decimal', flat=False)"
    )]
    fn table(&self, decimals: Decimals, flat: Flat) -> CouponTable {
        self.in_layout(Layout { decimals, flat })
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyAny>>) -> Capsule<'py> {
        self.in_layout(Layout::default()).__arrow_c_stream__(py, requested_schema)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> Capsule<'py> {
        table::schema_capsule(py, &table::schema(Layout::default()))
    }
}

/// A table of coupons for any consumer of Arrow data, returned by `CouponList.table`.
///
/// Examples:
///     >>> import pyarrow
///     >>> table = CouponList.from_json('[{"code":"A"},{"code":"B"}]').table()
///     >>> len(table), pyarrow.table(table)["code"].to_pylist()
///     (2, ['A', 'B'])
#[pyclass(frozen, module = "ecwid_coupons")]
#[derive(Debug)]
pub(crate) struct CouponTable {
    list: CouponList,
    layout: Layout,
}

#[pymethods]
impl CouponTable {
    fn __len__(&self) -> usize {
        self.list.rows.len()
    }

    // The interface allows a producer to ignore the requested schema.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyAny>>) -> Capsule<'py> {
        let _ = requested_schema;
        let batches = self.list.batches(py, self.layout)?;
        let batches = RecordBatchIterator::new(batches.into_iter().map(Ok), table::schema(self.layout));
        table::stream_capsule(py, Box::new(batches))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> Capsule<'py> {
        table::schema_capsule(py, &table::schema(self.layout))
    }
}

/// An iterator over a `CouponList`.
#[pyclass(frozen)]
pub(crate) struct CouponIterator {
    list: CouponList,
    next: std::sync::atomic::AtomicUsize,
}

#[pymethods]
impl CouponIterator {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__(&self) -> Option<Coupon> {
        let index = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        (index < self.list.rows.len()).then(|| self.list.coupon(index))
    }

    fn __length_hint__(&self) -> usize {
        self.list.rows.len().saturating_sub(self.next.load(std::sync::atomic::Ordering::Relaxed))
    }
}

/// Converts skipped coupons to a tuple of `SkippedCoupon`, which is a Python class.
pub(crate) fn skipped_to_python<'py>(py: Python<'py>, skipped: &[SkippedCoupon]) -> PyResult<Bound<'py, PyTuple>> {
    if skipped.is_empty() {
        return Ok(PyTuple::empty(py));
    }
    let class = py.import("ecwid_coupons._outcomes")?.getattr("SkippedCoupon")?;
    let skipped = skipped.iter().map(|SkippedCoupon { id, code, field, problem, json, .. }| {
        class.call1((id, code.as_deref(), field.as_deref(), problem, json.as_str()))
    });
    PyTuple::new(py, skipped.collect::<PyResult<Vec<_>>>()?)
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Does the work for each item on several threads. Returns the first error in the order of the items.
fn in_parallel<T: Sync, U: Send>(items: &[T], work: impl Fn(&T) -> Result<U, String> + Sync) -> Result<Vec<U>, String> {
    let threads = threads().min(items.len());
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let work = |items: &[T]| items.iter().map(&work).collect::<Result<Vec<_>, _>>();
    let (first, others) = items.split_at(items.len().div_ceil(threads));
    std::thread::scope(|scope| {
        let workers: Vec<_> = others.chunks(first.len()).map(|items| scope.spawn(|| work(items))).collect();
        // This thread works too. If it only waited, two of the others often shared one processor.
        let mut done = work(first)?;
        for worker in workers {
            done.extend(worker.join().map_err(|_| "a thread panicked".to_owned())??);
        }
        Ok(done)
    })
}

fn read_page(page: &JsonText) -> Result<Block, String> {
    let coupons = if page.bytes().trim_ascii_start().starts_with(b"[") {
        page.parse::<Vec<types::Coupon>>(&Kind::List(&Kind::Object(types::Coupon::FIELDS)))
    } else {
        let page = page.parse::<types::CouponPage>(&Kind::Object(types::CouponPage::FIELDS));
        page.and_then(|page| page.items.ok_or_else(|| "`items` is missing".to_owned()))
    };
    coupons.map(Arc::new).map_err(|error| format!("invalid JSON of a page or an array of coupons: {error}"))
}
