//! Results into bytes: terminal tables, Markdown, CSV, JSON, LaTeX, plots.
//!
//! A typed report serialises to its JSON, and [`Show`]s itself as tables; [`render`] turns either into text, and [`write()`] puts text
//! into a file in one step. One renderer a report stands beside this file.

pub mod curve;
mod data;
pub mod gram;
pub mod grid;
pub mod html;
mod kernels;
pub mod manifest;
#[doc(hidden)]
pub mod markup;
mod null_space;
pub mod numbers;
mod palette;
pub mod plot;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod png;
#[cfg(feature = "cli")]
mod pretty;
#[doc(hidden)]
pub mod svg;
pub mod table;
#[doc(hidden)]
pub mod ticks;
mod verify;

use crate::{
    error::{Error, Result},
    experiment::read::Choice,
};
use grid::Grid;
use serde::Serialize;
use serde_json::Value;
use std::{io::Write, path::Path};

/// The output formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table for a terminal.
    #[cfg(feature = "cli")]
    Pretty,
    /// Markdown.
    Markdown,
    /// Comma-separated values.
    Csv,
    /// The result as JSON, by its schema.
    Json,
    /// A LaTeX `tabular`.
    Latex,
}

impl Choice for Format {
    const ALL: &'static [(&'static str, Self)] = &[
        #[cfg(feature = "cli")]
        ("pretty", Self::Pretty),
        ("markdown", Self::Markdown),
        ("csv", Self::Csv),
        ("json", Self::Json),
        ("latex", Self::Latex),
    ];
}

/// A report as tables.
pub trait Show: Serialize {
    /// The tables that show it.
    fn grids(&self) -> Vec<Grid>;

    /// Its rows for other programs, as comma-separated values: one table, every row self-contained, values to all their digits. The tables that
    /// show it, where they are that.
    fn records(&self) -> Vec<Grid> {
        self.grids()
    }
}

/// A command's result.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Report {
    /// The result by its schema.
    pub json: Value,
    /// The tables that show it.
    #[serde(skip)]
    pub grids: Vec<Grid>,
}

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        self.grids.clone()
    }
}

/// The report as text, ending in a line break. `width` is that of the terminal, in columns, for a pretty table.
///
/// # Errors
/// When the result cannot be put into the format.
#[cfg_attr(not(feature = "cli"), expect(unused_variables, reason = "no pretty tables"))]
pub fn render(report: &impl Show, format: Format, width: usize) -> Result<String> {
    let all =
        |grids: Vec<Grid>, f: &dyn Fn(&Grid) -> String| grids.iter().map(f).collect::<Vec<_>>().join("\n");
    let join = |f: &dyn Fn(&Grid) -> String| all(report.grids(), f);
    Ok(match format {
        #[cfg(feature = "cli")]
        Format::Pretty => join(&|grid| grid.pretty(width)),
        Format::Markdown => join(&Grid::markdown),
        Format::Csv => all(report.records(), &Grid::csv),
        Format::Latex => join(&Grid::latex),
        Format::Json => {
            let text = serde_json::to_string_pretty(report);
            text.map_err(|e| Error::numerical("JSON", e, "a result that can be written"))? + "\n"
        }
    })
}

/// Writes `content` to `path`: beside it first, then renamed, so that no half-written file is ever seen.
///
/// A link is followed, and what is neither a file nor a folder (a device, a pipe) is written to as it is.
///
/// # Errors
/// When the file cannot be written or is read-only.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    // The operating system's reason alone: the temporary file is nobody's concern.
    let refuse = |source: std::io::Error| Error::io("cannot write", path, source.kind().into());
    // Through a link, if it leads anywhere.
    let found = std::fs::canonicalize(path).ok();
    let target = found.as_deref().unwrap_or(path);
    if let Some(known) = found.as_ref().and_then(|found| found.metadata().ok()) {
        if known.is_dir() {
            return Err(refuse(std::io::ErrorKind::IsADirectory.into()));
        }
        if known.permissions().readonly() {
            return Err(refuse(std::io::ErrorKind::PermissionDenied.into()));
        }
        if !known.is_file() {
            let mut device = std::fs::OpenOptions::new().write(true).open(target).map_err(refuse)?;
            return device.write_all(content.as_ref()).map_err(refuse);
        }
    }
    let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".hinf-").tempfile_in(folder).map_err(refuse)?;
    file.write_all(content.as_ref()).map_err(refuse)?;
    file.as_file().sync_all().map_err(refuse)?;
    readable(file.as_file()).map_err(refuse)?;
    file.persist(target).map_err(|failed| refuse(failed.error))?;
    Ok(())
}

/// Gives a temporary file the permissions of an ordinary one.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
