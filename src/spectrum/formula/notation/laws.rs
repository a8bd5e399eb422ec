//! Eigenvalues, ratios, exponents, expansions and tails on one sphere.

use super::{Notation, Written};
use crate::{
    math::{constant::Constant, rational_function::RationalFunction, units::Dimension},
    spectrum::formula::{
        Class, decay::LocalExponent, expansion::Expansion, expression::Expression, tail::Tail,
    },
};
use rug::{Integer, Rational};

impl Notation {
    /// `k`, or `k` with something added.
    fn degree(self, shift: i64) -> String {
        match (self, shift) {
            (_, 0) => "k".into(),
            (Self::Sympy, n) => format!("(k {} {})", if n < 0 { '-' } else { '+' }, n.abs()),
            (_, n) => format!("k{n:+}"),
        }
    }

    /// `beta_n^2`, `n = k + shift`.
    fn central_binomial(self, shift: i64) -> String {
        let n = self.degree(shift);
        match self {
            Self::Plain if shift == 0 => "beta_k^2".into(),
            Self::Plain => format!("beta_({n})^2"),
            Self::Latex => format!("\\beta_{{{n}}}^2"),
            Self::Sympy => format!("(binomial({n}, {n}/2)/2**{n})**2"),
        }
    }

    /// A formula in `k` times a constant.
    pub fn expression(self, formula: &Expression, factor: &Constant) -> String {
        let (negative, mut above, mut below) = self.parts(&formula.rational, "k");
        if formula.rational.is_zero() {
            return "0".into();
        }
        let content = formula.rational.content();
        let over_pi = if formula.beta.is_none() { 2 } else { 0 };
        let (upper, lower) = self.constant(&factor.times(&Constant::pi(-over_pi)).1);
        // After the number, as in 1/(2 pi^2 k^2).
        let [over, under] =
            [content.numer().clone().abs(), content.denom().clone()].map(|n| usize::from(n != 1));
        above.splice(over..over, upper);
        below.splice(under..under, lower);
        let Some(shift) = formula.beta else { return self.fraction(negative, &above, &below) };
        let beta = self.central_binomial(shift);
        if above.is_empty() && below.is_empty() {
            return format!("{}{beta}", if negative { "-" } else { "" });
        }
        let rational = self.fraction(negative, &above, &below);
        match self {
            Self::Plain => format!("{rational} {beta}"),
            Self::Latex => format!("{rational}\\,{beta}"),
            Self::Sympy => format!("{rational}*{beta}"),
        }
    }

    /// `psi^(m)(k/2 + shift/2)`: digamma for `m = 0`, trigamma for `m = 1`.
    fn polygamma(self, m: u32, shift: i64) -> String {
        let argument = self.degree(shift);
        let prime = if m == 1 { "'" } else { "" };
        match self {
            Self::Plain if shift == 0 => format!("psi{prime}(k/2)"),
            Self::Plain => format!("psi{prime}(({argument})/2)"),
            Self::Latex => format!("\\psi{prime}\\left(\\frac{{{argument}}}{{2}}\\right)"),
            Self::Sympy => format!("polygamma({m}, {argument}/2)"),
        }
    }

    fn local_exponent(self, exponent: &LocalExponent) -> String {
        let rational = &exponent.rational;
        let (negative, above, below) = self.parts(rational, "k");
        let Some(shift) = exponent.beta else { return self.fraction(negative, &above, &below) };
        let (upper, lower) = (self.polygamma(0, shift + 2), self.polygamma(0, shift + 1));
        let digammas = match self {
            Self::Plain => format!("k ({upper}-{lower})"),
            Self::Latex => format!("k\\left[{upper}-{lower}\\right]"),
            Self::Sympy => format!("k*({upper} - {lower})"),
        };
        if rational.is_zero() {
            return digammas;
        }
        self.sum(&[(false, digammas), (negative, self.fraction(false, &above, &below))])
    }

    fn tail(self, tail: &Tail, factor: &Constant) -> String {
        let (coefficient, offset, fractions) = match tail {
            Tail::Closed(formula) => return self.expression(formula, factor),
            Tail::Trigamma { coefficient, offset, fractions } => (coefficient, *offset, fractions),
        };
        let mut terms = Vec::new();
        if !coefficient.is_zero() {
            let trigamma = self.polygamma(1, offset);
            let size = Rational::from(coefficient.abs_ref());
            let term = match self {
                _ if size == 1 => trigamma,
                Self::Latex => format!("{}{trigamma}", self.number(&size)),
                Self::Plain if size.is_integer() => format!("{size} {trigamma}"),
                Self::Plain if *size.numer() == 1 => format!("{trigamma}/{}", size.denom()),
                Self::Plain => format!("{size} {trigamma}"),
                Self::Sympy => format!("{}*{trigamma}", self.number(&size)),
            };
            terms.push((*coefficient < 0, term));
        }
        for fraction in fractions {
            let f = RationalFunction::linear(fraction.shift, -fraction.power).scaled(&fraction.coefficient);
            let (negative, above, below) = self.parts(&f, "k");
            terms.push((negative, self.fraction(false, &above, &below)));
        }
        let sum = self.sum(&terms);
        let (mut above, below) = self.constant(&factor.times(&Constant::pi(-2)).1);
        if self == Self::Latex {
            return format!("{}\\left[{sum}\\right]", self.fraction(false, &above, &below));
        }
        above.push(if terms.len() == 1 && self == Self::Plain { sum } else { format!("({sum})") });
        self.fraction(false, &above, &below)
    }

    fn expansion(
        self,
        expansion: &Expansion<Rational>,
        class: &Class,
        dim: Dimension,
        factor: &Constant,
    ) -> String {
        let d = dim.get();
        let leading = expansion.coefficients[0].clone();
        // C_d 4^p = Gamma((d+1)/2)^2 2^(d-1+2s) / pi^2, and Gamma(n+1/2)^2 = pi [(d-1)!! / 2^(d/2)]^2.
        let factorial = Rational::from(Integer::from(Integer::factorial_2(d - 1)).square());
        let gamma = factorial >> if d % 2 == 1 { d - 1 } else { d };
        let number = leading.clone() * (gamma << (d - 1 + 2 * class.order));
        let exponent = i64::from(d) + 1 + 2 * i64::from(class.order) - 2 * expansion.degree as i64;
        let shift = Rational::from((d - 1, 2));
        let kappa = match self {
            Self::Plain => "kappa".to_owned(),
            Self::Latex => "\\kappa".to_owned(),
            Self::Sympy if shift.is_zero() => "k".to_owned(),
            Self::Sympy => format!("(k + {})", self.number(&shift)),
        };
        let over_pi = if d % 2 == 1 { 2 } else { 1 };
        let (above, mut below) = self.constant(&factor.times(&Constant::pi(-over_pi)).1);
        below.push(self.power(&kappa, &exponent.to_string()));
        let front = self.with_number(&number, above, below);
        let terms: Vec<(bool, String)> = expansion
            .coefficients
            .iter()
            .enumerate()
            .map(|(m, c)| (m, Rational::from(c / &leading)))
            .filter(|(_, c)| !c.is_zero())
            .map(|(m, c)| {
                let size = Rational::from(c.abs_ref());
                if m == 0 {
                    return (c < 0, size.to_string());
                }
                let power = self.power(&kappa, &(2 * m).to_string());
                let above = if *size.numer() == 1 { vec![] } else { vec![size.numer().to_string()] };
                let below =
                    if *size.denom() == 1 { vec![power] } else { vec![size.denom().to_string(), power] };
                (c < 0, self.fraction(false, &above, &below))
            })
            .collect();
        let last = (2 * expansion.coefficients.len()).to_string();
        let sum = self.sum(&terms);
        match self {
            Self::Plain => format!("{front} ({sum}+O(kappa^-{last})), kappa = {}", kappa_in_degree(&shift)),
            Self::Latex => format!(
                "{front}\\left[{sum}+O(\\kappa^{{-{last}}})\\right],\\quad \\kappa={}",
                kappa_in_degree(&shift)
            ),
            Self::Sympy => format!("{front}*({sum})"),
        }
    }
}

fn kappa_in_degree(shift: &Rational) -> String {
    if shift.is_zero() { "k".into() } else { format!("k+{shift}") }
}

impl Expression {
    /// The formula times a constant, in every notation.
    pub fn written(&self, factor: &Constant) -> Written {
        Written::by(|notation| notation.expression(self, factor))
    }
}

impl LocalExponent {
    /// The exponent in every notation.
    pub fn written(&self) -> Written {
        Written::by(|notation| notation.local_exponent(self))
    }
}

impl Tail {
    /// The tail times a constant, in every notation.
    pub fn written(&self, factor: &Constant) -> Written {
        Written::by(|notation| notation.tail(self, factor))
    }
}

impl Expansion<Rational> {
    /// The expansion of `class` times a constant, in every notation.
    pub fn written(&self, class: &Class, dim: Dimension, factor: &Constant) -> Written {
        Written::by(|notation| notation.expansion(self, class, dim, factor))
    }
}

/// A ratio in every notation.
pub fn ratio(f: &RationalFunction) -> Written {
    Written::by(|notation| notation.rational_function(f, "k"))
}
