//! What cutting the series of a network costs its kernel.
//!
//! Three kernels, all power series in `t` with coefficients that are not negative: `K`, with nothing cut; `K'`, whose cut series have their last coefficient
//! enlarged so that every variance is that of `K` ([`Table::conserving`]); and `K_N`, whose series are cut at the variances of `K`, so that its `S_N(1)` falls
//! behind them. Every layer maps larger coefficients to larger ones: dense layers, scales, sums and products; norms, as what they take off is
//! the same of all three, and in the constant of each; and activations, whose duals are power series in `S` at one `q` (Schoenberg), in `K_N` also
//! where no function has that dual. So `K_N <= K` and `K_N <= K'`, coefficient by coefficient.
//!
//! Both differences are positive definite, and such a kernel has `lambda_k N(d,k) <= K(1)`, so that the eigenvalue of degree `k` differs between
//! `K` and `K'` by at most the larger of `K(1) - K_N(1)` and `K'(1) - K_N(1)`, over `N(d,k)`. The first is the larger: at `t = 1` the
//! covariances are equal, and `sum n a_n^2` is at least what it is with all that is left out on the last term. One evaluation at `t = 1` gives it; a kink
//! needs no case of its own, but halves the digits of a series, as its `Fdot` falls like the root of `1 - rho`, and after a jump once more.

use super::{Readout, flat};
use crate::{
    error::{Error, Result},
    math::{angle::Angle, ball::Ball, scalar::Scalar, units::Bits},
    network::{
        Dense, Layer, Network, Series,
        activation::{
            Activation, Class,
            dual::{Dual, HermiteSeries, Smooth},
            series::{MOST_TERMS, Table, VARIANCES, usable},
        },
    },
};
use rug::{Float, Rational};
use std::sync::Arc;

/// The diagonal of `K` at one place of a network, and how far that of `K_N` falls behind.
#[derive(Clone, Debug)]
struct Place {
    q: Ball,
    /// `Theta(1)`.
    tangent: Ball,
    mean: Ball,
    /// `S(1) - S_N(1)` and `Theta(1) - Theta_N(1)`, or more: nothing that follows falls when these rise.
    lost: [Ball; 2],
}

/// `K(1)`, and `K(1) - K_N(1)`, or more.
pub struct Ends {
    /// `K(1)`.
    pub at_one: Ball,
    /// At least `K(1) - K_N(1)`.
    pub lost: Float,
}

/// A walk through a network that makes the series of its activations.
pub struct Walk {
    accuracy: Bits,
    /// The series, in the order in which the network meets them.
    pub tables: Vec<Arc<Table>>,
    last: Option<(Activation, Arc<Table>)>,
}

impl Walk {
    /// Series whose tails are about `2^-accuracy` of the variances.
    pub fn new(accuracy: Bits) -> Self {
        Self { accuracy, tables: Vec::new(), last: None }
    }

    /// The whole network, in the arithmetic of `like`.
    ///
    /// # Errors
    /// Where a series cannot be made, with the reason.
    pub fn run(&mut self, network: &Network, readout: Readout, like: &Ball) -> Result<Ends> {
        let zero = || like.constant(&Rational::new());
        let one = like.constant(&Rational::from(1));
        let input = Place { q: one, tangent: zero(), mean: zero(), lost: [zero(), zero()] };
        let Place { q, tangent, lost: [covariance, slope], .. } = self.series(network.series(), input)?;
        let (at_one, lost) = match readout {
            Readout::Tangent => (tangent, slope),
            Readout::Process => (q, covariance),
        };
        if !(at_one.is_finite() && lost.is_finite()) {
            return Err(Error::numerical(
                format!("kernel of {network} at t = 1"),
                "no number",
                "a finite one",
            ));
        }
        Ok(Ends { at_one, lost: lost.magnitude() })
    }

    fn series(&mut self, series: &Series, place: Place) -> Result<Place> {
        flat(series).into_iter().try_fold(place, |place, layer| self.layer(layer, place))
    }

    fn layer(&mut self, layer: &Layer, place: Place) -> Result<Place> {
        Ok(match layer {
            Layer::Identity => place,
            Layer::Dense(dense) => place.affine(dense),
            Layer::Activation(phi) => self.activation(phi, place)?,
            Layer::Scale(c) => place.scaled(c),
            Layer::LayerNorm => place.normalised(true),
            Layer::RmsNorm => place.normalised(false),
            Layer::Skip(skip) => {
                let mut ends = Vec::new();
                if !skip.beta.is_zero() {
                    ends.push(place.clone().scaled(&skip.beta));
                }
                if !skip.alpha.is_zero() {
                    ends.push(self.series(&skip.branch, place.clone())?.scaled(&skip.alpha));
                }
                sum(&place, ends)
            }
            Layer::Sum(all) => sum(&place, self.branches(all, &place)?),
            Layer::Product(all) => product(&place, &self.branches(all, &place)?),
            Layer::Repeat(_, body) => self.series(body, place)?,
        })
    }

    fn branches(&mut self, all: &[Series], place: &Place) -> Result<Vec<Place>> {
        all.iter().map(|branch| self.series(branch, place.clone())).collect()
    }

    fn activation(&mut self, phi: &Activation, place: Place) -> Result<Place> {
        let Place { q, tangent, lost: [covariance, slope], .. } = place;
        let zero = || q.constant(&Rational::new());
        // 1 - S_N/q, or more; nothing is left of S_N where that is 1.
        let fall = known(&q, covariance.is_zero(), || {
            (covariance.clone() / q.clone()).magnitude().min(&Float::with_val(32, 1))
        });
        let (whole, low, mean) = match phi.dual(&q) {
            Some(dual) => (at(&dual, &q, &zero()), at(&dual, &q, &fall), phi.mean(&q).value),
            None => {
                let table = self.table(phi, &q)?;
                let [value, steepness] = table.whole.each_ref().map(|x| q.enclosing(x));
                let one = q.constant(&Rational::from(1));
                let low = HermiteSeries::cut(&q, &table).at(&(q.clone() * (one - fall.clone())), None);
                ([value, steepness / q.clone()], low, q.enclosing(&table.mean))
            }
        };
        let same = fall.is_zero() && phi.class() != Class::Series;
        let [value, rate] =
            [0, 1].map(|i| known(&q, same, || (whole[i].clone() - low[i].clone()).magnitude()));
        let [_, low] = low;
        let lost = [value, rate * tangent.clone() + low * slope];
        let [q, rate] = whole;
        Ok(Place { q, tangent: rate * tangent, mean, lost })
    }

    /// The series of an activation, which may be that of the last one.
    fn table(&mut self, phi: &Activation, q: &Ball) -> Result<Arc<Table>> {
        let serves = |(known, table): &&(Activation, Arc<Table>)| {
            known == phi && table.q.midpoint() == q.midpoint() && table.q.radius() >= q.radius()
        };
        let table = match self.last.as_ref().filter(serves) {
            Some((_, table)) => table.clone(),
            None => Arc::new(self.made(phi, q)?),
        };
        self.last = Some((phi.clone(), table.clone()));
        self.tables.push(table.clone());
        Ok(table)
    }

    fn made(&self, phi: &Activation, q: &Ball) -> Result<Table> {
        let subject = || format!("Hermite series of {}", phi.name());
        let size = q.midpoint().to_string_radix(10, Some(4));
        if usable(q).is_none() {
            let [low, high] = VARIANCES;
            return Err(if *q.midpoint() < low || *q.midpoint() > high {
                let allowed = format!("from {low:e} to {high:e}; rescale, or normalise");
                Error::too_large(subject(), format!("inputs of variance {size}"), allowed)
            } else {
                let known = format!("inputs of variance {size} to within {:.1e}", q.radius().to_f64());
                Error::numerical(
                    subject(),
                    known,
                    "a variance to within a hundredth of it; ask for more digits",
                )
            });
        }
        // Of a small variance: to so many bits of it.
        let small = q.midpoint().get_exp().map_or(0, |exponent| exponent.min(0).unsigned_abs());
        let accuracy = self.accuracy.plus(small);
        phi.series(q, accuracy).ok_or_else(|| {
            let value = format!("more terms at inputs of variance {size}, to 2^-{}", accuracy.0);
            let allowed = format!("{MOST_TERMS}; ask for fewer digits, or for smaller variances");
            Error::too_large(subject(), value, allowed)
        })
    }
}

/// A number known from above; exactly 0 where it is known to be that.
fn known(like: &Ball, is_zero: bool, bound: impl FnOnce() -> Float) -> Ball {
    if is_zero { like.constant(&Rational::new()) } else { like.enclosing(&Ball::exact(bound())) }
}

/// `[F, Fdot]` at `S = q (1 - y)`.
fn at(dual: &Dual<Ball>, q: &Ball, y: &Ball) -> [Ball; 2] {
    let one = q.constant(&Rational::from(1));
    match dual {
        Dual::Smooth(dual) => {
            let gap = q.clone() * y.clone();
            dual.at(&(q.clone() - gap.clone()), Some(&gap))
        }
        Dual::Angular(dual) => {
            // cos a = 1 - y.
            let square = y.clone().half();
            let found =
                dual.at(&Angle::from_halves(square.clone().sqrt(), (one - square).sqrt()), None, false);
            [found.value, found.slope]
        }
    }
}

impl Place {
    fn number(&self, value: &Rational) -> Ball {
        self.q.constant(value)
    }

    fn affine(self, dense: &Dense) -> Self {
        let [w, g, b] = [&dense.weight, &dense.drawn_bias(), &dense.bias].map(|x| self.number(x));
        let [rate, bias_rate] = [&dense.lr, &dense.lr_bias].map(|x| self.number(x));
        let zero = self.number(&Rational::new());
        let Self { q, tangent, lost: [covariance, slope], .. } = self;
        let learned = rate.clone() * w.clone() * q.clone() + bias_rate * b;
        Self {
            tangent: tangent * w.clone() + learned,
            lost: [covariance.clone() * w.clone(), (slope + rate * covariance) * w.clone()],
            q: q * w + g,
            mean: zero,
        }
    }

    fn scaled(self, c: &Rational) -> Self {
        let square = self.number(&Rational::from(c.square_ref()));
        let c = self.number(c);
        let times = |x: Ball| x * square.clone();
        Self {
            q: times(self.q),
            tangent: times(self.tangent),
            mean: self.mean * c,
            lost: self.lost.map(times),
        }
    }

    /// `(S - m^2)/(q - m^2)`, or `S/q`.
    fn normalised(self, centred: bool) -> Self {
        let (one, zero) = (self.number(&Rational::from(1)), self.number(&Rational::new()));
        let variance = if centred { self.q - self.mean.clone() * self.mean.clone() } else { self.q };
        let over = |x: Ball| x / variance.clone();
        let mean = if centred || self.mean.is_zero() { zero } else { self.mean / variance.clone().sqrt() };
        Self { q: one, tangent: over(self.tangent), mean, lost: self.lost.map(over) }
    }
}

/// Branches, added: means correlate them.
fn sum(fork: &Place, ends: Vec<Place>) -> Place {
    let zero = fork.number(&Rational::new());
    let nothing =
        Place { q: zero.clone(), tangent: zero.clone(), mean: zero.clone(), lost: [zero.clone(), zero] };
    ends.into_iter().fold(nothing, |all, end| {
        let cross = (all.mean.clone() * end.mean.clone()).times(2);
        let [[a, b], [c, d]] = [all.lost, end.lost];
        Place {
            q: all.q + end.q + cross,
            tangent: all.tangent + end.tangent,
            mean: all.mean + end.mean,
            lost: [a + c, b + d],
        }
    })
}

/// Branches, multiplied: `prod q_i - prod (q_i - x_i) <= sum_i x_i prod_(j != i) q_j`.
fn product(fork: &Place, ends: &[Place]) -> Place {
    let one = fork.number(&Rational::from(1));
    ends.iter().fold(Place { q: one.clone(), mean: one.clone(), ..sum(fork, vec![]) }, |all, end| {
        let [[a, b], [c, d]] = [&all.lost, &end.lost].map(|x| x.clone());
        let (q, p) = (&all.q, &end.q);
        let both = |x: Ball, y: Ball| x * p.clone() + y * q.clone();
        let crossed = all.tangent.clone() * c.clone() + end.tangent.clone() * a.clone();
        Place {
            lost: [both(a, c), both(b, d) + crossed],
            tangent: both(all.tangent.clone(), end.tangent.clone()),
            q: q.clone() * p.clone(),
            mean: all.mean.clone() * end.mean.clone(),
        }
    })
}

#[cfg(test)]
mod tests;
