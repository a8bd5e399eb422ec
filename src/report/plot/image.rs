//! Plots as files.

use super::Plot;
#[cfg(feature = "cli")]
use crate::report::png;
use crate::{
    error::{Error, Result},
    report::svg,
};
use std::path::Path;

/// The file formats of a plot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Image {
    /// Scalable, light and dark.
    Svg,
    /// Pixels, light.
    #[cfg(feature = "cli")]
    Png,
}

impl Image {
    /// The format that the end of a file name asks for.
    ///
    /// # Errors
    /// Unless it is `.svg` or `.png`.
    pub fn of(path: &Path) -> Result<Self> {
        match path.extension().and_then(|end| end.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("svg") => Ok(Self::Svg),
            #[cfg(feature = "cli")]
            Some("png") => Ok(Self::Png),
            _ => Err(Error::invalid("plot", path.display(), "a file name that ends in .svg or .png")),
        }
    }

    /// Draws `plot` in this format.
    ///
    /// # Errors
    /// When nothing can be shown, or the picture cannot be made.
    pub fn draw(self, plot: &Plot) -> Result<Vec<u8>> {
        let drawing = svg::standalone(plot)?;
        match self {
            Self::Svg => Ok(drawing.into_bytes()),
            #[cfg(feature = "cli")]
            Self::Png => png::of_svg(&drawing),
        }
    }
}
