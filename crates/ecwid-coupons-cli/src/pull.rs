//! `pull`: prints coupons as a declaration.

use std::io::Write as _;

use clap::Args;
use ecwid_coupons::types::Coupon;
use ecwid_coupons_jobs::{CodeScope, pull, to_toml};

use crate::{
    exit::{self, Failure, one_line},
    output::{self, Format},
    settings::Settings,
};

/// The arguments of `pull`.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Print only these coupons: codes, or patterns with * for any text
    #[arg(long, value_name = "PATTERN", num_args = 1..)]
    codes: Vec<String>,
}

pub(crate) async fn run(settings: &Settings, Arguments { codes }: Arguments) -> Result<(), Failure> {
    if settings.format != Format::Table {
        return Err(Failure::usage("`--format` cannot be used with `pull`, which prints TOML", "remove `--format`"));
    }
    let scope = if codes.is_empty() { None } else { Some(CodeScope::new(codes)) };
    let scope = scope.transpose().map_err(|problem| {
        Failure::usage(format!("invalid value for `--codes`: {problem}"), "pass codes, or patterns such as 'SUMMER-*'")
    })?;
    let store = settings.connect().await?;
    let coupons = pull(&store.client, scope.as_ref()).await?;
    let missing = scope.iter().flat_map(CodeScope::patterns).filter(|pattern| !pattern.contains('*'));
    for code in missing.filter(|code| !coupons.iter().any(|coupon| has_code(coupon, code))) {
        exit::note(&format!("no coupon has the code `{code}`"));
    }
    let unknown: std::collections::BTreeSet<_> = coupons.iter().flat_map(|coupon| coupon.extra.keys()).collect();
    for name in unknown {
        exit::note(&format!("the field `{name}` is left out, because this version does not know it"));
    }
    let mut text = "# A field that is not named is left as it is. \"none\" clears a field.\n".to_owned();
    if let Some(scope) = scope {
        // A list of texts is the same in JSON and in TOML.
        let patterns = serde_json::to_string(scope.patterns())?;
        text.push_str("# With a scope, `apply --prune` can remove the other coupons with such codes.\n");
        text.push_str(&format!("# scope = {patterns}\n"));
    }
    text.push('\n');
    text.push_str(&to_toml(&coupons));
    let mut out = output::out();
    for line in text.lines() {
        let line = if out.is_terminal { one_line(line) } else { line.into() };
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

fn has_code(coupon: &Coupon, code: &str) -> bool {
    coupon.code.as_deref().is_some_and(|known| known.to_lowercase() == code.trim().to_lowercase())
}
