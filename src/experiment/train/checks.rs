//! Options that are checked by themselves.

use super::super::{Text, read};
use crate::{
    error::{Error, Result},
    math::{harmonics::multiplicity, units::Dimension},
};
use rug::Integer;
use std::path::{Path, PathBuf};

/// The angle of a cap, in degrees.
pub(super) fn gap(text: &Text) -> Result<f64> {
    let angle = read::real("gap", text, 0.0, true)?;
    if angle >= 360.0 {
        return Err(Error::invalid("gap", text, "an angle above 0 and below 360 degrees"));
    }
    Ok(angle)
}

/// The file of the curves, refused before any work is done when nothing can be written there.
pub(in crate::experiment) fn curves_file(text: &Text) -> Result<PathBuf> {
    let path = Path::new(text.as_str());
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.as_os_str().is_empty() || path.is_dir() || !folder.is_dir() {
        return Err(Error::invalid("curves", text, "a file in a folder that exists"));
    }
    Ok(path.into())
}

/// Refuses a degree that so many points, in `even` steps or not, cannot tell from others.
pub(super) fn resolved(field: &str, dim: Dimension, degree: u32, points: usize, even: bool) -> Result<()> {
    if dim == Dimension::CIRCLE {
        if 2 * degree as usize >= points {
            let rest = degree as usize % points;
            let seen = rest.min(points - rest);
            let expected = if even {
                format!(
                    "degrees below {points}/2: on {points} equal steps degree {degree} looks like degree {seen} (aliasing)"
                )
            } else {
                format!(
                    "degrees below {points}/2: the {points} points that there are cannot tell it from lower ones (aliasing)"
                )
            };
            return Err(Error::invalid(field, degree, expected));
        }
        return Ok(());
    }
    let harmonics: Integer = (0..=degree).map(|k| multiplicity(dim, k)).sum();
    if harmonics > points {
        let expected = format!(
            "at least {harmonics} `points`, as many as there are harmonics up to it on S^{dim}: {points} cannot tell it from others (aliasing)"
        );
        return Err(Error::invalid(field, degree, expected));
    }
    Ok(())
}
