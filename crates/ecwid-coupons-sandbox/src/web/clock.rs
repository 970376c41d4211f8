//! The clock section of the page.

use ecwid_coupons::EcwidDateTime;
use maud::{Markup, html};

use super::view::View;
use crate::app::App;

const UNITS: [&str; 4] = ["seconds", "minutes", "hours", "days"];

pub(super) fn show(app: &App, view: &View) -> Markup {
    let now = app.clock.now();
    html! {
        section aria-labelledby="clock" {
            h2 #clock { "Clock" }
            p.time {
                time datetime=(now.to_rfc3339()) { (EcwidDateTime::from(now).to_string()) }
                " " span.note { @if app.clock.is_stopped() { "stopped" } @else { "running" } }
            }
            form method="post" action="/page/clock" {
                (view.back_to())
                div.row {
                    label { "Move by" input type="number" name="by" value="1" required step="1"; }
                    label {
                        "Unit"
                        select name="unit" { @for unit in UNITS { option selected[unit == "days"] { (unit) } } }
                    }
                    button name="do" value="advance" { "Move" }
                }
            }
            form method="post" action="/page/clock" {
                (view.back_to())
                div.row {
                    label {
                        "Stop at (UTC)"
                        input type="datetime-local" name="now" step="1" required min="1970-01-01T00:00" max="9999-12-31T23:59:59"
                            value=(now.format("%Y-%m-%dT%H:%M:%S"));
                    }
                    button name="do" value="set" { "Stop" }
                }
            }
            form method="post" action="/page/clock" {
                (view.back_to())
                button name="do" value="reset" { "Return to the system time" }
            }
        }
    }
}
