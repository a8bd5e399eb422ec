//! Numbers, polynomials and quotients of products.

use super::Notation;
use crate::math::{
    constant::{Base, Constant},
    polynomial::{Polynomial, Ring},
    rational_function::RationalFunction,
};
use rug::Rational;

impl Notation {
    /// A rational number.
    pub fn number(self, value: &Rational) -> String {
        if value.is_integer() {
            return value.numer().to_string();
        }
        let sign = if *value < 0 { "-" } else { "" };
        let (numer, denom) = (value.numer().clone().abs(), value.denom());
        match self {
            Self::Plain => format!("{sign}{numer}/{denom}"),
            Self::Latex => format!("{sign}\\frac{{{numer}}}{{{denom}}}"),
            Self::Sympy => format!("{sign}Rational({numer}, {denom})"),
        }
    }

    /// `base` to a power other than 0.
    pub fn power(self, base: &str, exponent: &str) -> String {
        match (self, exponent) {
            (_, "1") => base.into(),
            (Self::Plain, _) => format!("{base}^{exponent}"),
            (Self::Latex, _) if exponent.chars().count() == 1 => format!("{base}^{exponent}"),
            (Self::Latex, _) => format!("{base}^{{{exponent}}}"),
            (Self::Sympy, _) => format!("{base}**{exponent}"),
        }
    }

    /// The constant pi.
    pub fn pi(self) -> &'static str {
        if self == Self::Latex { "\\pi" } else { "pi" }
    }

    /// The factors of a constant above and below the bar.
    pub fn constant(self, constant: &Constant) -> (Vec<String>, Vec<String>) {
        let side = |above: bool| {
            let own = constant.powers().filter(move |(_, exponent)| (**exponent > 0) == above);
            own.map(|(base, exponent)| self.constant_power(base, &Rational::from(exponent.abs_ref())))
                .collect()
        };
        (side(true), side(false))
    }

    fn constant_power(self, base: &Base, exponent: &Rational) -> String {
        let name = match (base, self) {
            (Base::Pi, _) => self.pi().to_owned(),
            (Base::Prime(prime), _) => prime.to_string(),
            (Base::E, Self::Latex) => "e".to_owned(),
            (Base::E, _) => return format!("exp({})", self.number(exponent)),
        };
        if *exponent == Rational::from((1, 2)) {
            return if self == Self::Latex { format!("\\sqrt{{{name}}}") } else { format!("sqrt({name})") };
        }
        let text = self.number(exponent);
        let plain = exponent.is_integer() || self != Self::Plain;
        self.power(&name, &if plain { text } else { format!("({text})") })
    }

    /// A rational number times a constant.
    pub fn multiple(self, value: &Rational, constant: &Constant) -> String {
        let (above, below) = self.constant(constant);
        self.with_number(value, above, below)
    }

    /// A sum of powers of `pi` with rational coefficients.
    pub fn polynomial_in_pi<'a>(self, terms: impl Iterator<Item = (i32, &'a Rational)>) -> String {
        self.joined(terms.map(|(exponent, r)| self.multiple(r, &Constant::pi(exponent))))
    }

    /// `value above / below`.
    pub(super) fn with_number(
        self,
        value: &Rational,
        mut above: Vec<String>,
        mut below: Vec<String>,
    ) -> String {
        if *value.denom() != 1 && self == Self::Sympy && above.is_empty() && below.is_empty() {
            return self.number(value);
        }
        let one = |n: &rug::Integer| (*n != 1).then(|| n.to_string());
        above.splice(0..0, one(&value.numer().clone().abs()));
        below.splice(0..0, one(value.denom()));
        // Two whole numbers of Python divide into one of machine precision.
        if self == Self::Sympy && above.iter().chain(&below).all(|x| x.bytes().all(|b| b.is_ascii_digit())) {
            return self.number(value);
        }
        self.fraction(*value < 0, &above, &below)
    }

    /// A product of factors.
    pub fn product(self, factors: &[String]) -> String {
        match self {
            Self::Plain => factors.join(" "),
            Self::Latex => factors.iter().fold(String::new(), |mut product, factor| {
                // A command's name must not run into a letter.
                let command = product.rfind('\\').map(|at| &product[at + 1..]);
                let open =
                    command.is_some_and(|name| !name.is_empty() && name.chars().all(char::is_alphabetic));
                if open && factor.starts_with(char::is_alphabetic) {
                    product.push(' ');
                }
                product + factor
            }),
            Self::Sympy => factors.join("*"),
        }
    }

    /// `sign above / below`, each a product; an empty one is 1.
    pub fn fraction(self, negative: bool, above: &[String], below: &[String]) -> String {
        let sign = if negative { "-" } else { "" };
        // Alone above a bar, a sum needs no brackets.
        let one = [String::from("1")];
        let above = if above.is_empty() { &one } else { above };
        if below.is_empty() {
            return format!("{sign}{}", self.product(above));
        }
        if self == Self::Latex {
            let upper = match above {
                [alone] => unbracketed(alone),
                several => self.product(several),
            };
            let lower = match below {
                [alone] => unbracketed(alone),
                several => self.product(several),
            };
            return format!("{sign}\\frac{{{upper}}}{{{lower}}}");
        }
        let lower = match below {
            [alone] => alone.clone(),
            several => format!("({})", self.product(several)),
        };
        format!("{sign}{}/{lower}", self.product(above))
    }

    /// Terms `sign, text`, added.
    pub fn sum(self, terms: &[(bool, String)]) -> String {
        let mut sum = String::new();
        for (negative, term) in terms {
            match (sum.is_empty(), negative) {
                (true, false) => {}
                (true, true) => sum.push('-'),
                (false, false) => sum.push_str(if self == Self::Sympy { " + " } else { "+" }),
                (false, true) => sum.push_str(if self == Self::Sympy { " - " } else { "-" }),
            }
            sum.push_str(term);
        }
        if sum.is_empty() { "0".into() } else { sum }
    }

    /// The sum of formulas that may begin with a minus; 0 if there are none.
    pub fn joined(self, parts: impl Iterator<Item = String>) -> String {
        let terms: Vec<(bool, String)> = parts
            .map(|part| match part.strip_prefix('-') {
                Some(rest) => (true, rest.to_owned()),
                None => (false, part),
            })
            .collect();
        self.sum(&terms)
    }

    /// A polynomial in `variable`, highest power first, with coefficients written by `coefficient` as sign and text (an empty text
    /// for 1).
    pub fn polynomial_by<C: Ring>(
        self,
        p: &Polynomial<C>,
        variable: &str,
        coefficient: impl Fn(&C) -> (bool, String),
    ) -> String {
        let terms = p.coefficients().iter().enumerate().rev().filter(|(_, c)| !c.is_zero());
        let terms: Vec<_> = terms
            .map(|(power, c)| {
                let (negative, number) = coefficient(c);
                let mut factors = Vec::new();
                if !number.is_empty() || power == 0 {
                    factors.push(if number.is_empty() { "1".into() } else { number });
                }
                if power > 0 {
                    factors.push(self.power(variable, &power.to_string()));
                }
                let joint = if self == Self::Sympy { "*" } else { "" };
                (negative, factors.join(joint))
            })
            .collect();
        self.sum(&terms)
    }

    /// A polynomial with rational coefficients.
    pub fn polynomial(self, p: &Polynomial, variable: &str) -> String {
        self.polynomial_by(p, variable, |c| {
            let size = Rational::from(c.abs_ref());
            (*c < 0, if size == 1 { String::new() } else { self.number(&size) })
        })
    }

    /// A polynomial as a factor: in brackets unless it is a single letter.
    pub fn factor(self, p: &Polynomial, variable: &str, exponent: i32) -> String {
        let text = self.polynomial(p, variable);
        let base = if text == variable { text } else { format!("({text})") };
        self.power(&base, &exponent.to_string())
    }

    /// Sign, numerator and denominator of a rational function, as lists of factors.
    pub fn parts(self, f: &RationalFunction, variable: &str) -> (bool, Vec<String>, Vec<String>) {
        let content = f.content();
        let side = |number: &rug::Integer, sign: i32| {
            let factors = f.factors();
            let own =
                factors.iter().filter(|(_, n)| n * sign > 0).map(|(p, n)| self.factor(p, variable, n.abs()));
            let number = Some(number.clone().abs()).filter(|n| *n != 1).map(|n| n.to_string());
            number.into_iter().chain(own).collect::<Vec<String>>()
        };
        (*content < 0, side(content.numer(), 1), side(content.denom(), -1))
    }

    /// A rational function.
    pub fn rational_function(self, f: &RationalFunction, variable: &str) -> String {
        let (negative, above, below) = self.parts(f, variable);
        self.fraction(negative, &above, &below)
    }
}

/// A factor without the brackets that enclose all of it.
fn unbracketed(factor: &str) -> String {
    let inner = factor.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.filter(|inner| !inner.contains(['(', ')'])).unwrap_or(factor).to_owned()
}
