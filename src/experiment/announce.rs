//! What matrices of many points will take, said before they are made.

use super::{
    Context,
    plan::{Calibration, seconds_of_eigenvectors},
};
use crate::{
    error::Result,
    kernel::Kernel,
    math::{durations, units::Dimension},
};

/// From so many points on a decomposition may take long.
const MANY: usize = 2000;
/// Work of more seconds than this is announced.
const TOLD: f64 = 10.0;

/// Is work of so many seconds announced?
pub fn is_long(seconds: f64) -> bool {
    seconds > TOLD
}

/// Says how long `what` will take, if that is long.
pub fn tell(what: &str, seconds: f64, context: &Context<'_>) {
    if is_long(seconds) {
        context.progress.note(&format!("{what}, about {}", durations::shown(seconds)));
    }
}

/// Says how long `count` decompositions of matrices of so many points will take, if that is long.
///
/// # Errors
/// Those of [`seconds_of_eigenvectors`].
pub fn tell_of_eigenvectors(what: &str, points: usize, count: u64, context: &Context<'_>) -> Result<()> {
    if points >= MANY {
        tell(what, count as f64 * (points as f64).powi(3) * seconds_of_eigenvectors()?, context);
    }
    Ok(())
}

/// Says how long `what` will take, if that is long, by the estimate `foreseen` for a machine's speed. The machine is measured only where a fast one would
/// take a while.
///
/// # Errors
/// Those of [`Calibration::measure`].
pub fn tell_of_estimate(
    what: &str,
    (kernel, dim): (&Kernel, Dimension),
    foreseen: impl Fn(&Calibration) -> f64,
    context: &Context<'_>,
) -> Result<()> {
    if foreseen(&Calibration::FAST) > TOLD / 10.0 {
        let speed = Calibration::measure(kernel, dim, context.progress)?;
        tell(what, foreseen(&speed) / context.team.size() as f64, context);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Notes;

    /// Long by any machine's speed, short by any, and few points.
    #[test]
    fn what_is_long_is_announced_once_and_nothing_else() {
        let notes = Notes::default();
        let context = Context::watched(&notes);
        let kernel: Kernel = "two-layer".parse().unwrap();
        let estimate = |entries: f64| move |speed: &Calibration| entries * speed.gram_entry;
        let on = (&kernel, Dimension::CIRCLE);
        tell_of_estimate("long", on, estimate(1e13), &context).unwrap();
        tell_of_estimate("short", on, estimate(1e6), &context).unwrap();
        tell_of_eigenvectors("many", 100_000, 2, &context).unwrap();
        tell_of_eigenvectors("few", MANY - 1, u64::MAX, &context).unwrap();
        let said = notes.0.into_inner().unwrap();
        assert!(said.len() == 2 && said[0].starts_with("long, about "), "{said:?}");
        assert!(said[1].starts_with("many, about "), "{said:?}");
    }
}
