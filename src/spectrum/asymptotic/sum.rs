//! Terms added until the bound is below the goal, or rises.

use super::{coefficients::Coefficients, error::Constants, region::Region};
use crate::math::{
    ball::Ball,
    bound::Bound,
    chord::ChordPowers,
    scalar::Scalar,
    units::{Bits, Dimension},
};
use rug::Rational;

/// What is summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// `lambda_k`.
    Eigenvalue(u64),
    /// `sum_{j>=k} lambda_j N(d,j)`, for `k >= 1`.
    Tail(u64),
}

impl Quantity {
    /// The lowest degree that enters.
    pub fn first(self) -> u64 {
        match self {
            Self::Eigenvalue(k) | Self::Tail(k) => k,
        }
    }

    /// What the degrees make of the powers: for one degree `E`, for a tail `sum N E`; with coefficients of the far end and their signs.
    fn term(self, coefficients: &Coefficients, i: usize, powers: &ChordPowers, accuracy: Bits) -> Ball {
        match self {
            Self::Eigenvalue(k) => coefficients.at((k % 2) as usize, i).clone() * powers.value().clone(),
            Self::Tail(_) => {
                let near = coefficients.end(false)[i].clone() * powers.tail();
                let far = &coefficients.end(true)[i];
                if far.is_zero() { near } else { near + far.clone() * powers.alternating_tail(accuracy) }
            }
        }
    }

    /// The measure of the error after the terms so far: `|E|`, or `sum N |E|`.
    fn scale(self, powers: &ChordPowers) -> Bound {
        Bound::above(&match self {
            Self::Eigenvalue(_) => powers.value().magnitude(),
            Self::Tail(_) => powers.tail().magnitude(),
        })
    }

    /// The part beyond the cut.
    fn beyond(self, region: &Region, dim: Dimension) -> Bound {
        match self {
            Self::Eigenvalue(k) => region.beyond_the_cut(dim, k),
            Self::Tail(k) => region.tail_beyond_the_cut(dim, k),
        }
    }
}

/// What a sum came to.
pub struct Outcome {
    /// The enclosure.
    pub enclosure: Ball,
    /// How many terms were summed.
    pub terms: usize,
    /// The bound on what they leave, counted in the enclosure.
    pub bound: Bound,
    /// Was the bound still falling when the coefficients ended?
    pub wants_terms: bool,
    /// Bits that the coefficients' errors cost beyond the goal.
    pub lost_bits: u32,
}

/// Bits by which an error is to be below the goal, for the extra digits.
const GOAL_MARGIN: u32 = 10;
/// The bound may rise for so many terms before it is given up.
const PATIENCE: usize = 2;

/// Sums `quantity` to about `2^-goal` of itself, or as far as the bound falls.
pub fn sum(
    region: &Region,
    constants: &Constants,
    coefficients: &Coefficients,
    dim: Dimension,
    quantity: Quantity,
    goal: Bits,
) -> Option<Outcome> {
    let beyond = quantity.beyond(region, dim);
    let goal = goal.plus(GOAL_MARGIN);
    let below_goal = |size: Bound| size.scaled_by(-(goal.0 as i32));
    let mut powers = ChordPowers::new(dim, quantity.first(), coefficients.precision());
    let mut total = powers.value().constant(&Rational::new());
    let mut best: Option<(Ball, Bound, usize)> = None;
    let mut risen = 0;
    let mut wants_terms = true;
    for n in 1..=coefficients.terms() {
        if n as u64 + 1 > quantity.first() {
            wants_terms = false;
            break;
        }
        total = total + quantity.term(coefficients, n - 1, &powers, goal);
        powers.advance();
        let rest = constants.after(n).times(quantity.scale(&powers));
        let bound = rest.plus(beyond);
        if best.as_ref().is_none_or(|(_, least, _)| bound < *least) {
            best = Some((total.clone(), bound, n));
            risen = 0;
        } else {
            risen += 1;
        }
        let size = Bound::below(total.midpoint());
        // Of what lies beyond the cut, terms bring nothing down.
        if risen > PATIENCE || rest <= beyond || (!size.is_zero() && bound <= below_goal(size)) {
            wants_terms = false;
            break;
        }
    }
    let (total, bound, terms) = best?;
    let size = Bound::below(total.midpoint());
    let own = Bound::above(&total.radius());
    // The coefficients' own errors should not matter beside the bound, nor beside the goal.
    let allowed = bound.plus(below_goal(size));
    let lost_bits = if own <= allowed || size.is_zero() && bound >= own {
        0
    } else {
        own.over(allowed).log2_above().clamp(16, 4096) as u32 + 16
    };
    Some(Outcome { enclosure: total.widened(&bound.to_float()), terms, bound, wants_terms, lost_bits })
}
