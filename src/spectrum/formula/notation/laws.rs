//! Eigenvalues, ratios, exponents, expansions and tails on one sphere.

use super::{Notation, Written};
use crate::{
    math::{
        constant::Constant, harmonics::gamma_squared_over_pi, polynomial::Polynomial,
        rational_function::RationalFunction, units::Dimension,
    },
    spectrum::formula::{
        decay::LocalExponent,
        expansion::{Expansion, Front},
        expression::Expression,
        tail::Tail,
    },
};
use rug::Rational;

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
        let (upper, lower) = self.constant(&factor.times(&Constant::pi(-formula.over_pi)).1);
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

    /// `psi((2k-1)/4) - psi((2k+1)/4)`, in brackets.
    fn digammas(self) -> String {
        match self {
            Self::Plain => "[psi((2k-1)/4)-psi((2k+1)/4)]".into(),
            Self::Latex => {
                let psi = |sign: char| format!("\\psi\\left(\\frac{{2k{sign}1}}{{4}}\\right)");
                format!("\\left[{}-{}\\right]", psi('-'), psi('+'))
            }
            Self::Sympy => "(polygamma(0, (2*k - 1)/4) - polygamma(0, (2*k + 1)/4))".into(),
        }
    }

    fn tail(self, tail: &Tail, factor: &Constant) -> String {
        let (coefficient, special, fractions, over_pi) = match tail {
            Tail::Closed(formula) => return self.expression(formula, factor),
            Tail::Trigamma { coefficient, offset, fractions } => {
                (coefficient, self.polygamma(1, *offset), fractions, 2)
            }
            Tail::Digamma { coefficient, fractions, over_pi } => {
                (coefficient, self.digammas(), fractions, *over_pi)
            }
        };
        let variable = |shift: i64| {
            Polynomial::new(vec![Rational::from(shift), Rational::from(if over_pi == 2 { 1 } else { 2 })])
        };
        let mut terms = Vec::new();
        if !coefficient.is_zero() {
            let trigamma = special;
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
            let f = RationalFunction::power(&variable(fraction.shift), -fraction.power)
                .scaled(&fraction.coefficient);
            let (negative, above, below) = self.parts(&f, "k");
            terms.push((negative, self.fraction(false, &above, &below)));
        }
        let sum = self.sum(&terms);
        let (mut above, below) = self.constant(&factor.times(&Constant::pi(-over_pi)).1);
        if above.is_empty() && below.is_empty() {
            return sum;
        }
        if self == Self::Latex {
            return format!("{}\\left[{sum}\\right]", self.fraction(false, &above, &below));
        }
        above.push(if terms.len() == 1 && self == Self::Plain { sum } else { format!("({sum})") });
        self.fraction(false, &above, &below)
    }

    fn expansion(self, expansion: &Expansion<Rational>, dim: Dimension, factor: &Constant) -> String {
        let d = dim.get();
        let leading = expansion.coefficients[0].clone();
        let (gamma, over_pi) = gamma_squared_over_pi(dim);
        let (doublings, over_pi) = match expansion.front {
            Front::Class => (2 * expansion.order, 1 + i32::from(over_pi)),
            Front::Chord => (0, i32::from(over_pi)),
        };
        let number = leading.clone() * (gamma << (d - 1 + doublings));
        let exponent = i64::from(d) + 1 + 2 * i64::from(expansion.order) - 2 * expansion.degree as i64;
        let shift = Rational::from((d - 1, 2));
        let kappa = match self {
            Self::Plain => "kappa".to_owned(),
            Self::Latex => "\\kappa".to_owned(),
            Self::Sympy if shift.is_zero() => "k".to_owned(),
            Self::Sympy => format!("(k + {})", self.number(&shift)),
        };
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
            Self::Plain => format!("{front} ({sum}+O(kappa^-{last}))"),
            Self::Latex => format!("{front}\\left[{sum}+O(\\kappa^{{-{last}}})\\right]"),
            Self::Sympy => format!("{front}*({sum})"),
        }
    }

    /// What is said of `kappa` after an expansion.
    fn kappa(self, dim: Dimension) -> String {
        let shift = Rational::from((dim.get() - 1, 2));
        match self {
            Self::Plain => format!(", kappa = {}", kappa_in_degree(&shift)),
            Self::Latex => format!(",\\quad \\kappa={}", kappa_in_degree(&shift)),
            Self::Sympy => String::new(),
        }
    }
}

fn kappa_in_degree(shift: &Rational) -> String {
    if shift.is_zero() { "k".into() } else { format!("k+{shift}") }
}

/// The sum of what the class and the chord give, each with its constant.
pub fn law(parts: [(&Expression, &Constant); 2]) -> Written {
    let present = || parts.into_iter().filter(|(formula, _)| !formula.rational.is_zero());
    Written::by(|notation| notation.joined(present().map(|(f, factor)| notation.expression(f, factor))))
}

/// The sum of the tails, each with its constant.
pub fn tail(parts: &[(Tail, &Constant)]) -> Written {
    Written::by(|notation| notation.joined(parts.iter().map(|(tail, factor)| notation.tail(tail, factor))))
}

/// The sum of the expansions, each with its constant.
pub fn expansion(parts: &[(Expansion<Rational>, &Constant)], dim: Dimension) -> Written {
    Written::by(|notation| {
        let sums = parts.iter().map(|(expansion, factor)| notation.expansion(expansion, dim, factor));
        notation.joined(sums) + &notation.kappa(dim)
    })
}

/// A ratio in every notation.
pub fn ratio(f: &RationalFunction) -> Written {
    Written::by(|notation| notation.rational_function(f, "k"))
}

impl LocalExponent {
    /// The exponent in every notation.
    pub fn written(&self) -> Written {
        Written::by(|notation| notation.local_exponent(self))
    }
}
