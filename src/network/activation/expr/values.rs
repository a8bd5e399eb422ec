//! Values of formulas, enclosed and in machine numbers.

use super::formula::{
    Formula::{self, Bell, Bump, Call, Number, Power, Product, Sum, Variable},
    Function,
};
use crate::math::{ball::Ball, machine::Machine, scalar::Scalar};
use rug::Rational;

impl Formula {
    /// The value at `u`, enclosed.
    pub fn enclosed(&self, u: &Ball) -> Ball {
        match self {
            Number(value) => u.constant(value),
            Variable => u.clone(),
            Sum(a, b) => a.enclosed(u) + b.enclosed(u),
            Product(a, b) => a.enclosed(u) * b.enclosed(u),
            Power(a, n) => a.enclosed(u).powi(*n),
            Call(function, v) => function.enclosed(u.constant(&v.slope) * u.clone() + u.constant(&v.shift)),
            Bell { square, linear, constant } => {
                let rising = u.constant(square) * u.clone() + u.constant(linear);
                (rising * u.clone() + u.constant(constant)).exp()
            }
            Bump { c, shift } => {
                let argument = u.clone() + u.constant(shift);
                // The square of a ball around 0 may reach below 0.
                u.constant(&Rational::from(1)) / (u.constant(c) + argument.clone() * argument)
            }
        }
    }

    /// Value and derivative at `u` in machine numbers.
    pub fn with_slope<R: Machine>(&self, u: R) -> [R; 2] {
        let near = |value: &Rational| R::near(value.to_f64());
        match self {
            Number(value) => [near(value), R::near(0.0)],
            Variable => [u, R::near(1.0)],
            Sum(a, b) => {
                let ([x, dx], [y, dy]) = (a.with_slope(u), b.with_slope(u));
                [x + y, dx + dy]
            }
            Product(a, b) => {
                let ([x, dx], [y, dy]) = (a.with_slope(u), b.with_slope(u));
                [x * y, dx * y + x * dy]
            }
            Power(a, n) => {
                let [x, dx] = a.with_slope(u);
                let lower = x.power(n - 1);
                [lower * x, R::near(f64::from(*n)) * lower * dx]
            }
            Call(function, v) => {
                let [value, slope] = function.with_slope(near(&v.slope) * u + near(&v.shift));
                [value, near(&v.slope) * slope]
            }
            Bell { square, linear, constant } => {
                let value = ((near(square) * u + near(linear)) * u + near(constant)).exponential();
                // Where the value underflows the product is 0, however large u is.
                let slope =
                    if value > R::near(0.0) { R::near(2.0) * near(square) * u + near(linear) } else { value };
                [value, slope * value]
            }
            Bump { c, shift } => {
                let argument = u + near(shift);
                let value = R::near(1.0) / (near(c) + argument * argument);
                [value, -(R::near(2.0) * argument * value * value)]
            }
        }
    }
}

impl Function {
    fn enclosed(self, v: Ball) -> Ball {
        let one = v.constant(&Rational::from(1));
        match self {
            Self::Exp => v.exp(),
            Self::Sin => v.sin(),
            Self::Cos => v.cos(),
            Self::Sinh => v.sinh(),
            Self::Cosh => v.cosh(),
            Self::Tanh => v.tanh(),
            Self::Sigmoid => (one + v.half().tanh()).half(),
            // ln(1 + e^v) = max(v, 0) + ln(1 + e^-|v|).
            Self::Softplus if v.midpoint().is_sign_positive() => v.clone() + (one + (-v).exp()).ln(),
            Self::Softplus => (one + v.exp()).ln(),
            Self::Erf => v.error_function(),
            Self::Atan => v.arc_tangent(),
            Self::Density => (-(v.clone() * v.clone())).exp().times(2) / v.pi().sqrt(),
        }
    }

    fn with_slope<R: Machine>(self, v: R) -> [R; 2] {
        let [zero, half, one] = [0.0, 0.5, 1.0].map(R::near);
        // e^v and e^-v, halved, for the hyperbolic functions.
        let ends = || [half * v.exponential(), half * (-v).exponential()];
        let density = || R::near(std::f64::consts::FRAC_2_SQRT_PI) * (-(v * v)).exponential();
        match self {
            Self::Exp => [v.exponential(); 2],
            Self::Sin => [v.sine(), v.cosine()],
            Self::Cos => [v.cosine(), -v.sine()],
            Self::Sinh => {
                let [a, b] = ends();
                [a - b, a + b]
            }
            Self::Cosh => {
                let [a, b] = ends();
                [a + b, a - b]
            }
            Self::Tanh => {
                let value = v.tangent_h();
                [value, (one - value) * (one + value)]
            }
            Self::Sigmoid => {
                let value = half * (one + (half * v).tangent_h());
                [value, value * (one - value)]
            }
            Self::Softplus => {
                let (ramp, size) = if v > zero { (v, v) } else { (zero, -v) };
                [ramp + (-size).exponential().log_one_plus(), half * (one + (half * v).tangent_h())]
            }
            Self::Erf => [v.error_function(), density()],
            Self::Atan => [v.arc_tangent(), one / (one + v * v)],
            Self::Density => [density(), -(R::near(2.0) * v * density())],
        }
    }
}
