//! The rows of the routes.

use super::{page, row::rows};
use crate::http::route::{ApiRoute, ControlRoute, PageRoute};

rows! { api(ApiRoute):
    SearchDiscountCoupons: documented(page::SEARCH, "Query params; Response JSON"),
        "Finds coupons by every documented filter, page by page",
        "searches::filters_take_lists_and_every_date_format";
    CreateDiscountCoupon: documented(page::CREATE, "Request JSON; Response JSON"),
        "Takes a coupon with every documented field, and answers its id and code",
        "coupons::every_documented_field_is_taken_and_given";
    GetDiscountCoupon: documented(page::GET, "Response JSON"), "Gives a coupon with every field that is set",
        "coupons::every_documented_field_is_taken_and_given";
    UpdateDiscountCoupon: documented(page::UPDATE, "Request JSON; Response JSON, `updateCount`"),
        "Changes the fields that are sent and no others, and answers how many coupons were changed",
        "coupons::an_update_keeps_clears_and_sets";
    DeleteDiscountCoupon: documented(page::DELETE, "Response JSON, `deleteCount`"),
        "Takes a coupon out, and answers how many were",
        "coupons::a_deleted_coupon_is_gone";
    CreateBatchRequest: documented(page::CREATE_BATCH, "Request JSON; Response JSON, `ticket`"),
        "Takes a batch of requests, answers a ticket, and runs them in the background by the same code as requests \
         of their own",
        "batch::a_batch_runs_its_requests";
    GetBatchStatus: documented(page::BATCH_STATUS, "Response JSON"),
        "Tells how far a batch is and what its requests were answered",
        "batch::a_batch_runs_its_requests";
    CancelBatchGroup: documented(page::STOP_BATCH, "Query params, `ticketId` and `groupId`"),
        "Ends the one batch of a group whose ticket is given, or without a ticket all of the group, as older pages \
         have it; the request that runs just now is finished",
        "batch::a_group_is_cancelled";
    DeleteBatch: documented(page::DELETE_BATCH, "Stop and delete batch request"), "Ends a batch and forgets it",
        "batch::a_deleted_batch_is_forgotten";
    ListDeletedDiscountCoupons: observed(page::README_DELETED),
        "Lists deleted coupons under the name that older pages have. Of the scopes that the pages name, it needs \
         read_discount_coupons",
        "deleted_coupons::deleted_coupons_are_listed";
    ListDeletedCoupons: documented(page::DELETED, "Path params, `entity`; Query params; Response JSON"),
        "Lists the ids of deleted coupons by `from_date` and `to_date`, 100 to a page; the page has 10 for that too",
        "deleted_coupons::deleted_coupons_are_listed";
    GetLatestStats: documented(page::STATS, "Response JSON, `discountCouponsUpdated`"),
        "Tells when a coupon was created, updated or deleted last, and nothing of what else is in a store. That the \
         field is left out until then is assumed",
        "deleted_coupons::the_latest_change_is_told";
}

rows! { control(ControlRoute):
    GetClock: own, "Tells the time of the sandbox", "clock::the_control_api_moves_the_clock";
    SetClock: own, "Stops the clock at a time", "clock::the_control_api_moves_the_clock";
    ResetClock: own, "Goes back to the time of the machine", "clock::the_control_api_moves_the_clock";
    AdvanceClock: own, "Moves the time on or back", "clock::the_control_api_moves_the_clock";
    GetLimits: own, "Tells how many requests are taken", "limits::the_control_api_sets_the_limits";
    SetLimits: own, "Sets how many requests are taken, and forgets what was counted; what is left out is as documented",
        "limits::the_control_api_sets_the_limits";
    GetRequests: own,
        "Tells the last requests and answers, with when each came and how long the answer took; of those the `last` \
         ones",
        "journal::the_control_api_tells_the_journal";
    ClearRequests: own, "Forgets the requests so far", "journal::the_control_api_tells_the_journal";
    PlaceOrder: own, "Places an order, and tells what its coupon takes off or why it does not apply",
        "checkout::the_control_api_places_orders";
    GetFaults: own, "Tells what goes wrong on demand, by which seeds, and how often it did",
        "sandbox_faults::the_control_api_adds_faults";
    AddFaults: own, "Adds a fault or several", "sandbox_faults::the_control_api_adds_faults";
    ClearFaults: own, "Ends all faults", "sandbox_faults::the_control_api_adds_faults";
    RemoveFault: own, "Ends one fault by its id", "sandbox_faults::the_control_api_adds_faults";
    GetWebhook: own, "Tells where events go, and what became of the last", "webhooks::the_control_api_sets_the_webhook";
    SetWebhook: own, "Sends events to a URL from now on", "webhooks::the_control_api_sets_the_webhook";
    RemoveWebhook: own, "Sends no more events", "webhooks::the_control_api_sets_the_webhook";
    DumpStores: own, "Gives all that is in the stores at one moment, in a form that can be loaded again",
        "dump_and_load::a_dump_loaded_again_is_the_same_store";
    LoadStores: own, "Puts in a dump, or coupons as JSON, as they are: all or none",
        "dump_and_load::the_control_api_dumps_loads_and_resets";
    ResetSandbox: own, "Takes the sandbox back to what it started with",
        "dump_and_load::a_reset_sandbox_is_as_it_was_at_first";
}

rows! { web_page(PageRoute):
    ShowWebPage: own,
        "Shows a store's coupons, the last requests, the clock, the faults, the limits and the webhook to people",
        "web_page::a_store_is_shown_and_what_it_holds_is_escaped";
    ShowStyle: own, "The style of the web page", "web_page::the_style_is_the_only_thing_a_page_loads";
    SubmitClock: own, "Moves the clock by the web page's forms", "web_forms::the_clock_is_moved_by_forms";
    SubmitFaults: own, "Adds and removes faults by the web page's forms",
        "web_forms::faults_are_added_and_removed_by_forms";
    SubmitLimits: own, "Sets the limits by the web page's form", "web_forms::limits_are_set_by_a_form";
    SubmitOrder: own, "Places an order of the web page's form", "web_forms::an_order_is_placed_by_a_form";
    SubmitRequests: own, "Forgets the requests by the web page's form", "web_forms::requests_are_forgotten_by_a_form";
    SubmitWebhook: own, "Sets and ends the webhook by the web page's forms", "web_forms::the_webhook_is_set_by_a_form";
    SubmitContents: own,
        "Puts in a file of coupons, and takes the sandbox back to what it started with, by the web page's forms",
        "web_forms::what_is_in_the_stores_is_dumped_loaded_and_reset";
}
