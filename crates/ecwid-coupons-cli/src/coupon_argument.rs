//! Which coupon an argument names: by its id, its code, or digits that may be either.

use clap::Args;
use ecwid_coupons::{Client, CouponRef, Error, types::Coupon};

use crate::exit::Failure;

/// What to try when a coupon is not there.
pub(crate) const HINT: &str = "check the id or code; `ecwid-coupons search` shows what is there";

/// One coupon. An update takes its new code as a field, so that its present one needs a flag of another name.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct OneCoupon<const IS_UPDATED: bool = false> {
    /// The coupon's code or id
    #[arg(value_name = "COUPON")]
    coupon: Option<NamedCoupon>,

    /// The coupon's id, for a number that is also the code of another coupon
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(i64).range(1..))]
    id: Option<i64>,

    /// The coupon's present code, for a number that is also the id of another coupon
    #[arg(long = if IS_UPDATED { "current-code" } else { "code" }, value_name = "CODE")]
    code: Option<CouponRef>,
}

/// One coupon or more.
#[derive(Args, Debug)]
#[group(required = true, multiple = true)]
pub(crate) struct SomeCoupons {
    /// The coupons' codes or ids
    #[arg(value_name = "COUPON")]
    coupons: Vec<NamedCoupon>,

    /// A coupon's id, for a number that is also the code of another coupon; may be repeated
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(i64).range(1..))]
    id: Vec<i64>,

    /// A coupon's code, for a number that is also the id of another coupon; may be repeated
    #[arg(long, value_name = "CODE")]
    code: Vec<CouponRef>,
}

impl<const IS_UPDATED: bool> OneCoupon<IS_UPDATED> {
    pub(crate) fn named(self) -> NamedCoupon {
        let Self { coupon, id, code } = self;
        let known = id.map(CouponRef::from).or(code).map(NamedCoupon::Known);
        coupon.or(known).expect("clap requires one of them")
    }
}

impl SomeCoupons {
    pub(crate) fn named(self) -> Vec<NamedCoupon> {
        let Self { mut coupons, id, code } = self;
        coupons.extend(id.into_iter().map(CouponRef::from).chain(code).map(NamedCoupon::Known));
        coupons
    }
}

/// A coupon as it was named.
#[derive(Clone, Debug)]
pub(crate) enum NamedCoupon {
    /// By what can only be one of id and code.
    Known(CouponRef),
    /// By a number, which may be an id and a code.
    Number(i64),
}

impl std::str::FromStr for NamedCoupon {
    type Err = ecwid_coupons::CouponRefError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse::<i64>() {
            // Written otherwise, such as with zeros before it, it can only be a code.
            Ok(id) if id > 0 && id.to_string() == text => Ok(Self::Number(id)),
            _ => text.parse().map(Self::Known),
        }
    }
}

impl std::fmt::Display for NamedCoupon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Known(coupon) => coupon.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl NamedCoupon {
    /// The one coupon that is meant. Number are looked up both ways; nothing if no coupon has them.
    ///
    /// `code_flag` is the flag of the command that says that a number is a code.
    pub(crate) async fn find(&self, client: &Client, code_flag: &str) -> Result<Option<CouponRef>, Failure> {
        let number = match self {
            Self::Known(coupon) => return Ok(Some(coupon.clone())),
            Self::Number(number) => *number,
        };
        let by_id = found(client.get(number).fields(["id", "code"]).await)?;
        let by_code = found(client.get(number.to_string()).fields(["id", "code"]).await)?;
        match (by_id, by_code) {
            (Some(by_id), Some(by_code)) if by_id.id != by_code.id => {
                let message = format!(
                    "`{number}` names two coupons: id {number} with the code `{}`, and code `{number}` with the id {}",
                    by_id.code.unwrap_or_default(),
                    by_code.id.unwrap_or_default(),
                );
                Err(Failure::usage(message, format!("say which one: `--id {number}` or `{code_flag} {number}`")))
            }
            (Some(coupon), _) | (None, Some(coupon)) => Ok(coupon.id.map(CouponRef::from)),
            (None, None) => Ok(None),
        }
    }

    /// The one coupon that is meant.
    ///
    /// # Errors
    ///
    /// If digits name two coupons or none.
    pub(crate) async fn resolve(&self, client: &Client, code_flag: &str) -> Result<CouponRef, Failure> {
        let coupon = self.find(client, code_flag).await?;
        coupon.ok_or_else(|| Failure::not_found(format!("no coupon has the id or the code `{self}`"), HINT))
    }
}

fn found(result: Result<Coupon, Error>) -> Result<Option<Coupon>, Failure> {
    match result {
        Ok(coupon) => Ok(Some(coupon)),
        Err(error) if error.code() == Some("DISCOUNT_COUPON_NOT_FOUND") => Ok(None),
        Err(error) => Err(error.into()),
    }
}
