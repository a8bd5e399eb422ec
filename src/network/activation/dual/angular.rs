//! Duals of functions that are powers on both sides of 0: entire functions of the angle.

use super::{Angular, AtAngle, Dual, Mean, integer};
use crate::math::{angle::Angle, scalar::Scalar};
use rug::Rational;
use std::sync::Arc;

/// The square of `sin(a/2)`, unless that is 0.
fn square<T: Scalar>(a: &Angle<T>) -> Option<T> {
    let s = a.sin_half();
    (!s.is_zero()).then(|| s.clone() * s.clone())
}

/// `max(u, 0) + slope min(u, 0)`: with `A = (1+slope^2)/2`, `B = (1-slope)^2/(2 pi)` and `X = sin a - a cos a`,
///
/// ```text
/// F = q (A cos a + B X),   Fdot = A - B a,   (F(q) - F)/sin(a/2)^2 = q (2 A - B X/sin(a/2)^2)
/// ```
#[derive(Debug)]
pub struct Bent<T> {
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
        let bend = if bend.is_zero() { half(bend) } else { half(bend) / q.pi() };
        Dual::Angular(Arc::new(Self { q: q.clone(), mean: half(mean), bend }))
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

/// `X = sin a - a cos a`; `dX/da = a sin a`.
fn excess<T: Scalar>(angle: &Angle<T>, centre: Option<&Angle<T>>) -> T {
    let plain = |x: &Angle<T>| x.radians().excess(x.sin(), x.cos());
    let Some(centre) = centre else { return plain(angle) };
    let radians = angle.radians();
    plain(centre) + radians.clone() * angle.sin() * (radians - centre.radians())
}

impl<T: Scalar> Angular<T> for Bent<T> {
    fn homogeneity(&self) -> Option<u32> {
        Some(1)
    }

    fn at(&self, a: &Angle<T>, centre: Option<&Angle<T>>, with_fall: bool) -> AtAngle<T> {
        let slope = self.mean.clone() - self.bend.clone() * a.radians();
        let straight = self.mean.clone() * a.cos();
        let twice = || self.mean.clone().times(2);
        let asked = square(a).filter(|_| with_fall);
        let (value, fall) = if self.bend.is_zero() {
            (straight, asked.map(|_| twice()))
        } else {
            let bent = self.bend.clone() * excess(a, centre);
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
pub struct ArcCosine<T> {
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
    fn fall(&self, a: &Angle<T>, centre: Option<&Angle<T>>, all: &[T], square: T) -> T {
        let far = a.cos_half().clone() * a.cos_half().clone();
        let mut fall = a.sin_half().pi().times(2) - excess(a, centre).div_regular(square);
        for n in 1..self.p as i32 {
            let more = (fall + all[n as usize].clone().times(2)).times(2 * n + 1);
            fall = more - (far.clone() * all[n as usize - 1].clone()).times(4 * n * n);
        }
        self.scales[0].clone() * fall
    }
}

impl<T: Scalar> Angular<T> for ArcCosine<T> {
    fn homogeneity(&self) -> Option<u32> {
        Some(self.p)
    }

    fn at(&self, a: &Angle<T>, centre: Option<&Angle<T>>, with_fall: bool) -> AtAngle<T> {
        let all = self.functions(a);
        let p = self.p as usize;
        let slope = self.scales[1].clone() * all[p - 1].clone();
        let fall = square(a).filter(|_| with_fall).map(|square| self.fall(a, centre, &all, square));
        let value = match centre {
            Some(centre) => {
                // dJ_p/da = -p^2 sin a J_(p-1).
                let rate = -(a.sin() * all[p - 1].clone()).times((self.p * self.p) as i32);
                self.functions(centre).swap_remove(p) + rate * (a.radians() - centre.radians())
            }
            None => all[p].clone(),
        };
        AtAngle { value: self.scales[0].clone() * value, slope, fall }
    }
}

/// A step of height `h` on a constant: `F = base + h^2 (pi - a)/(2 pi)`, `Fdot = 0`.
#[derive(Debug)]
pub struct Jump<T> {
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
    fn homogeneity(&self) -> Option<u32> {
        Some(0)
    }

    fn at(&self, a: &Angle<T>, _: Option<&Angle<T>>, _: bool) -> AtAngle<T> {
        let value = self.base.clone() + self.rate.clone() * a.supplement_radians();
        AtAngle { value, slope: self.base.constant(&Rational::new()), fall: None }
    }

    fn jump(&self) -> Option<T> {
        Some(self.rate.clone())
    }
}
