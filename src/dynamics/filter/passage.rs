//! Steps until little is left of a mode: when it first is, and from when on it stays so.

use super::{
    Mode, ridge,
    roots::{Roots, log},
};

/// When at most `delta` of a mode's start is left. Momentum overshoots: then the two differ, and both are whole numbers of steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passage {
    /// The first step `t` with `|r_t| <= delta`: what a run measures. Real-valued where the mode falls without a change of sign (and for gradient
    /// descent always), so that rounding it up gives the step. `None` if it never comes.
    pub first: Option<f64>,
    /// The step from which on `|r_t| <= delta` for good: one past the last with more.
    pub settled: Option<f64>,
}

/// Steps that are tried one by one; where alternating signs fall more slowly, all but the slowest root is below rounding, and its law is solved.
const TRIED: u64 = 100_000_000;

pub(super) fn passage(mode: &Mode, delta: f64) -> Passage {
    let never = Passage { first: None, settled: None };
    if mode.rate <= 0.0 || !mode.is_stable() {
        return never;
    }
    let both = |steps: f64| Passage { first: Some(steps), settled: Some(steps) };
    let (roots, fall, reach) = (&mode.factors.roots, mode.factors.fall, ridge::reach(mode.rate, mode.pull));
    let level = (delta - (1.0 - reach)) / reach;
    match *roots {
        Roots::Single { x } if mode.pull == 0.0 => both(delta.ln() / log(x)),
        _ if roots.are_positive() && level <= 0.0 => never,
        Roots::Single { x } if x < 1.0 => both(level.ln() / log(x)),
        _ if roots.are_positive() => both(falls_to(roots, fall, level)),
        _ => by_steps(mode, delta),
    }
}

/// The `t` at which a falling `q` reaches the level, to rounding.
fn falls_to(roots: &Roots, fall: f64, level: f64) -> f64 {
    let above = |t: f64| roots.left(fall, t) > level;
    let mut high = 1.0;
    while above(high) {
        high *= 2.0;
    }
    let mut low = 0.5 * high;
    if !above(low) {
        low = 0.0;
    }
    while high - low > 2.0 * f64::EPSILON * high {
        let middle = 0.5 * (low + high);
        if above(middle) { low = middle } else { high = middle }
    }
    high
}

fn by_steps(mode: &Mode, delta: f64) -> Passage {
    let envelope = mode.factors.roots.envelope(mode.factors.fall);
    let reach = ridge::reach(mode.rate, mode.pull);
    let limit = 1.0 - reach;
    // The residual is within this of its limit once it no longer comes in or goes out.
    let decided = (delta - limit).abs();
    let last = (decided / (reach * envelope.weight)).ln() / envelope.log_modulus;
    let (mut first, mut above) = (None, 0);
    let mut trajectory = mode.trajectory(1.0);
    for step in 1..=TRIED {
        trajectory.advance();
        if trajectory.now().abs() <= delta {
            first.get_or_insert(step);
        } else {
            above = step;
        }
        // Where both roots vanish the first step may still be anything.
        if step > 1 && step as f64 > last {
            let settled = (limit <= delta).then_some((above + 1) as f64);
            return Passage { first: first.map(|t| t as f64), settled };
        }
    }
    let reaches =
        |left: f64| (left > 0.0).then(|| (left / (reach * envelope.leading)).ln() / envelope.log_modulus);
    Passage { first: first.map(|t| t as f64).or(reaches(delta + limit)), settled: reaches(delta - limit) }
}
