//! What the machine, and the limits of this process, leave to take.

use crate::error::{Error, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where nothing is known.
const UNKNOWN: u64 = 4 << 30;
/// Address space beside data: the program, the stacks of threads, what the allocator reserves.
const OVERHEAD: u64 = 192 << 20;

/// The memory that a computation may take, in bytes: four fifths of what the system has free, or less where the limits of this process (its
/// address space) or of its control group leave less; 4 GiB where none of them is known.
pub fn memory() -> u64 {
    let free = figure("/proc/meminfo", "MemAvailable:").map(|bytes| bytes / 5 * 4);
    let known = [free, address_space(), control_group()];
    known.into_iter().flatten().min().unwrap_or(UNKNOWN)
}

/// Refuses work that needs `bytes` beside what is there, for `what` the option `field` asks for.
///
/// # Errors
/// With both figures.
pub fn within(field: &str, bytes: u64, what: &str) -> Result<()> {
    let most = memory();
    if bytes <= most {
        return Ok(());
    }
    let needed = format!("{} for {what}", size(bytes));
    Err(Error::too_large(field, needed, format!("{}, which is what this process may still take", size(most))))
}

/// Refuses matrix products where their workspace does not fit into the address space of this process.
///
/// Each thread that takes part in one keeps twice the size of the processor's last cache, whatever the size of the matrices; most of it is never
/// touched, so that it counts against a limit on addresses only.
///
/// # Errors
/// With the figure, and the number of threads that fit.
pub fn matrix_products(threads: usize) -> Result<()> {
    let Some(limit) = limit_of_addresses() else { return Ok(()) };
    let needed = OVERHEAD + threads as u64 * workspace();
    if needed <= limit {
        return Ok(());
    }
    let what = format!("{} of addresses for matrix products on {threads} threads", size(needed));
    let fitting = limit.saturating_sub(OVERHEAD) / workspace();
    let right = if fitting > 0 { format!(", which holds those of {fitting}") } else { String::new() };
    Err(Error::too_large("address space", what, format!("{}, the limit of this process{right}", size(limit))))
}

/// Threads whose matrix products fit into the address space of this process, at least one; `None` where it is not limited.
pub fn fitting_threads() -> Option<usize> {
    let fitting = limit_of_addresses()?.saturating_sub(OVERHEAD) / workspace();
    Some(usize::try_from(fitting).unwrap_or(usize::MAX).max(1))
}

/// What each thread keeps for matrix products, in bytes.
fn workspace() -> u64 {
    /// The least that is kept, as where the cache is unknown.
    const LEAST: u64 = 16 << 20;
    let caches = (0..8).filter_map(|index| {
        let text =
            fs::read_to_string(format!("/sys/devices/system/cpu/cpu0/cache/index{index}/size")).ok()?;
        bytes(text.trim())
    });
    2 * caches.max().unwrap_or(0).max(LEAST)
}

/// The limit on this process's addresses, in bytes.
fn limit_of_addresses() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/limits").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// What that limit leaves.
fn address_space() -> Option<u64> {
    let taken = figure("/proc/self/status", "VmSize:").unwrap_or(0);
    Some(limit_of_addresses()?.saturating_sub(taken))
}

/// What the control group of this process may still take, or the nearest one above that has a limit.
fn control_group() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let left = |group: &str| -> Option<u64> {
        let mut parts = group.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        let (root, names) = match controllers {
            "" => ("/sys/fs/cgroup", ["memory.max", "memory.current"]),
            "memory" => ("/sys/fs/cgroup/memory", ["memory.limit_in_bytes", "memory.usage_in_bytes"]),
            _ => return None,
        };
        let whole = PathBuf::from(format!("{root}{path}"));
        let folders = whole.ancestors().take_while(|folder| folder.starts_with(root));
        let of = |folder: &Path| {
            let [most, taken] = names.map(|name| number(&folder.join(name)));
            Some(most?.saturating_sub(taken.unwrap_or(0)))
        };
        folders.filter_map(of).min()
    };
    groups.lines().filter_map(left).min()
}

fn number(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// A figure in kB of a file of the system, in bytes.
fn figure(file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// The bytes of a size such as `266240K`.
fn bytes(text: &str) -> Option<u64> {
    let units = [('K', 10), ('M', 20), ('G', 30)];
    let (number, shift) =
        units.iter().find_map(|(unit, shift)| Some((text.strip_suffix(*unit)?, *shift))).unwrap_or((text, 0));
    number.parse::<u64>().ok()?.checked_shl(shift)
}

/// Bytes in the unit that suits them.
fn size(bytes: u64) -> String {
    let (unit, scale) = if bytes < 1 << 30 { ("MiB", 20) } else { ("GiB", 30) };
    format!("{:.1} {unit}", bytes as f64 / f64::from(1 << scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_shown() {
        assert_eq!(
            ["48K", "2M", "1G", "12", "x", ""].map(bytes),
            [Some(49152), Some(2 << 20), Some(1 << 30), Some(12), None, None]
        );
        assert_eq!([1 << 20, 545_259_520, 3 << 30].map(size), ["1.0 MiB", "520.0 MiB", "3.0 GiB"]);
    }

    #[test]
    fn what_cannot_be_had_is_refused_with_both_figures() {
        assert!(memory() > 0 && within("points", 1, "a number").is_ok());
        let refused = within("points", u64::MAX, "the matrices of many").unwrap_err().to_string();
        assert!(refused.starts_with("points: would need") && refused.contains("may still take"), "{refused}");
    }
}
