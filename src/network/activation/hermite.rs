//! `He_n(u)/sqrt(n!)`, the normalised Hermite polynomial.

use super::{
    Class, Definition, Key, Parity, Powers, degree,
    dual::{Dual, Mean, PowerSeries, polynomial},
    last_powers,
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;
use std::sync::Arc;

/// `He_n(u)/sqrt(n!)`, the normalised Hermite polynomial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hermite {
    /// The degree, at most 64.
    pub degree: u32,
}

impl Hermite {
    /// Coefficients of `He_n`, of rising powers: `He_(n+1) = u He_n - n He_(n-1)`.
    fn coefficients(&self) -> Vec<Rational> {
        let (mut before, mut last) = (vec![], vec![Rational::from(1)]);
        for n in 0..self.degree {
            let mut next = vec![Rational::new()];
            next.extend(last.iter().cloned());
            for (c, old) in next.iter_mut().zip(&before) {
                *c -= Rational::from(old * n);
            }
            (before, last) = (last, next);
        }
        last
    }

    /// `n!`.
    fn divisor(&self) -> Rational {
        (1..=self.degree).fold(Rational::from(1), |product, n| product * n)
    }
}

impl Definition for Hermite {
    const NAME: &'static str = "hermite";
    const FORMULA: &'static str = "He_n(u)/sqrt(n!)";
    const CLASS: Class = Class::Entire;
    const KEYS: &'static [Key] = &[Key::needed("degree")];

    fn new(values: Vec<Rational>) -> Result<Self, String> {
        Ok(Self { degree: degree(values.first())? })
    }

    fn values(&self) -> Vec<Rational> {
        vec![self.degree.into()]
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        // h_(n+1) = (u h_n - sqrt n h_(n-1))/sqrt(n+1), and h_n' = sqrt n h_(n-1).
        let (n, zero, one) = (self.degree, R::near(0.0), R::near(1.0));
        let roots: Vec<R> = (0..=n).map(|i| R::near(f64::from(i).sqrt())).collect();
        move |u| {
            let steps = roots
                .windows(2)
                .fold([one, zero], |[h, before], pair| [(u * h - pair[0] * before) / pair[1], h]);
            [steps[0], roots[n as usize] * steps[1]]
        }
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        let (coefficients, _) = polynomial(q, &self.coefficients(), &self.divisor());
        Some(Dual::Smooth(Arc::new(PowerSeries { coefficients, q: q.clone() })))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        let (_, mean) = polynomial(q, &self.coefficients(), &self.divisor());
        let divisor = q.constant(&self.divisor());
        Mean { square: mean.clone() * mean.clone() / divisor.clone(), value: mean / divisor.sqrt() }
    }

    fn parity(&self) -> Option<Parity> {
        Some(if self.degree.is_multiple_of(2) { Parity::Even } else { Parity::Odd })
    }

    fn constant(&self) -> Option<Rational> {
        match self.degree {
            0 => Some(Rational::from(1)),
            n => (n % 2 == 1).then(Rational::new),
        }
    }

    fn indices(&self) -> Powers {
        last_powers(&self.coefficients())
    }
}
