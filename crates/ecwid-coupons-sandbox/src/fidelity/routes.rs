//! The rows of the routes.

use super::{page, row::rows};
use crate::http::route::{ApiRoute, ControlRoute, PageRoute};

rows! { api(ApiRoute):
    SearchDiscountCoupons: documented(page::SEARCH, "Query params; Response JSON"),
        "Returns one page of the coupons that match the filters. All documented filters are supported",
        "searches::filters_take_lists_and_every_date_format";
    CreateDiscountCoupon: documented(page::CREATE, "Request JSON; Response JSON"),
        "Creates a coupon, and returns its id and code. All documented fields are supported",
        "coupons::every_documented_field_is_stored_and_returned";
    GetDiscountCoupon: documented(page::GET, "Response JSON"), "Returns a coupon with all fields that are set",
        "coupons::every_documented_field_is_stored_and_returned";
    UpdateDiscountCoupon: documented(page::UPDATE, "Request JSON; Response JSON, `updateCount`"),
        "Changes only the fields in the request, and returns the number of changed coupons",
        "coupons::an_update_keeps_clears_and_sets";
    DeleteDiscountCoupon: documented(page::DELETE, "Response JSON, `deleteCount`"),
        "Deletes a coupon, and returns the number of deleted coupons", "coupons::a_deleted_coupon_is_gone";
    CreateBatchRequest: documented(page::CREATE_BATCH, "Request JSON; Response JSON, `ticket`"),
        "Accepts a batch, returns its ticket, and runs its requests in the background through the code of single requests",
        "batch::a_batch_runs_its_requests";
    GetBatchStatus: documented(page::BATCH_STATUS, "Response JSON"),
        "Returns the progress of a batch and the responses to its requests", "batch::a_batch_runs_its_requests";
    CancelBatchGroup: documented(page::STOP_BATCH, "Query params, `ticketId` and `groupId`"),
        "Cancels the batch with this ticket in a group. Without a ticket, it cancels the whole group, as in older \
         documentation. A request in progress is finished",
        "batch::a_group_is_canceled";
    DeleteBatch: documented(page::DELETE_BATCH, "Stop and delete batch request"), "Cancels a batch and removes it",
        "batch::a_deleted_batch_is_removed";
    GetDeletedItemsHistory: observed(page::README_DELETED),
        "Lists deleted coupons at the path of older documentation",
        "deleted_coupons::deleted_coupons_are_listed";
    ListDeletedCoupons: documented(page::DELETED, "Path params, `entity`; Query params; Response JSON"),
        "Lists the ids of deleted coupons by `from_date` and `to_date`, at most 100 on a page. The documentation also \
         names a limit of 10",
        "deleted_coupons::deleted_coupons_are_listed";
    GetLatestStoreUpdateStats: documented(page::STATS, "Response JSON, `discountCouponsUpdated`"),
        "Returns when a coupon was last created, updated or deleted, and no other statistics. Assumed: the field is \
         missing in a store that never had a coupon",
        "deleted_coupons::latest_stats_have_the_last_change";
}

rows! { control(ControlRoute):
    GetHealth: own, "Returns that the sandbox accepts requests, and its version",
        "control::the_health_is_returned_without_a_token";
    GetClock: own, "Returns the time of the sandbox", "clock::the_control_api_moves_the_clock";
    SetClock: own, "Stops the clock at a time", "clock::the_control_api_moves_the_clock";
    ResetClock: own, "Returns the clock to the system time", "clock::the_control_api_moves_the_clock";
    AdvanceClock: own, "Moves the clock forward or back", "clock::the_control_api_moves_the_clock";
    AddToken: own, "Adds a token. Its store is created if it does not exist",
        "access::tokens_are_added_while_the_sandbox_runs";
    GetLimits: own, "Returns the rate limits", "limits::the_control_api_sets_the_limits";
    SetLimits: own, "Sets the rate limits, and resets the counted requests. Missing limits get their default",
        "limits::the_control_api_sets_the_limits";
    GetRequests: own,
        "Returns the recorded requests with their responses, times and durations: all, or the `last` ones",
        "journal::the_control_api_returns_the_journal";
    ClearRequests: own, "Removes the recorded requests", "journal::the_control_api_returns_the_journal";
    PlaceOrder: own, "Places an order, and returns its total and whether its coupon applied",
        "checkout::the_control_api_places_orders";
    GetFaults: own, "Returns the faults with their seeds, and how often each fired",
        "sandbox_faults::the_control_api_adds_faults";
    AddFaults: own, "Adds one fault or a list of faults", "sandbox_faults::the_control_api_adds_faults";
    ClearFaults: own, "Removes all faults", "sandbox_faults::the_control_api_adds_faults";
    RemoveFault: own, "Removes the fault with this id", "sandbox_faults::the_control_api_adds_faults";
    GetWebhook: own, "Returns the URL that receives events, and the latest deliveries",
        "webhooks::the_control_api_sets_the_webhook";
    SetWebhook: own, "Sets the URL that receives events", "webhooks::the_control_api_sets_the_webhook";
    RemoveWebhook: own, "Disables events", "webhooks::the_control_api_sets_the_webhook";
    DumpStores: own, "Returns a dump of all stores at one moment",
        "dump_and_load::a_loaded_dump_restores_the_stores";
    LoadStores: own, "Loads a dump or coupons. If one entry is refused, none is loaded",
        "dump_and_load::the_control_api_dumps_loads_and_resets";
    ResetSandbox: own, "Returns the sandbox to its initial state",
        "dump_and_load::a_reset_restores_the_initial_state";
}

rows! { web_page(PageRoute):
    ShowWebPage: own, "Shows the coupons, the last requests, and the settings of the sandbox",
        "web_page::a_store_is_shown_with_escaped_text";
    ShowStyle: own, "Returns the style sheet of the web page", "web_page::the_style_is_the_only_thing_a_page_loads";
    ShowDocument: own, "Returns the OpenAPI document of the API", "web_page::the_openapi_document_is_served";
    SubmitClock: own, "Sets and moves the clock with a form", "web_forms::the_clock_is_moved_by_forms";
    SubmitFaults: own, "Adds and removes faults with a form", "web_forms::faults_are_added_and_removed_by_forms";
    SubmitLimits: own, "Sets the rate limits with a form", "web_forms::limits_are_set_by_a_form";
    SubmitOrder: own, "Places an order with a form", "web_forms::an_order_is_placed_by_a_form";
    SubmitRequests: own, "Removes the recorded requests with a form", "web_forms::requests_are_cleared_by_a_form";
    SubmitWebhook: own, "Sets and removes the webhook with a form", "web_forms::the_webhook_is_set_by_a_form";
    SubmitContents: own, "Loads a file and resets the sandbox with a form",
        "web_forms::contents_are_dumped_loaded_and_reset";
}
