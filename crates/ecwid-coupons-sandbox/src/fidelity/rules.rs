//! The rows of the rules.

use super::{page, row::rows};
use crate::rule::Rule;

rows! { rule(Rule):
    TokensOpenOneStore: documented(page::TOKENS, "Access tokens"),
        "A token opens one store. Assumed: for another existing store, it gets status 403 with INVALID_API_TOKEN",
        "access::a_token_opens_only_its_own_store";
    PublicTokensSeeNoCoupons: documented(page::TOKENS, "Access tokens"),
        "A public token cannot read coupons. Assumed: it gets status 403 with INSUFFICIENT_APP_SCOPE",
        "access::a_public_token_sees_no_coupons";
    IdOrCode: observed(page::README), "A path names a coupon by its id or its code",
        "codes::digits_are_an_id_first_and_a_code_then";
    DigitsAreAnIdFirst: assumed("the documentation calls the parameter an id"),
        "Digits in a path are an id if a coupon has this id, and a code otherwise",
        "codes::digits_are_an_id_first_and_a_code_then";
    PlusInAPathIsASpace: observed(page::KOTLIN), "Path segments are decoded like query strings: a plus is a space",
        "codes::an_odd_code_is_one_path_segment";
    CodesInAnyCase: assumed("the help pages say this about the checkout"),
        "Codes that differ only in letter case are the same code", "codes::codes_are_the_same_in_any_letter_case";
    CodeFilterFindsWholeCodes: assumed("Ecwid's client searches by whole codes; the documentation says `search term`"),
        "The filter `code` matches whole codes", "codes::codes_are_the_same_in_any_letter_case";
    FiltersTakeLists: observed(page::SLATE),
        "`discount_type` and `availability` accept several values, separated by commas",
        "searches::filters_take_lists_and_every_date_format";
    TimeBoundsAreInclusive: assumed("with inclusive bounds, a program that continues at the last time misses no coupon"),
        "The bounds of the time filters are inclusive", "searches::filters_take_lists_and_every_date_format";
    LimitIsAtMost100: assumed("the documentation has the maximum, but does not say what happens above it"),
        "A `limit` above 100 is treated as 100", "searches::filters_take_lists_and_every_date_format";
    OrderIsById: assumed("the documentation has no parameter for the order, and its example is ordered by id"),
        "A search returns coupons ordered by id", "paging::all_coupons_come_once_and_in_order";
    ResponseFieldsSelect: documented(page::SEARCH, "Query params, `responseFields`"),
        "`responseFields` selects the fields of a response, with parentheses for nested fields. Assumed: unknown names \
         are ignored",
        "searches::response_fields_select_fields";
    ResponsesAreCompressed: documented(page::OVERVIEW, "REST API overview"),
        "Responses are compressed with gzip if the request accepts it",
        "connections::responses_are_compressed_on_request";
    DatesAreInUtc: documented(page::GET, "Response JSON, `launchDate` and `expirationDate`"),
        "Dates are converted to UTC. Assumed: UTC and GMT are the only time zones that are accepted by name",
        "coupons::dates_are_given_in_utc";
    UnsetFieldsGetDefaults: observed(page::SLATE),
        "By default, a new coupon is ABS and ACTIVE, has a discount of 0, and has no limits on uses and customers",
        "coupons::a_created_coupon_has_defaults_and_no_unset_fields";
    NameAndCodeAreRequired: observed(page::SLATE),
        "A coupon needs a name and a code. Assumed: they must not be blank",
        "bad_requests::each_bad_request_gets_a_clear_error";
    CodesAreShort: observed(page::SLATE), "A code has at most 128 characters",
        "codes::a_code_has_at_most_128_characters";
    BodiesAreLimited: assumed("the documentation has no limit; a batch of 500 coupons is well below this one"),
        "A body of more than 4 MiB gets status 413 with WRONG_PARAMETER",
        "bad_requests::bad_headers_and_huge_bodies_are_refused";
    NestingIsLimited: assumed("the documentation has no limit; the fields of a coupon are three levels deep"),
        "A body or coupon that is nested deeper than 100 levels gets status 400", "bounds::deeply_nested_json_is_refused";
    FinishedBatchesAreDropped: own,
        "Finished batches are removed, the oldest first, if there are more than 1000 or if their responses exceed 64 \
         MiB. The response bodies of one batch are limited to 16 MiB; the status line of a response says if its body was \
         dropped",
        "bounds::finished_batches_are_dropped_by_their_size";
    BatchesWaitForRoom: own,
        "A batch gets status 429 with RATE_LIMITED while the requests of unfinished batches exceed 64 MiB",
        "bounds::waiting_batches_are_bounded_by_their_size";
    SlowHeadsEndConnections: assumed("the documentation does not say; public servers usually have such a limit"),
        "A connection is closed if the head of a request takes more than 75 seconds, or if it is idle that long",
        "connections::a_slow_head_times_out";
    CouponsAreSmall: assumed("the documentation has no limit; the limit bounds the memory for a page of 100 coupons"),
        "A coupon of more than 256 KiB gets status 400", "bad_requests::bad_headers_and_huge_bodies_are_refused";
    ActiveAndPausedCanBeSet: assumed("older documentation says not to set EXPIRED and USEDUP, but not what happens"),
        "`status` can be set to ACTIVE and PAUSED. EXPIRED and USEDUP are ignored in requests",
        "coupons::only_the_store_sets_expired_and_dates";
    CouponsExpireByDate: assumed("the documentation does not say what sets the status; its name suggests the date"),
        "An ACTIVE coupon becomes EXPIRED when its `expirationDate` has passed, and ACTIVE again with a later date. The \
         `updateDate` does not change",
        "coupons::a_coupon_expires_by_its_date";
    NullClears: assumed("the documentation does not say how to clear a field"),
        "null clears `discount`, the dates and the limits. For other fields, it gets status 400. A limit in a request \
         replaces the existing one",
        "coupons::null_clears_some_fields_and_a_limit_replaces_the_old_one";
    AmountsAreNotNegative: assumed("the documentation does not say; a negative discount makes no sense"),
        "A negative amount or count gets status 400", "bad_requests::each_bad_request_gets_a_clear_error";
    ShippingHasNoCatalogLimit: assumed("Ecwid's client says that they cannot be combined, but not what happens"),
        "A `catalogLimit` on a SHIPPING coupon gets status 400", "bad_requests::each_bad_request_gets_a_clear_error";
    ReadOnlyFieldsAreIgnored: assumed("the documentation lists the dates in requests; Ecwid's client never sends them"),
        "`id`, `creationDate`, `updateDate` and unknown fields are ignored in requests",
        "coupons::only_the_store_sets_expired_and_dates";
    EmptyUpdatesChangeNothing: assumed("the documentation has the count 0, but does not say when it is returned"),
        "An update with no fields or only ignored fields returns `updateCount` 0, and does not change the `updateDate`",
        "coupons::an_update_of_ignored_fields_changes_nothing";
    RepeatCustomerOnlyFollows: observed(page::SLATE),
        "`repeatCustomerOnly` is true if the `applicationLimit` is REPEAT_CUSTOMER_ONLY. If a request has both fields, \
         `applicationLimit` is used",
        "coupons::repeat_customer_only_follows_the_application_limit";
    DeletingNothingSucceeds: documented(page::DELETE, "Response JSON, `deleteCount`"),
        "A delete of a coupon that does not exist returns `deleteCount` 0 and is not an error",
        "coupons::a_deleted_coupon_is_gone";
    RequestsAreLimited: documented(page::OVERVIEW, "REST API overview"),
        "A token may send 600 requests in any 60 seconds. Further requests get status 429. Assumed: the window slides",
        "limits::too_many_requests_get_a_429";
    CallingOnBlocksForLonger: documented(page::OVERVIEW, "REST API overview"),
        "A blocked token that sends more than 20 requests in 60 seconds, or 600 in total, is blocked for longer. \
         Assumed: for ten minutes. Requests with unknown tokens are not counted. IP addresses do not matter",
        "limits::requests_while_blocked_extend_the_block";
    BatchesCountAsOne: assumed("the documentation does not say; the purpose of batches is to reduce requests"),
        "A batch counts as one request for the rate limit", "limits::a_batch_counts_as_one_request";
    AmountsAreTakenOff: documented(page::HELP, "How discount coupons work"),
        "ABS takes its amount off the items that the coupon covers. Assumed: at most their price",
        "checkout::discounts_are_exact";
    PercentsAreTakenOff: documented(page::HELP, "How discount coupons work"),
        "PERCENT takes its percentage off the items that the coupon covers. Assumed: at most 100 percent",
        "checkout::discounts_are_exact";
    ShippingCouponsFreeShipping: documented(page::HELP, "How discount coupons work"),
        "SHIPPING, ABS_AND_SHIPPING and PERCENT_AND_SHIPPING make shipping free. SHIPPING gives no discount on items",
        "checkout::discounts_are_exact";
    DiscountsAreRoundedToCents: assumed("the documentation does not say; the shares add up to the whole discount"),
        "Discounts are rounded to cents, half a cent up, and split among the items in proportion to their price",
        "checkout::discounts_are_exact";
    TotalLimitIsOfTheSubtotal: assumed("the documentation says `minimum`, and the help pages say `over`"),
        "A subtotal equal to the `totalLimit` is enough. Items that the coupon does not cover count too",
        "checkout::discounts_are_exact";
    ProductsOrCategoriesAreEnough: assumed("the documentation lists both, but does not say how they combine"),
        "A coupon covers an item of one of its products or one of its categories. Subcategories are not considered",
        "checkout::discounts_are_exact";
    ShippingLimitIsOfTheWholeCoupon: assumed("today's wording is `applied to`; older documentation makes these methods free"),
        "With a `shippingLimit`, a coupon of any type applies only to orders with one of these shipping methods",
        "checkout::each_reason_is_given_for_its_orders";
    CustomersAreKnownByEmail: documented(page::USES, "Limit the number of discount coupon uses"),
        "The email address identifies a customer. Assumed: its letter case does not matter",
        "checkout::customers_are_identified_by_email";
    UsesAreCounted: assumed("the documentation does not say; this is the harder case for a program that follows changes"),
        "An order with the coupon increases the `orderCount` and does not change the `updateDate`",
        "checkout::uses_are_counted";
    SingleCouponsAreUsedUp: assumed("the documentation does not say what sets the status; the names of the values suggest it"),
        "A SINGLE coupon is USEDUP after one order", "checkout::uses_are_counted";
    OrdersCanBeUpdates: own,
        "With the setting `ordersUpdate` of changes, an order with the coupon sets its `updateDate` to the time of the \
         order. Ecwid does not document whether it does",
        "change_settings::orders_can_change_the_update_date";
    ExpiriesCanBeUpdates: own,
        "With the setting `expiriesUpdate` of changes, the `updateDate` of an EXPIRED coupon is at least its \
         `expirationDate`. Ecwid does not document whether it is",
        "change_settings::expiries_can_change_the_update_date";
    DeletionsAreRememberedForSixMonths: observed(page::README_DELETED),
        "A deletion is listed for six months. Assumed: the list is ordered by date",
        "deleted_coupons::deleted_coupons_are_listed";
    WebhooksTellOfCoupons: documented(page::EVENTS, "Webhook JSON examples, discount coupon events"),
        "The events `discount_coupon.created`, `.updated` and `.deleted` are posted to the URL of the webhook. Older \
         documentation says that their order is not guaranteed",
        "webhooks::events_are_signed_and_delivered";
    WebhooksAreSigned: documented(page::PROCESS_EVENTS, "Step 3. Verify webhook signature"),
        "`X-Ecwid-Webhook-Signature` signs the time and the id of an event with the client secret, but not its body",
        "webhooks::events_are_signed_and_delivered";
    UsesTellNothing: assumed("the documentation does not say; a use is not an update here either"),
        "An order with a coupon sends no event, and neither does a coupon that expires",
        "webhooks::requests_that_change_nothing_send_no_event";
    WebhooksAreTaken: documented(page::PROCESS_EVENTS, "Step 1. Respond with status 200"),
        "An event is accepted with status 200, 201, 202, 204 or 209 within ten seconds",
        "webhooks::a_rejected_event_is_retried";
    WebhooksAreSentAgain: own,
        "An event that is not accepted is retried five times within half a minute. Ecwid makes 27 attempts in a day",
        "webhooks::an_event_is_given_up_after_all_attempts";
    FaultsComeOnDemand: own,
        "Failures occur only on demand, and the same seed gives the same failures. Requests inside a batch have no \
         connection that could break",
        "sandbox_faults::a_fault_fires_as_often_as_configured";
    TimeIsOfTheClock: own,
        "Dates, statuses and the lifetime of deduplication keys follow the clock of the sandbox. Rate limits and \
         timeouts follow the system time",
        "clock::all_dates_follow_the_clock";
    OnlyNamesOfThisMachine: own,
        "A request needs exactly one Host header, which names localhost, a loopback address, the address of the \
         sandbox or an allowed name. \
         Otherwise it gets status 400, or a 403 with FOREIGN_ORIGIN",
        "hosts::every_path_checks_the_host";
    ControlIsForThisMachine: own,
        "The control API refuses web pages of other origins. A POST or PUT needs a JSON content type",
        "control::web_pages_cannot_control_the_sandbox";
    SeedsAreTheSame: own,
        "Seeded coupons are the same each time, with dates from 2019 to 2025. Their statuses do not change before 2099. \
         Each store besides the first has its own coupons",
        "seed::a_seed_makes_the_same_coupons_each_time";
    BatchesHoldUpTo500: documented(page::BATCHES, "Batch requests"), "A batch has at most 500 requests",
        "batch::a_batch_runs_its_requests";
    BatchesStopAtAFailure: documented(page::CREATE_BATCH, "Query params, `stopOnFirstFailure`"),
        "Requests after the first failure are not run, unless `stopOnFirstFailure` is false",
        "batch::a_batch_runs_its_requests";
    BatchesRunInParallel: documented(page::CREATE_BATCH, "Query params, `allowParallelMode`"),
        "The batches of a store run one after the other, and so do their requests. With `allowParallelMode`, up to 100 \
         requests of a batch run concurrently",
        "batch::a_parallel_batch_runs_100_requests_at_once";
    BatchesAreDeduplicated: documented(page::CREATE_BATCH, "Query params, `deduplicationKey`"),
        "A batch with a `deduplicationKey` of the last hour gets the ticket of the first batch",
        "batch::old_batches_are_removed";
    BatchItemsAreSentAgain: documented(page::CREATE_BATCH, "Query params, `stopOnFirstFailure`"),
        "With `stopOnFirstFailure` false, a request with a 5xx response is retried five times, with three seconds \
         between attempts",
        "batch::a_failed_request_is_retried";
    BatchesAreListedByStatus: documented(page::SEARCH_BATCHES, "Query params, `status`"),
        "Batches are listed by `status`, at most 100. Assumed: the list covers the last hour",
        "batch::batches_are_listed_by_status";
    BatchStatusNeedsEscapedJson: documented(page::BATCH_STATUS, "Query params, `escapedJson`"),
        "Without `escapedJson`, the status has no responses. The documentation contradicts itself: its table has \
         `httpBody` for this case",
        "batch::a_batch_needs_the_scopes_of_its_requests";
    BatchItemsNeedTheirScopes: assumed("the documentation says that scopes are needed, but not where an error appears"),
        "A batch is accepted even if the token lacks a scope for a request in it. Only that request gets status 403",
        "batch::a_batch_needs_the_scopes_of_its_requests";
    BatchesCanBeRefused: own,
        "With the setting `accepted` of batches switched off, a batch gets status 403 with INSUFFICIENT_APP_SCOPE. Ecwid \
         does not document which apps may send batches",
        "batch_settings::a_store_can_refuse_batches";
    BatchItemsCanBeCounted: own,
        "With the setting `countItems` of batches, each request of a batch counts towards the rate limit. Ecwid does not \
         document whether it does",
        "batch_settings::requests_of_a_batch_can_count";
    BatchResponsesCanBeShuffled: own,
        "With the setting `shuffled` of batches, the responses of a parallel batch are in random order. Ecwid does not \
         document their order",
        "batch_settings::responses_can_be_in_random_order";
    BatchesWaitForOtherApps: own,
        "With the setting `foreignSeconds` of batches, a batch of another app runs before each batch. Other settings are \
         how long batches are remembered, how many are kept, and whether parallel batches run at the same time. Ecwid \
         documents neither",
        "batch_settings::batches_can_wait_or_run_at_once";
}
