//! The rows of the error codes.

use super::{page, row::rows};
use crate::http::error_code::ErrorCode;

rows! { error(ErrorCode):
    WrongParameter: documented(page::ERRORS, "General REST API errors"),
        "Status 400. A parameter, a field or the body is not valid",
        "bad_requests::each_bad_request_gets_a_clear_error";
    InvalidApiToken: documented(page::ERRORS, "General REST API errors"),
        "Status 403. The token is missing or not valid", "bad_requests::bad_headers_and_huge_bodies_are_refused";
    InsufficientAppScope: documented(page::ERRORS, "General REST API errors"),
        "Status 403. The token lacks a scope that the operation needs", "access::a_scope_allows_only_its_operations";
    StoreNotFound: documented(page::ERRORS, "General REST API errors"),
        "Status 404. The store does not exist", "coupons::missing_coupons_and_stores_are_404";
    DiscountCouponNotFound: documented(page::ERRORS, "Promotions/discount coupons"),
        "Status 404. The coupon to get does not exist. Assumed: the same response to an update, in place of a count of 0",
        "coupons::missing_coupons_and_stores_are_404";
    NotFound: assumed("the documentation has no code for either"),
        "Status 404. The sandbox does not serve the path, or the ticket is unknown",
        "bad_requests::each_bad_request_gets_a_clear_error";
    MethodNotAllowed: documented(page::ERRORS, "General REST API errors"),
        "Status 405. The path does not support the method", "bad_requests::each_bad_request_gets_a_clear_error";
    Timeout: assumed("the documentation has the code, but does not say when it is used"),
        "Status 408. The body took longer than 10 seconds to arrive", "connections::a_slow_body_times_out";
    ConstraintViolation: assumed("older documentation has the status; of today's codes, this one is the nearest"),
        "Status 409. Another coupon has the code", "codes::codes_are_the_same_in_any_letter_case";
    UnsupportedMediaType: assumed("older documentation has the status, but no documentation has a code for it"),
        "Status 415. The content type of the body is not JSON", "bad_requests::bad_headers_and_huge_bodies_are_refused";
    RateLimited: documented(page::OVERVIEW, "REST API overview"),
        "Status 429, with `Retry-After` in whole seconds. The token sent too many requests",
        "limits::too_many_requests_get_a_429";
    ForeignOrigin: own,
        "Status 403. A web page of another origin could have sent the request, or its host name is not accepted",
        "control::web_pages_cannot_control_the_sandbox";
    InternalError: documented(page::ERRORS, "General REST API errors"),
        "Status 500. The sandbox itself failed", "fidelity::an_internal_failure_is_a_500";
}
