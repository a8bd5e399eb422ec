//! Plots as pixels.

use crate::error::{Error, Result};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

/// The font of all text, under the licence beside it.
const FONT: &[u8] = include_bytes!("font/DejaVuSans-subset.ttf");
/// Its name.
const FAMILY: &str = "DejaVu Sans";
/// Pixels a unit of the drawing: sharp in print at the width of a page.
const SCALE: f32 = 2.5;

/// The drawing as a PNG file, in its light colours.
///
/// # Errors
/// When the drawing is not an SVG document.
pub fn of_svg(drawing: &str) -> Result<Vec<u8>> {
    let failed = |reason: &dyn std::fmt::Display| Error::numerical("plot", reason, "a picture");
    let mut options = Options { font_family: FAMILY.into(), ..Options::default() };
    options.fontdb_mut().load_font_data(FONT.to_vec());
    options.fontdb_mut().set_sans_serif_family(FAMILY);
    let tree = Tree::from_str(drawing, &options).map_err(|e| failed(&e))?;
    let [width, height] =
        [tree.size().width(), tree.size().height()].map(|side| (side * SCALE).ceil() as u32);
    let mut pixels = Pixmap::new(width, height).ok_or_else(|| failed(&"a picture without area"))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| failed(&e))
}
