//! How many requests are taken, and the form that sets it.

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
                (number("Requests a minute of a token", "requestsPerMinute", limits.requests_per_minute, false))
                details {
                    summary { "When a token calls on while it is told to wait" }
                    (number("Requests a minute", "requestsPerMinuteWhileBlocked", Some(limits.requests_per_minute_while_blocked), true))
                    (number("Requests in all", "requestsWhileBlocked", Some(limits.requests_while_blocked), true))
                    (number("Seconds of the longer block", "longerBlockSeconds", Some(limits.longer_block_seconds), true))
                }
                button { "Set, and forget what was counted" }
            }
        }
    }
}
