//! Arguments that name coupons by id or by code.

use std::path::Path;

use clap::Args;
use ecwid_coupons::{
    __private::{input_file::FILE_LIMIT, read_json},
    Client, CouponRef, CouponRefError, Error,
    types::Coupon,
};

use crate::{
    exit::Failure,
    number,
    settings::{self, Settings},
    table::Row,
};

/// The hint for a coupon that does not exist.
pub(crate) const HINT: &str = "check the id or the code; `ecwid-coupons search` lists the coupons";

/// One coupon.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct OneCoupon {
    /// Code or id of the coupon
    #[arg(value_name = "COUPON")]
    coupon: Option<NamedCoupon>,

    /// Select the coupon by id, for a number that is also the code of another coupon
    #[arg(long, value_name = "ID", value_parser = number::within(1..=i64::MAX))]
    id: Option<i64>,

    /// Select the coupon by code, for a number that is also the id of another coupon
    #[arg(long, value_name = "CODE")]
    code: Option<CouponRef>,
}

/// One coupon or more. In `update`, `--code` is the new code, so the flag for the current code has another name.
#[derive(Args, Debug)]
#[group(required = true, multiple = true)]
pub(crate) struct SomeCoupons<const IS_UPDATED: bool = false> {
    /// Codes or ids of the coupons, or - for standard input: a code or id on each line, or the output of `search --format
    /// jsonl`
    #[arg(value_name = "COUPON")]
    coupons: Vec<NamedCoupon>,

    /// Select a coupon by id, for a number that is also the code of another coupon; can be repeated
    #[arg(long, value_name = "ID", value_parser = number::within(1..=i64::MAX))]
    id: Vec<i64>,

    /// Select a coupon by its current code, for a number that is also the id of another coupon; can be repeated
    #[arg(long = if IS_UPDATED { "current-code" } else { "code" }, value_name = "CODE")]
    code: Vec<CouponRef>,
}

impl OneCoupon {
    pub(crate) fn named(self) -> NamedCoupon {
        let Self { coupon, id, code } = self;
        let known = id.map(Target::of_id).or(code.map(Target::of_code)).map(NamedCoupon::Known);
        coupon.or(known).expect("clap requires one of the arguments")
    }
}

impl<const IS_UPDATED: bool> SomeCoupons<IS_UPDATED> {
    /// Returns the coupons, and reads those from standard input.
    ///
    /// # Errors
    ///
    /// Standard input cannot be read, is needed for the token too, or has a line that is not a coupon.
    pub(crate) fn named(self, settings: &Settings) -> Result<Vec<NamedCoupon>, Failure> {
        let Self { coupons, id, code } = self;
        let mut all = Vec::new();
        for coupon in coupons {
            if coupon.to_string() != "-" {
                all.push(coupon);
            } else if settings.token_file.as_deref() == Some(Path::new("-")) {
                let message = "the coupons and the token cannot both be read from standard input";
                return Err(Failure::usage(message, "pass the path of a file to `--token-file`"));
            } else {
                all.extend(read_lines(settings)?);
            }
        }
        let known = id.into_iter().map(Target::of_id).chain(code.into_iter().map(Target::of_code));
        all.extend(known.map(NamedCoupon::Known));
        if all.is_empty() {
            return Err(Failure::usage("standard input has no coupons", "pass a code or an id on each line"));
        }
        Ok(all)
    }
}

/// Reads a coupon from each line of standard input: a code, an id, or a JSON object with one of them.
fn read_lines(settings: &Settings) -> Result<Vec<NamedCoupon>, Failure> {
    const HINT: &str = "pass a code or an id on each line, or the output of `search --format jsonl`";
    let text = settings::read_text(Path::new("-"), FILE_LIMIT)
        .map_err(|error| Failure::usage(format!("cannot read the coupons: {error}"), HINT))?;
    let mut coupons = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |problem: String| Failure::usage(format!("line {} of standard input: {problem}", index + 1), HINT);
        if line.starts_with('[') {
            return Err(wrong("a JSON array (expected an object on each line, as of `--format jsonl`)".to_owned()));
        }
        if !line.starts_with('{') {
            coupons.push(line.parse().map_err(|error: CouponRefError| wrong(error.to_string()))?);
            continue;
        }
        let Row { store, coupon } = read_json(line.as_bytes()).map_err(|problem| {
            let column = problem.place().map_or_else(String::new, |(_, column)| format!(" at column {column}"));
            wrong(format!("{}{column}", problem.without_place()))
        })?;
        // The ids and codes of another store name other coupons.
        if let Some(other) = store.filter(|other| settings.store_name() != Some(other)) {
            let message = format!("line {} of standard input: a coupon of the store `{other}`", index + 1);
            let hint =
                format!("select its store with `--store {other}`, and change the coupons of each store separately");
            return Err(Failure::usage(message, hint));
        }
        let reference = CouponRef::try_from(&coupon).map_err(|error| wrong(error.to_string()))?;
        coupons.push(NamedCoupon::Known(Target { reference, id: coupon.id, code: coupon.code }));
    }
    Ok(coupons)
}

/// A coupon to change, with its id and its code as far as they are known without a request.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) reference: CouponRef,
    pub(crate) id: Option<i64>,
    pub(crate) code: Option<String>,
}

impl Target {
    fn of_id(id: i64) -> Self {
        Self { reference: id.into(), id: Some(id), code: None }
    }

    fn of_code(code: CouponRef) -> Self {
        Self { code: Some(code.to_string()), reference: code, id: None }
    }
}

/// A coupon as the user named it.
#[derive(Clone, Debug)]
pub(crate) enum NamedCoupon {
    /// An id or a code that cannot be mistaken for the other.
    Known(Target),
    /// A number, which can be an id or a code.
    Number(i64),
}

impl std::str::FromStr for NamedCoupon {
    type Err = CouponRefError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse::<i64>() {
            // A number in another form, for example with leading zeros, can only be a code.
            Ok(id) if id > 0 && id.to_string() == text => Ok(Self::Number(id)),
            _ => text.parse().map(|code| Self::Known(Target::of_code(code))),
        }
    }
}

impl std::fmt::Display for NamedCoupon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Known(coupon) => coupon.reference.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl NamedCoupon {
    /// Finds the coupon. A number is looked up as an id and as a code. Returns `None` if no coupon has the number, and an error
    /// if it names two coupons. `code_flag` is the flag that marks a number as a code.
    pub(crate) async fn find(&self, client: &Client, code_flag: &str) -> Result<Option<Target>, Failure> {
        let number = match self {
            Self::Known(coupon) => return Ok(Some(coupon.clone())),
            Self::Number(number) => *number,
        };
        let by_id = found(client.get(number).fields(["id", "code"]).await)?;
        let by_code = found(client.get(number.to_string()).fields(["id", "code"]).await)?;
        match (by_id, by_code) {
            (Some(by_id), Some(by_code)) if by_id.id != by_code.id => {
                let message = format!(
                    "ambiguous coupon: `{number}` is the id of the coupon `{}` and the code of the coupon with the id `{}`",
                    by_id.code.unwrap_or_default(),
                    by_code.id.unwrap_or_default(),
                );
                Err(Failure::usage(message, format!("use `--id {number}` or `{code_flag} {number}`")))
            }
            (Some(coupon), _) | (None, Some(coupon)) => {
                Ok(coupon.id.map(|id| Target { reference: id.into(), id: Some(id), code: coupon.code }))
            }
            (None, None) => Ok(None),
        }
    }

    /// Finds the coupon like [`find`](Self::find), but returns an error if no coupon has the number.
    pub(crate) async fn resolve(&self, client: &Client, code_flag: &str) -> Result<CouponRef, Failure> {
        let coupon = self.find(client, code_flag).await?;
        coupon
            .map(|coupon| coupon.reference)
            .ok_or_else(|| Failure::not_found(format!("coupon not found: id or code `{self}`"), HINT))
    }
}

fn found(result: Result<Coupon, Error>) -> Result<Option<Coupon>, Failure> {
    match result {
        Ok(coupon) => Ok(Some(coupon)),
        Err(error) if error.code() == Some("DISCOUNT_COUPON_NOT_FOUND") => Ok(None),
        Err(error) => Err(error.into()),
    }
}
