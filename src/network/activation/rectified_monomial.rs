//! `u^p` where `u > 0`, else 0.

use super::{
    Class, Definition, Extent, Key, Powers, degree,
    dual::{ArcCosine, Dual, Jump, Mean, integer},
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;

/// `u^p` where `u > 0`, else 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RectifiedMonomial {
    /// The degree, at most 64.
    pub degree: u32,
}

impl Definition for RectifiedMonomial {
    const NAME: &'static str = "rectified-monomial";
    const FORMULA: &'static str = "u^p 1(u > 0)";
    const CLASS: Class = Class::Kink(1);
    const KEYS: &'static [Key] = &[Key::needed("degree")];

    fn new(values: Vec<Rational>) -> Result<Self, String> {
        Ok(Self { degree: degree(values.first())? })
    }

    fn values(&self) -> Vec<Rational> {
        vec![self.degree.into()]
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let (p, zero, count) = (self.degree, R::near(0.0), R::near(f64::from(self.degree)));
        move |u| {
            if u > zero {
                [u.power(p), if p == 0 { zero } else { count * u.power(p - 1) }]
            } else {
                [zero, zero]
            }
        }
    }

    fn class(&self) -> Class {
        Class::Kink(self.degree)
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        Some(if self.degree == 0 { Jump::dual(q, 0, 1) } else { ArcCosine::dual(q, self.degree) })
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        // q^(p/2) 2^(p/2-1) Gamma((p+1)/2)/sqrt pi
        let p = self.degree;
        if p.is_multiple_of(2) {
            let odd: Rational =
                (1..p).step_by(2).map(Rational::from).fold(Rational::from((1, 2)), |product, n| product * n);
            return Mean::of(q.constant(&odd) * q.clone().powi(p / 2));
        }
        let even: Rational =
            (1..=p / 2).map(|n| Rational::from(2 * n)).fold(Rational::from(1), |product, n| product * n);
        Mean::root(q.constant(&even.square()) * q.clone().powi(p) / (q.pi() * integer(q, 2)))
    }

    fn constant(&self) -> Option<Rational> {
        (self.degree == 0).then(|| Rational::from((1, 2)))
    }

    fn indices(&self) -> Powers {
        let p = u64::from(self.degree);
        match p % 2 {
            0 => Powers { even: Extent::Degree(p), odd: Extent::Unbounded },
            _ => Powers { even: Extent::Unbounded, odd: Extent::Degree(p) },
        }
    }
}
