//! `--plot FILE`: the flag of every command that can draw its result.

use super::output::{Output, Written, distinct, silent};
use crate::{
    error::{Error, Result},
    report::{
        self,
        plot::{Image, Plot},
    },
};
use std::path::PathBuf;

/// The flag as typed.
#[derive(Debug, clap::Args)]
pub struct PlotFlag {
    /// Draw the result into this file, by its end .svg (light and dark) or .png.
    #[arg(long, value_name = "FILE.svg|png")]
    plot: Option<PathBuf>,
}

/// A file that a plot goes to.
#[derive(Clone, Debug)]
pub struct PlotFile {
    path: PathBuf,
    image: Image,
}

impl PlotFlag {
    /// The file, if one was named; refused before any work is done when nothing can be written there, and when two of it, of the output and of `more`
    /// are one.
    pub fn validated(&self, output: &Output, more: &[Written<'_>]) -> Result<Option<PlotFile>> {
        let own = [("output", output.file.as_deref()), ("plot", self.plot.as_deref())];
        distinct(&[&own, more].concat())?;
        let Some(path) = &self.plot else { return Ok(None) };
        let image = Image::of(path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if path.is_dir() || folder.is_some_and(|folder| !folder.is_dir()) {
            return Err(Error::invalid("plot", path.display(), "a file in a folder that exists"));
        }
        Ok(Some(PlotFile { path: path.clone(), image }))
    }
}

impl PlotFile {
    /// The plot in the form of the file.
    pub fn drawn(&self, plot: &Plot) -> Result<Vec<u8>> {
        self.image.draw(plot)
    }

    /// Writes a drawing into the file.
    pub fn write(&self, drawing: &[u8]) -> Result<()> {
        if silent() {
            return Ok(());
        }
        report::write(&self.path, drawing)
    }

    /// Draws the plot into the file.
    pub fn save(&self, plot: &Plot) -> Result<()> {
        self.write(&self.drawn(plot)?)
    }
}
