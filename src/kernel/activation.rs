//! Dual activations: what an infinitely wide layer does to the covariance of its inputs.
//!
//! For a centred Gaussian pair `(u, v)` with variances `q` and covariance `S`, the dual activation is
//! `F(S; q) = E[phi(u) phi(v)]`, and `Fdot = dF/dS = E[phi'(u) phi'(v)]`.

use super::angle::Angle;
use crate::math::scalar::Scalar;
use rug::Rational;

/// An activation function `phi`; `P` is the type of its parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Activation<P> {
    /// `max(u, 0) + slope * min(u, 0)`: relu for slope 0, leaky relu otherwise.
    LeakyRelu {
        /// The slope for negative arguments.
        slope: P,
    },
    /// The error function.
    Erf,
    /// The sine.
    Sin,
    /// `u * Phi(u)` with the normal distribution function `Phi`.
    Gelu,
}

/// The covariance of a layer's inputs at a pair of points.
///
/// Invariant: `angle` is present exactly for leaky relus, and then `covariance = variance * cos(angle)`.
#[derive(Clone, Debug)]
pub struct Correlation<T> {
    /// `S`.
    pub covariance: T,
    /// The angle `arccos(S/q)`.
    pub angle: Option<Angle<T>>,
}

/// The dual activation and its derivative at one pair of points.
#[derive(Clone, Debug)]
pub struct Dual<T> {
    /// `F(S; q)`.
    pub value: T,
    /// `Fdot(S; q)`.
    pub derivative: T,
    /// For leaky relus, from which the next angle follows.
    pub excess: Option<Excess<T>>,
}

/// `X = (sin a - a cos a)/pi` at the angle `a` of the inputs; `dX/da = a sin(a)/pi`.
#[derive(Clone, Debug)]
pub struct Excess<T> {
    value: T,
    /// For values that stand for neighbourhoods, the angle at the centre and `X` there.
    centre: Option<(Angle<T>, T)>,
}

impl<T: Scalar> Excess<T> {
    fn at(angle: &Angle<T>) -> Self {
        let radians = angle.radians();
        let plain = |x: &Angle<T>| (x.sin() - x.radians() * x.cos()) / radians.pi();
        if !radians.is_wide() {
            return Self { value: plain(angle), centre: None };
        }
        let centre = Angle::from_radians(radians.centre());
        let middle = plain(&centre);
        let slope = radians.clone() * angle.sin() / radians.pi();
        let value = middle.clone() + slope * (radians - centre.radians());
        Self { value, centre: Some((centre, middle)) }
    }
}

impl Activation<Rational> {
    /// The same activation with its parameters in the arithmetic of `like`.
    pub fn convert<T: Scalar>(&self, like: &T) -> Activation<T> {
        match self {
            Self::LeakyRelu { slope } => Activation::LeakyRelu { slope: like.constant(slope) },
            Self::Erf => Activation::Erf,
            Self::Sin => Activation::Sin,
            Self::Gelu => Activation::Gelu,
        }
    }
}

impl<T: Scalar> Activation<T> {
    /// `F(q; q) = E[phi(u)^2]`.
    pub fn variance(&self, q: &T) -> T {
        match self {
            Self::LeakyRelu { slope } => q.clone() * leaky_mean(slope),
            _ => self.smooth(q, q).value,
        }
    }

    /// `F` and `Fdot` at `correlation` for inputs of variance `q`.
    pub fn dual(&self, correlation: &Correlation<T>, q: &T) -> Dual<T> {
        match (self, &correlation.angle) {
            (Self::LeakyRelu { slope }, Some(angle)) => leaky_dual(slope, angle, q),
            _ => {
                let s = &correlation.covariance;
                let mut dual = self.smooth(s, q);
                if s.is_wide() {
                    let centre = s.centre();
                    dual.value =
                        self.smooth(&centre, q).value + dual.derivative.clone() * (s.clone() - centre);
                }
                dual
            }
        }
    }

    /// The duals that are analytic functions of `S` around `[-q, q]`.
    fn smooth(&self, s: &T, q: &T) -> Dual<T> {
        let one = q.constant(&Rational::from(1));
        let two_over_pi = one.clone().times(2) / q.pi();
        let (value, derivative) = match self {
            Self::Erf => {
                let scale = one + q.clone().times(2);
                let doubled = s.clone().times(2);
                let root = (scale.clone() * scale.clone() - doubled.clone() * doubled.clone()).sqrt();
                (two_over_pi.clone() * (doubled / scale).asin(), two_over_pi.times(2) / root)
            }
            Self::Sin => {
                let damping = (-q.clone()).exp();
                (damping.clone() * s.clone().sinh(), damping * s.clone().cosh())
            }
            _ => gelu(s, q, &one, &two_over_pi),
        };
        Dual { value, derivative, excess: None }
    }
}

/// `E[phi(u)^2] / q = (1 + slope^2)/2`.
fn leaky_mean<T: Scalar>(slope: &T) -> T {
    let one = slope.constant(&Rational::from(1));
    (one + slope.clone() * slope.clone()).half()
}

/// `(1 - slope)^2 / 2`.
fn leaky_bend<T: Scalar>(slope: &T) -> T {
    let one = slope.constant(&Rational::from(1));
    let gap = one - slope.clone();
    (gap.clone() * gap).half()
}

/// With `a` the angle, `m = (1+s^2)/2`, `n = (1-s)^2/2`: `F = q (m cos a + n (sin a - a cos a)/pi)`, which is
/// `(1-s)^2 F_relu + s S`, and `Fdot = n (1 - a/pi) + s`.
fn leaky_dual<T: Scalar>(slope: &T, angle: &Angle<T>, q: &T) -> Dual<T> {
    let (cos, radians, bend) = (angle.cos(), angle.radians(), leaky_bend(slope));
    let excess = Excess::at(angle);
    let value = q.clone() * (leaky_mean(slope) * cos + bend.clone() * excess.value.clone());
    let one = q.constant(&Rational::from(1));
    let derivative = bend * (one - radians / q.pi()) + slope.clone();
    Dual { value, derivative, excess: Some(excess) }
}

/// What a layer does to the angle between two inputs; for leaky relus.
///
/// With `S' = keep S + gain F + shift`, `q'` the same map of `q`, and `X` the excess at the angle `a`, the next angle is
///
/// ```text
/// sin(a'/2)^2 = (q/q') sin(a/2)^2 [ keep + gain (m - n X / (2 sin(a/2)^2)) ]
/// cos(a'/2)^2 = (q/q') [ keep cos(a/2)^2 + gain (m cos(a/2)^2 + n X/2) ] + shift/q'
/// da'/da      = (q/q') (keep + gain Fdot) sin(a)/sin(a')
/// ```
///
/// Both squares are sums without cancellation at the ends, and `sin(a'/2)` is a multiple of `sin(a/2)` by an analytic
/// factor, so that the angle is an analytic function of the first one at both ends.
pub struct AngleMap<'a, T> {
    /// The slope of the activation.
    pub slope: &'a T,
    /// The map of covariances.
    pub step: Affine<'a, T>,
    /// `q` and `q'`.
    pub variances: (&'a T, &'a T),
}

impl<T: Scalar> AngleMap<'_, T> {
    /// The angle after the layer, given the excess and `Fdot` at the angle before it.
    pub fn apply(&self, angle: &Angle<T>, excess: &Excess<T>, derivative: &T) -> Angle<T> {
        let (sin_factor, cos_half) = self.halves(angle, &excess.value);
        let Some((centre, middle)) = &excess.centre else {
            return Angle::from_halves(angle.sin_half().clone() * sin_factor, cos_half);
        };
        let ratio = self.variances.0.clone() / self.variances.1.clone();
        let rate = self.step.linear(|one| one, derivative.clone());
        let slope = ratio * rate * angle.cos_half().clone() / sin_factor / cos_half;
        let (sin_factor, cos_half) = self.halves(centre, middle);
        let image = Angle::from_halves(centre.sin_half().clone() * sin_factor, cos_half).radians();
        Angle::from_radians(image + slope * (angle.radians() - centre.radians()))
    }

    /// `sin(a'/2) / sin(a/2)` and `cos(a'/2)`.
    fn halves(&self, angle: &Angle<T>, excess: &T) -> (T, T) {
        let (s, c) = (angle.sin_half(), angle.cos_half());
        let (q, next) = self.variances;
        let (mean, bend) = (leaky_mean(self.slope), leaky_bend(self.slope));
        let bent = bend.clone() * excess.clone().half();
        let shrink = if s.is_zero() || bend.is_zero() || self.step.gain.is_zero() {
            mean.clone()
        } else {
            mean.clone() - bend * excess.clone().div_regular((s.clone() * s.clone()).times(2))
        };
        let ratio = q.clone() / next.clone();
        let cos_squared = c.clone() * c.clone();
        let sin_factor = self.step.linear(|one| one, shrink);
        let cos_part = self.step.linear(|_| cos_squared.clone(), mean * cos_squared.clone() + bent);
        let cos_half = ratio.clone() * cos_part + self.step.shift.clone() / next.clone();
        ((ratio * sin_factor).sqrt(), cos_half.sqrt())
    }
}

/// The affine map `S' = keep S + gain F + shift` of a layer, `keep` being 1 on a skip connection and 0 without.
#[derive(Debug)]
pub struct Affine<'a, T> {
    /// Is there a skip connection?
    pub keep: bool,
    /// What multiplies `F`.
    pub gain: &'a T,
    /// What is added.
    pub shift: &'a T,
}

impl<T> Clone for Affine<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Affine<'_, T> {}

impl<T: Scalar> Affine<'_, T> {
    /// `keep * kept(1) + gain * value`.
    fn linear(&self, kept: impl FnOnce(T) -> T, value: T) -> T {
        let scaled = self.gain.clone() * value;
        if self.keep { kept(self.gain.constant(&Rational::from(1))) + scaled } else { scaled }
    }

    /// `keep * old + gain * value + shift`.
    pub fn apply(&self, old: T, value: T) -> T {
        self.linear(|_| old, value) + self.shift.clone()
    }
}

/// `phi(u) = u Phi(u)`. With `D^2 = (1+q)^2 - S^2`, by Stein's lemma
///
/// ```text
/// F    = S/4 + [ (q^2 (1+q) + S^2 (1-q)) / ((1+q) D) + S arcsin(S/(1+q)) ] / (2 pi)
/// Fdot = 1/4 + [ arcsin(S/(1+q)) + S/D + 2 S (1-q) / ((1+q) D)
///                + S (q^2 (1+q) + S^2 (1-q)) / ((1+q) D^3) ] / (2 pi)
/// ```
fn gelu<T: Scalar>(s: &T, q: &T, one: &T, two_over_pi: &T) -> (T, T) {
    let scale = one.clone() + q.clone();
    let rest = one.clone() - q.clone();
    let square = scale.clone() * scale.clone() - s.clone() * s.clone();
    let root = square.clone().sqrt();
    let arc = (s.clone() / scale.clone()).asin();
    let head = (q.clone() * q.clone() + s.clone() * s.clone() * rest.clone() / scale.clone()) / root.clone();
    let quarter = one.clone().half().half();
    let weight = two_over_pi.clone().half().half();
    let value = quarter.clone() * s.clone() + weight.clone() * (head.clone() + s.clone() * arc.clone());
    let slope = arc
        + s.clone() / root.clone()
        + (s.clone() * rest).times(2) / (scale * root)
        + s.clone() * head / square;
    (value, quarter + weight * slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `E[f(u) f(v)]` for a Gaussian pair by the trapezoidal rule, which converges geometrically for smooth `f`.
    fn expectation(f: impl Fn(f64) -> f64, s: f64, q: f64) -> f64 {
        let rho = s / q;
        let (h, mut sum, mut mass) = (0.05, 0.0, 0.0);
        for i in -200..=200 {
            for j in -200..=200 {
                let (x, z) = (f64::from(i) * h, f64::from(j) * h);
                let density = (-0.5 * (x * x + z * z)).exp();
                let y = rho * x + (1.0 - rho * rho).sqrt() * z;
                sum += density * f(q.sqrt() * x) * f(q.sqrt() * y);
                mass += density;
            }
        }
        sum / mass
    }

    fn normal_distribution(u: f64) -> f64 {
        // Int_0^u exp(-x^2/2) by Simpson's rule.
        let n = 400;
        let h = u / f64::from(n);
        let f = |x: f64| (-0.5 * x * x).exp();
        let sum: f64 = (0..n)
            .map(|i| {
                let x = f64::from(i) * h;
                h / 6.0 * (f(x) + 4.0 * f(x + 0.5 * h) + f(x + h))
            })
            .sum();
        0.5 + sum / (2.0 * std::f64::consts::PI).sqrt()
    }

    #[test]
    fn closed_forms_agree_with_gaussian_integrals() {
        let table: Vec<f64> = (0..=4000).map(|i| normal_distribution(f64::from(i - 2000) * 0.01)).collect();
        let phi = |u: f64| {
            let at = (u / 0.01 + 2000.0).clamp(1.0, 3998.0);
            let (i, x) = (at.floor() as usize, at.fract());
            // Cubic interpolation of the table.
            let [a, b, c, d] = [table[i - 1], table[i], table[i + 1], table[i + 2]];
            b + 0.5 * x * (c - a + x * (2.0 * a - 5.0 * b + 4.0 * c - d + x * (3.0 * (b - c) + d - a)))
        };
        let density = |u: f64| (-0.5 * u * u).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let erf = |u: f64| 2.0 * phi(u * std::f64::consts::SQRT_2) - 1.0;
        for (s, q) in [(0.3, 1.0), (-0.7, 1.1), (0.5, 0.6), (1.0, 1.7)] {
            let check = |kind: Activation<f64>, f: &dyn Fn(f64) -> f64, g: &dyn Fn(f64) -> f64| {
                let dual = kind.smooth(&s, &q);
                assert!((dual.value - expectation(f, s, q)).abs() < 1e-6, "{kind:?} value");
                assert!((dual.derivative - expectation(g, s, q)).abs() < 1e-6, "{kind:?} slope");
            };
            check(Activation::Sin, &f64::sin, &f64::cos);
            let slope = |u: f64| 2.0 / std::f64::consts::PI.sqrt() * (-u * u).exp();
            check(Activation::Erf, &erf, &slope);
            check(Activation::Gelu, &|u| u * phi(u), &|u| phi(u) + u * density(u));
        }
    }
}
