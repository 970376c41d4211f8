//! [`Machine`]: where a benchmark ran.

use std::thread;

use serde::{Deserialize, Serialize};
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Machine {
    pub(super) processor: String,
    /// The processors that the system sees.
    pub(super) cores: usize,
    pub(super) memory_gib: u64,
    pub(super) system: String,
    /// How busy other programs kept the processors before the benchmark, in percent.
    pub(super) busy_percent: u64,
}

impl Machine {
    /// Returns this machine. Watches it for two seconds.
    pub(super) fn current() -> Self {
        let wanted = RefreshKind::nothing().with_cpu(CpuRefreshKind::everything());
        let mut system = System::new_with_specifics(wanted.with_memory(MemoryRefreshKind::everything()));
        thread::sleep(2 * sysinfo::MINIMUM_CPU_UPDATE_INTERVAL.max(std::time::Duration::from_secs(1)));
        system.refresh_cpu_usage();
        let processor = system.cpus().first().map_or("unknown", |cpu| cpu.brand().trim());
        Self {
            processor: processor.to_owned(),
            cores: system.cpus().len(),
            memory_gib: (system.total_memory() as f64 / f64::from(1 << 30)).round() as u64,
            system: format!(
                "{}, {}",
                System::long_os_version().unwrap_or_else(|| "unknown system".to_owned()),
                System::cpu_arch()
            ),
            busy_percent: system.global_cpu_usage().round() as u64,
        }
    }
}
