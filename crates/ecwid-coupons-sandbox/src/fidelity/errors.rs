//! The rows of the error codes.

use super::{
    page,
    row::{Row, assumed, documented, own},
};
use crate::http::error_code::ErrorCode;

pub(super) const fn row(code: ErrorCode) -> Row {
    match code {
        ErrorCode::WrongParameter => documented(
            "400 for a parameter, field or body that is not valid",
            page::ERRORS,
            "General REST API errors",
            "bad_requests::each_bad_request_gets_a_clear_refusal",
        ),
        ErrorCode::InvalidApiToken => documented(
            "403 for a token that is not valid, or none",
            page::ERRORS,
            "General REST API errors",
            "bad_requests::bad_headers_and_huge_bodies_are_refused",
        ),
        ErrorCode::InsufficientAppScope => documented(
            "403 for a token without a scope that the operation needs",
            page::ERRORS,
            "General REST API errors",
            "access::scopes_open_their_operations_and_no_others",
        ),
        ErrorCode::StoreNotFound => documented(
            "404 for a store that is not there",
            page::ERRORS,
            "General REST API errors",
            "coupons::what_is_not_there_is_said_so",
        ),
        ErrorCode::DiscountCouponNotFound => documented(
            "404 for a get of a coupon that is not there. That an update of one is a 404 too, and not a count of 0, is assumed",
            page::ERRORS,
            "Promotions/discount coupons",
            "coupons::what_is_not_there_is_said_so",
        ),
        ErrorCode::NotFound => assumed(
            "404 for a path that the sandbox does not serve, and for an unknown ticket",
            "the pages name no code for either",
            "bad_requests::each_bad_request_gets_a_clear_refusal",
        ),
        ErrorCode::MethodNotAllowed => documented(
            "405 for a method that a path does not have",
            page::ERRORS,
            "General REST API errors",
            "bad_requests::each_bad_request_gets_a_clear_refusal",
        ),
        ErrorCode::Timeout => assumed(
            "408 for a body that takes longer than 10 seconds",
            "the pages have the code, and do not say when",
            "connections::a_body_that_does_not_come_is_not_waited_for",
        ),
        ErrorCode::ConstraintViolation => assumed(
            "409 for a code that another coupon has",
            "older pages have the status, today's no code for it; this one is the nearest",
            "codes::codes_are_the_same_in_any_letter_case",
        ),
        ErrorCode::UnsupportedMediaType => assumed(
            "415 for a body that is not said to be JSON",
            "older pages have the status, none a code for it",
            "bad_requests::bad_headers_and_huge_bodies_are_refused",
        ),
        ErrorCode::RateLimited => documented(
            "429 with Retry-After in whole seconds for a token that sends too many requests",
            page::OVERVIEW,
            "REST API overview",
            "limits::too_many_requests_are_told_to_wait",
        ),
        ErrorCode::ForeignOrigin => own(
            "403 for a call of the control API that a web page of another origin could have made, and for any call by a name that is not this machine's",
            "control::web_pages_cannot_control_the_sandbox",
        ),
        ErrorCode::InternalError => documented(
            "500 when the sandbox itself fails",
            page::ERRORS,
            "General REST API errors",
            "fidelity::a_sandbox_that_fails_says_so",
        ),
    }
}
