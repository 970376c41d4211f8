//! What single calls answer, other than objects of the API.

use ecwid_coupons::types;
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyDict};

use crate::{
    from_python::{arguments, fields, scalars::text_of},
    generated::Coupon,
    to_python::model::BlockRef,
};

/// What became of a create.
///
/// Example:
///     >>> coupons.create(name="10% OFF", code="TEN", discount_type="PERCENT", discount=10).outcome
///     'created'
#[pyclass(frozen, eq, hash, get_all, module = "ecwid_coupons")]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct CreateOutcome {
    /// The coupon's id.
    ///
    /// Example:
    ///     >>> made = coupons.create(name="10% OFF", code="ten", discount_type="PERCENT", discount=10)
    ///     >>> coupons.get(made.id).code
    ///     'ten'
    id: Option<i64>,
    /// The coupon's code, as the store has it.
    ///
    /// Example:
    ///     >>> made = coupons.create(name="10% OFF", code="ten", discount_type="PERCENT", discount=10)
    ///     >>> made.code
    ///     'ten'
    code: Option<String>,
    /// `"created"`, or `"already_exists"` when the store has the coupon with all that was sent.
    ///
    /// Example:
    ///     >>> made = coupons.create(name="10% OFF", code="ten", discount_type="PERCENT", discount=10)
    ///     >>> made.outcome, coupons.create_or_get(name="10% OFF", code="ten", discount_type="PERCENT", discount=10).outcome
    ///     ('created', 'already_exists')
    outcome: String,
    /// The status of a coupon that is already there, which can be EXPIRED or USEDUP; None for one that was created.
    ///
    /// Example:
    ///     >>> _ = coupons.create(name="10% OFF", code="ten", discount_type="PERCENT", discount=10)
    ///     >>> coupons.create_or_get(name="10% OFF", code="ten", discount_type="PERCENT", discount=10).status
    ///     'ACTIVE'
    status: Option<String>,
    /// How many orders used a coupon that is already there; None for one that was created.
    ///
    /// Example:
    ///     >>> _ = coupons.create(name="10% OFF", code="ten", discount_type="PERCENT", discount=10)
    ///     >>> coupons.create_or_get(name="10% OFF", code="ten", discount_type="PERCENT", discount=10).order_count
    ///     0
    order_count: Option<i64>,
}

#[pymethods]
impl CreateOutcome {
    #[new]
    #[pyo3(signature = (*, id = None, code = None, outcome, status = None, order_count = None))]
    fn new(
        id: Option<Bound<'_, PyAny>>,
        code: Option<Bound<'_, PyAny>>,
        outcome: &Bound<'_, PyAny>,
        status: Option<Bound<'_, PyAny>>,
        order_count: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Ok(Self {
            status: status.map(|status| arguments::text("status", &status)).transpose()?,
            order_count: order_count.map(|count| arguments::id("order_count", &count)).transpose()?,
            id: id.map(|id| arguments::id("id", &id)).transpose()?,
            code: code.map(|code| arguments::text("code", &code)).transpose()?,
            outcome: arguments::text("outcome", outcome)?,
        })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let text = |value: Option<&str>| Ok::<_, PyErr>(text_of(&value.into_pyobject(py)?.repr()?));
        let number = |value: Option<i64>| value.map_or_else(|| "None".to_owned(), |value| value.to_string());
        let (id, code, outcome) = (number(self.id), text(self.code.as_deref())?, text(Some(&self.outcome))?);
        let mut shown = format!("CreateOutcome(id={id}, code={code}, outcome={outcome}");
        if let Some(status) = &self.status {
            shown.push_str(&format!(", status={}", text(Some(status))?));
        }
        if let Some(orders) = self.order_count {
            shown.push_str(&format!(", order_count={orders}"));
        }
        Ok(shown + ")")
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<((), Bound<'py, PyDict>)> {
        let arguments = PyDict::new(py);
        arguments.set_item("id", self.id)?;
        arguments.set_item("code", &self.code)?;
        arguments.set_item("outcome", &self.outcome)?;
        arguments.set_item("status", &self.status)?;
        arguments.set_item("order_count", self.order_count)?;
        Ok(((), arguments))
    }
}

impl From<ecwid_coupons::CreateOutcome> for CreateOutcome {
    fn from(creation: ecwid_coupons::CreateOutcome) -> Self {
        Self {
            id: creation.id(),
            code: creation.code().map(str::to_owned),
            outcome: creation.as_str().to_owned(),
            status: creation.status().map(ToString::to_string),
            order_count: creation.order_count(),
        }
    }
}

/// What `delete_if_unused` found, and did.
///
/// Example:
///     >>> made = coupons.create(name="10% OFF", code="ten", discount_type="PERCENT", discount=10)
///     >>> coupons.delete_if_unused("ten").outcome
///     'deleted'
#[pyclass(frozen, eq, hash, module = "ecwid_coupons")]
#[derive(Debug, PartialEq, Hash)]
pub(crate) struct DeleteOutcome {
    /// `"deleted"`, `"kept"` or `"not_found"`.
    ///
    /// Example:
    ///     >>> coupons.delete_if_unused("NONE").outcome
    ///     'not_found'
    #[pyo3(get)]
    outcome: String,
    coupon: Option<Coupon>,
}

#[pymethods]
impl DeleteOutcome {
    #[new]
    #[pyo3(signature = (*, outcome, coupon = None))]
    fn new(outcome: &Bound<'_, PyAny>, coupon: Option<Bound<'_, PyAny>>) -> PyResult<Self> {
        let coupon = coupon.map(|coupon| match coupon.cast::<Coupon>() {
            Ok(coupon) => Ok(coupon.get().clone()),
            Err(_) => Err(fields::raise::<PyTypeError>(&coupon, |coupon| format!("coupon: {coupon} is not a Coupon"))),
        });
        Ok(Self { outcome: arguments::text("outcome", outcome)?, coupon: coupon.transpose()? })
    }

    /// The coupon as it was found, with all that it had; None when it was not there.
    ///
    /// Example:
    ///     >>> made = coupons.create(name="10% OFF", code="ten", discount_type="PERCENT", discount=10)
    ///     >>> coupons.delete_if_unused("ten").coupon.discount
    ///     Decimal('10')
    #[getter]
    fn coupon(&self) -> Option<Coupon> {
        self.coupon.clone()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let coupon = self.coupon().into_pyobject(py)?.repr()?;
        let outcome = self.outcome.as_str().into_pyobject(py)?.repr()?;
        Ok(format!("DeleteOutcome(outcome={}, coupon={})", text_of(&outcome), text_of(&coupon)))
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<((), Bound<'py, PyDict>)> {
        let arguments = PyDict::new(py);
        arguments.set_item("outcome", &self.outcome)?;
        arguments.set_item("coupon", self.coupon())?;
        Ok(((), arguments))
    }
}

impl From<ecwid_coupons::DeleteOutcome> for DeleteOutcome {
    fn from(deletion: ecwid_coupons::DeleteOutcome) -> Self {
        let coupon: Option<types::Coupon> = deletion.coupon().cloned();
        Self { outcome: deletion.as_str().to_owned(), coupon: coupon.map(|coupon| Coupon(BlockRef::alone(coupon))) }
    }
}
