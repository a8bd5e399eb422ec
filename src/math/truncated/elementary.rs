//! Roots, exponentials and trigonometric functions of power series.

use super::{Series, Symmetry, products};
use crate::math::{ball::Ball, scalar::Scalar};
use rug::Rational;

impl Series {
    /// The pair of series that starts at `(f, g)` and solves `f' = a' g`, `g' = sign a' f`, where `a` is `self`.
    fn pair(&self, (f, g): (Ball, Ball), sign: i32) -> (Self, Self) {
        if self.known == 0 {
            return (self.undefined(), self.undefined());
        }
        let symmetries = match self.symmetry {
            Symmetry::Even => (Symmetry::Even, Symmetry::Even),
            Symmetry::Odd => (Symmetry::Odd, Symmetry::Even),
            Symmetry::Unknown => (Symmetry::Unknown, Symmetry::Unknown),
        };
        let slope: Vec<(usize, Ball)> = self.slope();
        let constant = slope.is_empty();
        let (mut first, mut second) = (vec![f], vec![g]);
        for k in 1..if constant { 1 } else { self.known } {
            let sum = |other: &[Ball]| self.zero_ball().plus_products(convolved(&slope, other, k));
            let (up, down) = (sum(&second), sum(&first).times(sign));
            first.push(up.over(k as u32));
            second.push(down.over(k as u32));
        }
        (self.with(first, self.known, symmetries.0), self.with(second, self.known, symmetries.1))
    }

    /// The terms `j a_j` that are not 0, with their `j >= 1`.
    fn slope(&self) -> Vec<(usize, Ball)> {
        let terms = self.terms.iter().enumerate().skip(1).filter(|(_, a)| !a.is_zero());
        terms.map(|(j, a)| (j, a.clone().times(j as i32))).collect()
    }

    fn start(&self) -> Ball {
        self.terms.first().cloned().unwrap_or_else(|| self.zero_ball())
    }
}

/// The pairs `(j a_j, b_(k-j))` in which no factor is 0.
fn convolved<'a>(
    slope: &'a [(usize, Ball)],
    b: &'a [Ball],
    k: usize,
) -> impl Iterator<Item = (&'a Ball, &'a Ball)> {
    slope
        .iter()
        .take_while(move |(j, _)| *j <= k)
        .map(move |(j, a)| (a, &b[k - j]))
        .filter(|(_, b)| !b.is_zero())
}

impl Scalar for Series {
    fn constant(&self, value: &Rational) -> Self {
        let terms = if value.is_zero() { vec![] } else { vec![Ball::from_rational(self.precision, value)] };
        self.with(terms, self.order, Symmetry::Even)
    }
    fn enclosing(&self, value: &Ball) -> Self {
        self.with(vec![self.zero_ball().enclosing(value)], self.order, Symmetry::Even)
    }
    fn pi(&self) -> Self {
        self.with(vec![Ball::pi_at(self.precision)], self.order, Symmetry::Even)
    }
    fn is_zero(&self) -> bool {
        self.terms.is_empty() && self.known > 0
    }
    fn times(self, n: i32) -> Self {
        if n == 0 {
            return self.constant(&Rational::new());
        }
        let terms = self.terms.iter().map(|term| term.clone().times(n)).collect();
        self.with(terms, self.known, self.symmetry)
    }
    fn half(self) -> Self {
        let terms = self.terms.iter().map(|term| term.clone().half()).collect();
        self.with(terms, self.known, self.symmetry)
    }
    /// `x^v sqrt(f)` for `x^(2v) f`, the root that is positive at small positive `x`.
    fn sqrt(self) -> Self {
        let Some(twice) = self.valuation() else { return self };
        if twice % 2 == 1 || twice >= self.known {
            return self.undefined();
        }
        let square = self.lowered(twice);
        let first = square.start().sqrt();
        let length = if square.terms.len() == 1 { 1 } else { square.known };
        let mut terms = vec![first.clone()];
        for k in 1..length {
            if square.symmetry.excludes(k) {
                terms.push(self.zero_ball());
                continue;
            }
            let mut rest = square.terms.get(k).cloned().unwrap_or_else(|| self.zero_ball());
            if k % 2 == 0 && !terms[k / 2].is_zero() {
                rest = rest - terms[k / 2].clone() * terms[k / 2].clone();
            }
            // Each pair of different terms comes twice.
            let half = k.div_ceil(2);
            let rest = -(-rest.half())
                .plus_products(products(terms[1..half.max(1)].iter(), terms[half..].iter().rev().take(half)));
            terms.push(rest / first.clone());
        }
        self.with(terms, square.known, square.symmetry).raised(twice / 2)
    }
    fn exp(self) -> Self {
        if self.known == 0 {
            return self;
        }
        let slope = self.slope();
        let mut terms = vec![self.start().exp()];
        for k in 1..if slope.is_empty() { 1 } else { self.known } {
            let sum = self.zero_ball().plus_products(convolved(&slope, &terms, k));
            terms.push(sum.over(k as u32));
        }
        let symmetry = if self.symmetry == Symmetry::Even { Symmetry::Even } else { Symmetry::Unknown };
        self.with(terms, self.known, symmetry)
    }
    fn ln(self) -> Self {
        let start = self.start().ln();
        (self.derivative() / self).integral(start)
    }
    fn sin(self) -> Self {
        self.sin_cos().0
    }
    fn cos(self) -> Self {
        self.sin_cos().1
    }
    fn sin_cos(self) -> (Self, Self) {
        self.pair(self.start().sin_cos(), -1)
    }
    fn sinh(self) -> Self {
        self.sinh_cosh().0
    }
    fn cosh(self) -> Self {
        self.sinh_cosh().1
    }
    fn sinh_cosh(self) -> (Self, Self) {
        self.pair(self.start().sinh_cosh(), 1)
    }
    fn asin(self) -> Self {
        let one = self.constant(&Rational::from(1));
        let root = (one - self.clone() * self.clone()).sqrt();
        (self.derivative() / root).integral(self.start().asin())
    }
    /// Near a point where the value is told from zero; undefined elsewhere.
    fn abs(self) -> Self {
        let start = self.start();
        match (start.is_positive(), (-start).is_positive()) {
            (true, _) => self,
            (_, true) => -self,
            _ => self.undefined(),
        }
    }
    fn angle(self, cos: Self) -> Self {
        let (s, c) = (self.start(), cos.start());
        // At an angle of exactly 0 the enclosure of the cosine does not matter.
        let start = if s.is_zero() && c.is_positive() { s } else { s.angle(c) };
        let slope = self.derivative() * cos.clone() - cos.derivative() * self;
        slope.integral(start)
    }
    /// From its derivative `a sin a`, so that the terms which cancel in the formula are exactly 0.
    fn excess(self, sin: Self, cos: Self) -> Self {
        let start = self.start().excess(sin.start(), cos.start());
        (self.derivative() * self * sin).integral(start)
    }
    /// With `x = x_0 + O(x^v)` and `n` coefficients `f` is known to the power `n v`, and `f'` to `(n-1) v`.
    fn composed(&self, taylor: impl FnOnce(&Ball) -> Vec<Ball>) -> Option<[Self; 2]> {
        let mut moved = self.clone();
        if let Some(first) = moved.terms.first_mut() {
            *first = self.zero_ball();
        }
        let v = moved.terms.iter().position(|term| !term.is_zero()).unwrap_or(self.known);
        let taylor = taylor(&self.start());
        let slopes = taylor.iter().zip(0..).skip(1).map(|(c, n)| c.clone().times(n)).collect();
        Some([taylor, slopes].map(|coefficients| {
            let zero = self.constant(&Rational::new());
            let sum = coefficients.iter().rev().fold(zero, |sum, c| sum * moved.clone() + self.enclosing(c));
            self.with(sum.terms, sum.known.min(coefficients.len() * v), sum.symmetry)
        }))
    }
    fn div_regular(self, denominator: Self) -> Self {
        self.quotient(&denominator, true)
    }
    fn difference_of_squares(self, other: Self) -> Self {
        self.clone() * self - other.clone() * other
    }
}
