// Generated from openapi/ecwid-coupons.yaml by `cargo xtask generate`. Edit the document instead of this file.

//! The table of the operations.
use crate::schema::Operation;
/// All operations of the API, with the access scopes that they require.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        name: "search_discount_coupons",
        method: "GET",
        path: "/{storeId}/discount_coupons",
        scopes: &["read_discount_coupons"],
        deprecated: None,
    },
    Operation {
        name: "create_discount_coupon",
        method: "POST",
        path: "/{storeId}/discount_coupons",
        scopes: &["create_discount_coupons"],
        deprecated: None,
    },
    Operation {
        name: "get_discount_coupon",
        method: "GET",
        path: "/{storeId}/discount_coupons/{discountCouponId}",
        scopes: &["read_discount_coupons"],
        deprecated: None,
    },
    Operation {
        name: "update_discount_coupon",
        method: "PUT",
        path: "/{storeId}/discount_coupons/{discountCouponId}",
        scopes: &["update_discount_coupons"],
        deprecated: None,
    },
    Operation {
        name: "delete_discount_coupon",
        method: "DELETE",
        path: "/{storeId}/discount_coupons/{discountCouponId}",
        scopes: &["update_discount_coupons"],
        deprecated: None,
    },
    Operation {
        name: "get_deleted_items_history",
        method: "GET",
        path: "/{storeId}/discount_coupons/deleted",
        scopes: &["read_store_profile", "read_discount_coupons"],
        deprecated: None,
    },
    Operation {
        name: "get_latest_store_update_stats",
        method: "GET",
        path: "/{storeId}/latest-stats",
        scopes: &["read_store_profile"],
        deprecated: None,
    },
    Operation {
        name: "get_batch_status",
        method: "GET",
        path: "/{storeId}/batch",
        scopes: &[],
        deprecated: None,
    },
    Operation {
        name: "create_batch_request",
        method: "POST",
        path: "/{storeId}/batch",
        scopes: &[],
        deprecated: None,
    },
];
