//! The rows of the error codes.

use super::{page, row::rows};
use crate::http::error_code::ErrorCode;

rows! { error(ErrorCode):
    WrongParameter: documented(page::ERRORS, "General REST API errors"),
        "400 for a parameter, field or body that is not valid",
        "bad_requests::each_bad_request_gets_a_clear_refusal";
    InvalidApiToken: documented(page::ERRORS, "General REST API errors"), "403 for a token that is not valid, or none",
        "bad_requests::bad_headers_and_huge_bodies_are_refused";
    InsufficientAppScope: documented(page::ERRORS, "General REST API errors"),
        "403 for a token without a scope that the operation needs",
        "access::scopes_open_their_operations_and_no_others";
    StoreNotFound: documented(page::ERRORS, "General REST API errors"), "404 for a store that is not there",
        "coupons::what_is_not_there_is_said_so";
    DiscountCouponNotFound: documented(page::ERRORS, "Promotions/discount coupons"),
        "404 for a get of a coupon that is not there. That an update of one is a 404 too, and not a count of 0, is \
         assumed",
        "coupons::what_is_not_there_is_said_so";
    NotFound: assumed("the pages name no code for either"),
        "404 for a path that the sandbox does not serve, and for an unknown ticket",
        "bad_requests::each_bad_request_gets_a_clear_refusal";
    MethodNotAllowed: documented(page::ERRORS, "General REST API errors"), "405 for a method that a path does not have",
        "bad_requests::each_bad_request_gets_a_clear_refusal";
    Timeout: assumed("the pages have the code, and do not say when"),
        "408 for a body that takes longer than 10 seconds",
        "connections::a_body_that_does_not_come_is_not_waited_for";
    ConstraintViolation: assumed("older pages have the status, today's no code for it; this one is the nearest"),
        "409 for a code that another coupon has",
        "codes::codes_are_the_same_in_any_letter_case";
    UnsupportedMediaType: assumed("older pages have the status, none a code for it"),
        "415 for a body that is not said to be JSON",
        "bad_requests::bad_headers_and_huge_bodies_are_refused";
    RateLimited: documented(page::OVERVIEW, "REST API overview"),
        "429 with Retry-After in whole seconds for a token that sends too many requests",
        "limits::too_many_requests_are_told_to_wait";
    ForeignOrigin: own,
        "403 for a call of the control API that a web page of another origin could have made, and for any call by a \
         name that is not this machine's",
        "control::web_pages_cannot_control_the_sandbox";
    InternalError: documented(page::ERRORS, "General REST API errors"), "500 when the sandbox itself fails",
        "fidelity::a_sandbox_that_fails_says_so";
}
