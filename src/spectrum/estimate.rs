//! Integrals of kernels that cannot be certified everywhere: on the holes of a cover, tanh-sinh rules are compared with one another.

use super::{
    cover::{Cover, DEEPEST},
    nodes::Integrand,
    panels::{Computed, on_panels, power_of_two_above},
    precise::budget::{STEPS_PER_LAYER, affordable, working_precision},
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

/// What the panels and the holes add up to, the latter with the difference of two rules as their error.
fn together(panels: &[Computed], coarse: &[Ball], fine: &[Ball]) -> Vec<Computed> {
    let value = |((panels, coarse), fine): ((&Computed, &Ball), &Ball)| {
        let gap =
            Float::with_val_round(32, coarse.midpoint() - fine.midpoint(), rug::float::Round::Up).0.abs();
        Computed { enclosure: panels.enclosure.clone() + fine.clone().widened(&gap), certified: false }
    };
    panels.iter().zip(coarse).zip(fine).map(value).collect()
}

fn settled(values: &[Computed], accuracy: Bits) -> bool {
    let tolerance = power_of_two_above(-f64::from(accuracy.0));
    values.iter().all(|value| value.enclosure.radius() <= tolerance)
}

/// The holes of a cover, cut at the kinks inside.
fn pieces(kernel: &Kernel, cover: &Cover, precision: Bits) -> Vec<[Float; 2]> {
    let pi = Float::with_val(precision.0, rug::float::Constant::Pi);
    let angle = |units: u64| Float::with_val(precision.0, &pi * units) >> DEEPEST;
    let kinks = kernel.kinks(precision);
    let cut = |(start, end): (u64, u64)| {
        let [start, end] = [start, end].map(angle);
        // Halved panels meet a kink only to f64.
        let apart = |a: &Float, b: &Float| Float::with_val(53, a - b) > SAME;
        let inside = kinks.iter().filter(|kink| apart(kink, &start) && apart(&end, kink)).cloned();
        let ends: Vec<Float> = [start.clone()].into_iter().chain(inside).chain([end.clone()]).collect();
        ends.windows(2).map(|pair| [pair[0].clone(), pair[1].clone()]).collect::<Vec<_>>()
    };
    cover.gaps().into_iter().flat_map(cut).collect()
}

/// The eigenvalues by the panels of `cover` and by tanh-sinh on its holes, level by level until two agree; the best that was reached otherwise.
///
/// # Errors
/// When the work would be beyond `most_work`, or the kernel is not finite at a node.
pub fn values(
    kernel: &Kernel,
    dim: Dimension,
    top: u32,
    accuracy: Bits,
    most_work: f64,
    cover: &Cover,
) -> Result<Vec<Computed>> {
    let first_level = (u32::BITS - top.leading_zeros()).max(*LEVELS.start()).min(*LEVELS.end() - 1);
    let precision = working_precision(kernel, accuracy, 1 << *LEVELS.end(), top);
    let pieces = pieces(kernel, cover, precision);
    let integrand = Integrand::new(kernel, dim, precision);
    let on_panels_nodes: u32 = cover.panels.iter().map(|(_, nodes)| *nodes).sum();
    let cost = |level: u32| {
        let nodes = on_panels_nodes + pieces.len() as u32 * (NODES_PER_STEP << level);
        affordable(nodes, top, STEPS_PER_LAYER * f64::from(kernel.layers()), precision, most_work)
    };
    cost(first_level)?;
    let panels = on_panels(&integrand, cover, dim, top)?;
    let mut coarse = integrand.tanh_sinh_sums(dim, &pieces, first_level, top);
    let mut values = Vec::new();
    for level in first_level + 1..=*LEVELS.end() {
        if let Err(error) = cost(level) {
            if values.is_empty() {
                return Err(error);
            }
            break;
        }
        let fine = integrand.tanh_sinh_sums(dim, &pieces, level, top);
        values = together(&panels, &coarse, &fine);
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
