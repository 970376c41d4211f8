//! The webhook section of the page.

use maud::{Markup, html};

use super::view::View;
use crate::{Delivery, app::App, webhooks::DeliveryState};

/// The number of deliveries to show.
const SHOWN: usize = 10;

pub(super) fn show(app: &App, view: &View) -> Markup {
    let (url, deliveries) = (app.webhooks.url(), app.webhooks.deliveries());
    let shown = url.as_ref().map(|url| app.redaction.text(url));
    html! {
        section aria-labelledby="webhook" {
            h2 #webhook { "Webhook" }
            @match &shown {
                Some(url) => { p.told { "Events are sent to " code { (url) } } }
                None => { p.empty { "No events are sent." } }
            }
            @if !deliveries.is_empty() {
                ul.deliveries { @for delivery in deliveries.iter().rev().take(SHOWN) { (one(delivery)) } }
            }
            form method="post" action="/page/webhook" {
                (view.back_to())
                label {
                    "URL"
                    input type="url" name="url" required pattern="http://.*" title="a URL that begins with http://"
                        placeholder="http://127.0.0.1:3000/hook" value=[shown.as_ref().filter(|shown| url.as_ref() == Some(shown))];
                }
                details {
                    summary { "Signature" }
                    label { "Client secret" input name="clientSecret" placeholder="the default secret" autocomplete="off"; }
                }
                div.row {
                    button name="do" value="set" { "Send events" }
                    @if url.is_some() { button name="do" value="remove" formnovalidate { "Stop sending" } }
                }
            }
        }
    }
}

fn one(delivery: &Delivery) -> Markup {
    let (class, state) = match delivery.state {
        DeliveryState::Pending => ("3", "pending"),
        DeliveryState::Delivered => ("2", "delivered"),
        DeliveryState::Failed => ("5", "failed"),
    };
    let event = delivery.event_type.rsplit('.').next().unwrap_or_default();
    html! {
        li {
            span { (delivery.entity_id) " " (event) }
            span.note {
                span.response data-class=(class) { (state) }
                @if let Some(status) = delivery.status { " with status " (status) }
                @if delivery.attempts > 1 { ", " (delivery.attempts) " attempts" }
            }
        }
    }
}
