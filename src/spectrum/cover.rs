//! A cover of `[0, pi]` by panels on each of which the kernel is proved analytic with room around it.
//!
//! Where one ellipse around the whole interval cannot be proved, or a narrow one would take too many nodes, panels are halved until each
//! has a wide ellipse of its own. A peak that no sample would meet cannot hide: on a panel that holds it the bound is large or missing, and the
//! panel is halved. The idea is that of adaptive integration in ball arithmetic (Petras 2002; Johansson 2018).

use super::ellipse::{Ellipse, Panel, prove};
use crate::{
    kernel::{Angle, Kernel},
    math::{disc::Disc, units::Bits},
};

/// Parameters of a panel's ellipse, in the order tried.
const LADDER: [f64; 3] = [5.75, 3.5, 2.25];
/// Panels are not halved further than this: `pi 2^-40` is the finest that enclosures in f64 tell apart inside the interval.
pub const DEEPEST: u32 = 40;
/// Panels tried before a cover is given up, of a kernel of few layers and of any.
const MOST_TRIED: [u32; 2] = [4000, 200];
/// Panels times layers: what a search may cost.
const MOST_LAYERS_TRIED: u32 = 40_000;
/// Angles at none of which a kernel is finite in f64 whose values leave its range, as those of a thousand layers may.
const SAMPLES: [f64; 4] = [0.4, 1.1, 1.9, 2.7];
/// Nodes a panel may take beside those that its accuracy and the oscillation of the polynomials ask for.
const EXTRA_NODES: u32 = 32;

/// What came of the search.
pub struct Cover {
    /// Proved ellipses of neighbouring panels, and the nodes each needs; they fill `[0, pi]` but for the holes.
    pub panels: Vec<(Ellipse, u32)>,
    /// Panels on which nothing could be proved: a singularity lies in or near each, unless the search was given up.
    pub holes: Vec<Panel>,
}

impl Cover {
    /// The intervals that the holes make up, in units of `pi 2^-DEEPEST`, rising.
    pub fn gaps(&self) -> Vec<(u64, u64)> {
        let mut found: Vec<(u64, u64)> = Vec::new();
        for hole in &self.holes {
            let [start, end] = [hole.index, hole.index + 1].map(|index| index << (DEEPEST - hole.level));
            match found.last_mut() {
                Some((_, last)) if *last == start => *last = end,
                _ => found.push((start, end)),
            }
        }
        found
    }
}

/// Panels for truncation errors below `2^-accuracy` each, for degrees to `top` on `S^d`.
pub fn cover(kernel: &Kernel, accuracy: Bits, top: u32, dim: u32) -> Cover {
    if !is_in_range(kernel) {
        return Cover { panels: vec![], holes: vec![Panel::WHOLE] };
    }
    let [most, least] = MOST_TRIED;
    let most_tried = (MOST_LAYERS_TRIED / kernel.layers().max(1)).clamp(least, most);
    let mut found = Cover { panels: vec![], holes: vec![] };
    let mut open = vec![Panel::WHOLE];
    let mut tried = 0;
    while let Some(panel) = open.pop() {
        tried += 1;
        let own = ellipse(kernel, panel, accuracy, top, dim);
        match own {
            Some(proved) => found.panels.push(proved),
            None if panel.level >= DEEPEST || tried > most_tried => found.holes.push(panel),
            None => open.extend(panel.halves().into_iter().rev()),
        }
    }
    found
}

/// Does f64 hold the kernel somewhere? Otherwise no enclosure in it proves anything.
pub fn is_in_range(kernel: &Kernel) -> bool {
    let values = kernel.evaluator_in(&Disc::point(0.0, 0.0));
    let at = |angle: &f64| values.at(&Angle::from_radians(Disc::point(*angle, 0.0))).magnitude().is_finite();
    SAMPLES.iter().any(at)
}

/// An ellipse around the panel that needs few nodes, if one can be proved.
fn ellipse(kernel: &Kernel, panel: Panel, accuracy: Bits, top: u32, dim: u32) -> Option<(Ellipse, u32)> {
    let oscillation = f64::from(top) * panel.half_width();
    let most = accuracy.0 / 2 + oscillation as u32 + EXTRA_NODES;
    let with_nodes = |r: &f64| {
        let ellipse = prove(kernel, panel, *r)?;
        let nodes = ellipse.nodes(accuracy, top, dim);
        (nodes <= most).then_some((ellipse, nodes))
    };
    LADDER.iter().find_map(with_nodes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_beyond_machine_numbers_is_one_hole() {
        let of = |kernel: &str| cover(&kernel.parse().unwrap(), Bits(60), 2, 2);
        for beyond in ["resnet:depth=1100", "ntk:depth=1200,w=1"] {
            assert_eq!(of(beyond).holes, [Panel::WHOLE], "{beyond}");
        }
        assert!(of("resnet:depth=10").holes.is_empty() && of("ntk:depth=10,w=1").holes.is_empty());
    }
}
