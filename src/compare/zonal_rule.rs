//! A quadrature rule for functions of `t = x.x'`, made for one kernel: as fine as the kernel is narrow.
//!
//! A fixed rule sees nothing of a peak between its nodes, and cannot tell `cos(256 theta)` from zero. Here the angle is cut into panels of 16 Gauss
//! nodes: graded towards both ends, where kernels have their peaks and singular terms; cut at the kernel's kinks; no wider than harmonics of the
//! degrees asked for allow; and halved until halving changes the integral of the kernel's square no more.

use crate::{
    kernel::{Angle, Kernel},
    math::{
        gauss,
        harmonics::funk_hecke_constant,
        units::{Bits, Dimension},
    },
};
use std::f64::consts::{FRAC_PI_2, PI};

/// Nodes a panel, half of them on either side of its middle.
const HALF_NODES: u32 = 8;
/// Grading: panels begin at `2^-GRADES pi/2`, below which no kernel that f64 can tell from a constant varies.
const GRADES: i32 = 44;
/// The phase that a harmonic may turn through in a panel: 16 Gauss nodes then integrate it to about 1e-12.
const PHASE: f64 = 12.0;
/// Halving ends where it changes the integral of the square by less than this share of the whole, ...
const TOLERANCE: f64 = 1e-12;
/// ... or after so many halvings, ...
const HALVINGS: u32 = 48;
/// ... or with so many panels: a kernel that is still not resolved is noise to f64.
const MOST_PANELS: usize = 1 << 16;

/// A node of the rule.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// `t = x.x'`.
    pub t: f64,
    /// The probability of the node.
    pub mass: f64,
    /// `K(t)`.
    pub value: f64,
}

/// A rule for `E f(x.x')`, `x`, `x'` independent and uniform on `S^d`, where `f` is the kernel or a power of it times harmonics of degrees that
/// together do not exceed `degree`. An estimate: right to about 1e-10 of `E K^2`.
pub fn rule(kernel: &Kernel, dim: Dimension, degree: u32) -> Vec<Node> {
    let values = kernel.evaluator();
    let (omega, over_pi) = funk_hecke_constant(dim);
    let omega = omega.to_f64() / PI.powi(over_pi as i32);
    let power = dim.get() as i32 - 1;
    let gauss = gauss::legendre_f64(HALF_NODES);
    let nodes = |panel: Panel| {
        let half = 0.5 * (panel.high - panel.low);
        let middle = 0.5 * (panel.high + panel.low);
        let ends = gauss.iter().flat_map(|&(x, weight)| [(x, weight), (-x, weight)]);
        ends.map(move |(x, weight)| (middle + half * x, half * weight))
    };
    let panel_nodes = |panel: Panel| -> Vec<Node> {
        let node = |(angle, weight): (f64, f64)| {
            let (s, c) = (0.5 * angle).sin_cos();
            let (at, t) = if panel.far {
                (Angle::from_halves(c, s), (s - c) * (s + c))
            } else {
                (Angle::from_halves(s, c), (c - s) * (c + s))
            };
            let mass = omega * weight * (2.0 * s * c).powi(power);
            Node { t, mass, value: values.at(&at) }
        };
        nodes(panel).map(node).collect()
    };
    let square = |nodes: &[Node]| nodes.iter().map(|node| node.mass * node.value * node.value).sum::<f64>();
    let mut pending: Vec<(Panel, Vec<Node>, u32)> =
        first_panels(kernel, degree).into_iter().map(|panel| (panel, panel_nodes(panel), 0)).collect();
    let mut whole: f64 = pending.iter().map(|(_, nodes, _)| square(nodes)).sum();
    let mut done = Vec::new();
    let mut panels = pending.len();
    while let Some((panel, coarse, halvings)) = pending.pop() {
        let halves = panel.halves().map(|half| (half, panel_nodes(half)));
        let fine: f64 = halves.iter().map(|(_, nodes)| square(nodes)).sum();
        let change = (fine - square(&coarse)).abs();
        whole = whole.max(fine);
        // Written so that a value that is not finite ends the halving too.
        if change > TOLERANCE * whole && halvings < HALVINGS && panels < MOST_PANELS {
            panels += 1;
            pending.extend(halves.map(|(half, nodes)| (half, nodes, halvings + 1)));
        } else {
            done.extend(halves.into_iter().flat_map(|(_, nodes)| nodes));
        }
    }
    done
}

/// A range of angles, from the point itself or (`far`) from its antipode.
#[derive(Clone, Copy, Debug)]
struct Panel {
    low: f64,
    high: f64,
    far: bool,
}

impl Panel {
    fn halves(self) -> [Self; 2] {
        let middle = 0.5 * (self.low + self.high);
        [Self { high: middle, ..self }, Self { low: middle, ..self }]
    }
}

fn first_panels(kernel: &Kernel, degree: u32) -> Vec<Panel> {
    let kinks: Vec<f64> = kernel.kinks(Bits(64)).iter().map(rug::Float::to_f64).collect();
    let widest = PHASE / f64::from(degree.max(1));
    let mut panels = vec![];
    for far in [false, true] {
        let graded = (0..=GRADES).map(|j| FRAC_PI_2 * 0.5f64.powi(j));
        let own = kinks.iter().map(|angle| if far { PI - angle } else { *angle });
        let mut cuts: Vec<f64> =
            graded.chain(own.filter(|x| (0.0..FRAC_PI_2).contains(x))).chain([0.0]).collect();
        cuts.sort_by(f64::total_cmp);
        cuts.dedup();
        for ends in cuts.windows(2) {
            let parts = ((ends[1] - ends[0]) / widest).ceil().max(1.0);
            let at = |i: f64| ends[0] + (ends[1] - ends[0]) * i / parts;
            let part = |i: usize| Panel { low: at(i as f64), high: at(i as f64 + 1.0), far };
            panels.extend((0..parts as usize).map(part));
        }
    }
    panels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::harmonics::zonal_polynomials;

    fn mean(spec: &str, d: u32, degree: u32, f: impl Fn(&Node) -> f64) -> f64 {
        let nodes = rule(&spec.parse().unwrap(), Dimension::new(d).unwrap(), degree);
        nodes.iter().map(|node| node.mass * f(node)).sum()
    }

    fn near(found: f64, right: f64, tolerance: f64) {
        assert!((found / right - 1.0).abs() < tolerance, "{found:e} {right:e}");
    }

    #[test]
    fn masses_are_probabilities_on_every_sphere() {
        for d in [1, 2, 3, 10, 100, 1000] {
            near(mean("laplace:c=1", d, 40, |node| node.mass.signum()), 1.0, 1e-10);
            near(mean("laplace:c=1", d, 40, |node| node.t * node.t), 1.0 / f64::from(d + 1), 1e-10);
        }
    }

    /// `Int exp(-2 c 2 sin(theta/2)) d theta / pi -> 1/(2 pi c)` on the circle, `(1/2) Int exp(-2 c r) r dr = 1/(8 c^2)` on the sphere.
    #[test]
    fn narrow_peaks_are_seen() {
        for (text, c) in [("1", 1.0), ("1000", 1e3), ("100000", 1e5)] {
            let spec = format!("laplace:c={text}");
            let sphere = 0.5 * ((1.0 - (-4.0_f64 * c).exp()) / (4.0 * c * c) - (-4.0 * c).exp() / c);
            near(mean(&spec, 2, 40, |node| node.value * node.value), sphere, 1e-9);
            if c > 100.0 {
                let circle = 1.0 / (2.0 * PI * c) * (1.0 + 1.0 / (16.0 * c * c));
                near(mean(&spec, 1, 40, |node| node.value * node.value), circle, 1e-9);
            }
        }
        // r^2 = 2 - 2t is uniform on [0, 4] on the sphere: E exp(-r^2/l^2) = l^2/4 (1 - exp(-4/l^2)).
        near(mean("gaussian:length=1/1000", 2, 40, |node| node.value * node.value), 0.25e-6, 1e-9);
    }

    /// `E P_k^2 = 1/N(d,k)`: no degree is invisible, not that of any power of two either.
    #[test]
    fn no_harmonic_vanishes_at_all_nodes() {
        for k in [255u32, 256, 257, 511, 512, 513] {
            for (d, count) in [(1, 2.0), (2, f64::from(2 * k + 1))] {
                let square = |node: &Node| {
                    let mut last = 0.0;
                    zonal_polynomials(Dimension::new(d).unwrap(), node.t, k, |_, p| last = p);
                    last * last
                };
                near(mean("expr:1", d, 2 * k, square), 1.0 / count, 1e-9);
            }
        }
    }
}
