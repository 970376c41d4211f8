//! [`ControlCall`]: the call of the control API that a form asks for.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{faults, form::Form};
use crate::http::{
    problem::Problem,
    route::{ControlRoute, PageRoute},
};

/// A call of the control API.
pub(super) struct ControlCall {
    pub(super) route: ControlRoute,
    pub(super) body: Bytes,
}

impl ControlCall {
    /// The call that a form asks for, by the button that was pressed.
    pub(super) fn of(page: PageRoute, form: &Form) -> Result<Self, Problem> {
        let (route, body) = match (page, form.text("do")) {
            (PageRoute::SubmitClock, "advance") => {
                (ControlRoute::AdvanceClock, json!({ form.text("unit"): form.number("by")? }))
            }
            (PageRoute::SubmitClock, "set") => {
                // Browsers leave out seconds that are 0.
                let now = form.text("now");
                let seconds = if now.matches(':').count() == 1 { ":00" } else { "" };
                (ControlRoute::SetClock, json!({ "now": format!("{now}{seconds}") }))
            }
            (PageRoute::SubmitClock, "reset") => (ControlRoute::ResetClock, Value::Null),
            (PageRoute::SubmitFaults, "add") => (ControlRoute::AddFaults, faults::fault(form)?),
            (PageRoute::SubmitFaults, "clear") => (ControlRoute::ClearFaults, Value::Null),
            (PageRoute::SubmitFaults, "remove") => (ControlRoute::RemoveFault, Value::Null),
            (PageRoute::SubmitLimits, _) => {
                let limits = json!({
                    "requestsPerMinute": form.number("requestsPerMinute")?,
                    "requestsPerMinuteWhileBlocked": form.number("requestsPerMinuteWhileBlocked")?,
                    "requestsWhileBlocked": form.number("requestsWhileBlocked")?,
                    "longerBlockSeconds": form.number("longerBlockSeconds")?,
                });
                (ControlRoute::SetLimits, limits)
            }
            (PageRoute::SubmitRequests, "clear") => (ControlRoute::ClearRequests, Value::Null),
            (PageRoute::SubmitWebhook, "set") => {
                let mut webhook = json!({ "url": form.text("url") });
                let secret = form.text("clientSecret");
                if !secret.is_empty() {
                    webhook["clientSecret"] = json!(secret);
                }
                (ControlRoute::SetWebhook, webhook)
            }
            (PageRoute::SubmitWebhook, "remove") => (ControlRoute::RemoveWebhook, Value::Null),
            (PageRoute::SubmitContents, "load") => {
                let body = Bytes::copy_from_slice(form.text("file").as_bytes());
                if body.is_empty() {
                    return Err(Problem::wrong_parameter("There is no file, or nothing is in it"));
                }
                return Ok(Self { route: ControlRoute::LoadStores, body });
            }
            (PageRoute::SubmitContents, "reset") if form.text("sure") == "yes" => {
                (ControlRoute::ResetSandbox, Value::Null)
            }
            (PageRoute::SubmitContents, "reset") => {
                return Err(Problem::wrong_parameter("A reset is done when 'All of that may go' is ticked"));
            }
            (_, other) => return Err(Problem::wrong_value("do", other, "the value of a button of the form")),
        };
        Ok(Self { route, body: body.to_string().into() })
    }
}
