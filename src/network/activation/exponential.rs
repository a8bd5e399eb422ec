//! The dual of `u` where it is positive, `alpha (e^u - 1)` elsewhere: elementary but for one entire function.
//!
//! With `nu(s) = Int_0^inf e^(-R^2/2 - s R) dR`, `mu(s) = 1 - s nu(s)` and `r = sqrt q`,
//!
//! ```text
//! Q(a) = (1/2pi) Int_0^a mu(r sin x) dx = E[e^v; u>0, v<0]
//! N(a) = (1/pi) Int_(a/2)^(pi/2) mu(2 r cos(a/2) sin y) dy = E[e^(u+v); u<0, v<0]
//! Fdot = (pi-a)/(2pi) + 2 alpha Q + alpha^2 N
//! F    = q J_1/(2pi) + 2 alpha [r nu(r sin a)/(2pi) - sqrt(q/2pi)/2 + S Q] + alpha^2 [N + 2Q - 2Q(pi) + (pi-a)/(2pi)]
//! ```
//!
//! Both are entire: `nu(s) = sum_n e_n (-s)^n` with `e_0 = sqrt(pi/2)`, `e_1 = 1`, `e_n = e_(n-2)/n`. Integrals of powers of sines follow from
//! `n Int sin^n = (n-1) Int sin^(n-2) - sin^(n-1) cos`.
//!
//! *Tails.* As `e_(n+2) x^2/e_n = x^2/(n+2) <= 1/4` from `n >= 4 x^2` on, what a series of `nu` leaves out from term `n` on is at most
//! `4/3 (e_n x^n + e_(n+1) x^(n+1))` for `|s| <= x` ([`cut`]), and `x` times that of `mu`, from its term `n + 1` on. On the segments of integration
//! sines are at most `cosh` of the imaginary part of the end in size, and the segments no longer than `|a|` and `|pi - a|/2`, so that an integral of
//! `mu` leaves out its length times that. It is added as a radius.

use super::dual::{Angular, AtAngle, Dual, Mean, integer};
use crate::math::{angle::Angle, ball::Ball, scalar::Scalar};
use rug::{Float, Rational};
use std::{f64::consts::PI, sync::Arc};

/// The most terms of a series.
const MOST_TERMS: u32 = 20_000;
/// Bits of a series beyond those of its numbers.
const EXTRA_BITS: f64 = 12.0;
/// What is added to the logarithm of a bound for the rounding of a few thousand operations in f64.
const SLACK_BITS: f64 = 0.01;

/// The dual of a multiple of elu at one variance.
#[derive(Debug)]
pub(super) struct Exponential<T> {
    /// The square of what the function is multiplied by.
    scale: T,
    alpha: T,
    q: T,
    root: T,
    /// `sqrt(q/2pi)/2`.
    half_mean: T,
    /// `1/(2 pi)`.
    turn: T,
    /// `Q(pi)`.
    below: T,
    /// `F(q)`.
    peak: T,
}

/// The term from which the series of `nu` may be left out for `|s| <= x`, and `log2` of a bound on that.
fn cut(x: f64, bits: u32) -> Option<(u32, f64)> {
    let wanted = -(f64::from(bits) + EXTRA_BITS);
    // log2 of e_(n-1) and of e_n.
    let (mut before, mut last) = (0.5 * (PI / 2.0).log2(), 0.0);
    let size = x.log2().max(-1e4);
    for n in 1..MOST_TERMS {
        (before, last) = (last, before - f64::from(n + 1).log2());
        // Now of e_n and e_(n+1).
        let [here, next] = [before + f64::from(n) * size, last + f64::from(n + 1) * size];
        let most = here.max(next) + (8.0f64 / 3.0).log2() + SLACK_BITS;
        if 4.0 * x * x <= f64::from(n) && most < wanted {
            return Some((n, most));
        }
    }
    None
}

/// An enclosure of 0 with the radius `2^log2`.
fn around_zero<T: Scalar>(like: &T, log2: f64) -> T {
    let exponent = log2.ceil().clamp(-1e9, 1e9) as i32;
    like.enclosing(&Ball::exact(Float::new(64)).widened(&Float::with_val(64, Float::i_exp(1, exponent))))
}

/// A bound on the size.
fn size<T: Scalar>(x: &T) -> f64 {
    x.gauge().map_or(f64::INFINITY, |(_, size)| size)
}

/// `cosh(Im a)` from above, as `|sin a|^2 + |cos a|^2 = cosh(2 Im a)`.
fn growth<T: Scalar>(sin: &T, cos: &T) -> f64 {
    ((size(sin).powi(2) + size(cos).powi(2) + 1.0) / 2.0).sqrt() * (1.0 + 1e-9)
}

impl<T: Scalar> Exponential<T> {
    fn new(q: &T, alpha: &Rational, scale: &Rational) -> Self {
        let turn = integer(q, 1) / q.pi().times(2);
        let mut dual = Self {
            scale: q.constant(&scale.clone().square()),
            alpha: q.constant(alpha),
            q: q.clone(),
            root: q.clone().sqrt(),
            half_mean: (q.clone() * turn.clone()).sqrt().half(),
            turn,
            below: integer(q, 0),
            peak: integer(q, 0),
        };
        let [zero, one] = [0, 1].map(|n| integer(q, n));
        dual.below = dual.mixed(&Angle::new(q.pi(), one.clone(), zero.clone()));
        dual.peak = dual.values(&Angle::new(zero.clone(), zero, one))[0].clone();
        dual
    }

    /// The dual of `scale` times elu at inputs of variance `q`.
    pub fn dual(q: &T, alpha: &Rational, scale: &Rational) -> Dual<T> {
        Dual::Angular(Arc::new(Self::new(q, alpha, scale)))
    }

    /// `E phi = scale (sqrt(q/2pi) + alpha (Q(pi) - 1/2))`.
    pub fn mean(q: &T, alpha: &Rational, scale: &Rational) -> Mean<T> {
        let Self { half_mean, alpha, below, .. } = Self::new(q, alpha, scale);
        let half = integer(q, 1).half();
        Mean::of(q.constant(scale) * (half_mean.times(2) + alpha * (below - half)))
    }

    fn undefined(&self) -> T {
        let zero = integer(&self.q, 0);
        zero.clone() / zero
    }

    /// `1/n`.
    fn inverse(&self, n: u32) -> T {
        self.q.constant(&Rational::from((1, n)))
    }

    /// Where a series of `nu` in arguments up to `x` may be cut.
    fn cut(&self, x: f64) -> Option<(u32, f64)> {
        cut(x, self.q.gauge()?.0)
    }

    /// `Int mu(x sin y) dy`, the integrals `i_n` of `sin^n` from `i_0`, `i_1` and `n i_n = (n-1) i_(n-2) + edge sin^(n-1)`; `bound` is one on `x sin y`.
    fn integrated(&self, x: T, [mut even, mut odd]: [T; 2], sin: T, edge: T, bound: f64) -> T {
        let Some((terms, rest)) = self.cut(bound) else { return self.undefined() };
        let rest = rest + (bound * size(&even)).log2() + SLACK_BITS;
        // mu(s) = sum_n c_n (-s)^n with c_0 = 1 and c_n = e_(n-1).
        let mut coefficients = [integer(&x, 1), x.pi().half().sqrt()];
        let mut sum = even.clone() - coefficients[1].clone() * x.clone() * odd.clone();
        let minus = -x.clone();
        let mut power = x.clone() * x;
        let mut share = edge * sin.clone();
        for n in 2..=terms {
            let integral = (even.times(n as i32 - 1) + share.clone()) * self.inverse(n);
            (even, odd) = (odd, integral.clone());
            share = share * sin.clone();
            let next = coefficients[n as usize % 2].clone() * self.inverse(n - 1);
            sum = sum + next.clone() * power.clone() * integral;
            coefficients[n as usize % 2] = next;
            power = power * minus.clone();
        }
        sum + around_zero(&self.q, rest)
    }

    /// `Q(a)`.
    fn mixed(&self, a: &Angle<T>) -> T {
        let (sin, cos) = (a.sin(), a.cos());
        let square = a.sin_half().clone() * a.sin_half().clone();
        let bound = size(&self.root) * growth(&sin, &cos);
        self.turn.clone()
            * self.integrated(self.root.clone(), [a.radians(), square.times(2)], sin, -cos, bound)
    }

    /// `N(a)`.
    fn both(&self, a: &Angle<T>) -> T {
        let (s, c) = (a.sin_half().clone(), a.cos_half().clone());
        let x = (self.root.clone() * c.clone()).times(2);
        let bound = size(&x) * growth(&s, &c);
        let start = [a.supplement_radians().half(), c.clone()];
        self.turn.clone().times(2) * self.integrated(x, start, s, c, bound)
    }

    /// `nu(s)`.
    fn nu(&self, s: T) -> T {
        let Some((terms, rest)) = self.cut(size(&s)) else { return self.undefined() };
        let minus = -s;
        let mut coefficients = [self.q.pi().half().sqrt(), integer(&self.q, 1)];
        let mut sum = coefficients[0].clone();
        let mut power = minus.clone();
        for n in 1..terms {
            if n > 1 {
                coefficients[n as usize % 2] = coefficients[n as usize % 2].clone() * self.inverse(n);
            }
            sum = sum + coefficients[n as usize % 2].clone() * power.clone();
            power = power * minus.clone();
        }
        sum + around_zero(&self.q, rest)
    }

    /// `[F, Fdot]`.
    fn values(&self, a: &Angle<T>) -> [T; 2] {
        let (mixed, both) = (self.mixed(a), self.both(a));
        let rest = a.supplement_radians() * self.turn.clone();
        let (sin, cos) = (a.sin(), a.cos());
        let twice = self.alpha.clone().times(2);
        let square = self.alpha.clone() * self.alpha.clone();
        let slope = rest.clone() + twice.clone() * mixed.clone() + square.clone() * both.clone();
        let ramp = self.q.clone() * (sin.clone() * self.turn.clone() + rest.clone() * cos.clone());
        let across = self.root.clone() * self.nu(self.root.clone() * sin) * self.turn.clone()
            - self.half_mean.clone()
            + self.q.clone() * cos * mixed.clone();
        let negative = both + (mixed - self.below.clone()).times(2) + rest;
        [self.scale.clone() * (ramp + twice * across + square * negative), self.scale.clone() * slope]
    }
}

impl<T: Scalar> Angular<T> for Exponential<T> {
    fn at(&self, a: &Angle<T>, centre: Option<&Angle<T>>, with_fall: bool) -> AtAngle<T> {
        let [mut value, slope] = self.values(a);
        if let Some(centre) = centre {
            // dF/da = -q sin(a) Fdot.
            let [middle, _] = self.values(centre);
            value = middle - self.q.clone() * a.sin() * slope.clone() * (a.radians() - centre.radians());
        }
        let s = a.sin_half();
        let fall = (with_fall && !s.is_zero())
            .then(|| (self.peak.clone() - value.clone()).div_regular(s.clone() * s.clone()));
        AtAngle { value, slope, fall }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rug::ops::Pow;

    fn ball(x: f64) -> Ball {
        Ball::exact(Float::with_val(200, x))
    }

    /// `nu(s) = sqrt(pi/2) e^(s^2/2) erfc(s/sqrt 2)`, by MPFR; a tail that was forgotten, or a bound too small, shows at low precision.
    #[test]
    fn series_enclose_the_error_function() {
        for s in [0.0, 0.3, 1.7, 5.0, -2.5] {
            let exact = Float::with_val(400, s);
            let erfc = Float::with_val(400, &exact / Float::with_val(400, 2).sqrt()).erfc();
            let scale = Float::with_val(400, exact.square_ref()) / 2u32;
            let pi = Float::with_val(400, rug::float::Constant::Pi);
            let value = (pi / 2u32).sqrt() * scale.exp() * erfc;
            for precision in [60, 200] {
                let s = Ball::exact(Float::with_val(precision, s));
                let dual =
                    Exponential::new(&s.constant(&Rational::from(1)), &Rational::from(1), &Rational::from(1));
                let found = dual.nu(s);
                let gap = Float::with_val(400, found.midpoint() - &value).abs();
                assert!(gap <= found.radius(), "{found:?} against {value}");
                assert!(found.radius() < 1e-9, "{found:?}");
            }
        }
    }

    /// Terms left out are smaller than they are said to be, and not much.
    #[test]
    fn cuts_bound_what_is_left_out() {
        for x in [0.1, 1.0, 3.0, 8.0] {
            let (terms, log2) = cut(x, 40).unwrap();
            let mut coefficients = [Float::with_val(200, PI / 2.0).sqrt(), Float::with_val(200, 1)];
            let mut rest = Float::new(200);
            for n in 0..terms + 400 {
                if n > 1 {
                    coefficients[n as usize % 2] /= n;
                }
                if n >= terms {
                    rest +=
                        Float::with_val(200, &coefficients[n as usize % 2] * Float::with_val(200, x).pow(n));
                }
            }
            let most = Float::with_val(200, log2).exp2();
            assert!(rest <= most && rest.clone() * 8u32 > most, "{rest} against {most} at {x}");
        }
        assert!(cut(1e3, 40).is_none());
    }

    /// At `a = pi`: `Q = E[e^v; v<0] = e^(q/2) P(-r)`, and `N = 0`; at `a = 0`: `Q = 0`, and `N = E[e^(2u); u<0]`.
    #[test]
    fn ends_are_known() {
        let half = |x: f64| ball(x).half();
        for q in [0.25, 1.0, 2.0] {
            let dual = Exponential::new(&ball(q), &Rational::from(1), &Rational::from(1));
            let [zero, one] = [0.0, 1.0].map(ball);
            let far = Angle::new(one.pi(), one.clone(), zero.clone());
            let near = Angle::new(zero.clone(), zero.clone(), one.clone());
            // P(-x) = erfc(x/sqrt 2)/2.
            let below = |x: Ball| {
                let root = Float::with_val(200, x.midpoint() / Float::with_val(200, 2).sqrt());
                half(1.0) * Ball::new(root.erfc(), &Float::with_val(64, 1e-55))
            };
            let alike = |a: Ball, b: Ball| {
                let gap = a.clone() - b.clone();
                assert!(gap.magnitude() < 1e-50, "{a:?} against {b:?}");
            };
            alike(dual.mixed(&far), half(q).exp() * below(ball(q).sqrt()));
            alike(dual.mixed(&near), zero.clone());
            alike(dual.both(&far), zero);
            alike(dual.both(&near), ball(2.0 * q).exp() * below(ball(q).sqrt().times(2)));
        }
    }
}
