//! The plan that `plan` and `apply` make of a declaration.

use std::path::Path;

use clap::{Args, ValueEnum};
use ecwid_coupons::{__private::input_file::FILE_LIMIT, Client};
use ecwid_coupons_jobs::{Declaration, JobError, Plan, PlanError, Prune};

use crate::{
    coupon_flags::sent_as,
    exit::{self, Code, Failure},
    settings::{self, Settings},
};

/// What happens to coupons that the file does not have.
#[derive(Args, Debug)]
pub(crate) struct Removals {
    /// Remove the coupons in the scope of the file that the file does not have: pause them, or delete those that no order has
    /// used
    #[arg(long, value_name = "HOW", value_enum)]
    prune: Option<How>,

    /// Fail if more coupons would be removed
    #[arg(long, value_name = "N", default_value_t = 10, requires = "prune")]
    max_removals: usize,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum How {
    Pause,
    Delete,
}

impl Removals {
    /// Whether coupons may be removed.
    pub(crate) fn is_given(&self) -> bool {
        self.prune.is_some()
    }

    fn prune(&self) -> Prune {
        match self.prune {
            None => Prune::Nothing,
            Some(How::Pause) => Prune::Pause,
            Some(How::Delete) => Prune::Delete,
        }
    }
}

/// The text of a declaration or of a saved plan, and its name in messages.
pub(crate) struct DeclaredFile {
    name: String,
    text: String,
}

impl DeclaredFile {
    /// Reads a file, or standard input if the path is `-`.
    pub(crate) fn read(settings: &Settings, path: &Path) -> Result<Self, Failure> {
        let name = if path == Path::new("-") {
            settings.refuse_token_from_input("the file")?;
            "standard input".to_owned()
        } else {
            format!("`{}`", path.display())
        };
        let text = settings::read_text(path, FILE_LIMIT).map_err(|error| {
            let hint = "pass the path of a TOML file that you can read, or `-`; `ecwid-coupons pull` prints one";
            Failure::usage(format!("cannot read {name}: {error}"), hint)
        })?;
        Ok(Self { name, text })
    }

    /// Whether this is a plan that `plan --out` has saved.
    pub(crate) fn is_saved_plan(&self) -> bool {
        self.text.trim_start().starts_with('{')
    }

    /// Makes a plan of the declaration.
    pub(crate) async fn plan(&self, client: &Client, removals: &Removals) -> Result<Plan, Failure> {
        let name = &self.name;
        let declaration = Declaration::parse(&self.text).map_err(|error| {
            let hint = "correct the file; `ecwid-coupons schema` prints its JSON Schema for editors";
            Failure::usage(format!("{name}: {error}"), hint)
        })?;
        for (field, date) in declaration.days() {
            exit::note(&sent_as(field, date));
        }
        let plan = Plan::new(client, &declaration, removals.prune(), removals.max_removals).await;
        plan.map_err(|error| self.failure(error))
    }

    /// Reads a plan that was saved, and checks that its coupons are as they were.
    pub(crate) async fn saved_plan(&self, client: &Client) -> Result<Plan, Failure> {
        Plan::load(client, &self.text).await.map_err(|error| self.failure(error))
    }

    fn failure(&self, error: PlanError) -> Failure {
        let name = &self.name;
        match error {
            PlanError::Job(JobError::Plan(text)) => Failure::usage(format!("{name}: {text}"), "correct the file"),
            PlanError::Job(error) => error.into(),
            PlanError::NoScope => {
                Failure::usage(format!("{name}: {error}"), "add a scope such as `scope = [\"SUMMER-*\"]`")
            }
            PlanError::TooManyRemovals { count, .. } => {
                let hint = format!("check the scope, or allow it with `--max-removals {count}`");
                Failure::usage(error.to_string(), hint)
            }
            PlanError::Changed { .. } => {
                let hint = "nothing was changed; make a new plan with `ecwid-coupons plan`";
                Failure::new(Code::Conflict, error.to_string(), hint)
            }
            PlanError::OtherStore { .. } => {
                Failure::usage(error.to_string(), "use the settings of that store, for example with `--store`")
            }
            _ => Failure::usage(format!("{name}: {error}"), "pass a file that `ecwid-coupons plan --out` wrote"),
        }
    }
}

/// Writes a plan to a file.
pub(crate) fn save(plan: &Plan, path: &Path) -> Result<(), Failure> {
    plan.save(path).map_err(|error| Failure::usage(error.to_string(), "pass a path that you can write to"))
}
