//! Manual pages.

use crate::error::Error;

/// Print the manual page of a command, as roff: `hinf man table | man -l -`.
#[derive(Debug, clap::Args)]
pub struct Man {
    /// The command; without it, the page of hinf itself.
    command: Option<String>,
}

impl Man {
    /// The page of the command among those of `parser`.
    pub fn page(&self, parser: clap::Command) -> Result<String, Error> {
        let mut whole = parser.name("hinf").disable_help_subcommand(true);
        // Gives every command the flags that all have, and its whole name.
        whole.build();
        let mut page = match &self.command {
            None => whole,
            Some(name) => {
                let found = whole.get_subcommands().find(|command| command.get_name() == name).cloned();
                let known: Vec<&str> = whole.get_subcommands().map(clap::Command::get_name).collect();
                let missing = || Error::invalid("man", name, format!("one of {}", known.join(", ")));
                found.ok_or_else(missing)?
            }
        };
        let usage = page.render_usage().to_string();
        let title = page.get_display_name().unwrap_or("hinf").to_owned();
        let page = page.override_usage(usage.trim_start_matches("Usage: ").to_owned());
        let mut text = Vec::new();
        let page =
            clap_mangen::Man::new(page).title(title).source(concat!("hinf ", env!("CARGO_PKG_VERSION")));
        // Writing into memory cannot fail.
        let _ = page.render(&mut text);
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}
