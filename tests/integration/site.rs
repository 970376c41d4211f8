//! The test that the page `docs/start/tests.md` shows. Tests in Rust blocks would not run, unlike programs and functions.

use ecwid_coupons::types::NewCoupon;
use ecwid_coupons_sandbox::Sandbox;

#[tokio::test]
async fn ten_percent() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let coupons = sandbox.client()?;
    coupons.create(&NewCoupon::percent("10% OFF", "TEN", 10)).await?;
    assert!(coupons.get("ten").await?.id.is_some());
    Ok(())
}

#[test]
fn the_page_shows_this_test() {
    let page = include_str!("../../docs/start/tests.md");
    let (_, block) = page.split_once("```rust\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    assert!(include_str!("site.rs").contains(block));
}
