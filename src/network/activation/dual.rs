//! What an activation does to the covariance of its inputs at infinite width.
//!
//! For a centred Gaussian pair `(u, v)` with variances `q`, covariance `S` and angle `a = arccos(S/q)`, the dual of `phi` is
//! `F(S; q) = E[phi(u) phi(v)]`, and `Fdot = E[phi'(u) phi'(v)]`, which is `dF/dS` unless `phi` jumps.
//!
//! Two classes (networks.md, section 6): *smooth* duals are analytic functions of `S` around `[-q, q]`; *angular* ones, of functions with a kink
//! at 0, are entire functions of `a`. So that no digits are lost at either end, both give differences from the diagonal by a factor that is
//! regular there.

use super::series::Table;
use crate::math::{angle::Angle, ball::Ball, scalar::Scalar};
use rug::Rational;
use std::{fmt::Debug, sync::Arc};

/// The dual of an activation at one variance of its inputs, in one arithmetic.
#[derive(Clone, Debug)]
pub enum Dual<T> {
    /// An analytic function of the covariance.
    Smooth(Arc<dyn Smooth<T>>),
    /// An entire function of the angle.
    Angular(Arc<dyn Angular<T>>),
}

/// A dual that is an analytic function of the covariance `S` around `[-q, q]`.
pub trait Smooth<T: Scalar>: Debug + Send + Sync {
    /// `[F, Fdot]` at the covariance `s`; where `q - s` is known to more digits than their difference, it is given.
    fn at(&self, s: &T, gap: Option<&T>) -> [T; 2];

    /// `(F(q) - F(s)) / (q - s)` for the covariance `s`, where `gap = q - s` is known precisely and is not 0, and `peak = F(q)`.
    fn secant(&self, s: &T, gap: &T, peak: &T) -> T {
        let [value, _] = self.at(s, Some(gap));
        (peak.clone() - value).div_regular(gap.clone())
    }
}

/// A dual that is an entire function of the angle `a`.
pub trait Angular<T: Scalar>: Debug + Send + Sync {
    /// The dual at the angle `a`; with the fall if that is asked for.
    fn at(&self, a: &Angle<T>, with_fall: bool) -> AtAngle<T>;

    /// `kappa` where `phi` jumps: then `F(q) - F = kappa a`, and `F(q) + F - 2 (E phi)^2 = kappa (pi - a)`.
    fn jump(&self) -> Option<T> {
        None
    }
}

/// An angular dual at one angle `a`.
#[derive(Clone, Debug)]
pub struct AtAngle<T> {
    /// `F`.
    pub value: T,
    /// `Fdot`.
    pub slope: T,
    /// `(F(q) - F) / sin(a/2)^2`; none where it was not asked for, at `a = 0`, and where `phi` jumps.
    pub fall: Option<T>,
}

/// The square of `sin(a/2)`, unless that is 0.
fn square<T: Scalar>(a: &Angle<T>) -> Option<T> {
    let s = a.sin_half();
    (!s.is_zero()).then(|| s.clone() * s.clone())
}

/// The mean `E phi` of a unit, and its square, which may be known where the mean itself is not.
#[derive(Clone, Debug)]
pub struct Mean<T> {
    /// `E phi`.
    pub value: T,
    /// `(E phi)^2`.
    pub square: T,
}

impl<T: Scalar> Mean<T> {
    /// The mean `value`.
    pub fn of(value: T) -> Self {
        Self { square: value.clone() * value.clone(), value }
    }

    /// No mean, in the arithmetic of `like`.
    pub fn zero(like: &T) -> Self {
        let zero = like.constant(&Rational::new());
        Self { value: zero.clone(), square: zero }
    }

    /// The mean whose square this is, not negative itself.
    pub fn root(square: T) -> Self {
        Self { value: square.clone().sqrt(), square }
    }
}

/// The smallest integers as constants.
pub(super) fn integer<T: Scalar>(like: &T, n: i32) -> T {
    like.constant(&Rational::from(n))
}

/// `max(u, 0) + slope min(u, 0)`: with `A = (1+slope^2)/2`, `B = (1-slope)^2/2` and `X = (sin a - a cos a)/pi`,
///
/// ```text
/// F = q (A cos a + B X),   Fdot = A - B a/pi,   (F(q) - F)/sin(a/2)^2 = q (2 A - B X/sin(a/2)^2)
/// ```
#[derive(Debug)]
pub(super) struct Bent<T> {
    q: T,
    mean: T,
    bend: T,
}

impl<T: Scalar> Bent<T> {
    /// The dual at inputs of variance `q`.
    pub fn dual(q: &T, slope: &Rational) -> Dual<T> {
        let mean = Rational::from(slope.square_ref()) + 1u32;
        let bend = Rational::from(1u32 - slope).square();
        let half = |x: Rational| q.constant(&(x / 2u32));
        Dual::Angular(Arc::new(Self { q: q.clone(), mean: half(mean), bend: half(bend) }))
    }

    /// `E phi = (1 - slope) sqrt(q/(2 pi))`.
    pub fn mean(q: &T, slope: &Rational) -> Mean<T> {
        let factor = q.constant(&Rational::from(1u32 - slope));
        let variance = q.clone() / q.pi().times(2);
        let square = factor.clone() * factor.clone() * variance.clone();
        let value = if factor.is_zero() { factor } else { factor * variance.sqrt() };
        Mean { value, square }
    }
}

/// `X = (sin a - a cos a)/pi`; `dX/da = a sin(a)/pi`.
fn excess<T: Scalar>(angle: &Angle<T>) -> T {
    let radians = angle.radians();
    let plain = |x: &Angle<T>, radians: T| (x.sin() - radians * x.cos()) / x.sin_half().pi();
    if !radians.is_wide() {
        return plain(angle, radians);
    }
    let centre = radians.centre();
    let middle = plain(&Angle::from_radians(centre.clone()), centre.clone());
    let slope = radians.clone() * angle.sin() / radians.pi();
    middle + slope * (radians - centre)
}

impl<T: Scalar> Angular<T> for Bent<T> {
    fn at(&self, a: &Angle<T>, with_fall: bool) -> AtAngle<T> {
        let slope = self.mean.clone() - self.bend.clone() * a.radians() / self.q.pi();
        let straight = self.mean.clone() * a.cos();
        let twice = || self.mean.clone().times(2);
        let asked = square(a).filter(|_| with_fall);
        let (value, fall) = if self.bend.is_zero() {
            (straight, asked.map(|_| twice()))
        } else {
            let bent = self.bend.clone() * excess(a);
            (straight + bent.clone(), asked.map(|square| twice() - bent.div_regular(square)))
        };
        let scaled = |x: T| self.q.clone() * x;
        AtAngle { value: scaled(value), slope, fall: fall.map(scaled) }
    }
}

/// `u^p 1(u > 0)`: with the functions of Cho and Saul (2009),
///
/// ```text
/// J_0 = pi - a,   J_1 = sin a + (pi-a) cos a,   J_(n+1) = (2n+1) cos a J_n + n^2 sin(a)^2 J_(n-1)
/// F = q^p J_p/(2 pi),   Fdot = p^2 q^(p-1) J_(p-1)/(2 pi)
/// ```
///
/// Differences from `J_n(0) = (2n-1)!! pi` come from the same recurrence: `E_n = (J_n(0) - J_n)/sin(a/2)^2` has
/// `E_1 = 2 pi - (sin a - a cos a)/sin(a/2)^2` and `E_(n+1) = (2n+1)(E_n + 2 J_n) - 4 n^2 cos(a/2)^2 J_(n-1)`.
#[derive(Debug)]
pub(super) struct ArcCosine<T> {
    /// `q^p/(2 pi)` and `p^2 q^(p-1)/(2 pi)`.
    scales: [T; 2],
    p: u32,
}

impl<T: Scalar> ArcCosine<T> {
    /// The dual at inputs of variance `q`, for `p >= 1`.
    pub fn dual(q: &T, p: u32) -> Dual<T> {
        let unit = integer(q, 1) / q.pi().times(2);
        let below = unit * q.clone().powi(p - 1);
        let square = q.constant(&Rational::from(p).square());
        Dual::Angular(Arc::new(Self { scales: [below.clone() * q.clone(), below * square], p }))
    }

    /// `J_0, ..., J_p`, with at least two of them.
    fn functions(&self, a: &Angle<T>) -> Vec<T> {
        let (cos, sin) = (a.cos(), a.sin());
        let rest = a.supplement_radians();
        let mut all = vec![rest.clone(), sin.clone() + rest * cos.clone()];
        let square = sin.clone() * sin;
        for n in 1..self.p as i32 {
            let [before, last] = [&all[n as usize - 1], &all[n as usize]];
            all.push(
                (cos.clone() * last.clone()).times(2 * n + 1)
                    + (square.clone() * before.clone()).times(n * n),
            );
        }
        all
    }
}

impl<T: Scalar> ArcCosine<T> {
    fn fall(&self, a: &Angle<T>, all: &[T], square: T) -> T {
        let pi = a.sin_half().pi();
        let far = a.cos_half().clone() * a.cos_half().clone();
        let mut fall = pi.clone().times(2) - (pi * excess(a)).div_regular(square);
        for n in 1..self.p as i32 {
            let more = (fall + all[n as usize].clone().times(2)).times(2 * n + 1);
            fall = more - (far.clone() * all[n as usize - 1].clone()).times(4 * n * n);
        }
        self.scales[0].clone() * fall
    }
}

impl<T: Scalar> Angular<T> for ArcCosine<T> {
    fn at(&self, a: &Angle<T>, with_fall: bool) -> AtAngle<T> {
        let all = self.functions(a);
        let p = self.p as usize;
        let slope = self.scales[1].clone() * all[p - 1].clone();
        let fall = square(a).filter(|_| with_fall).map(|square| self.fall(a, &all, square));
        let radians = a.radians();
        let value = if radians.is_wide() {
            // dJ_p/da = -p^2 sin a J_(p-1).
            let centre = radians.centre();
            let middle = self.functions(&Angle::from_radians(centre.clone())).swap_remove(p);
            let rate = -(a.sin() * all[p - 1].clone()).times((self.p * self.p) as i32);
            middle + rate * (radians - centre)
        } else {
            all[p].clone()
        };
        AtAngle { value: self.scales[0].clone() * value, slope, fall }
    }
}

/// A step of height `h` on a constant: `F = base + h^2 (pi - a)/(2 pi)`, `Fdot = 0`.
#[derive(Debug)]
pub(super) struct Jump<T> {
    base: T,
    /// `h^2/(2 pi)`.
    rate: T,
}

impl<T: Scalar> Jump<T> {
    /// The dual of `low` for negative and `high` for positive arguments.
    pub fn dual(like: &T, low: i32, high: i32) -> Dual<T> {
        // E phi(u) phi(v): both signs are equal with probability (pi - a)/pi.
        let height = (high - low) * (high - low);
        let rate = integer(like, height) / like.pi().times(2);
        Dual::Angular(Arc::new(Self { base: integer(like, low * high), rate }))
    }
}

impl<T: Scalar> Angular<T> for Jump<T> {
    fn at(&self, a: &Angle<T>, _: bool) -> AtAngle<T> {
        let value = self.base.clone() + self.rate.clone() * a.supplement_radians();
        AtAngle { value, slope: self.base.constant(&Rational::new()), fall: None }
    }

    fn jump(&self) -> Option<T> {
        Some(self.rate.clone())
    }
}

/// `F = x e^(r (S - q)) + y e^(-r (S + q))`.
#[derive(Debug)]
pub(super) struct Exponentials<T> {
    q: T,
    rate: T,
    /// `x` and `y`.
    weights: [T; 2],
}

impl<T: Scalar> Exponentials<T> {
    /// The dual of these rate and weights.
    pub fn dual(q: &T, rate: T, weights: [T; 2]) -> Dual<T> {
        Dual::Smooth(Arc::new(Self { q: q.clone(), rate, weights }))
    }

    /// The two terms, for the covariance `s` and `gap = q - s`.
    fn terms(&self, s: &T, gap: T) -> [T; 2] {
        let [x, y] = &self.weights;
        let sum = self.q.clone() + s.clone();
        let term = |weight: &T, gap: T| {
            if weight.is_zero() {
                weight.clone()
            } else {
                weight.clone() * (-(self.rate.clone() * gap)).exp()
            }
        };
        [term(x, gap), term(y, sum)]
    }
}

impl<T: Scalar> Smooth<T> for Exponentials<T> {
    fn at(&self, s: &T, gap: Option<&T>) -> [T; 2] {
        let gap = gap.map_or_else(|| self.q.clone() - s.clone(), T::clone);
        let [rising, falling] = self.terms(s, gap);
        [rising.clone() + falling.clone(), self.rate.clone() * (rising - falling)]
    }

    /// With `h = r (q - S)/2`: the terms at `q` and at `S` differ by `x (1 - e^(-2h))` and `y e^(-2 r q) (1 - e^(2h))`, which are
    /// `2 sinh h e^(-h)` times `x` and `-2 sinh h e^h` times `y e^(-2 r q)`.
    fn secant(&self, s: &T, gap: &T, _: &T) -> T {
        let half = (self.rate.clone() * gap.clone()).half();
        let sine = half.clone().sinh().div_regular(gap.clone()).times(2);
        let [x, y] = &self.weights;
        let rising = x.clone() * (-half.clone()).exp();
        // e^(-2 r q) e^h = e^(-r (q + S)) e^(-h)
        let sum = self.q.clone() + s.clone();
        let falling =
            if y.is_zero() { y.clone() } else { y.clone() * (-(self.rate.clone() * sum + half)).exp() };
        sine * (rising - falling)
    }
}

/// `F = sum_l c_l S^l`.
#[derive(Debug)]
pub(super) struct PowerSeries<T> {
    /// The coefficients `c_l`.
    pub coefficients: Vec<T>,
    /// `q`.
    pub q: T,
}

impl<T: Scalar> Smooth<T> for PowerSeries<T> {
    fn at(&self, s: &T, _: Option<&T>) -> [T; 2] {
        let zero = self.q.constant(&Rational::new());
        let step = |[value, slope]: [T; 2], c: &T| {
            [value.clone() * s.clone() + c.clone(), slope * s.clone() + value]
        };
        self.coefficients.iter().rev().fold([zero.clone(), zero], step)
    }

    /// `(q^l - s^l)/(q - s) = sum_j q^j s^(l-1-j)`, by Horner's rule: with `p_l` the polynomial's tail `sum_(i >= l) c_i q^(i-l)`, the quotient is
    /// `sum_(l >= 1) p_l s^(l-1)`.
    fn secant(&self, s: &T, _: &T, _: &T) -> T {
        let zero = self.q.constant(&Rational::new());
        let mut tail = zero.clone();
        let tails: Vec<T> = self
            .coefficients
            .iter()
            .skip(1)
            .rev()
            .map(|c| {
                tail = tail.clone() * self.q.clone() + c.clone();
                tail.clone()
            })
            .collect();
        tails.into_iter().fold(zero, |sum, p| sum * s.clone() + p)
    }
}

/// `F = sum_n a_n^2 rho^n` with `rho = S/q`, cut; or, with what was cut, an enclosure of the whole.
#[derive(Debug)]
pub struct HermiteSeries<T> {
    q: T,
    /// `a_n^2` of even and of odd `n`.
    squares: [Vec<T>; 2],
    /// Enclosures of what the cut leaves out of `F` and `q Fdot`.
    tails: Option<[T; 2]>,
}

impl<T: Scalar> HermiteSeries<T> {
    /// The series of a table in the arithmetic of `q`; with the tails or without.
    pub fn new(q: &T, table: &Table, with_tails: bool) -> Self {
        let part = |parity: usize| -> Vec<T> {
            let squares: Vec<&Ball> = table.squares.iter().skip(parity).step_by(2).collect();
            let known = squares.iter().rposition(|square| !square.is_zero()).map_or(0, |last| last + 1);
            squares[..known].iter().map(|square| q.enclosing(square)).collect()
        };
        let tails = with_tails.then(|| table.tails.each_ref().map(|tail| q.enclosing(tail)));
        Self { q: q.clone(), squares: [part(0), part(1)], tails }
    }
}

impl<T: Scalar> Smooth<T> for HermiteSeries<T> {
    fn at(&self, s: &T, _: Option<&T>) -> [T; 2] {
        let zero = integer(&self.q, 0);
        let rho = s.clone() / self.q.clone();
        let square = rho.clone() * rho.clone();
        // `[p(x), p'(x)]` at `x = rho^2`.
        let [even, odd] = self.squares.each_ref().map(|coefficients| {
            let step = |[value, slope]: [T; 2], c: &T| {
                [value.clone() * square.clone() + c.clone(), slope * square.clone() + value]
            };
            coefficients.iter().rev().fold([zero.clone(), zero.clone()], step)
        });
        let value = even[0].clone() + rho.clone() * odd[0].clone();
        let slope = odd[0].clone() + (square * odd[1].clone() + rho * even[1].clone()).times(2);
        match &self.tails {
            None => [value, slope / self.q.clone()],
            Some([more, steeper]) => [value + more.clone(), (slope + steeper.clone()) / self.q.clone()],
        }
    }
}

/// `F = sum_l r_l^2 S^l/l!` of the polynomial `sum_n c_n u^n` over the root of `divisor`, with
/// `r_l = sum_i c_(l+2i) (l+2i)! q^i/(2^i i!)`; the coefficients of `F` and the mean `r_0`.
pub(super) fn polynomial<T: Scalar>(q: &T, coefficients: &[Rational], divisor: &Rational) -> (Vec<T>, T) {
    let count = coefficients.len();
    let mut factorials = vec![Rational::from(1)];
    for n in 1..=count {
        let next = Rational::from(&factorials[n - 1] * n as u32);
        factorials.push(next);
    }
    let moment = |l: usize| {
        let mut power = integer(q, 1);
        let mut sum = integer(q, 0);
        for (i, n) in (l..count).step_by(2).enumerate() {
            let weight = (Rational::from(&coefficients[n] * &factorials[n]) / &factorials[i]) >> i as u32;
            if !weight.is_zero() {
                sum = sum + power.clone() * q.constant(&weight);
            }
            power = power * q.clone();
        }
        sum
    };
    let moments: Vec<T> = (0..count).map(moment).collect();
    let squared = |(l, r): (usize, &T)| {
        let scale = Rational::from(&factorials[l] * divisor).recip();
        r.clone() * r.clone() * q.constant(&scale)
    };
    let squares = moments.iter().enumerate().map(squared).collect();
    (squares, moments.into_iter().next().unwrap_or_else(|| integer(q, 0)))
}
