//! Which coupon an argument names: by its id, its code, or digits that may be either.

use clap::Args;
use ecwid_coupons::{Client, CouponRef, Error, types::Coupon};

use crate::exit::Failure;

/// What to try when a coupon is not there.
pub(crate) const HINT: &str = "check the id or code; `ecwid-coupons search` shows what is there";

/// One coupon.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct OneCoupon {
    /// The coupon's code or id
    #[arg(value_name = "COUPON")]
    coupon: Option<NamedCoupon>,

    /// The coupon's id, for a number that is also the code of another coupon
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(i64).range(1..))]
    id: Option<i64>,

    /// The coupon's code, for a number that is also the id of another coupon
    #[arg(long, value_name = "CODE")]
    code: Option<CouponRef>,
}

/// The coupon to change. Its new code is one of the fields, so that its present one needs another name.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct CouponToChange {
    /// The coupon's code or id
    #[arg(value_name = "COUPON")]
    coupon: Option<NamedCoupon>,

    /// The coupon's id, for a number that is also the code of another coupon
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(i64).range(1..))]
    id: Option<i64>,

    /// The coupon's present code, for a number that is also the id of another coupon
    #[arg(long, value_name = "CODE")]
    current_code: Option<CouponRef>,
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

impl OneCoupon {
    pub(crate) fn named(self) -> NamedCoupon {
        one_of(self.coupon, self.id, self.code)
    }
}

impl CouponToChange {
    pub(crate) fn named(self) -> NamedCoupon {
        one_of(self.coupon, self.id, self.current_code)
    }
}

impl SomeCoupons {
    pub(crate) fn named(self) -> Vec<NamedCoupon> {
        let Self { mut coupons, id, code } = self;
        coupons.extend(id.into_iter().map(NamedCoupon::from));
        coupons.extend(code.into_iter().map(NamedCoupon::from));
        coupons
    }
}

/// The one that was given, which the group of the arguments sees to.
fn one_of(coupon: Option<NamedCoupon>, id: Option<i64>, code: Option<CouponRef>) -> NamedCoupon {
    coupon.or(id.map(NamedCoupon::from)).or(code.map(NamedCoupon::from)).expect("clap requires one of them")
}

/// A coupon as it was named.
#[derive(Clone, Debug)]
pub(crate) enum NamedCoupon {
    /// By what can only be one of id and code.
    Known(CouponRef),
    /// By digits, which may be an id and a code.
    Digits(i64, String),
}

impl From<i64> for NamedCoupon {
    fn from(id: i64) -> Self {
        Self::Known(id.into())
    }
}

impl From<CouponRef> for NamedCoupon {
    fn from(coupon: CouponRef) -> Self {
        Self::Known(coupon)
    }
}

impl std::str::FromStr for NamedCoupon {
    type Err = ecwid_coupons::CouponRefError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse::<i64>() {
            // Written otherwise, such as with zeros before it, it can only be a code.
            Ok(id) if id > 0 && id.to_string() == text => Ok(Self::Digits(id, text.to_owned())),
            _ => text.parse().map(Self::Known),
        }
    }
}

impl std::fmt::Display for NamedCoupon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Known(coupon) => coupon.fmt(f),
            Self::Digits(_, text) => text.fmt(f),
        }
    }
}

impl NamedCoupon {
    /// The one coupon that is meant. Digits are looked up both ways; nothing if no coupon has them.
    ///
    /// `code_flag` is the flag of the command that says that a number is a code.
    pub(crate) async fn find(&self, client: &Client, code_flag: &str) -> Result<Option<CouponRef>, Failure> {
        let (id, digits) = match self {
            Self::Known(coupon) => return Ok(Some(coupon.clone())),
            Self::Digits(id, digits) => (*id, digits),
        };
        let by_id = found(client.get(id).fields(["id", "code"]).await)?;
        let by_code = found(client.get(digits.as_str()).fields(["id", "code"]).await)?;
        match (by_id, by_code) {
            (Some(by_id), Some(by_code)) if by_id.id != by_code.id => {
                let message = format!(
                    "`{digits}` names two coupons: id {digits} with the code `{}`, and code `{digits}` with the id {}",
                    by_id.code.unwrap_or_default(),
                    by_code.id.unwrap_or_default(),
                );
                Err(Failure::usage(message, format!("say which one: `--id {digits}` or `{code_flag} {digits}`")))
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
