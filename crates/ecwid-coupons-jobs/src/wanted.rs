//! [`compare`]: finds the changes that give a store the wanted coupons.

use std::{collections::HashMap, fmt, mem};

use ecwid_coupons::{
    __private::{changes_of, is_launched_later, is_without_batches, read_fields},
    Batch, BatchItem, BatchResult, Client, CouponRef, Difference, Error, JsonObject, Patch, RawJson,
    schema::ApiObject,
    types::{ApplicationLimit, Coupon, CouponStatus, CouponUpdate, NewCoupon},
};

use crate::JobError;

/// How many times a coupon is looked up, at most.
const ROUNDS: usize = 3;

/// How many problems an error message lists.
const SHOWN: usize = 20;

/// A coupon as it is wanted: a code, and the fields that are set, cleared, or left as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedCoupon {
    /// The code, in any letter case.
    pub code: String,
    /// The fields. The code among them is ignored.
    pub fields: CouponUpdate,
}

/// What is wrong with a wanted coupon.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WantedProblem {
    /// The index of the coupon, counted from 0.
    pub index: usize,
    /// The code.
    pub code: String,
    /// The name of the field in JSON.
    pub field: String,
    /// What is wrong with the field.
    pub problem: String,
}

impl fmt::Display for WantedProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, field, problem, .. } = self;
        write!(f, "coupon `{code}`, {field}: {problem}")
    }
}

/// A wanted coupon, and the change that it needs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PlannedCoupon {
    /// The code as it is wanted. The code in the store may have another letter case.
    pub code: String,
    /// The change.
    pub change: PlannedChange,
    /// The coupon in the store, if there is one.
    pub stored: Option<Box<Coupon>>,
    /// A status that the store has set and that no update changes for sure, such as EXPIRED, if a status is wanted.
    pub note: Option<String>,
}

/// The change that a wanted coupon needs.
#[derive(Clone, Debug, PartialEq)]
pub enum PlannedChange {
    /// No coupon has the code, so this one is created.
    Create(Box<NewCoupon>),
    /// The coupon is changed.
    Update {
        /// The id of the coupon.
        id: i64,
        /// The fields that differ.
        update: Box<CouponUpdate>,
        /// The wanted and the stored values of these fields.
        differences: Vec<Difference>,
    },
    /// The coupon is as it is wanted.
    Unchanged {
        /// The id of the coupon.
        id: i64,
    },
}

/// Returns the change that each wanted coupon needs, in the same order. It reads the coupons and changes nothing.
///
/// The coupons are looked up by code, 500 with one batch. Values are compared by what they mean: amounts as numbers,
/// dates in UTC, and lists regardless of their order. A cleared field is compared with its default. A launch date that
/// has passed is the same as none.
///
/// # Example
///
/// ```
/// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
/// use ecwid_coupons::types::{CouponUpdate, NewCoupon};
/// use ecwid_coupons_jobs::{PlannedChange, WantedCoupon, compare};
///
/// coupons.create(&NewCoupon::percent("Summer", "SUMMER", 10)).await?;
/// let wanted = |code: &str, fields| WantedCoupon { code: code.to_owned(), fields };
/// let planned = compare(
///     &coupons,
///     &[
///         wanted("summer", CouponUpdate::default().discount(15).name("Summer")),
///         wanted("AUTUMN", CouponUpdate::default().discount(5).name("Autumn")),
///     ],
/// )
/// .await?;
/// let PlannedChange::Update { update, differences, .. } = &planned[0].change else { panic!("{planned:?}") };
/// assert_eq!(**update, CouponUpdate::default().discount(15));
/// assert_eq!(differences[0].stored.as_ref().unwrap().as_str(), "10");
/// assert!(matches!(planned[1].change, PlannedChange::Create(_)));
/// # Ok(())
/// # });
/// ```
///
/// # Errors
///
/// - [`JobError::Plan`]: coupons have [`problems`], so that no request was sent, or a coupon to create has no name.
/// - [`JobError::Request`]: a coupon cannot be looked up.
pub async fn compare(client: &Client, wanted: &[WantedCoupon]) -> Result<Vec<PlannedCoupon>, JobError> {
    refuse(&problems(client, wanted))?;
    let codes: Vec<_> = wanted.iter().map(|wanted| wanted.code.as_str()).collect();
    plan(wanted, find(client, &codes).await?)
}

/// Returns the problems of wanted coupons that can be found without a request.
///
/// A problem is a missing code, a code that an earlier coupon has in any letter case, an invalid date, an unknown enum
/// value, an empty limit, a status that only the store sets, an order count, or a field that is cleared although every
/// coupon has it.
pub fn problems(client: &Client, wanted: &[WantedCoupon]) -> Vec<WantedProblem> {
    let mut problems = Vec::new();
    let mut codes: HashMap<String, &str> = HashMap::with_capacity(wanted.len());
    for (index, WantedCoupon { code, fields }) in wanted.iter().enumerate() {
        let mut add = |field: &str, problem: String| {
            let (code, field) = (code.clone(), field.to_owned());
            problems.push(WantedProblem { index, code, field, problem });
        };
        if let Some(first) = codes.insert(key(code), code) {
            add("code", format!("`{first}` is the same code (expected codes that differ in more than letter case)"));
        }
        let cleared: Vec<_> = members(fields).into_iter().filter(|(_, value)| is_null(value)).collect();
        for (name, _) in cleared {
            if CouponUpdate::FIELDS.iter().any(|field| field.name == name && !field.clearable) {
                add(&name, "the field cannot be cleared (expected a value)".to_owned());
            }
        }
        if fields.order_count.value().is_some() {
            add("orderCount", "only the store sets it (expected no value)".to_owned());
        }
        if let Some(status @ (CouponStatus::Expired | CouponStatus::UsedUp)) = fields.status.value() {
            add("status", format!("only the store sets `{status}` (expected ACTIVE or PAUSED)"));
        }
        let is_for_repeat = |limit: &ApplicationLimit| *limit == ApplicationLimit::RepeatCustomerOnly;
        #[expect(deprecated, reason = "a declaration can have it")]
        let repeat_only = fields.repeat_customer_only.value();
        if let (Some(limit), Some(repeat_only)) = (fields.application_limit.value(), repeat_only)
            && is_for_repeat(limit) != *repeat_only
        {
            add("repeatCustomerOnly", format!("`{repeat_only}` contradicts the applicationLimit `{limit}`"));
        }
        let mut coupon = new_coupon(code, fields);
        if fields.name.value().is_none() {
            "an update needs no name".clone_into(&mut coupon.name);
        }
        for problem in client.create_many([coupon]).problems() {
            add(problem.field, problem.problem);
        }
    }
    problems
}

/// Fails if there are problems.
pub(crate) fn refuse(problems: &[WantedProblem]) -> Result<(), JobError> {
    if problems.is_empty() {
        return Ok(());
    }
    let shown: Vec<_> = problems.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = problems.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    Err(JobError::Plan(format!("{}{more}", shown.join("; "))))
}

/// Returns the key of a code: codes that differ only in letter case have the same key.
pub(crate) fn key(code: &str) -> String {
    code.trim().to_lowercase()
}

/// Looks up the coupons with these codes. Returns them by the [`key`] of their code.
pub(crate) async fn find(client: &Client, codes: &[&str]) -> Result<HashMap<String, Coupon>, JobError> {
    let mut stored = HashMap::with_capacity(codes.len());
    for codes in codes.chunks(Batch::MAX_ITEMS) {
        let mut open = codes.to_vec();
        for round in 1.. {
            let results = match client.batch(open.iter().copied().map(BatchItem::find)).await {
                Ok(results) => results,
                Err(error) if is_without_batches(&error) => find_singly(client, &open).await?,
                Err(error) => return Err(error.into()),
            };
            for (code, result) in mem::take(&mut open).into_iter().zip(results) {
                match result {
                    Ok(BatchResult::Found(found)) => stored.extend(found.map(|coupon| (key(code), *coupon))),
                    Err(error) if round == ROUNDS || matches!(error.status(), Some(401..=405)) => {
                        return Err(error.into());
                    }
                    _ => open.push(code),
                }
            }
            if open.is_empty() {
                break;
            }
        }
    }
    Ok(stored)
}

/// Looks up coupons with a request each.
async fn find_singly(client: &Client, codes: &[&str]) -> Result<Vec<Result<BatchResult, Error>>, Error> {
    let mut found = Vec::with_capacity(codes.len());
    for code in codes {
        let coupon = match client.get(CouponRef::code(*code)?).await {
            Ok(coupon) => Some(Box::new(coupon)),
            Err(error) if error.is_coupon_not_found() => None,
            Err(error) => return Err(error),
        };
        found.push(Ok(BatchResult::Found(coupon)));
    }
    Ok(found)
}

/// Compares wanted coupons without [`problems`] with those of the store.
pub(crate) fn plan(
    wanted: &[WantedCoupon],
    mut stored: HashMap<String, Coupon>,
) -> Result<Vec<PlannedCoupon>, JobError> {
    let mut planned = Vec::with_capacity(wanted.len());
    let mut missing = Vec::new();
    for (index, WantedCoupon { code, fields }) in wanted.iter().enumerate() {
        let stored = stored.remove(&key(code)).map(Box::new);
        let change = match stored.as_deref() {
            Some(stored) => change(fields, stored)?,
            None => {
                let new = new_coupon(code, fields);
                if new.name.trim().is_empty() {
                    let problem = "no coupon has the code, and a new one needs a name".to_owned();
                    missing.push(WantedProblem { index, code: code.clone(), field: "name".to_owned(), problem });
                }
                PlannedChange::Create(Box::new(new))
            }
        };
        let note = stored.as_deref().filter(|_| !fields.status.is_keep()).and_then(note);
        planned.push(PlannedCoupon { code: code.clone(), change, stored, note });
    }
    refuse(&missing)?;
    Ok(planned)
}

/// Returns the change that makes a stored coupon the wanted one.
fn change(fields: &CouponUpdate, stored: &Coupon) -> Result<PlannedChange, JobError> {
    let Some(id) = stored.id else {
        let code = stored.code.as_deref().unwrap_or_default();
        return Err(JobError::Plan(format!("coupon `{code}`: the store sent no id")));
    };
    let mut fields = fields.clone();
    fields.code = Patch::Keep;
    // A launch date in the past, or one that the store has filled in, has the same effect as none.
    if fields.launch_date == Patch::Clear && !is_launched_later(stored) {
        fields.launch_date = Patch::Keep;
    }
    // Both fields say the same, and the store derives this one.
    let is_for_repeat = stored.application_limit.as_ref().map(|limit| *limit == ApplicationLimit::RepeatCustomerOnly);
    #[expect(deprecated, reason = "a declaration can have it")]
    let (repeat_only, stored_repeat_only) = (&mut fields.repeat_customer_only, stored.repeat_customer_only);
    let is_same = repeat_only.value() == Some(&is_for_repeat.unwrap_or(stored_repeat_only == Some(true)));
    if is_same || !fields.application_limit.is_keep() {
        *repeat_only = Patch::Keep;
    }
    let differences = changes_of(&fields, stored);
    if differences.is_empty() {
        return Ok(PlannedChange::Unchanged { id });
    }
    let mut update = members(&fields);
    // The store replaces a limit as a whole.
    update.retain(|name, _| differences.iter().any(|it| it.field.split('.').next() == Some(name.as_str())));
    Ok(PlannedChange::Update { id, update: Box::new(read(&update)), differences })
}

/// Returns a note about a status that the store has set.
fn note(stored: &Coupon) -> Option<String> {
    match stored.status.as_ref()? {
        CouponStatus::Expired => {
            Some("the store says EXPIRED; a later expirationDate may not bring the coupon back".to_owned())
        }
        CouponStatus::UsedUp => Some("the store says USEDUP; no field brings the coupon back".to_owned()),
        _ => None,
    }
}

/// Returns the new coupon with these fields. Cleared fields are left out. The name is empty if there is none.
fn new_coupon(code: &str, fields: &CouponUpdate) -> NewCoupon {
    let mut new = JsonObject::from(["name", "code"].map(|name| (name.to_owned(), text(""))));
    new.extend(members(fields).into_iter().filter(|(_, value)| !is_null(value)));
    new.insert("code".to_owned(), text(code));
    read(&new)
}

fn members(fields: &CouponUpdate) -> JsonObject {
    RawJson::from_value(fields).and_then(|json| json.deserialize()).expect("an update is a JSON object")
}

fn read<T: ApiObject>(members: &JsonObject) -> T {
    read_fields(members).expect("an update and a new coupon have the same types")
}

pub(crate) fn text(text: &str) -> RawJson {
    RawJson::from_value(text).expect("text is JSON")
}

fn is_null(value: &RawJson) -> bool {
    value.as_str() == "null"
}
