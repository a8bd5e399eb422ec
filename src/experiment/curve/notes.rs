//! What must be known to trust the curves.

use super::{Request, fits::Measured};
use crate::{
    dynamics::{
        Modes,
        early_stopping::StepError,
        learning_curve::{self, CurvePoint},
    },
    math::decimal::shown,
};

pub(super) fn notes(
    request: &Request,
    modes: &Modes,
    learning: &[(CurvePoint, Option<StepError>)],
    fits: &[Option<Measured>],
) -> Vec<String> {
    let mut notes = Vec::new();
    let doubtful: Vec<&CurvePoint> =
        learning.iter().map(|(point, _)| point).filter(|point| point.doubtful()).collect();
    if !doubtful.is_empty() {
        let most = doubtful.iter().map(|point| point.crowding).fold(0.0, f64::max);
        let counts: Vec<String> = doubtful.iter().map(|point| point.points.to_string()).collect();
        let which = if doubtful.len() == learning.len() {
            "here".into()
        } else {
            format!("for {} points", counts.join(", "))
        };
        let sizes = if request.task.noise == 0.0 {
            "noiseless labels: kernel regression's error was 5 to 7 (S^1), 1.8 to 2 (S^2), 1.3 (S^3) and 1.1 to 1.2 (S^4) times this"
        } else {
            "with noise 0.5 kernel regression's error was 0.67 (S^1), 0.8 (S^2) and 0.9 (S^3) times this, with noise near 0 up to 5 \
             to 7 (S^1), 2 (S^2) and 1.3 (S^3) times"
        };
        notes.push(format!(
            "NOT RELIABLE {which}: learned modes take up too many points in degrees of too few harmonics for the Gaussian assumption of the formula \
             (crowding to {most:.2}, above {}; below, it held to 2 %, root mean square). For the two-layer kernel at a vanishing ridge and {sizes}; \
             for a Gaussian kernel of length 0.5 on S^5, without noise, 1.2 to 1.3 times",
            learning_curve::CROWDED
        ));
    }
    let off = |((point, _), fits): &(&(CurvePoint, Option<StepError>), &Option<Measured>)| {
        fits.is_some_and(|fits| fits.contradicts(point.error()))
    };
    let contradicted: Vec<String> =
        learning.iter().zip(fits).filter(off).map(|((point, _), _)| point.points.to_string()).collect();
    if !contradicted.is_empty() {
        notes.push(format!(
            "THE FORMULA DOES NOT HOLD for {} points: kernel regression itself, measured here, says otherwise",
            contradicted.join(", ")
        ));
    }
    for (degree, c) in &request.task.target {
        if modes.eigenvalue(*degree) == Some(0.0) {
            notes.push(format!(
                "degree {degree} is in the null space: its share {} of the error stays for ever (and acts as noise on finite samples, \
                 which early stopping leaves out)",
                shown(c * c)
            ));
        }
    }
    if let Some(size) = request.optimizer.batch() {
        notes.push(format!(
            "batches of {size}: errors against steps are those of the mean output; on top comes the scatter, the mean square distance of single runs from it"
        ));
    }
    let truncation = learning.iter().map(|(p, _)| p.truncation).fold(0.0, f64::max);
    if truncation > learning_curve::TRUNCATION {
        notes.push(format!(
            "the spectrum is cut: relative error of about {truncation:.1e} at the most points"
        ));
    }
    notes
}
