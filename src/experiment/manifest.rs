//! What made a result: enough to make it again.

use serde::Serialize;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The making of a report, schema `hinf.manifest/1`.
#[derive(Clone, Debug, Serialize)]
pub struct Manifest {
    /// The command line that makes the report again.
    pub command: String,
    /// The version of this program.
    pub version: String,
    /// A hash of its source.
    pub source: String,
    /// The compiler that made it.
    pub compiler: String,
    /// The seed of every random number, if there are any.
    pub seed: Option<u64>,
    /// The precision of the predictions, in words: "20 digits".
    pub precision: String,
    /// Where it ran.
    pub machine: Machine,
    /// When it started, as `YYYY-MM-DDThh:mm:ssZ`.
    pub started: String,
    /// Wall-clock time, in seconds.
    pub seconds: f64,
    /// The commands that it consists of, in their order.
    pub commands: Vec<Ran>,
}

/// A command that was run.
#[derive(Clone, Debug, Serialize)]
pub struct Ran {
    /// The command.
    pub command: String,
    /// What it took, in seconds.
    pub seconds: f64,
    /// Was its result kept from an earlier run, which was interrupted?
    pub kept: bool,
}

/// A machine.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// The operating system.
    pub system: String,
    /// The processor's architecture.
    pub architecture: String,
    /// The processor's name, where the system tells it.
    pub processor: Option<String>,
    /// The number of threads used.
    pub threads: usize,
}

impl Manifest {
    /// The manifest of what `command` made, with all that is drawn from `seed`, to such a precision.
    pub(super) fn new(
        command: String,
        (seed, precision): (u64, &str),
        (started, time): (SystemTime, Duration),
        commands: Vec<Ran>,
    ) -> Self {
        Self {
            command,
            version: env!("CARGO_PKG_VERSION").into(),
            source: env!("HINF_SOURCE").into(),
            compiler: env!("HINF_COMPILER").into(),
            seed: Some(seed),
            precision: precision.into(),
            machine: Machine {
                system: std::env::consts::OS.into(),
                architecture: std::env::consts::ARCH.into(),
                processor: processor(),
                threads: rayon::current_num_threads(),
            },
            started: timestamp(started),
            seconds: time.as_secs_f64(),
            commands,
        }
    }
}

/// The processor's name, where the system tells it.
fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("model name"))?;
    Some(line.trim_start_matches([' ', '\t', ':']).to_owned())
}

/// A time as `YYYY-MM-DDThh:mm:ssZ`, in the proleptic Gregorian calendar.
fn timestamp(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Days from 1 March of year 0, in eras of 400 years (Hinnant's algorithm).
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_time_is_written_as_a_date() {
        let at = |seconds| timestamp(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(at(1_709_251_199), "2024-02-29T23:59:59Z");
    }
}
