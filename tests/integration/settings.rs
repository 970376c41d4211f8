//! Settings of a sandbox that cannot be, and how that is said.

use ecwid_coupons::types::Coupon;
use ecwid_coupons_sandbox::{Error, Sandbox};

#[tokio::test]
async fn a_setting_that_cannot_be_is_refused() {
    let text = async |builder: ecwid_coupons_sandbox::SandboxBuilder| builder.start().await.unwrap_err().to_string();
    assert!(text(Sandbox::builder().scopes(["delete_discount_coupons"])).await.contains("delete_discount_coupons"));
    assert!(text(Sandbox::builder().database("/nowhere/at/all.sqlite")).await.contains("/nowhere/at/all.sqlite"));
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox
        .base_url()
        .trim_start_matches("http://")
        .trim_end_matches("/api/v3")
        .parse::<std::net::SocketAddr>()
        .unwrap();
    assert!(matches!(Sandbox::builder().address(address).start().await, Err(Error::Listen { .. })));
    let twice = [Coupon::default().with_code("A").with_name("A"), Coupon::default().with_code("a").with_name("A")];
    assert!(sandbox.load(twice).await.unwrap_err().to_string().contains("'a'"));
    assert_eq!(sandbox.client().unwrap().search().page().await.unwrap().total, Some(0), "all are loaded or none");
}
