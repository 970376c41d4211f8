//! `get`: shows a coupon.

use clap::Args;

use crate::{coupon_argument::OneCoupon, exit::Failure, fields::FieldSelection, output, settings::Settings, table};

/// The arguments of `get`.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    coupon: OneCoupon,

    /// Show only these fields, such as id,name,catalogLimit.products
    #[arg(long, value_name = "FIELD,…")]
    fields: Option<FieldSelection>,
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    let Arguments { coupon, fields } = arguments;
    let store = settings.connect().await?;
    if let Some(fields) = &fields {
        fields.check()?;
    }
    let coupon = coupon.named().resolve(&store.client, "--code").await?;
    let mut request = store.client.get(coupon);
    if let Some(fields) = &fields {
        request = request.response_fields(fields.fields.clone());
    }
    let coupon = request.await?;
    output::show(settings.format, &coupon, output::columns(fields.as_ref()), |columns| {
        Ok(table::of_one(columns, &coupon)?.trim_fmt())
    })
}
