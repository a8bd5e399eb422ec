//! The even and the odd part of a formula, as far as its form tells: which Hermite coefficients vanish.
//!
//! A function with finitely many Hermite coefficients is a polynomial. A transcendental function stays one when a polynomial is added, or it is multiplied
//! by one that is not 0. Of sums and products of two of them nothing is known: they may cancel, as in `sin(u)^2 + cos(u)^2`.

use super::formula::{Formula, Function};
use rug::Rational;

/// The most coefficients of polynomials that are multiplied.
const LONGEST: usize = 130;

/// A part of a formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A polynomial, by the coefficients of rising powers; none for 0.
    Polynomial(Vec<Rational>),
    /// A transcendental function.
    Endless,
    /// A rational function that is no polynomial.
    Fraction,
    /// One or the other.
    Unknown,
}

/// The even and the odd part.
#[derive(Clone, Debug)]
pub struct Split {
    pub even: Part,
    pub odd: Part,
}

fn is_monomial(coefficients: &[Rational]) -> bool {
    coefficients.iter().filter(|c| !c.is_zero()).count() == 1
}

impl Part {
    const ZERO: Self = Self::Polynomial(Vec::new());

    /// Is it certainly 0?
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    fn trimmed(mut coefficients: Vec<Rational>) -> Self {
        while coefficients.last().is_some_and(|c| c.is_zero()) {
            coefficients.pop();
        }
        Self::Polynomial(coefficients)
    }

    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Polynomial(a), Self::Polynomial(b)) => {
                let at = |c: &[Rational], i: usize| c.get(i).cloned().unwrap_or_default();
                Self::trimmed((0..a.len().max(b.len())).map(|i| at(&a, i) + at(&b, i)).collect())
            }
            (Self::Endless, Self::Polynomial(_) | Self::Fraction)
            | (Self::Polynomial(_) | Self::Fraction, Self::Endless) => Self::Endless,
            (Self::Fraction, Self::Polynomial(_)) | (Self::Polynomial(_), Self::Fraction) => Self::Fraction,
            _ => Self::Unknown,
        }
    }

    fn times(&self, other: &Self) -> Self {
        match (self, other) {
            (zero, _) | (_, zero) if zero.is_zero() => Self::ZERO,
            (Self::Polynomial(a), Self::Polynomial(b)) if a.len() + b.len() <= LONGEST => {
                let mut all = vec![Rational::new(); a.len() + b.len() - 1];
                for (i, x) in a.iter().enumerate() {
                    for (j, y) in b.iter().enumerate() {
                        all[i + j] += Rational::from(x * y);
                    }
                }
                Self::trimmed(all)
            }
            (Self::Endless, Self::Polynomial(_) | Self::Fraction)
            | (Self::Polynomial(_) | Self::Fraction, Self::Endless) => Self::Endless,
            // A quotient without real poles stays one when multiplied by a power of u; by other polynomials it may become one itself.
            (Self::Fraction, Self::Polynomial(a)) | (Self::Polynomial(a), Self::Fraction)
                if is_monomial(a) =>
            {
                Self::Fraction
            }
            _ => Self::Unknown,
        }
    }
}

impl Split {
    /// The parts of `formula`.
    pub fn of(formula: &Formula) -> Self {
        let number = |n: (i32, i32)| Part::trimmed(vec![Rational::from(n)]);
        match formula {
            Formula::Number(value) => Self { even: Part::trimmed(vec![value.clone()]), odd: Part::ZERO },
            Formula::Variable => {
                let odd = Part::Polynomial(vec![Rational::new(), Rational::from(1)]);
                Self { even: Part::ZERO, odd }
            }
            Formula::Sum(a, b) => {
                let (a, b) = (Self::of(a), Self::of(b));
                Self { even: a.even.plus(b.even), odd: a.odd.plus(b.odd) }
            }
            Formula::Product(a, b) => Self::of(a).times(&Self::of(b)),
            Formula::Power(a, n) => {
                let a = Self::of(a);
                // A root of a polynomial is algebraic.
                match (&a.even, &a.odd) {
                    (Part::Endless, zero) if zero.is_zero() => return a,
                    (zero, Part::Endless) if zero.is_zero() && n % 2 == 1 => return a,
                    (zero, Part::Endless) if zero.is_zero() => return Self { even: a.odd, odd: a.even },
                    _ => {}
                }
                (1..*n).fold(a.clone(), |power, _| power.times(&a))
            }
            Formula::Bell { linear, .. } => {
                let odd = if linear.is_zero() { Part::ZERO } else { Part::Endless };
                Self { even: Part::Endless, odd }
            }
            Formula::Bump { shift, .. } => {
                let odd = if shift.is_zero() { Part::ZERO } else { Part::Fraction };
                Self { even: Part::Fraction, odd }
            }
            Formula::Call(function, v) if v.shift.is_zero() => match function {
                Function::Exp => Self { even: Part::Endless, odd: Part::Endless },
                Function::Cos | Function::Cosh | Function::Density => {
                    Self { even: Part::Endless, odd: Part::ZERO }
                }
                Function::Sin | Function::Sinh | Function::Tanh | Function::Erf | Function::Atan => {
                    Self { even: Part::ZERO, odd: Part::Endless }
                }
                // (1 + tanh(v/2))/2, and v/2 + ln(2 cosh(v/2)).
                Function::Sigmoid => Self { even: number((1, 2)), odd: Part::Endless },
                Function::Softplus => {
                    let odd = Part::Polynomial(vec![Rational::new(), Rational::from(&v.slope / 2u32)]);
                    Self { even: Part::Endless, odd }
                }
            },
            // Functions that are neither a polynomial nor symmetric about their own centre.
            Formula::Call(..) => Self { even: Part::Endless, odd: Part::Endless },
        }
    }

    fn times(&self, other: &Self) -> Self {
        Self {
            even: self.even.times(&other.even).plus(self.odd.times(&other.odd)),
            odd: self.even.times(&other.odd).plus(self.odd.times(&other.even)),
        }
    }
}
