//! `get`: one coupon.

use std::io::Write as _;

use clap::Args;

use crate::{
    coupon_argument::OneCoupon,
    exit::Failure,
    fields::FieldSelection,
    json,
    output::{self, Coupons, Format},
    settings::Settings,
    table,
};

/// Which coupon, and how much of it.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    coupon: OneCoupon,

    /// Only these fields, such as id,name,catalogLimit.products
    #[arg(long, value_name = "FIELD,…")]
    fields: Option<FieldSelection>,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    let Arguments { coupon, fields } = arguments;
    if let Some(fields) = &fields {
        fields.note_unknown();
    }
    let store = settings.connect().await?;
    let coupon = coupon.named().resolve(&store.client, "--code").await?;
    let mut request = store.client.get(coupon);
    if let Some(fields) = &fields {
        request = request.response_fields(fields.0.clone());
    }
    let coupon = request.await?;

    let mut out = output::out();
    match settings.format {
        Format::Table => writeln!(out, "{}", table::of_one(&output::columns(fields.as_ref()), &coupon)?.trim_fmt())?,
        Format::Json => writeln!(out, "{}", json::pretty(&coupon)?)?,
        Format::Jsonl | Format::Csv | Format::Spreadsheet => {
            drop(out);
            let mut shown = Coupons::new(settings.format, fields.as_ref())?;
            shown.add(vec![coupon])?;
            return shown.finish();
        }
    }
    Ok(out.flush()?)
}
