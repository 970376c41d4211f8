//! The rows of the routes.

use super::{
    page,
    row::{Row, documented, observed, own},
};
use crate::http::route::{ApiRoute, ControlRoute, PageRoute};

pub(super) const fn api(route: ApiRoute) -> Row {
    match route {
        ApiRoute::SearchDiscountCoupons => documented(
            "Finds coupons by every documented filter, page by page",
            page::SEARCH,
            "Query params; Response JSON",
            "searches::filters_take_lists_and_every_date_format",
        ),
        ApiRoute::CreateDiscountCoupon => documented(
            "Takes a coupon with every documented field, and answers its id and code",
            page::CREATE,
            "Request JSON; Response JSON",
            "coupons::every_documented_field_is_taken_and_given",
        ),
        ApiRoute::GetDiscountCoupon => documented(
            "Gives a coupon with every field that is set",
            page::GET,
            "Response JSON",
            "coupons::every_documented_field_is_taken_and_given",
        ),
        ApiRoute::UpdateDiscountCoupon => documented(
            "Changes the fields that are sent and no others, and answers how many coupons were changed",
            page::UPDATE,
            "Request JSON; Response JSON, `updateCount`",
            "coupons::an_update_keeps_clears_and_sets",
        ),
        ApiRoute::DeleteDiscountCoupon => documented(
            "Takes a coupon out, and answers how many were",
            page::DELETE,
            "Response JSON, `deleteCount`",
            "coupons::a_deleted_coupon_is_gone",
        ),
        ApiRoute::CreateBatchRequest => documented(
            "Takes a batch of requests, answers a ticket, and runs them in the background by the same code as requests of their own",
            page::CREATE_BATCH,
            "Request JSON; Response JSON, `ticket`",
            "batch::a_batch_runs_its_requests",
        ),
        ApiRoute::GetBatchStatus => documented(
            "Tells how far a batch is and what its requests were answered",
            page::BATCH_STATUS,
            "Response JSON",
            "batch::a_batch_runs_its_requests",
        ),
        ApiRoute::CancelBatchGroup => documented(
            "Ends the one batch of a group whose ticket is given, or without a ticket all of the group, as older pages have it; the \
             request that runs just now is finished",
            page::STOP_BATCH,
            "Query params, `ticketId` and `groupId`",
            "batch::a_group_is_cancelled",
        ),
        ApiRoute::DeleteBatch => documented(
            "Ends a batch and forgets it",
            page::DELETE_BATCH,
            "Stop and delete batch request",
            "batch::a_deleted_batch_is_forgotten",
        ),
        ApiRoute::ListDeletedDiscountCoupons => observed(
            "Lists deleted coupons under the name that older pages have. Of the scopes that the pages name, it needs \
             read_discount_coupons",
            page::README_DELETED,
            "deleted_coupons::deleted_coupons_are_listed",
        ),
        ApiRoute::ListDeletedCoupons => documented(
            "Lists the ids of deleted coupons by `from_date` and `to_date`, 100 to a page; the page has 10 for that too",
            page::DELETED,
            "Path params, `entity`; Query params; Response JSON",
            "deleted_coupons::deleted_coupons_are_listed",
        ),
        ApiRoute::GetLatestStats => documented(
            "Tells when a coupon was created, updated or deleted last, and nothing of what else is in a store. That the field is left \
             out until then is assumed",
            page::STATS,
            "Response JSON, `discountCouponsUpdated`",
            "deleted_coupons::the_latest_change_is_told",
        ),
    }
}

pub(super) const fn control(route: ControlRoute) -> Row {
    match route {
        ControlRoute::GetClock => own("Tells the time of the sandbox", "clock::the_control_api_moves_the_clock"),
        ControlRoute::SetClock => own("Stops the clock at a time", "clock::the_control_api_moves_the_clock"),
        ControlRoute::ResetClock => {
            own("Goes back to the time of the machine", "clock::the_control_api_moves_the_clock")
        }
        ControlRoute::AdvanceClock => own("Moves the time on or back", "clock::the_control_api_moves_the_clock"),
        ControlRoute::GetLimits => own("Tells how many requests are taken", "limits::the_control_api_sets_the_limits"),
        ControlRoute::SetLimits => own(
            "Sets how many requests are taken, and forgets what was counted; what is left out is as documented",
            "limits::the_control_api_sets_the_limits",
        ),
        ControlRoute::GetRequests => own(
            "Tells the last requests and answers, with when each came and how long the answer took; of those the `last` ones",
            "journal::the_control_api_tells_the_journal",
        ),
        ControlRoute::ClearRequests => own("Forgets the requests so far", "journal::the_control_api_tells_the_journal"),
        ControlRoute::PlaceOrder => own(
            "Places an order, and tells what its coupon takes off or why it does not apply",
            "checkout::the_control_api_places_orders",
        ),
        ControlRoute::GetFaults => own(
            "Tells what goes wrong on demand, by which seeds, and how often it did",
            "sandbox_faults::the_control_api_adds_faults",
        ),
        ControlRoute::AddFaults => own("Adds a fault or several", "sandbox_faults::the_control_api_adds_faults"),
        ControlRoute::ClearFaults => own("Ends all faults", "sandbox_faults::the_control_api_adds_faults"),
        ControlRoute::RemoveFault => own("Ends one fault by its id", "sandbox_faults::the_control_api_adds_faults"),
        ControlRoute::GetWebhook => {
            own("Tells where events go, and what became of the last", "webhooks::the_control_api_sets_the_webhook")
        }
        ControlRoute::SetWebhook => {
            own("Sends events to a URL from now on", "webhooks::the_control_api_sets_the_webhook")
        }
        ControlRoute::RemoveWebhook => own("Sends no more events", "webhooks::the_control_api_sets_the_webhook"),
        ControlRoute::DumpStores => own(
            "Gives all that is in the stores at one moment, in a form that can be loaded again",
            "dump_and_load::a_dump_loaded_again_is_the_same_store",
        ),
        ControlRoute::LoadStores => own(
            "Puts in a dump, or coupons as JSON, as they are: all or none",
            "dump_and_load::the_control_api_dumps_loads_and_resets",
        ),
        ControlRoute::ResetSandbox => own(
            "Takes the sandbox back to what it started with",
            "dump_and_load::a_reset_sandbox_is_as_it_was_at_first",
        ),
    }
}

pub(super) const fn web_page(route: PageRoute) -> Row {
    match route {
        PageRoute::ShowWebPage => own(
            "Shows a store's coupons, the last requests, the clock, the faults, the limits and the webhook to people",
            "web_page::a_store_is_shown_and_what_it_holds_is_escaped",
        ),
        PageRoute::ShowStyle => own("The style of the web page", "web_page::the_style_is_the_only_thing_a_page_loads"),
        PageRoute::SubmitClock => {
            own("Moves the clock by the web page's forms", "web_forms::the_clock_is_moved_by_forms")
        }
        PageRoute::SubmitFaults => {
            own("Adds and removes faults by the web page's forms", "web_forms::faults_are_added_and_removed_by_forms")
        }
        PageRoute::SubmitLimits => own("Sets the limits by the web page's form", "web_forms::limits_are_set_by_a_form"),
        PageRoute::SubmitOrder => {
            own("Places an order of the web page's form", "web_forms::an_order_is_placed_by_a_form")
        }
        PageRoute::SubmitRequests => {
            own("Forgets the requests by the web page's form", "web_forms::requests_are_forgotten_by_a_form")
        }
        PageRoute::SubmitWebhook => {
            own("Sets and ends the webhook by the web page's forms", "web_forms::the_webhook_is_set_by_a_form")
        }
        PageRoute::SubmitContents => own(
            "Puts in a file of coupons, and takes the sandbox back to what it started with, by the web page's forms",
            "web_forms::what_is_in_the_stores_is_dumped_loaded_and_reset",
        ),
    }
}
