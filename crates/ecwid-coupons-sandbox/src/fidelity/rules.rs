//! The rows of the rules.

use super::{page, row::rows};
use crate::rule::Rule;

rows! { rule(Rule):
    TokensOpenOneStore: documented(page::TOKENS, "Access tokens"),
        "A token opens one store; for another one that is there it is a 403 with INVALID_API_TOKEN, a code that is \
         assumed",
        "access::a_token_opens_its_own_store_alone";
    PublicTokensSeeNoCoupons: documented(page::TOKENS, "Access tokens"),
        "A public token sees no coupons: a 403 with INSUFFICIENT_APP_SCOPE, a code that is assumed",
        "access::a_public_token_sees_no_coupons";
    IdOrCode: observed(page::README), "A path names a coupon by its id or its code",
        "codes::digits_are_an_id_first_and_a_code_then";
    DigitsAreAnIdFirst: assumed("the pages call the parameter an id"),
        "Digits in a path are an id if a coupon has it, and else a code",
        "codes::digits_are_an_id_first_and_a_code_then";
    PlusInAPathIsASpace: observed(page::KOTLIN), "Path segments are read like query strings: a plus is a space",
        "codes::an_odd_code_is_one_path_segment";
    CodesInAnyCase: assumed("the help pages say so of the checkout"), "Two codes are the same in any letter case",
        "codes::codes_are_the_same_in_any_letter_case";
    CodeFilterFindsWholeCodes: assumed("the vendor's client searches by whole codes alone; the page says search term"),
        "The filter `code` finds whole codes",
        "codes::codes_are_the_same_in_any_letter_case";
    FiltersTakeLists: observed(page::SLATE),
        "`discount_type` and `availability` take several values with commas between",
        "searches::filters_take_lists_and_every_date_format";
    TimeBoundsAreInclusive: assumed("it loses no coupon to a walk by time"),
        "The bounds of the time filters are inclusive",
        "searches::filters_take_lists_and_every_date_format";
    LimitIsAtMost100: assumed("the page has the maximum, and does not say what is above it"),
        "A `limit` over 100 is 100",
        "searches::filters_take_lists_and_every_date_format";
    OrderIsById: assumed("the page has no parameter for the order; its example is by id"),
        "A search gives coupons by id",
        "paging::all_coupons_come_once_and_in_order";
    ResponseFieldsSelect: documented(page::SEARCH, "Query params, `responseFields`"),
        "`responseFields` gives the named fields alone, nested by parentheses. That unknown names are passed over is \
         assumed",
        "searches::response_fields_choose_what_is_answered";
    ResponsesAreCompressed: documented(page::OVERVIEW, "REST API overview"),
        "Answers are packed with gzip for those who ask",
        "connections::answers_are_packed_for_those_who_ask";
    DatesAreInUtc: documented(page::GET, "Response JSON, `launchDate` and `expirationDate`"),
        "Dates are converted to UTC. That of zones by name UTC and GMT alone are read is assumed",
        "coupons::dates_are_given_in_utc";
    UnsetFieldsGetDefaults: observed(page::SLATE),
        "A new coupon is ABS, ACTIVE, of discount 0, without limits of uses and customers, unless it says otherwise",
        "coupons::a_created_coupon_has_defaults_and_no_unset_fields";
    NameAndCodeAreRequired: observed(page::SLATE),
        "A coupon needs a name and a code; that a blank one is refused is assumed",
        "bad_requests::each_bad_request_gets_a_clear_refusal";
    CodesAreShort: observed(page::SLATE), "A code has at most 128 characters",
        "codes::a_code_has_at_most_128_characters";
    BodiesAreLimited: assumed("no page says how long one may be; a batch of 500 coupons is well below"),
        "A body of more than 4 MiB is a 413 with WRONG_PARAMETER",
        "bad_requests::bad_headers_and_huge_bodies_are_refused";
    NestingIsLimited: assumed("no page says how deep one may be; the fields of a coupon are three deep"),
        "A body or coupon that is nested deeper than 100 levels is a 400",
        "bounds::what_is_nested_deep_is_refused";
    FinishedBatchesAreDropped: own,
        "Finished batches are dropped, the oldest first, when there are more than 1000 or their responses are larger \
         than 64 MiB in all; of one batch 16 MiB of response bodies are kept, and the status line of a response says \
         that its body was dropped",
        "bounds::finished_batches_are_dropped_by_their_size";
    BatchesWaitForRoom: own,
        "A batch is a 429 with RATE_LIMITED while the batches that have not finished hold more than 64 MiB of \
         requests",
        "bounds::batches_that_wait_are_bounded_by_their_size";
    SlowHeadsEndConnections: assumed("no page says; servers that face the world do so, after about as long"),
        "A connection is closed when the head of a request takes more than 75 seconds, or when none comes for as long",
        "connections::a_head_that_drips_is_not_waited_for";
    CouponsAreSmall: assumed("no page says how long a name may be; a page of 100 coupons has to be held"),
        "A coupon of more than 256 KiB is a 400",
        "bad_requests::bad_headers_and_huge_bodies_are_refused";
    ActiveAndPausedCanBeSet: assumed("older pages say that these two are not to be set, and not what happens"),
        "`status` can be set to ACTIVE and PAUSED; EXPIRED and USEDUP are ignored when sent",
        "coupons::the_store_alone_sets_expired_and_the_dates";
    CouponsExpireByDate: assumed("no page says what sets the status; the name and the date do"),
        "An ACTIVE coupon is EXPIRED once its `expirationDate` has passed, and ACTIVE again with a later one",
        "coupons::a_coupon_expires_by_its_date";
    NullClears: assumed("the pages do not say how to clear a field"),
        "null clears `discount`, the dates and the limits, is a 400 for other fields, and a limit that is sent \
         replaces the old one",
        "coupons::null_clears_some_fields_and_a_limit_replaces_the_old_one";
    AmountsAreNotNegative: assumed("no page says so; a discount below 0 makes no sense"),
        "A negative amount or count is a 400",
        "bad_requests::each_bad_request_gets_a_clear_refusal";
    ShippingHasNoCatalogLimit: assumed("the vendor's client says that the two do not go together, and not what \
     happens"),
        "A `catalogLimit` on a SHIPPING coupon is a 400",
        "bad_requests::each_bad_request_gets_a_clear_refusal";
    ReadOnlyFieldsAreIgnored: assumed("the pages list the dates in the request; the vendor's client never sends them"),
        "`id`, `creationDate`, `updateDate` and unknown fields are ignored when sent",
        "coupons::the_store_alone_sets_expired_and_the_dates";
    EmptyUpdatesChangeNothing: assumed("the page has the count 0 and does not say when"),
        "An update of no field, or of ignored ones alone, answers `updateCount` 0 and leaves the `updateDate`",
        "coupons::an_update_of_ignored_fields_changes_nothing";
    RepeatCustomerOnlyFollows: observed(page::SLATE),
        "`repeatCustomerOnly` says whether the `applicationLimit` is REPEAT_CUSTOMER_ONLY; of the two sent, the \
         latter wins",
        "coupons::repeat_customer_only_follows_the_application_limit";
    DeletingNothingSucceeds: documented(page::DELETE, "Response JSON, `deleteCount`"),
        "A delete of a coupon that is not there answers `deleteCount` 0, and is no error",
        "coupons::a_deleted_coupon_is_gone";
    RequestsAreLimited: documented(page::OVERVIEW, "REST API overview"),
        "A token may send 600 requests in any 60 seconds, and then waits until there is room; the sliding window is \
         assumed",
        "limits::too_many_requests_are_told_to_wait";
    CallingOnBlocksForLonger: documented(page::OVERVIEW, "REST API overview"),
        "A token that calls on while it has to wait, over 20 times in 60 seconds or 600 times in all, is blocked for \
         longer: ten minutes, which is assumed. Requests with unknown tokens are not counted, and the address is not \
         looked at",
        "limits::calling_on_blocks_for_longer";
    BatchesCountAsOne: assumed("no page says; batches are there to ease the load"),
        "A batch counts as one request for the limit",
        "limits::a_batch_counts_as_one_request";
    AmountsAreTakenOff: documented(page::HELP, "How discount coupons work"),
        "ABS takes its amount off the items that the coupon covers. That it is no more than they cost is assumed",
        "checkout::discounts_are_exact";
    PercentsAreTakenOff: documented(page::HELP, "How discount coupons work"),
        "PERCENT takes its part off the items that the coupon covers. That over 100 it is 100 is assumed",
        "checkout::discounts_are_exact";
    ShippingCouponsFreeShipping: documented(page::HELP, "How discount coupons work"),
        "SHIPPING, ABS_AND_SHIPPING and PERCENT_AND_SHIPPING make the shipping free; SHIPPING takes nothing off the \
         items",
        "checkout::discounts_are_exact";
    DiscountsAreRoundedToCents: assumed("no page says; the shares add up to the whole"),
        "Discounts are rounded to the cent, half a cent up, and shared among the items by what they cost",
        "checkout::discounts_are_exact";
    TotalLimitIsOfTheSubtotal: assumed("the page calls it the minimum of the order; help pages say over"),
        "A subtotal equal to the `totalLimit` is enough, and items that the coupon does not cover count",
        "checkout::discounts_are_exact";
    ProductsOrCategoriesAreEnough: assumed("the page lists both without saying how they go together"),
        "An item of one of the products or of one of the categories is covered; categories below are not looked up",
        "checkout::discounts_are_exact";
    ShippingLimitIsOfTheWholeCoupon: assumed("the page says applied to; older ones say that these methods become free"),
        "With a `shippingLimit` the whole coupon applies to these shipping methods alone, whichever its type",
        "checkout::each_reason_has_its_orders";
    CustomersAreKnownByEmail: documented(page::USES, "Limit the number of discount coupon uses"),
        "A customer is known by the e-mail address. That its letter case does not matter is assumed",
        "checkout::customers_are_known_by_their_email";
    UsesAreCounted: assumed("no page says whether a use is an update; this is the harder of the two for a program \
     that follows changes"),
        "An order with the coupon counts in `orderCount`, as the pages have it, and leaves the `updateDate`, so that \
         who goes by that alone does not see uses",
        "checkout::uses_are_counted";
    SingleCouponsAreUsedUp: assumed("no page says what sets the status; the two names do"),
        "A SINGLE coupon is USEDUP after one order",
        "checkout::uses_are_counted";
    DeletionsAreRememberedForSixMonths: observed(page::README_DELETED),
        "A deletion is listed for six months. That the list is by date is assumed",
        "deleted_coupons::deleted_coupons_are_listed";
    WebhooksTellOfCoupons: documented(page::EVENTS, "Webhook JSON examples, discount coupon events"),
        "`discount_coupon.created`, `.updated` and `.deleted` are posted to the URL that was given; in no certain \
         order, as older pages say",
        "webhooks::events_are_signed_and_delivered";
    WebhooksAreSigned: documented(page::PROCESS_EVENTS, "Step 3. Verify webhook signature"),
        "An event has its time and its id signed with the client secret, in `X-Ecwid-Webhook-Signature`; its body is \
         not signed",
        "webhooks::events_are_signed_and_delivered";
    UsesTellNothing: assumed("no page says; a use is no update here either"),
        "An order that uses a coupon posts no event, nor does a date that makes one EXPIRED",
        "webhooks::what_changes_nothing_tells_nothing";
    WebhooksAreTaken: documented(page::PROCESS_EVENTS, "Step 1. Respond with status 200"),
        "An event is taken when it is answered with 200, 201, 202, 204 or 209 within ten seconds, and with nothing \
         else",
        "webhooks::an_event_that_is_not_taken_is_sent_again";
    WebhooksAreSentAgain: own,
        "An event that is not taken is sent again five times in half a minute; a store sends it 27 times in a day, \
         for which no test waits",
        "webhooks::an_event_that_is_never_taken_is_given_up";
    FaultsComeOnDemand: own,
        "Nothing goes wrong unless it was asked for, and then in the same way for the same seed. Requests inside a \
         batch have no connection of their own to break",
        "sandbox_faults::a_fault_comes_as_often_as_it_is_asked_for";
    TimeIsOfTheClock: own,
        "Dates, the status and how long a deduplication key is remembered go by the sandbox's clock; limits and \
         timeouts by the machine's",
        "clock::all_dates_go_by_the_clock";
    OnlyNamesOfThisMachine: own,
        "A request needs exactly one Host header, of a loopback name or address or of a name that the sandbox was \
         given, or it is a 400 or a 403 with FOREIGN_ORIGIN",
        "hosts::every_path_checks_the_host";
    ControlIsForThisMachine: own,
        "The control API answers no web page of another origin; what changes something by POST or PUT says that it \
         is JSON",
        "control::web_pages_cannot_control_the_sandbox";
    SeedsAreTheSame: own,
        "A seed makes the same coupons each time and everywhere, from 2019 to 2025; their statuses stay what they \
         are until 2099",
        "seed::a_seed_makes_the_same_coupons_each_time";
    BatchesHoldUpTo500: documented(page::BATCHES, "Batch requests"), "A batch has at most 500 requests",
        "batch::a_batch_runs_its_requests";
    BatchesStopAtAFailure: documented(page::CREATE_BATCH, "Query params, `stopOnFirstFailure`"),
        "Requests after the first failure are not sent, unless `stopOnFirstFailure` is false",
        "batch::a_batch_runs_its_requests";
    BatchesRunInParallel: documented(page::CREATE_BATCH, "Query params, `allowParallelMode`"),
        "One request of a batch after the other, and one batch after the other; with `allowParallelMode` 100 \
         requests at once",
        "batch::a_parallel_batch_runs_100_requests_at_once";
    BatchesAreDeduplicated: documented(page::CREATE_BATCH, "Query params, `deduplicationKey`"),
        "A `deduplicationKey` that comes again within an hour gets the ticket of the first",
        "batch::old_batches_are_forgotten";
    BatchItemsAreSentAgain: documented(page::CREATE_BATCH, "Query params, `stopOnFirstFailure`"),
        "With `stopOnFirstFailure` false, a request that is answered with 5XX is sent again five times, three \
         seconds apart",
        "batch::a_request_that_fails_is_sent_again";
    BatchesAreListedByStatus: documented(page::SEARCH_BATCHES, "Query params, `status`"),
        "Batches are listed by `status`, 100 at most. That it is those of the last hour is assumed",
        "batch::batches_are_listed_by_status";
    BatchStatusNeedsEscapedJson: documented(page::BATCH_STATUS, "Query params, `escapedJson`"),
        "Without `escapedJson` the status has no responses; the page's own table has `httpBody` for that",
        "batch::a_batch_needs_the_scopes_of_its_requests";
    BatchItemsNeedTheirScopes: assumed("the page has the need, and not where it is told"),
        "A batch is taken without a scope for a request in it; that request alone is answered with a 403",
        "batch::a_batch_needs_the_scopes_of_its_requests";
}
