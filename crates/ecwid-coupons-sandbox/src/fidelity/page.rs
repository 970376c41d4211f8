//! The documentation pages and other sources that rows of the ledger name.

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
pub(super) const STOP_BATCH: &str = "https://docs.ecwid.com/api-reference/rest-api/batch-requests/stop-batch-request";
pub(super) const DELETE_BATCH: &str =
    "https://docs.ecwid.com/api-reference/rest-api/batch-requests/stop-and-delete-batch-request";
pub(super) const SEARCH_BATCHES: &str =
    "https://docs.ecwid.com/api-reference/rest-api/batch-requests/search-batch-requests-by-status";
pub(super) const DELETED: &str =
    "https://docs.ecwid.com/api-reference/rest-api/store-profile/store-reports/get-deleted-items-history";
pub(super) const STATS: &str =
    "https://docs.ecwid.com/api-reference/rest-api/store-profile/store-reports/get-latest-store-update-stats";
pub(super) const EVENTS: &str =
    "https://docs.ecwid.com/webhook-automations/learn-ecwid-webhooks/event-data-in-webhooks";
pub(super) const PROCESS_EVENTS: &str =
    "https://docs.ecwid.com/webhook-automations/setup-webhooks/how-to-process-webhooks";
pub(super) const USES: &str =
    "https://docs.ecwid.com/discounts-and-tips/customize-discounts/limit-the-number-of-discount-coupon-uses";
/// A help page for store owners.
pub(super) const HELP: &str = "https://support.ecwid.com/hc/en-us/articles/207806525";
pub(super) const OVERVIEW: &str = "https://docs.ecwid.com/api-reference";

/// Ecwid's documentation of 2014 to 2020.
pub(super) const SLATE: &str = "github.com/Ecwid/ecwid-api-docs, includes/_coupons.md";
/// Ecwid's own client.
pub(super) const KOTLIN: &str =
    "github.com/Ecwid/ecwid-java-api-client, src/main/kotlin/com/ecwid/apiclient/v3/util/EncodeUtils.kt";
/// Ecwid's documentation of 2020 to 2025.
pub(super) const README: &str = "https://api-docs.ecwid.com/reference/get-discount-coupon, couponIdentifier";
pub(super) const README_DELETED: &str = "https://api-docs.ecwid.com/reference/get-deleted-items-history";
