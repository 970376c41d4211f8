//! The peak memory of the process.

use std::fs;

use anyhow::Context as _;

/// Returns the most memory that this process has had, in MB, if the system says so.
pub(crate) fn peak_mb() -> anyhow::Result<Option<f64>> {
    let Ok(status) = fs::read_to_string("/proc/self/status") else { return Ok(None) };
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("the system names no peak")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(Some(kilobytes / 1000.0))
}
