//! Formulas in `u`, and their derivatives.

use rug::Rational;

/// A function that is analytic in a strip around the real line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Exp,
    Sin,
    Cos,
    Sinh,
    Cosh,
    Tanh,
    Sigmoid,
    Softplus,
    Erf,
    Atan,
    /// The derivative of erf; it comes of derivatives alone.
    Density,
}

/// The functions by name.
pub const FUNCTIONS: [(&str, Function); 10] = [
    ("exp", Function::Exp),
    ("sin", Function::Sin),
    ("cos", Function::Cos),
    ("sinh", Function::Sinh),
    ("cosh", Function::Cosh),
    ("tanh", Function::Tanh),
    ("sigmoid", Function::Sigmoid),
    ("softplus", Function::Softplus),
    ("erf", Function::Erf),
    ("atan", Function::Atan),
];

/// `slope u + shift`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affine {
    pub slope: Rational,
    pub shift: Rational,
}

/// A formula. Numbers stand in front of products, and once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    Number(Rational),
    Variable,
    Sum(Box<Self>, Box<Self>),
    Product(Box<Self>, Box<Self>),
    /// A whole power from 2 on.
    Power(Box<Self>, u32),
    Call(Function, Affine),
    /// `exp(square u^2 + linear u + constant)` with `square < 0`.
    Bell {
        square: Rational,
        linear: Rational,
        constant: Rational,
    },
    /// `1/(c + (u + shift)^2)` with `c > 0`.
    Bump {
        c: Rational,
        shift: Rational,
    },
}

use Formula::{Bell, Bump, Call, Number, Power, Product, Sum, Variable};

/// The highest degree of polynomials that are written out.
const HIGHEST_DEGREE: usize = 64;

impl Formula {
    /// The number `n`.
    pub fn integer(n: i32) -> Self {
        Number(Rational::from(n))
    }

    /// `self + other`.
    pub fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Number(a), Number(b)) => Number(a + b),
            (Number(a), b) | (b, Number(a)) if a.is_zero() => b,
            (a, b) => Sum(Box::new(a), Box::new(b)),
        }
    }

    /// `self * other`.
    pub fn times(self, other: Self) -> Self {
        match (self, other) {
            (Number(a), Number(b)) => Number(a * b),
            (Number(a), b) | (b, Number(a)) => {
                if a.is_zero() {
                    return Number(a);
                }
                if a == 1 {
                    return b;
                }
                match b {
                    Product(c, d) => match *c {
                        Number(c) => Number(a * c).times(*d),
                        c => Product(Box::new(Number(a)), Box::new(Product(Box::new(c), d))),
                    },
                    b => Product(Box::new(Number(a)), Box::new(b)),
                }
            }
            (a, b) => {
                let ((x, a), (y, b)) = (a.without_number(), b.without_number());
                Number(x * y).times(Product(Box::new(a), Box::new(b)))
            }
        }
    }

    /// The number in front, and the rest.
    pub fn without_number(self) -> (Rational, Self) {
        match self {
            Product(a, b) => match *a {
                Number(a) => (a, *b),
                a => (Rational::from(1), Product(Box::new(a), b)),
            },
            other => (Rational::from(1), other),
        }
    }

    /// `-self`.
    pub fn negative(self) -> Self {
        Self::integer(-1).times(self)
    }

    /// `self^n`.
    pub fn power(self, n: u32) -> Self {
        match (self, n) {
            (_, 0) => Self::integer(1),
            (a, 1) => a,
            (Number(a), n) => Number(rug::ops::Pow::pow(a, n)),
            (a, n) => Power(Box::new(a), n),
        }
    }

    /// The coefficients of rising powers, of a polynomial.
    pub fn polynomial(&self) -> Option<Vec<Rational>> {
        let all = match self {
            Number(value) => vec![value.clone()],
            Variable => vec![Rational::new(), Rational::from(1)],
            Sum(a, b) => {
                let (a, b) = (a.polynomial()?, b.polynomial()?);
                let at = |c: &[Rational], i: usize| c.get(i).cloned().unwrap_or_default();
                (0..a.len().max(b.len())).map(|i| at(&a, i) + at(&b, i)).collect()
            }
            Product(a, b) => product(&a.polynomial()?, &b.polynomial()?)?,
            Power(a, n) => {
                let a = a.polynomial()?;
                (0..*n).try_fold(vec![Rational::from(1)], |power, _| product(&power, &a))?
            }
            Call(..) | Bell { .. } | Bump { .. } => return None,
        };
        let length = all.iter().rposition(|c| !c.is_zero()).map_or(1, |last| last + 1);
        Some(all[..length].to_vec())
    }

    /// The derivative.
    pub fn derivative(&self) -> Self {
        let two = || Self::integer(2);
        match self {
            Number(_) => Self::integer(0),
            Variable => Self::integer(1),
            Sum(a, b) => a.derivative().plus(b.derivative()),
            Product(a, b) => a.derivative().times((**b).clone()).plus((**a).clone().times(b.derivative())),
            Power(a, n) => {
                let lower = (**a).clone().power(n - 1);
                Self::integer(*n as i32).times(lower).times(a.derivative())
            }
            Call(function, v) => {
                let same = |function: Function| Call(function, v.clone());
                let outer = match function {
                    Function::Exp => same(Function::Exp),
                    Function::Sin => same(Function::Cos),
                    Function::Cos => same(Function::Sin).negative(),
                    Function::Sinh => same(Function::Cosh),
                    Function::Cosh => same(Function::Sinh),
                    Function::Tanh => Self::integer(1).plus(same(Function::Tanh).power(2).negative()),
                    Function::Sigmoid => {
                        let value = || same(Function::Sigmoid);
                        value().plus(value().power(2).negative())
                    }
                    Function::Softplus => same(Function::Sigmoid),
                    Function::Erf => same(Function::Density),
                    Function::Density => {
                        let argument = Number(v.slope.clone()).times(Variable).plus(Number(v.shift.clone()));
                        two().negative().times(argument).times(same(Function::Density))
                    }
                    // 1/(1 + v^2) is 1/slope^2 over 1/slope^2 + (u + shift/slope)^2.
                    Function::Atan => {
                        let square = v.slope.clone().square().recip();
                        let shift = Rational::from(&v.shift / &v.slope);
                        Number(square.clone()).times(Bump { c: square, shift })
                    }
                };
                Number(v.slope.clone()).times(outer)
            }
            Bell { square, linear, .. } => {
                let slope = two().times(Number(square.clone())).times(Variable).plus(Number(linear.clone()));
                slope.times(self.clone())
            }
            Bump { shift, .. } => {
                let argument = Variable.plus(Number(shift.clone()));
                two().negative().times(argument).times(self.clone().power(2))
            }
        }
    }
}

fn product(a: &[Rational], b: &[Rational]) -> Option<Vec<Rational>> {
    (a.len() + b.len() <= HIGHEST_DEGREE + 2).then_some(())?;
    let mut all = vec![Rational::new(); a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            all[i + j] += Rational::from(x * y);
        }
    }
    Some(all)
}
