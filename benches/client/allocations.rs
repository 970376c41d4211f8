//! Counts memory allocations.

#[cfg(feature = "count-allocations")]
#[global_allocator]
static COUNTING: &stats_alloc::StatsAlloc<std::alloc::System> = &stats_alloc::INSTRUMENTED_SYSTEM;

/// Runs some work, and counts the allocations and reallocations of the process.
#[cfg(feature = "count-allocations")]
pub(crate) fn count<T>(work: impl FnOnce() -> T) -> (T, Option<u64>) {
    let region = stats_alloc::Region::new(COUNTING);
    let done = work();
    let change = region.change();
    (done, Some((change.allocations + change.reallocations) as u64))
}

/// Runs some work. This program is built without counting.
#[cfg(not(feature = "count-allocations"))]
pub(crate) fn count<T>(work: impl FnOnce() -> T) -> (T, Option<u64>) {
    (work(), None)
}
