//! Where events go and what became of the last ones, and the forms that set it.

use maud::{Markup, html};

use super::view::View;
use crate::{Delivery, app::App, webhooks::DeliveryState};

/// How many deliveries are shown.
const SHOWN: usize = 10;

pub(super) fn show(app: &App, view: &View) -> Markup {
    let (url, deliveries) = (app.webhooks.url(), app.webhooks.deliveries());
    let shown = url.as_ref().map(|url| app.redaction.text(url));
    html! {
        section aria-labelledby="webhook" {
            h2 #webhook { "Webhook" }
            @match &shown {
                Some(url) => { p.told { "Changes of coupons are told to " code { (url) } } }
                None => { p.empty { "Nobody is told of changes." } }
            }
            @if !deliveries.is_empty() {
                ul.deliveries { @for delivery in deliveries.iter().rev().take(SHOWN) { (one(delivery)) } }
            }
            form method="post" action="/page/webhook" {
                (view.back_to())
                label {
                    "URL to tell"
                    input type="url" name="url" required pattern="http://.*" title="one that begins with http://"
                        placeholder="http://127.0.0.1:3000/hook" value=[shown.as_ref().filter(|shown| url.as_ref() == Some(shown))];
                }
                details {
                    summary { "What events are signed with" }
                    label { "Client secret" input name="clientSecret" placeholder="that of the sandbox" autocomplete="off"; }
                }
                div.row {
                    button name="do" value="set" { "Tell it" }
                    @if url.is_some() { button name="do" value="remove" formnovalidate { "Tell nobody" } }
                }
            }
        }
    }
}

fn one(delivery: &Delivery) -> Markup {
    let (class, state) = match delivery.state {
        DeliveryState::Pending => ("3", "under way"),
        DeliveryState::Delivered => ("2", "taken"),
        DeliveryState::Failed => ("5", "given up"),
    };
    let event = delivery.event_type.rsplit('.').next().unwrap_or_default();
    html! {
        li {
            span { (delivery.entity_id) " " (event) }
            span.note {
                span.response data-class=(class) { (state) }
                @if let Some(status) = delivery.status { " with " (status) }
                @if delivery.attempts > 1 { ", sent " (delivery.attempts) " times" }
            }
        }
    }
}
