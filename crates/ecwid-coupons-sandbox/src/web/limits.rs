//! The limits section of the page.

use maud::{Markup, html};

use super::view::View;
use crate::app::App;

pub(super) fn show(app: &App, view: &View) -> Markup {
    let limits = app.rate_limit.limits();
    let number = |label: &str, name: &str, value: Option<u32>, is_needed: bool| {
        html! {
            label {
                (label)
                input type="number" name=(name) min="0" max=(u32::MAX) value=[value] required[is_needed]
                    placeholder=[(!is_needed).then_some("no limit")];
            }
        }
    };
    html! {
        section aria-labelledby="limits" {
            h2 #limits { "Limits" }
            form method="post" action="/page/limits" {
                (view.back_to())
                (number("Requests per minute and token", "requestsPerMinute", limits.requests_per_minute, false))
                details {
                    summary { "While a token is blocked" }
                    (number("Requests per minute", "requestsPerMinuteWhileBlocked", Some(limits.requests_per_minute_while_blocked), true))
                    (number("Requests in total", "requestsWhileBlocked", Some(limits.requests_while_blocked), true))
                    (number("Length of the longer block in seconds", "longerBlockSeconds", Some(limits.longer_block_seconds), true))
                }
                button { "Set the limits and reset the counted requests" }
            }
        }
    }
}
