//! What a quadrature costs: the working precision, and the work that is paid for.

use super::MOST_BITS;
use crate::{
    error::{Error, Result},
    kernel::{Angle, Kernel},
    math::{ball::Ball, units::Bits},
};
use rug::Float;

/// Guard bits of a pass beyond what its error bounds predict.
const GUARD_BITS: u32 = 24;
/// Precision of the first measurement of what a kernel's evaluation loses.
const PROBE_BITS: u32 = 128;
/// What a layer of the kernel costs at a node, in steps of the recurrence.
pub const STEPS_PER_LAYER: f64 = 200.0;

/// The working precision: the tolerance, what the recurrence and the nodes lose, and what the kernel's layers add up.
pub fn working_precision(kernel: &Kernel, accuracy: Bits, nodes: u32, top: u32) -> Bits {
    let log2 = |n: u32| u32::BITS - n.leading_zeros();
    let lost = value_loss(kernel, nodes);
    let bits = accuracy.0 + 2 * log2(top.max(nodes)) + log2(nodes) + lost + GUARD_BITS;
    // Rounded up to just under whole limbs: the last bits are free.
    Bits((bits + 2).div_ceil(64) * 64 - 2)
}

/// Bits that evaluating the kernel loses at the nodes of a rule, measured at the outermost ones and inside.
///
/// Ball arithmetic does not see that a layer's operands depend on one another, and loses some bits a layer, most at small
/// angles.
fn value_loss(kernel: &Kernel, nodes: u32) -> u32 {
    let outermost = 4.0 / f64::from(nodes).powi(2);
    let mut precision = PROBE_BITS;
    let mut before: Option<i32> = None;
    loop {
        let lost = [outermost, 1.0, 3.0]
            .map(|theta| {
                let x = Angle::from_radians(Ball::exact(Float::with_val(precision, theta)));
                let radius = kernel.graded_in(x.sin_half(), kernel.grading()).at(&x).radius();
                if radius.is_finite() {
                    radius.get_exp().map_or(0, |e| e + precision as i32)
                } else {
                    i32::MAX
                }
            })
            .into_iter()
            .max()
            .unwrap_or(0);
        if lost < precision as i32 / 2 || precision > MOST_BITS {
            return lost.clamp(0, MOST_BITS as i32) as u32;
        }
        // What the kernel itself does not know, as of a series that was cut, no precision brings back.
        if let Some(less) = before.filter(|less| lost != i32::MAX && lost >= less + precision as i32 / 4) {
            return less.clamp(0, precision as i32 / 2) as u32;
        }
        before = (lost != i32::MAX).then_some(lost);
        precision *= 2;
    }
}

/// Refuses work beyond `most_work` limb operations: a recurrence up to `top` at each node, and `extra` operations a node.
pub fn affordable(nodes: u32, top: u32, extra: f64, precision: Bits, most_work: f64) -> Result<()> {
    let limbs = f64::from(precision.0) / 64.0;
    let work = f64::from(nodes) * (f64::from(top) + extra) * (8.0 + limbs.powf(1.6));
    if work <= most_work {
        return Ok(());
    }
    Err(Error::too_large(
        format!("degree {top} at {} bits", precision.0),
        format!("{nodes} nodes, {work:.0e} limb operations"),
        format!("{most_work:.0e}; ask for fewer digits or a lower degree"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A deep kernel loses more bits than the first measurement has, and the same at any precision; one whose series was cut keeps what it knows.
    #[test]
    fn lost_bits_are_those_lost_at_any_precision() {
        let kernel: Kernel = "resnet:depth=130,alpha=1".parse().unwrap();
        let x = Angle::from_radians(Ball::exact(Float::with_val(1024, 1)));
        let radius = kernel.evaluator_in(x.sin_half()).at(&x).radius();
        let lost = radius.get_exp().unwrap() + 1024;
        let found = value_loss(&kernel, 100) as i32;
        assert!(lost > PROBE_BITS as i32 && (lost - 2..lost + 10).contains(&found), "{found}, not {lost}");
        let (cut, _) = "ntk:dense tanh dense relu dense".parse::<Kernel>().unwrap().cut(Bits(40)).unwrap();
        assert!(value_loss(&cut, 100) < PROBE_BITS);
    }
}
