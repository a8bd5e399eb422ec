//! Integrals of kernels that cannot be certified: tanh-sinh rules compared with one another.

use super::{
    nodes::Integrand,
    precise::{Computed, STEPS_PER_LAYER, affordable, power_of_two_above, working_precision},
};
use crate::{
    error::{Error, Result},
    kernel::Kernel,
    math::{
        ball::Ball,
        units::{Bits, Dimension},
    },
};
use rug::Float;

/// Levels of tanh-sinh tried.
const LEVELS: std::ops::RangeInclusive<u32> = 4..=12;

/// Tanh-sinh nodes of a panel at level 0, about.
const NODES_PER_STEP: u32 = 10;
/// Ends of panels closer than this are one.
const SAME: f64 = 1e-11;

fn differences(coarse: &[Ball], fine: &[Ball]) -> Vec<Computed> {
    let value = |(a, b): (&Ball, &Ball)| {
        let gap = Float::with_val_round(32, a.midpoint() - b.midpoint(), rug::float::Round::Up).0.abs();
        Computed { enclosure: b.clone().widened(&gap), certified: false }
    };
    coarse.iter().zip(fine).map(value).collect()
}

fn settled(values: &[Computed], accuracy: Bits) -> bool {
    let tolerance = power_of_two_above(-f64::from(accuracy.0));
    values.iter().all(|value| value.enclosure.radius() <= tolerance)
}

/// Tanh-sinh between kinks and `singularities`, level by level until two agree; the best that was reached otherwise.
///
/// # Errors
/// When the work would be beyond `most_work`, or the kernel is not finite at a node.
pub fn values(
    kernel: &Kernel,
    dim: Dimension,
    top: u32,
    accuracy: Bits,
    most_work: f64,
    singularities: &[Float],
) -> Result<Vec<Computed>> {
    let first_level = (u32::BITS - top.leading_zeros()).max(*LEVELS.start()).min(*LEVELS.end() - 1);
    let precision = working_precision(kernel, accuracy, 1 << *LEVELS.end(), top);
    let mut ends = vec![Float::new(precision.0)];
    ends.extend(kernel.kinks(precision));
    ends.extend(singularities.iter().cloned());
    ends.push(Float::with_val(precision.0, rug::float::Constant::Pi));
    ends.sort_by(Float::total_cmp);
    // Halved panels meet a kink only to f64.
    ends.dedup_by(|a, b| Float::with_val(53, &*a - &*b).abs() < SAME);
    let integrand = Integrand::new(kernel, dim, precision);
    let cost = |level: u32| {
        let nodes = (ends.len() as u32 - 1) * (NODES_PER_STEP << level);
        affordable(nodes, top, STEPS_PER_LAYER * f64::from(kernel.layers()), precision, most_work)
    };
    cost(first_level)?;
    let mut coarse = integrand.tanh_sinh_sums(dim, &ends, first_level, top);
    let mut values = Vec::new();
    for level in first_level + 1..=*LEVELS.end() {
        if let Err(error) = cost(level) {
            if values.is_empty() {
                return Err(error);
            }
            break;
        }
        let fine = integrand.tanh_sinh_sums(dim, &ends, level, top);
        values = differences(&coarse, &fine);
        if settled(&values, accuracy) {
            break;
        }
        coarse = fine;
    }
    if values.iter().any(|value| !value.enclosure.is_finite()) {
        return Err(Error::numerical(
            format!("kernel {kernel}"),
            "a node where it is not finite",
            "a kernel that is finite on [0, pi]",
        ));
    }
    Ok(values)
}
