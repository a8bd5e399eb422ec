//! What made a result: enough to make it again.

use crate::error::{Error, Result};
use serde::Serialize;

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
    /// The manifest as JSON text.
    ///
    /// # Errors
    /// When a number in it is not finite.
    pub fn json(&self) -> Result<String> {
        #[derive(Serialize)]
        struct Tagged<'a> {
            schema: &'static str,
            #[serde(flatten)]
            manifest: &'a Manifest,
        }
        let text = serde_json::to_string_pretty(&Tagged { schema: "hinf.manifest/1", manifest: self });
        text.map(|text| text + "\n")
            .map_err(|e| Error::numerical("manifest", e, "a manifest that can be written"))
    }

    /// What of the results is older than this run.
    fn taken_up(&self) -> String {
        match self.commands.iter().filter(|ran| ran.kept).count() {
            0 => String::new(),
            kept => {
                format!("; {kept} of {} results kept from an earlier run in this folder", self.commands.len())
            }
        }
    }

    /// The same as pairs of a name and a value, for a table.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("command", self.command.clone()),
            ("version", format!("{} (source {}), {}", self.version, self.source, self.compiler)),
            ("seed", self.seed.map_or("none".into(), |seed| seed.to_string())),
            ("precision", self.precision.clone()),
            (
                "machine",
                format!(
                    "{} {}, {}, {} threads",
                    self.machine.system,
                    self.machine.architecture,
                    self.machine.processor.as_deref().unwrap_or("processor unknown"),
                    self.machine.threads
                ),
            ),
            ("started", self.started.clone()),
            ("time", format!("{:.1} s{}", self.seconds, self.taken_up())),
        ]
    }
}
