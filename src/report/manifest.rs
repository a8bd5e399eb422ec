//! What made a result, as JSON and as a table.

use crate::error::{Error, Result};
pub use crate::experiment::manifest::{Machine, Manifest, Ran};
use serde::Serialize;

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
