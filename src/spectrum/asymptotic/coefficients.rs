//! The odd Taylor coefficients of a kernel in the chord, at both ends.

use crate::{
    kernel::{Angle, Kernel},
    math::{
        ball::Ball,
        scalar::Scalar,
        truncated::{Series, Symmetry},
        units::Bits,
    },
};
use rug::Rational;

/// `tau_1, tau_3, ...` at `theta = 0` and `tau~_1, tau~_3, ...` at `theta = pi`, and their sums for even and odd degrees.
#[derive(Clone, Debug)]
pub struct Coefficients {
    precision: Bits,
    ends: [Vec<Ball>; 2],
    /// Is every odd coefficient at this end, of any order, proved to vanish?
    vanish: [bool; 2],
    /// `tau + (-1)^k tau~` for even and for odd `k`.
    joined: [Vec<Ball>; 2],
}

/// Of the precision, the share to which the series of activations are known.
const SHARE: u32 = 2;
/// Orders that a layer costs: a quotient by the square of a sine, whose factor one of them comes back from.
const ORDERS_A_LAYER: usize = 2;

impl Coefficients {
    /// At least `terms` coefficients at either end; none where the formula has no power series there. `mirror` is the sign of `K(-t)` against `K(t)`, if known.
    ///
    /// With activations that are known by their Hermite series there may be fewer: of such a dual the value and the slope are known at the ends. It has all
    /// derivatives there and is not analytic, so that the coefficients are those of an asymptotic expansion.
    pub fn find(kernel: &Kernel, terms: usize, precision: Bits, mirror: Option<i32>) -> Option<Self> {
        if kernel.has_series() {
            let (cut, _) = kernel.cut(Bits(precision.0 / SHARE)).ok()?;
            return Self::at_ends(&cut, terms, 1, precision, mirror);
        }
        Self::at_ends(kernel, terms, terms, precision, mirror)
    }

    fn at_ends(
        kernel: &Kernel,
        terms: usize,
        least: usize,
        precision: Bits,
        mirror: Option<i32>,
    ) -> Option<Self> {
        let order = 2 * terms + ORDERS_A_LAYER * kernel.layers() as usize + 2;
        let variable = Series::variable(order, precision);
        let (ends, vanish) = match mirror {
            Some(sign) => {
                let near = at_end(kernel, &variable, false)?;
                let far = near.clone();
                let mirrored = odd(&far, terms).into_iter().map(|c| c.times(sign)).collect();
                let vanishes = near.symmetry() == Symmetry::Even;
                ([odd(&near, terms), mirrored], [vanishes; 2])
            }
            None => {
                let [near, far] = [at_end(kernel, &variable, false)?, at_end(kernel, &variable, true)?];
                let vanish = [&near, &far].map(|series| series.symmetry() == Symmetry::Even);
                ([odd(&near, terms), odd(&far, terms)], vanish)
            }
        };
        let pairs = || ends[0].iter().cloned().zip(ends[1].iter().cloned());
        if ends.iter().any(|end| end.len() < least) {
            return None;
        }
        let joined = [pairs().map(|(a, b)| a + b).collect(), pairs().map(|(a, b)| a - b).collect()];
        Some(Self { precision, ends, vanish, joined })
    }

    /// How many odd coefficients there are at either end.
    pub fn terms(&self) -> usize {
        self.joined[0].len()
    }

    /// Their precision.
    pub fn precision(&self) -> Bits {
        self.precision
    }

    /// `tau_(2i+1)`, or `tau~_(2i+1)` at the far end.
    pub fn end(&self, far: bool) -> &[Ball] {
        &self.ends[usize::from(far)]
    }

    /// Is every odd coefficient at this end, of any order, proved to vanish? Then the kernel is analytic in `t` there.
    pub fn vanish(&self, far: bool) -> bool {
        self.vanish[usize::from(far)]
    }

    /// Is there an odd coefficient that is not proved to vanish?
    pub fn any(&self) -> bool {
        !(self.vanish[0] && self.vanish[1])
    }

    /// `tau_(2i+1) + (-1)^k tau~_(2i+1)` for `k` of this parity.
    pub fn at(&self, parity: usize, i: usize) -> &Ball {
        &self.joined[parity][i]
    }
}

/// The kernel as a power series in the chord `x` at `theta = 0`, or in `y` at `theta = pi`.
pub fn at_end(kernel: &Kernel, variable: &Series, far: bool) -> Option<Series> {
    let short = variable.clone().half();
    let one = variable.constant(&Rational::from(1));
    let square = short.clone() * short.clone();
    let long = (one.clone() - square.clone()).sqrt();
    let cosine = one - square.times(2);
    let angle = if far {
        Angle::from_halves(long, short).with_cosine(-cosine)
    } else {
        Angle::from_halves(short, long).with_cosine(cosine)
    };
    let value = kernel.evaluator_in(variable).at(&angle);
    (value.known() > 1).then_some(value)
}

/// The first `terms` coefficients of odd powers, as far as they are known and finite.
fn odd(series: &Series, terms: usize) -> Vec<Ball> {
    (0..terms).map_while(|i| series.coefficient(2 * i + 1).filter(Ball::is_finite)).collect()
}
