//! `demo`: runs the vendor's documented examples and a job against a sandbox in this process.

use std::io::{StdoutLock, Write as _};

use anstyle::{AnsiColor, Style};
use ecwid_coupons::{
    Client, EcwidDateTime, Error,
    types::{
        ApplicationLimit, CatalogLimit, CouponStatus, CouponUpdate, DiscountType, NewCoupon, ShippingLimit, UsesLimit,
    },
};
use ecwid_coupons_sandbox::{RecordedRequest, Sandbox};
use futures_util::TryStreamExt as _;

use crate::{
    demo_job,
    exit::{BAD, Failure, GOOD},
    table::{self, Row},
};

const TITLE: Style = AnsiColor::Cyan.on_default().bold();
const BOLD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// The width of the output if the width of the terminal is unknown.
const WIDTH: u16 = 100;

/// Suggestions for the end of the demo: a title, the text before the program, and the text after it.
const NEXT: [(&str, &str, &str); 3] = [
    ("start a sandbox", "", "sandbox --db store.sqlite"),
    ("use a sandbox once", "", "search --sandbox --format json"),
    ("use your store", "ECWID_STORE_ID=… ECWID_TOKEN=… ", "search --status ACTIVE"),
];

pub(crate) async fn run() -> Result<(), Failure> {
    let sandbox = Sandbox::start().await?;
    let client = sandbox.client()?;
    let mut demo = Demo { sandbox, out: anstream::AutoStream::auto(std::io::stdout().lock()), shown: 0, title: 0 };
    let address = demo.sandbox.base_url().to_owned();
    writeln!(demo.out, "The client sends the vendor's documented examples to a sandbox at {address}.")?;
    writeln!(demo.out, "No request leaves this machine.")?;

    let id = creates(&client, &mut demo).await?;
    reads(&client, &mut demo, id).await?;
    changes(&client, &mut demo, id).await?;
    remaining(&client, &mut demo).await?;
    demo.title("Issue 2,000 codes as a job, kill it half-way, and continue", "")?;
    demo_job::run(&mut demo.out).await?;
    next_steps(&mut demo)
}

/// Returns the id of the coupon that the other examples use.
async fn creates(client: &Client, demo: &mut Demo) -> Result<i64, Failure> {
    let first = NewCoupon::percent("First order 10% OFF", "FIRST", 10).status(CouponStatus::Active);
    let first = first.once_per_customer().for_new_customers();
    demo.title("Create a coupon with 10% off a customer's first order", "guide \"Discount coupons\"")?;
    demo.show(client.create(&first)).await??;

    let timed = NewCoupon::percent("Summer Promo", "SUMMER", 20)
        .launch_date(date("2024-06-06 08:00:00 +0400")?)
        .expiration_date(date("2099-08-31 23:59:59 +0000")?);
    demo.title("Create a coupon with a launch date and an expiration date", "guide, \"Timed discount coupons\"")?;
    demo.show(client.create(&timed)).await??;

    let methods = ["5376-1635838180367", "37151-1623844935660"].map(str::to_owned);
    let limited = NewCoupon::new("Coupon #1", "MOXQ3YCWXRXA")
        .discount_type(DiscountType::Abs)
        .status(CouponStatus::Active)
        .discount(1)
        .launch_date(date("2024-06-06 08:00:00 +0400")?)
        .uses_limit(UsesLimit::Unlimited)
        .application_limit(ApplicationLimit::Unlimited)
        .order_count(0)
        .catalog_limit(CatalogLimit::default().products(vec![37208342, 37208338]).categories(vec![]))
        .shipping_limit(ShippingLimit::default().shipping_methods(methods));
    demo.title("Create a coupon for some products and shipping methods", "page \"Create discount coupon\"")?;
    let created = demo.show(client.create(&limited)).await??;

    let once = NewCoupon::absolute("10 OFF, once each", "ONCE", 10).once_per_customer();
    demo.title("Create a coupon that each customer can use once", "guide, \"Limited coupon uses\"")?;
    demo.show(client.create(&once)).await??;
    created.id().ok_or_else(|| Failure::other("the sandbox returned no coupon id", "report this bug"))
}

async fn reads(client: &Client, demo: &mut Demo, id: i64) -> Result<(), Failure> {
    demo.title("Get a coupon by its id", "page \"Get discount coupon\"")?;
    demo.show(client.get(id)).await??;

    demo.title("Get three fields of a coupon by its code", "page \"Get discount coupon\", responseFields")?;
    let get = client.api().get_discount_coupon().discount_coupon_id("FIRST").response_fields("id,name,status");
    demo.show(get.send()).await??;

    demo.title("Search for active coupons", "page \"Search discount coupons\"")?;
    demo.show(client.search().status(CouponStatus::Active).page()).await??;

    demo.title("Search for three fields of each coupon", "page \"Search discount coupons\", responseFields")?;
    demo.show(client.search().response_fields("items(id,name,status)").page()).await??;
    Ok(())
}

async fn changes(client: &Client, demo: &mut Demo, id: i64) -> Result<(), Failure> {
    demo.title("Update two fields of a coupon; the other fields stay unchanged", "page \"Update discount coupon\"")?;
    demo.show(client.update(id, &CouponUpdate::default().name("5 OFF").discount(5))).await??;

    demo.title("Create a coupon with a code that another coupon has", "")?;
    match demo.show(client.create(&NewCoupon::percent("First order 15% OFF", "first", 15))).await? {
        Ok(_) => return Err(Failure::other("the sandbox accepted a duplicate code", "report this bug")),
        Err(error) => demo.error(&error)?,
    }

    demo.title("Delete a coupon twice", "page \"Delete discount coupon\"")?;
    demo.show(client.delete("ONCE")).await??;
    demo.show(client.delete("ONCE")).await??;
    Ok(())
}

async fn remaining(client: &Client, demo: &mut Demo) -> Result<(), Failure> {
    let coupons: Vec<_> = client.search().stream().map_ok(Row::from).try_collect().await?;
    let (table, left_out) = table::of_coupons(&coupons, Some(WIDTH));
    writeln!(demo.out, "\n{TITLE}The remaining coupons{TITLE:#}\n\n{}", table.trim_fmt())?;
    if !left_out.is_empty() {
        writeln!(demo.out, "{FAINT}(columns hidden for lack of width: {}){FAINT:#}", left_out.join(", "))?;
    }
    Ok(())
}

fn next_steps(demo: &mut Demo) -> Result<(), Failure> {
    writeln!(demo.out, "\n{TITLE}Next steps{TITLE:#}\n")?;
    // Show the path that started this process, so that the lines can be copied. A long path would hide the arguments.
    let program = std::env::args_os().next().and_then(|program| program.into_string().ok());
    let program = program.filter(|program| program.chars().count() <= 32);
    let program = program.as_deref().unwrap_or("ecwid-coupons");
    for (what, before, arguments) in NEXT {
        writeln!(demo.out, "  {what:<24}  {BOLD}{before}{program} {arguments}{BOLD:#}")?;
    }
    Ok(demo.out.flush()?)
}

/// The state of the demo.
struct Demo {
    sandbox: Sandbox,
    out: anstream::AutoStream<StdoutLock<'static>>,
    /// The number of requests that were shown.
    shown: usize,
    /// The number of titles that were shown.
    title: usize,
}

impl Demo {
    fn title(&mut self, title: &str, source: &str) -> Result<(), Failure> {
        self.title += 1;
        writeln!(self.out, "\n{TITLE}{:>2}. {title}{TITLE:#}", self.title)?;
        if !source.is_empty() {
            writeln!(self.out, "    {FAINT}{source}{FAINT:#}")?;
        }
        Ok(())
    }

    /// Waits for a call, and shows its requests and responses.
    async fn show<T>(&mut self, call: impl IntoFuture<Output = Result<T, Error>>) -> Result<Result<T, Error>, Failure> {
        let result = call.await;
        let requests = self.sandbox.received_requests();
        for request in requests.iter().skip(self.shown) {
            self.request(request)?;
        }
        self.shown = requests.len();
        Ok(result)
    }

    fn request(&mut self, request: &RecordedRequest) -> Result<(), Failure> {
        writeln!(self.out, "\n    {BOLD}{} {}{BOLD:#}", request.method, request.target)?;
        for (name, value) in &request.request_headers {
            let name = match name.to_ascii_lowercase().as_str() {
                "authorization" => "Authorization",
                "content-type" => "Content-Type",
                _ => continue,
            };
            writeln!(self.out, "    {FAINT}{name}: {value}{FAINT:#}")?;
        }
        if !request.request_body.is_empty() {
            writeln!(self.out)?;
            self.body(&request.request_body)?;
        }
        let style = if request.status < 300 { AnsiColor::Green } else { AnsiColor::Red }.on_default().bold();
        writeln!(self.out, "\n    response {style}{}{style:#}", request.status)?;
        self.body(&request.response_body)
    }

    fn body(&mut self, json: &str) -> Result<(), Failure> {
        // Format the text, because parsing could change the digits of a number.
        let laid_out = jsonxf::pretty_print(json).unwrap_or_else(|_| json.to_owned());
        for line in laid_out.lines() {
            writeln!(self.out, "    {line}")?;
        }
        Ok(())
    }

    fn error(&mut self, error: &Error) -> Result<(), Failure> {
        writeln!(self.out, "\n    {FAINT}the client reports:{FAINT:#}")?;
        for (label, style, text) in
            [("error:", BAD, error.summary()), ("hint: ", GOOD, error.hint().unwrap_or_default().to_owned())]
        {
            for (index, line) in textwrap::wrap(&text, usize::from(WIDTH) - 11).iter().enumerate() {
                let (style, label) = if index == 0 { (style, label) } else { (Style::new(), "      ") };
                writeln!(self.out, "    {style}{label}{style:#} {line}")?;
            }
        }
        Ok(())
    }
}

fn date(text: &str) -> Result<EcwidDateTime, Failure> {
    text.parse().map_err(|error: ecwid_coupons::ParseDateError| Failure::other(error.to_string(), "report this bug"))
}
