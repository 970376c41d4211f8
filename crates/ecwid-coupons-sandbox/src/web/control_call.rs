//! [`ControlCall`]: the call of the control API that a form makes.

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
    /// Returns the call for the pressed button of a form.
    pub(super) fn of(page: PageRoute, form: &Form) -> Result<Self, Problem> {
        let (route, body) = match (page, form.text("do")) {
            (PageRoute::SubmitClock, "advance") => {
                (ControlRoute::AdvanceClock, json!({ form.text("unit"): form.number("by")? }))
            }
            (PageRoute::SubmitClock, "set") => {
                // Browsers omit seconds that are 0.
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
                    return Err(Problem::wrong_parameter("The file is missing or empty"));
                }
                return Ok(Self { route: ControlRoute::LoadStores, body });
            }
            (PageRoute::SubmitContents, "reset") if form.text("sure") == "yes" => {
                (ControlRoute::ResetSandbox, Value::Null)
            }
            (PageRoute::SubmitContents, "reset") => {
                return Err(Problem::wrong_parameter("To reset the sandbox, check 'Delete all of this'"));
            }
            (_, other) => return Err(Problem::wrong_value("do", other, "the value of a button")),
        };
        Ok(Self { route, body: body.to_string().into() })
    }
}
