//! [`CouponList`]: coupons that are all there.

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchIterator};
use ecwid_coupons::{SkippedCoupon, schema::Kind, types};
use pyo3::{
    exceptions::{PyIndexError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyCapsule, PyList, PySlice, PyTuple},
};

use crate::{
    from_python::{fields::JsonText, scalars::text_of},
    generated::Coupon,
    to_python::{columns::Decimals, model::BlockRef, table},
};

/// A page's coupons.
pub(crate) type Block = Arc<Vec<types::Coupon>>;

/// The most coupons of a batch of a table.
const BATCH: usize = 65_536;

/// After how many objects of Python it is looked for signals while more are made.
pub(crate) const LOOK: usize = 1_000;

/// The fewest coupons that are worth a thread of their own.
const SHARE: usize = 2_000;

/// Coupons, as an immutable sequence; and as a table, for whatever reads Arrow.
///
/// A slice is another such sequence. Polars, pandas, pyarrow and DuckDB take one as it is. Amounts are exact in its table; `table` has
/// them as floats too.
///
/// Example:
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
    /// Each coupon by its block and its place in it.
    rows: Arc<[(u32, u32)]>,
    /// What a search could not read.
    skipped: Arc<[SkippedCoupon]>,
}

impl CouponList {
    pub(crate) fn new(blocks: Vec<Block>) -> Self {
        let rows =
            blocks.iter().zip(0..).flat_map(|(block, number)| (0..block.len() as u32).map(move |row| (number, row)));
        Self { rows: rows.collect(), blocks: blocks.into(), skipped: Arc::default() }
    }

    /// The same, with the coupons that the search skipped.
    pub(crate) fn with_skipped(self, skipped: Vec<SkippedCoupon>) -> Self {
        Self { skipped: skipped.into(), ..self }
    }

    /// The coupons that the search skipped.
    pub(crate) fn unreadable(&self) -> &[SkippedCoupon] {
        &self.skipped
    }

    /// The table in a library that the package knows, and does not need.
    fn framed<'py>(&self, py: Python<'py>, function: &str, decimals: Decimals) -> PyResult<Bound<'py, PyAny>> {
        py.import("ecwid_coupons._frames")?.call_method1(function, (self.table(decimals),))
    }

    fn coupon(&self, index: usize) -> Coupon {
        let (block, row) = self.rows[index];
        Coupon(BlockRef::new(Arc::clone(&self.blocks[block as usize]), row as usize))
    }

    pub(crate) fn coupons(&self) -> impl ExactSizeIterator<Item = &types::Coupon> {
        self.rows.iter().map(|(block, row)| &self.blocks[*block as usize][*row as usize])
    }

    /// The table in batches. All are made before the first is handed over, so that what does not fit is an error of its own type.
    fn batches(&self, py: Python<'_>, decimals: Decimals) -> PyResult<Vec<RecordBatch>> {
        let made = py.detach(|| {
            let coupons: Vec<_> = self.coupons().collect();
            let batch = coupons.len().div_ceil(threads()).clamp(SHARE, BATCH);
            let batches: Vec<_> = coupons.chunks(batch).collect();
            in_parallel(&batches, |coupons| table::batch(coupons, decimals))
        });
        made.map_err(PyValueError::new_err)
    }
}

#[pymethods]
impl CouponList {
    /// Reads coupons from the bodies of pages, or from JSON lists, as the API sends them: one, or several in a list.
    ///
    /// Several are read by several threads.
    ///
    /// Raises:
    ///     TypeError: It is neither text nor bytes, nor a list or tuple of them.
    ///     ValueError: It is not such JSON; the error says where.
    ///
    /// Example:
    ///     >>> found = CouponList.from_json(['{"items":[{"code":"A"}]}', '[{"code":"B"}]'])
    ///     >>> [coupon.code for coupon in found]
    ///     ['A', 'B']
    #[staticmethod]
    fn from_json(py: Python<'_>, pages: Pages) -> PyResult<Self> {
        let pages = match pages {
            Pages::One(page) => vec![page],
            Pages::Several(pages) => pages,
        };
        let blocks = py.detach(|| in_parallel(&pages, read_page)).map_err(PyValueError::new_err)?;
        Ok(Self::new(blocks))
    }

    fn __len__(&self) -> usize {
        self.rows.len()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        if let Ok(slice) = index.cast::<PySlice>() {
            let range = slice.indices(self.rows.len() as isize)?;
            let rows =
                (0..range.slicelength).map(|step| self.rows[(range.start + step as isize * range.step) as usize]);
            let part = Self { blocks: Arc::clone(&self.blocks), rows: rows.collect(), skipped: Arc::default() };
            return Ok(Bound::new(py, part)?.into_any());
        }
        let wrong = |_| PyTypeError::new_err("the index of a coupon is an int or a slice");
        let index: isize = index.extract().map_err(wrong)?;
        let place = if index < 0 { index + self.rows.len() as isize } else { index };
        match usize::try_from(place).ok().filter(|place| *place < self.rows.len()) {
            Some(place) => Ok(Bound::new(py, self.coupon(place))?.into_any()),
            None => Err(PyIndexError::new_err(format!("there is no coupon {index} among {}", self.rows.len()))),
        }
    }

    fn __iter__(slf: Bound<'_, Self>) -> CouponIterator {
        CouponIterator { list: slf.get().clone(), next: std::sync::atomic::AtomicUsize::new(0) }
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.coupons().eq(other.get().coupons()))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let shown = (0..self.rows.len().min(3)).map(|index| Ok(text_of(&Bound::new(py, self.coupon(index))?.repr()?)));
        let shown = shown.collect::<PyResult<Vec<_>>>()?.join(", ");
        let more = if self.rows.len() > 3 { ", ..." } else { "" };
        Ok(format!("<CouponList of {}: [{shown}{more}]>", self.rows.len()))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let text = slf.get().to_json()?;
        Ok((slf.get_type().getattr("from_json")?, (text,)))
    }

    /// The coupons that the search could not read and skipped. Empty unless it was told to with ``skip_unreadable``, and for a slice.
    ///
    /// Example:
    ///     >>> coupons.search(skip_unreadable=True).collect().skipped
    ///     ()
    #[getter]
    fn skipped<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        skipped_to_python(py, &self.skipped)
    }

    /// The coupons as a JSON list, with every digit and unknown field as they came.
    ///
    /// Example:
    ///     >>> CouponList.from_json('{"items":[{"code":"A","discount":10.00}]}').to_json()
    ///     '[{"code":"A","discount":10.00}]'
    fn to_json(&self) -> PyResult<String> {
        let coupons: Vec<_> = self.coupons().collect();
        serde_json::to_string(&coupons).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// The coupons as dicts, each as `Coupon.to_dict` makes it.
    ///
    /// Raises:
    ///     ValueError: A date is none that Python has; the error shows it.
    ///
    /// Example:
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

    /// The place of the first coupon that equals this one.
    ///
    /// Raises:
    ///     ValueError: There is none.
    ///
    /// Example:
    ///     >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
    ///     >>> found.index(found[1])
    ///     1
    fn index(&self, value: &Bound<'_, PyAny>) -> PyResult<usize> {
        let is_it = |coupon: &Coupon| self.coupons().position(|other| other == coupon.0.get());
        let place = value.cast::<Coupon>().ok().and_then(|coupon| is_it(coupon.get()));
        place.ok_or_else(|| PyValueError::new_err("the coupon is not in the list"))
    }

    /// How many coupons equal this one.
    ///
    /// Example:
    ///     >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
    ///     >>> found.count(found[1]), found.count("FIVE")
    ///     (1, 0)
    fn count(&self, value: &Bound<'_, PyAny>) -> usize {
        let Ok(coupon) = value.cast::<Coupon>() else { return 0 };
        self.coupons().filter(|other| *other == coupon.get().0.get()).count()
    }

    /// The coupons as a frame of Polars.
    ///
    /// Args:
    ///     decimals: How amounts stand in it: ``"decimal"``, which is exact, ``"float64"``, or ``"text"``, which has all digits.
    ///
    /// Raises:
    ///     ImportError: Polars is not installed; the error says how to install it.
    ///     ValueError: An amount or a date does not fit into its column; the error names the coupon.
    ///
    /// Example:
    ///     >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
    ///     >>> found.to_polars(decimals="float64")["discount"].sum()
    ///     15.0
    #[pyo3(signature = (*, decimals = Decimals::Decimal), text_signature = "($self, *, decimals='decimal')")]
    fn to_polars<'py>(&self, py: Python<'py>, decimals: Decimals) -> PyResult<Bound<'py, PyAny>> {
        self.framed(py, "to_polars", decimals)
    }

    /// The coupons as a frame of pandas, which needs pyarrow for it.
    ///
    /// Args:
    ///     decimals: How amounts stand in it: ``"decimal"``, which is exact, ``"float64"``, or ``"text"``, which has all digits.
    ///
    /// Raises:
    ///     ImportError: pandas or pyarrow is not installed; the error says how to install it.
    ///     ValueError: An amount or a date does not fit into its column; the error names the coupon.
    ///
    /// Example:
    ///     >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
    ///     >>> found.to_pandas(decimals="float64")["discount"].sum().item()
    ///     15.0
    #[pyo3(signature = (*, decimals = Decimals::Decimal), text_signature = "($self, *, decimals='decimal')")]
    fn to_pandas<'py>(&self, py: Python<'py>, decimals: Decimals) -> PyResult<Bound<'py, PyAny>> {
        self.framed(py, "to_pandas", decimals)
    }

    /// The coupons as a table of pyarrow.
    ///
    /// Args:
    ///     decimals: How amounts stand in it: ``"decimal"``, which is exact, ``"float64"``, or ``"text"``, which has all digits.
    ///
    /// Raises:
    ///     ImportError: pyarrow is not installed; the error says how to install it.
    ///     ValueError: An amount or a date does not fit into its column; the error names the coupon.
    ///
    /// Example:
    ///     >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
    ///     >>> found.to_arrow().column("discount")[0].as_py()
    ///     Decimal('10.000000000')
    #[pyo3(signature = (*, decimals = Decimals::Decimal), text_signature = "($self, *, decimals='decimal')")]
    fn to_arrow<'py>(&self, py: Python<'py>, decimals: Decimals) -> PyResult<Bound<'py, PyAny>> {
        self.framed(py, "to_arrow", decimals)
    }

    /// The coupons as a table: an object that reads as Arrow, for libraries that this package does not know.
    ///
    /// Args:
    ///     decimals: How amounts stand in it: ``"decimal"``, which is exact, ``"float64"``, or ``"text"``, which has all digits.
    ///
    /// Example:
    ///     >>> found = CouponList.from_json('[{"id":1,"code":"TEN","discount":10},{"id":2,"code":"FIVE","discount":5}]')
    ///     >>> import duckdb
    ///     >>> amounts = found.table(decimals="float64")
    ///     >>> duckdb.sql("select sum(discount) from amounts").fetchall()
    ///     [(15.0,)]
    #[pyo3(signature = (*, decimals = Decimals::Decimal), text_signature = "($self, *, decimals='decimal')")]
    fn table(&self, decimals: Decimals) -> CouponTable {
        CouponTable { list: self.clone(), decimals }
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        self.table(Decimals::Decimal).__arrow_c_stream__(py, requested_schema)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        table::schema_capsule(py, &table::schema(Decimals::Decimal))
    }
}

/// A table of coupons, which whatever reads Arrow takes. `CouponList.table` makes one.
///
/// Example:
///     >>> import pyarrow
///     >>> table = CouponList.from_json('[{"code":"A"},{"code":"B"}]').table()
///     >>> len(table), pyarrow.table(table)["code"].to_pylist()
///     (2, ['A', 'B'])
#[pyclass(frozen, module = "ecwid_coupons")]
#[derive(Debug)]
pub(crate) struct CouponTable {
    list: CouponList,
    decimals: Decimals,
}

#[pymethods]
impl CouponTable {
    fn __len__(&self) -> usize {
        self.list.rows.len()
    }

    // What the consumer would rather have is no more than a wish, by the interface.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batches = self.list.batches(py, self.decimals)?;
        let batches = RecordBatchIterator::new(batches.into_iter().map(Ok), table::schema(self.decimals));
        table::stream_capsule(py, Box::new(batches))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        table::schema_capsule(py, &table::schema(self.decimals))
    }
}

/// The coupons of a list, one after the other.
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

/// One page's JSON, or that of several.
pub(crate) enum Pages {
    One(JsonText),
    Several(Vec<JsonText>),
}

impl<'py> FromPyObject<'_, 'py> for Pages {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        // Not tried as one page first: the error would show the list with all of its pages, and be thrown away.
        if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
            return value.extract().map(Self::Several);
        }
        value.extract().map(Self::One)
    }
}

/// Skipped coupons as a tuple of the package's own class.
pub(crate) fn skipped_to_python<'py>(py: Python<'py>, skipped: &[SkippedCoupon]) -> PyResult<Bound<'py, PyTuple>> {
    if skipped.is_empty() {
        return Ok(PyTuple::empty(py));
    }
    let class = py.import("ecwid_coupons._skipped")?.getattr("SkippedCoupon")?;
    let skipped = skipped.iter().map(|SkippedCoupon { id, code, field, problem, json, .. }| {
        class.call1((id, code.as_deref(), field.as_deref(), problem, json.as_str()))
    });
    PyTuple::new(py, skipped.collect::<PyResult<Vec<_>>>()?)
}

/// How many threads are worth starting: one for each processor.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Does the work for each item, by several threads. The first error in the items' order is the one that is told.
fn in_parallel<T: Sync, U: Send>(items: &[T], work: impl Fn(&T) -> Result<U, String> + Sync) -> Result<Vec<U>, String> {
    let threads = threads().min(items.len());
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let work = |items: &[T]| items.iter().map(&work).collect::<Result<Vec<_>, _>>();
    let (first, others) = items.split_at(items.len().div_ceil(threads));
    std::thread::scope(|scope| {
        let workers: Vec<_> = others.chunks(first.len()).map(|items| scope.spawn(|| work(items))).collect();
        // This thread takes its share too. Where it only waited, the system often had two others take turns on one
        // processor, beside an idle one.
        let mut done = work(first)?;
        for worker in workers {
            done.extend(worker.join().map_err(|_| "a thread did not come to its end".to_owned())??);
        }
        Ok(done)
    })
}

fn read_page(page: &JsonText) -> Result<Block, String> {
    let coupons = if page.bytes().trim_ascii_start().starts_with(b"[") {
        page.parse::<Vec<types::Coupon>>(&Kind::List(&Kind::Object(types::Coupon::FIELDS)))
    } else {
        let page = page.parse::<types::CouponPage>(&Kind::Object(types::CouponPage::FIELDS));
        page.and_then(|page| page.items.ok_or_else(|| "it has no items".to_owned()))
    };
    coupons.map(Arc::new).map_err(|error| format!("the text is no JSON of a page or of a list of coupons: {error}"))
}
