//! The pages and other places that rows of the ledger name.

pub(super) const GUIDE: &str = "https://docs.ecwid.com/discounts-and-tips/add-discounts-to-the-store/discount-coupons";
pub(super) const SEARCH: &str =
    "https://docs.ecwid.com/api-reference/rest-api/discounts/discount-coupons/search-discount-coupons";
pub(super) const GET: &str =
    "https://docs.ecwid.com/api-reference/rest-api/discounts/discount-coupons/get-discount-coupon";
pub(super) const CREATE: &str =
    "https://docs.ecwid.com/api-reference/rest-api/discounts/discount-coupons/create-discount-coupon";
pub(super) const UPDATE: &str =
    "https://docs.ecwid.com/api-reference/rest-api/discounts/discount-coupons/update-discount-coupon";
pub(super) const DELETE: &str =
    "https://docs.ecwid.com/api-reference/rest-api/discounts/discount-coupons/delete-discount-coupon";
pub(super) const CREATE_BATCH: &str =
    "https://docs.ecwid.com/api-reference/rest-api/batch-requests/create-batch-request";
pub(super) const BATCH_STATUS: &str = "https://docs.ecwid.com/api-reference/rest-api/batch-requests/get-batch-status";
pub(super) const BATCHES: &str = "https://docs.ecwid.com/api-reference/rest-api/batch-requests";
pub(super) const ERRORS: &str = "https://docs.ecwid.com/api-reference/rest-api/rest-api-error-codes";
pub(super) const TOKENS: &str = "https://docs.ecwid.com/develop-apps/app-settings";
pub(super) const WEBHOOKS: &str = "the vendor's pages on webhooks, and clients written against them";
pub(super) const DELETED: &str = "the vendor's documentation of 2014 to 2025, deleted items history";
pub(super) const STATS: &str = "the vendor's documentation of 2014 to 2025, latest update stats";
pub(super) const OVERVIEW: &str = "https://docs.ecwid.com/api-reference";

/// The vendor's documentation of 2014 to 2020.
pub(super) const SLATE: &str = "github.com/Ecwid/ecwid-api-docs, includes/_coupons.md";
/// The vendor's own client.
pub(super) const KOTLIN: &str = "github.com/Ecwid/ecwid-java-api-client";
/// The vendor's documentation of 2020 to 2025.
pub(super) const README: &str = "api-docs.ecwid.com, pages of the discount coupons";
