//! Quadrature in the angle: the weighted kernel at the nodes of a rule, folded for the sums over all degrees.
//!
//! The eigenvalue of degree `k` is `omega_d Int_0^pi K(theta) P_k(cos theta) sin(theta)^(d-1) d theta`. Everything but `P_k`
//! is put into the value at a node.

use super::{
    ellipse::{Ellipse, Panel},
    interpolant::Interpolant,
};
use crate::{
    error::Result,
    kernel::{Angle, Evaluator, Kernel},
    math::{
        ball::Ball,
        gauss,
        harmonics::funk_hecke_constant,
        scalar::Scalar,
        tanh_sinh,
        units::{Bits, Dimension},
        zonal_sums::{FoldedNode, Recurrence, STEP_ULPS},
    },
};
use rayon::prelude::*;
use rug::{Float, Integer, float::Round, ops::AddAssignRound};
use std::collections::{BTreeMap, btree_map::Entry};

/// Where a value is undefined, it is tried at this multiple of the precision: nodes come as close to an end as `2^-p`, and their squares closer.
const FINER: u32 = 3;

/// The integrand in ball arithmetic.
pub struct Integrand<'a> {
    kernel: &'a Kernel,
    values: Evaluator<Ball>,
    constant: Ball,
    power: u32,
    precision: Bits,
    grading: u32,
}

/// A pair of weighted values at `t` and `-t`, `0 <= t <= 1`.
struct Pair {
    t: Ball,
    even: Ball,
    odd: Ball,
}

/// The pair of a value at `t` and of nothing at `-t`.
fn one_sided(t: Ball, value: Ball) -> Pair {
    if t.midpoint().is_sign_negative() {
        Pair { t: -t, even: value.clone(), odd: -value }
    } else {
        Pair { t, even: value.clone(), odd: value }
    }
}

impl<'a> Integrand<'a> {
    /// The integrand of `kernel` on `S^d`, with values at `precision`.
    pub fn new(kernel: &'a Kernel, dim: Dimension, precision: Bits) -> Self {
        let zero = Ball::exact(Float::new(precision.0));
        let (omega, over_pi) = funk_hecke_constant(dim);
        let omega = zero.constant(&omega);
        let constant = if over_pi == 1 { omega / zero.pi() } else { omega };
        Self {
            kernel,
            values: kernel.evaluator_in(&zero),
            constant,
            power: dim.get() - 1,
            precision,
            grading: 0,
        }
    }

    /// The integrand in the angle that is `theta` when graded so many times.
    #[must_use]
    pub fn graded(self, grading: u32) -> Self {
        let values = self.kernel.graded_in(&Ball::exact(Float::new(self.precision.0)), grading);
        Self { values, grading, ..self }
    }

    /// `theta`, and what multiplies the weight.
    fn placed(&self, x: Angle<Ball>, weight: Ball) -> (Angle<Ball>, Ball) {
        (0..self.grading).fold((x, weight), |(x, weight), _| (x.graded(), weight * x.grade()))
    }

    /// `omega_d weight sin^(d-1)(theta)`.
    fn weight(&self, x: &Angle<Ball>, weight: Ball) -> Ball {
        x.sin().powi(self.power) * weight * self.constant.clone()
    }

    /// Sums over the Gauss-Legendre rule in `theta`, or what is graded to it, with `nodes` nodes (an even number), for degrees `0..=max_degree`.
    ///
    /// Where `interpolation` gives an ellipse and a number of points well below that of the nodes, the kernel is evaluated at those only. The
    /// enclosures are of the rule's sums: they do not count its truncation.
    ///
    /// # Errors
    /// When the precision does not separate the nodes.
    pub fn gauss_sums(
        &self,
        dim: Dimension,
        nodes: u32,
        max_degree: u32,
        interpolation: Option<(Ellipse, u32)>,
    ) -> Result<Vec<Ball>> {
        let interpolant = interpolation
            .filter(|(_, points)| points.saturating_mul(2) <= nodes)
            .map(|(ellipse, points)| Interpolant::new(&self.values, &ellipse, points, self.precision));
        let rule = gauss::legendre(nodes / 2, self.precision)?;
        let interpolated = interpolant.map(|polynomial| polynomial.at(&rule.nodes));
        let one = Ball::exact(Float::with_val(self.precision.0, 1));
        let quarter_pi = one.pi().half().half();
        let pairs: Vec<Pair> = rule
            .nodes
            .into_par_iter()
            .zip(rule.weights)
            .enumerate()
            .map(|(i, (x, weight))| {
                // theta = (pi/2)(1 - x) and its mirror image pi - theta.
                let half = quarter_pi.clone() * (one.clone() - x);
                let (s, c) = half.clone().sin_cos();
                let near = half.times(2);
                let far = one.pi() - near.clone();
                let near = Angle::new(near, s.clone(), c.clone());
                let [a, b] = match &interpolated {
                    Some(values) => values[i].clone(),
                    None => [&near, &Angle::new(far, c, s)].map(|x| self.values.at(x)),
                };
                let (near, weight) = self.placed(near, weight * quarter_pi.clone().times(2));
                let weight = self.weight(&near, weight);
                let (a, b) = (a * weight.clone(), b * weight);
                Pair { t: near.cos(), even: a.clone() + b.clone(), odd: a - b }
            })
            .collect();
        Ok(self.sums(dim, &pairs, max_degree))
    }

    /// Sums over Gauss-Legendre rules on panels, each with its number of nodes (even), for degrees `0..=max_degree`.
    ///
    /// As for [`Integrand::gauss_sums`], truncation is not counted.
    ///
    /// # Errors
    /// When the precision does not separate the nodes.
    pub fn panel_sums(&self, dim: Dimension, panels: &[(Panel, u32)], max_degree: u32) -> Result<Vec<Ball>> {
        let mut rules: BTreeMap<u32, gauss::Rule> = BTreeMap::new();
        for (_, nodes) in panels {
            if let Entry::Vacant(entry) = rules.entry(*nodes) {
                entry.insert(gauss::legendre(nodes / 2, self.precision)?);
            }
        }
        let zero = Ball::exact(Float::new(self.precision.0));
        let node = |(panel, x, weight): (Panel, Ball, Ball)| {
            // theta = (2 i + 1 + x) pi / 2^(level + 1)
            let unit = zero.pi().scaled(-(panel.level as i32) - 1);
            let odd = Ball::exact(Float::with_val(self.precision.0.max(64), 2 * panel.index + 1));
            let x = Angle::from_radians((odd + x) * unit.clone());
            one_sided(x.cos(), self.values.at(&x) * self.weight(&x, weight * unit))
        };
        let pairs: Vec<Pair> = panels
            .par_iter()
            .filter_map(|(panel, nodes)| Some((panel, rules.get(nodes)?)))
            .flat_map_iter(|(panel, rule)| {
                let both = rule.nodes.iter().zip(&rule.weights);
                both.flat_map(|(x, w)| [x.clone(), -x.clone()].map(|x| node((*panel, x, w.clone()))))
            })
            .collect();
        Ok(self.sums(dim, &pairs, max_degree))
    }

    /// Sums over the tanh-sinh rule with step `2^-level` on each of the `pieces` of `[0, pi]`.
    pub fn tanh_sinh_sums(
        &self,
        dim: Dimension,
        pieces: &[[Float; 2]],
        level: u32,
        max_degree: u32,
    ) -> Vec<Ball> {
        let rule: Vec<(tanh_sinh::Node, u32)> = (0..=level)
            .flat_map(|l| tanh_sinh::new_nodes(l, self.precision).into_iter().map(move |node| (node, l)))
            .collect();
        let finer = Bits(FINER * self.precision.0);
        let pi = Float::with_val(self.precision.0, rug::float::Constant::Pi);
        let panels: Vec<(Ball, Ball, Ball)> = pieces
            .iter()
            .map(|ends| {
                let [a, b] = ends.each_ref().map(|x| Ball::exact(Float::with_val(self.precision.0, x)));
                (a.clone(), b.clone(), (b - a).half())
            })
            .collect();
        let pairs: Vec<Pair> = panels
            .par_iter()
            .flat_map(|panel| rule.par_iter().map(move |node| (panel, node)))
            .map(|((left, right, half), (node, l))| {
                // From the nearer end, so that no digits are lost there.
                let theta = if node.from_left < node.from_right {
                    left.clone() + half.clone() * Ball::exact(node.from_left.clone())
                } else {
                    right.clone() - half.clone() * Ball::exact(node.from_right.clone())
                };
                let weight = Ball::exact(Float::with_val(self.precision.0, &node.weight) >> (level - l));
                // Next to pi by the distance from it, of which the angle keeps few digits.
                let from_pi = (node.from_left >= node.from_right && *right.midpoint() == pi)
                    .then(|| half.clone() * Ball::exact(node.from_right.clone()));
                let angle = |precision: Bits| match &from_pi {
                    Some(rest) => {
                        Angle::from_radians(Ball::exact(Float::with_val(precision.0, rest.midpoint())))
                            .supplement()
                            .resolved()
                    }
                    None => Angle::from_radians(Ball::exact(Float::with_val(precision.0, theta.midpoint()))),
                };
                let x = from_pi.clone().map_or_else(
                    || Angle::from_radians(theta.clone()),
                    |rest| Angle::from_radians(rest).supplement().resolved(),
                );
                let mut value = self.values.at(&x);
                if !value.is_finite() {
                    // Close to a zero under a root, at a node that is a number like another.
                    let x = angle(finer);
                    value = self.kernel.evaluator_in(x.sin_half()).at(&x);
                }
                one_sided(x.cos(), value * self.weight(&x, weight * half.clone()))
            })
            .collect();
        self.sums(dim, &pairs, max_degree)
    }

    /// The sums of folded values in fixed point, with every rounding in the radius.
    ///
    /// Values are divided by a power of two that makes their sizes sum to less than 1.
    fn sums(&self, dim: Dimension, pairs: &[Pair], max_degree: u32) -> Vec<Ball> {
        let recurrence = Recurrence::new(dim, max_degree, self.precision);
        let p = recurrence.precision();
        let (mut mass, mut value_error, mut t_error) = (Float::new(32), Float::new(32), Float::new(32));
        for pair in pairs {
            let larger = pair.even.magnitude().max(&pair.odd.magnitude());
            mass.add_assign_round(&larger, Round::Up);
            value_error.add_assign_round(pair.even.radius().max(&pair.odd.radius()), Round::Up);
            t_error = t_error.max(&pair.t.radius());
        }
        if !mass.is_finite() {
            let unknown = Ball::exact(Float::new(self.precision.0)).widened(&mass);
            return vec![unknown; max_degree as usize + 1];
        }
        let scale = mass.get_exp().unwrap_or(0);
        let nodes: Vec<FoldedNode> = pairs
            .iter()
            .map(|pair| FoldedNode {
                t: Ord::clamp(fixed(&pair.t, p, 0), Integer::new(), Integer::from(1) << p.0),
                even: fixed(&pair.even, p, scale),
                odd: fixed(&pair.odd, p, scale),
            })
            .collect();
        // What the rounding of t, of the recurrence and of the values and products costs; see `zonal_sums` for the constants.
        let unit = Float::with_val(32, 1) >> p.0;
        t_error.add_assign_round(&unit, Round::Up);
        let scaled_unit = Float::with_val(32, &unit << scale);
        let roundings = Float::with_val_round(32, 3 * pairs.len(), Round::Up).0;
        value_error.add_assign_round(&product_up(&roundings, &scaled_unit), Round::Up);
        recurrence
            .sums(&nodes)
            .into_iter()
            .zip(0u64..)
            .map(|(sum, k)| {
                let steps = Float::with_val_round(32, u64::from(STEP_ULPS) * k * (k + 1) / 2, Round::Up).0;
                let slopes = Float::with_val_round(32, k * k, Round::Up).0;
                let mut error = product_up(&steps, &unit);
                error.add_assign_round(&product_up(&slopes, &t_error), Round::Up);
                error = product_up(&error, &mass);
                error.add_assign_round(&value_error, Round::Up);
                // Exact, as sums are below 2.
                let value = Float::with_val(p.0 + 2, sum) >> p.0;
                Ball::new(value << scale, &error)
            })
            .collect()
    }
}

fn product_up(a: &Float, b: &Float) -> Float {
    Float::with_val_round(32, a * b, Round::Up).0
}

/// `2^(p - scale) x` rounded towards zero.
fn fixed(x: &Ball, p: Bits, scale: i32) -> Integer {
    let shifted = Float::with_val(x.precision().0, x.midpoint() >> scale) << p.0;
    shifted.to_integer_round(Round::Zero).map_or_else(Integer::new, |(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One node at `t = 1/2` of weight 1: sums are `P_k(1/2)`, and their radii hold what every step of the recurrence and the rounding of `t` may cost.
    #[test]
    fn radii_hold_the_rounding_of_every_step() {
        let kernel = "two-layer".parse().unwrap();
        let (dim, top) = (Dimension::SPHERE, 40u32);
        let integrand = Integrand::new(&kernel, dim, Bits(64));
        let number = |x: f64| Ball::exact(Float::with_val(64, x));
        let pair = Pair { t: number(0.5), even: number(1.0), odd: number(1.0) };
        let found = integrand.sums(dim, &[pair], top);
        let unit = Float::with_val(64, 1) >> Recurrence::new(dim, top, Bits(64)).precision().0;
        let (mut before, mut here) = (number(0.0), number(1.0));
        for (k, value) in (0u32..).zip(&found) {
            assert!((value.clone() - here.clone()).contains_zero(), "{k}: {value:?}");
            let least = Float::with_val(64, &unit * (STEP_ULPS * k * (k + 1) / 2 + k * k));
            assert!(value.radius() >= least, "{k}: {:?} {least}", value.radius());
            let next = (number(0.5) * here.clone()).times(2 * k as i32 + 1) - before.times(k as i32);
            (before, here) = (here, next.over(k + 1));
        }
    }
}
