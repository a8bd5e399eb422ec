//! How large a formula is in a strip around the real line.
//!
//! Let `y` bound `|Im u|`, and `v = a u + b`, so that `|Im v| <= |a| y = z` and `|Re v| <= |a| |Re u| + |b|`. Then
//!
//! ```text
//! |exp v|, |sinh v|, |cosh v| <= e^|b| e^(|a| |Re u|)           |sin v|, |cos v| <= cosh z
//! |tanh v| <= max(1, tan z), z < pi/2                           sigmoid v = (1 + tanh(v/2))/2, z < pi
//! |ln(1 + e^v)| <= |v| + pi + ln 2 - ln sin z (for z > pi/2; without the last term below), z < pi
//! |erf v| <= 1 + (2/sqrt pi) z e^(z^2)                          |erf' v| <= (2/sqrt pi) e^(z^2)
//! |atan v| <= pi/2 + ln((1+z)/(1-z))/2, z < 1                   1/|c + (u+b)^2| <= 1/(c - y^2), y^2 < c
//! ```
//!
//! and `|exp(-p u^2 + a u + c)| <= e^(p y^2 + c) e^(|a| |Re u|)`. For softplus `v/2 + ln(2 cosh(v/2))`, the logarithm being `|v|/2` at most and
//! `ln(1 + e^-v)` with `sin z <= |1 + e^-v| <= 2` for `Re v >= 0`. Powers of `1 + |u|` are kept apart, and end as `(1 + x)^n <= (n/e)^n e^(1 + x)`, as
//! `x^n e^-x` is largest at `n`.

use super::{
    super::series::{INSIDE, WIDEST, rule::Strip},
    formula::{Affine, Formula, Function},
};
use std::f64::consts::{FRAC_2_SQRT_PI, FRAC_PI_2, LN_2, PI};

/// Half widths in units of the standard deviation that are tried.
const WIDTHS: [f64; 8] = [0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.5, WIDEST];
/// What is added to a logarithm for the rounding of a few hundred operations in f64.
const SLACK: f64 = 1e-6;

/// `e^log (1 + |u|)^degree e^(rate |Re u|)`.
#[derive(Clone, Copy)]
struct Size {
    log: f64,
    degree: f64,
    rate: f64,
}

/// Strips on which all the formulas are bounded, for inputs whose standard deviation lies between `least` and `root`.
pub fn candidates(formulas: &[&Formula], root: f64, least: f64) -> Vec<Strip> {
    let width = formulas.iter().map(|formula| formula.half_width()).fold(f64::INFINITY, f64::min);
    let most = (INSIDE * width).min(WIDEST * least);
    let widths = WIDTHS.iter().map(|alpha| alpha * least).filter(|y| *y < most).chain([most]);
    let strip = |y: f64| {
        let all: Vec<Size> = formulas.iter().map(|formula| formula.size(y)).collect();
        let largest = |part: fn(&Size) -> f64| all.iter().map(part).fold(0.0, f64::max);
        let (degree, mut rate) = (largest(|size| size.degree), largest(|size| size.rate));
        let mut growth = largest(|size| size.log) + SLACK;
        if degree > 0.0 {
            // 1 + |u| <= 1 + y + |Re u|.
            growth += degree * (degree.ln() - 1.0) + 1.0 + y;
            rate += 1.0;
        }
        Strip { alpha: y / root, growth, rate: rate * root * (1.0 + SLACK) }
    };
    widths.map(strip).filter(|strip| strip.growth.is_finite()).collect()
}

impl Formula {
    /// Half the width of the largest strip around the real line in which it is analytic.
    pub fn half_width(&self) -> f64 {
        match self {
            Self::Number(_) | Self::Variable | Self::Bell { .. } => f64::INFINITY,
            Self::Sum(a, b) | Self::Product(a, b) => a.half_width().min(b.half_width()),
            Self::Power(a, _) => a.half_width(),
            Self::Call(function, v) => {
                let own = match function {
                    Function::Tanh => FRAC_PI_2,
                    Function::Sigmoid | Function::Softplus => PI,
                    Function::Atan => 1.0,
                    _ => f64::INFINITY,
                };
                own / v.slope.to_f64().abs()
            }
            Self::Bump { c, .. } => c.to_f64().sqrt(),
        }
    }

    fn size(&self, y: f64) -> Size {
        let plain = |log: f64| Size { log, degree: 0.0, rate: 0.0 };
        match self {
            Self::Number(value) => plain(value.to_f64().abs().max(f64::MIN_POSITIVE).ln()),
            Self::Variable => Size { degree: 1.0, ..plain(0.0) },
            Self::Sum(a, b) => {
                let (a, b) = (a.size(y), b.size(y));
                let high = a.log.max(b.log);
                let log = high + ((a.log - high).exp() + (b.log - high).exp()).ln();
                Size { log, degree: a.degree.max(b.degree), rate: a.rate.max(b.rate) }
            }
            Self::Product(a, b) => {
                let (a, b) = (a.size(y), b.size(y));
                Size { log: a.log + b.log, degree: a.degree + b.degree, rate: a.rate + b.rate }
            }
            Self::Power(a, n) => {
                let (a, n) = (a.size(y), f64::from(*n));
                Size { log: n * a.log, degree: n * a.degree, rate: n * a.rate }
            }
            Self::Call(function, v) => function.size(v, y),
            Self::Bell { square, linear, constant } => Size {
                log: -square.to_f64() * y * y + constant.to_f64(),
                degree: 0.0,
                rate: linear.to_f64().abs(),
            },
            Self::Bump { c, .. } => plain(-(c.to_f64() - y * y).ln()),
        }
    }
}

impl Function {
    fn size(self, v: &Affine, y: f64) -> Size {
        let (a, b) = (v.slope.to_f64().abs(), v.shift.to_f64().abs());
        let z = a * y;
        let plain = |size: f64| Size { log: size.ln(), degree: 0.0, rate: 0.0 };
        match self {
            Self::Exp | Self::Sinh | Self::Cosh => Size { log: b, degree: 0.0, rate: a },
            Self::Sin | Self::Cos => Size { log: z, degree: 0.0, rate: 0.0 },
            Self::Tanh => plain(z.tan().max(1.0)),
            Self::Sigmoid => plain(0.5 * (1.0 + (0.5 * z).tan().max(1.0))),
            Self::Softplus => {
                let least = if z > FRAC_PI_2 { z.sin() } else { 1.0 };
                Size { degree: 1.0, ..plain(a + b + PI + LN_2 - least.ln()) }
            }
            Self::Erf => Size { log: (1.0 + FRAC_2_SQRT_PI * z).ln() + z * z, degree: 0.0, rate: 0.0 },
            Self::Density => Size { log: FRAC_2_SQRT_PI.ln() + z * z, degree: 0.0, rate: 0.0 },
            Self::Atan => plain(FRAC_PI_2 + 0.5 * ((1.0 + z) / (1.0 - z)).ln()),
        }
    }
}
