//! Formulas in `k` and `d`: for spheres of every dimension at once.

mod chords;

use super::{Notation, Written};
use crate::{
    math::{constant::Constant, polynomial::Polynomial, rational_function::RationalFunction},
    spectrum::formula::{
        Class,
        chord::Chord,
        expansion::{Expansion, Front},
        moments::Moment,
    },
};
use rug::Rational;

/// `Q` as `front(d) * rest`, with a rational function of `d` in front and a polynomial in `e` whose coefficients have no common
/// linear factor with a small integer root.
struct Split {
    front: RationalFunction,
    rest: Polynomial<Polynomial>,
}

/// Integer roots in `d` that are split off: those that occur are `-1, -3, ...`.
const LARGEST_ROOT: i64 = 64;

impl Split {
    fn of(q: &Polynomial<Polynomial>) -> Self {
        let mut all: Vec<Polynomial> = q.coefficients().to_vec();
        let flat = all.iter().flat_map(|c| c.coefficients().iter().cloned()).collect();
        let (mut content, _) = Polynomial::new(flat).content_and_primitive();
        if content.is_zero() {
            content = Rational::from(1);
        }
        all = all.iter().map(|c| c.scaled(&Rational::from(content.recip_ref()))).collect();
        let mut front = RationalFunction::constant(content);
        for shift in -LARGEST_ROOT..=LARGEST_ROOT {
            let linear = Polynomial::shifted_variable(Rational::from(shift));
            while let Some(lower) =
                all.iter().map(|c| c.divided_by_monic(&linear)).collect::<Option<Vec<_>>>()
                && !lower.iter().all(Polynomial::is_zero)
            {
                all = lower;
                front = front.times(&RationalFunction::linear(shift, 1));
            }
        }
        Self { front, rest: Polynomial::new(all) }
    }
}

impl Notation {
    /// `e = k (k+d-1)`, or the same at `k + 2`.
    fn energy(self, two_on: bool) -> &'static str {
        match (self, two_on) {
            (Self::Sympy, false) => "(k*(k + d - 1))",
            (Self::Sympy, true) => "((k + 2)*(k + d + 1))",
            (_, false) => "k(k+d-1)",
            (_, true) => "(k+2)(k+d+1)",
        }
    }

    /// A polynomial in `e` with coefficients in `d`.
    fn in_energy(self, q: &Polynomial<Polynomial>, two_on: bool) -> String {
        let alone = self.energy(two_on);
        // As the base of a power the product needs brackets.
        let bracketed = format!("({alone})");
        let variable = if q.degree() > Some(1) && self != Self::Sympy { bracketed.as_str() } else { alone };
        self.polynomial_by(q, variable, |c| match c.coefficients() {
            [number] => {
                let size = Rational::from(number.abs_ref());
                (*number < 0, if size == 1 { String::new() } else { self.number(&size) })
            }
            _ if c.leading() < 0 => {
                (true, format!("({})", self.polynomial(&c.scaled(&Rational::from(-1)), "d")))
            }
            _ => (false, format!("({})", self.polynomial(c, "d"))),
        })
    }

    fn gamma(self, argument: &str) -> String {
        match self {
            Self::Plain => format!("Gamma(({argument})/2)"),
            Self::Latex => format!("\\Gamma\\left(\\frac{{{argument}}}{{2}}\\right)"),
            Self::Sympy => format!("gamma(({})/2)", starred(argument)),
        }
    }

    /// `front * rest` times a constant, as sign, factors above and factors below.
    fn split(self, split: &Split, factor: &Constant) -> (bool, Vec<String>, Vec<String>) {
        let (negative, mut above, mut below) = self.parts(&split.front, "d");
        let (upper, lower) = self.constant(factor);
        above.extend(upper);
        below.extend(lower);
        if split.rest != Polynomial::constant(Polynomial::constant(Rational::from(1))) {
            above.push(format!("({})", self.in_energy(&split.rest, false)));
        }
        (negative, above, below)
    }

    fn law(self, class: &Class<Polynomial>, factor: &Constant) -> String {
        if class.vanishes() {
            return "0".into();
        }
        let s = class.order;
        let (negative, above, below) = self.split(&Split::of(&class.factor), factor);
        let quotient = self.fraction(negative, &above, &below);
        let [front, upper, lower] =
            ["d+1".to_owned(), shifted("k", -i64::from(s)), format!("k+d+{}", s + 1)].map(|x| self.gamma(&x));
        match self {
            Self::Plain => format!("{quotient} [{front} {upper}/(2 pi {lower})]^2"),
            Self::Latex => {
                format!("{quotient}\\left[\\frac{{{front}\\,{upper}}}{{2\\pi\\,{lower}}}\\right]^2")
            }
            Self::Sympy => format!("{quotient}*({front}*{upper}/(2*pi*{lower}))**2"),
        }
    }

    fn general_ratio(self, class: &Class<Polynomial>) -> String {
        let s = i64::from(class.order);
        let (upper, lower) = (shifted("k", -s), format!("k+d+{}", s + 1));
        let bracket = match self {
            Self::Plain => {
                format!("[{}/({lower})]^2", if s == 0 { "k".into() } else { format!("({upper})") })
            }
            Self::Latex => format!("\\left(\\frac{{{upper}}}{{{lower}}}\\right)^2"),
            Self::Sympy => format!("(({upper})/({lower}))**2"),
        };
        let rest = Split::of(&class.factor).rest;
        if rest.degree() == Some(0) {
            return bracket;
        }
        let [next, here] = [true, false].map(|two_on| format!("({})", self.in_energy(&rest, two_on)));
        match self {
            Self::Latex => format!("{bracket}{}", self.fraction(false, &[next], &[here])),
            Self::Plain => format!("{bracket} {next}/{here}"),
            Self::Sympy => format!("{bracket}*{next}/{here}"),
        }
    }

    /// `k [psi(upper/2) - psi(lower/2) - (2k+d-1) Q'(e)/Q(e)]`.
    fn general_exponent(self, [lower, upper]: [String; 2], q: &Polynomial<Polynomial>) -> String {
        let psi = |argument: &str| match self {
            Self::Plain => format!("psi(({argument})/2)"),
            Self::Latex => format!("\\psi\\left(\\frac{{{argument}}}{{2}}\\right)"),
            Self::Sympy => format!("polygamma(0, ({})/2)", starred(argument)),
        };
        let mut terms = vec![(false, psi(&upper)), (true, psi(&lower))];
        let rest = Split::of(q).rest;
        if rest.degree() > Some(0) {
            let slope = format!("({})", self.in_energy(&rest.derivative(), false));
            let mut above = vec!["(2k+d-1)".to_owned()];
            if self == Self::Sympy {
                above = vec!["(2*k + d - 1)".to_owned()];
            }
            if slope != "(1)" {
                above.push(slope);
            }
            let below = [format!("({})", self.in_energy(&rest, false))];
            terms.push((true, self.fraction(false, &above, &below)));
        }
        let sum = self.sum(&terms);
        match self {
            Self::Plain => format!("k [{sum}]"),
            Self::Latex => format!("k\\left[{sum}\\right]"),
            Self::Sympy => format!("k*({sum})"),
        }
    }

    fn general_expansion(self, expansion: &Expansion<Polynomial>, factor: &Constant) -> String {
        let s = i64::from(expansion.order);
        let kappa = match self {
            Self::Plain => "kappa",
            Self::Latex => "\\kappa",
            Self::Sympy => "(k + (d - 1)/2)",
        };
        let terms: Vec<(bool, String)> = expansion
            .coefficients
            .iter()
            .enumerate()
            .filter(|(_, c)| !c.is_zero())
            .map(|(m, c)| {
                let (negative, above, mut below) = self.parts(&RationalFunction::power(c, 1), "d");
                if m > 0 {
                    below.push(self.power(kappa, &(2 * m).to_string()));
                }
                (negative, self.fraction(false, &above, &below))
            })
            .collect();
        let sum = self.sum(&terms);
        let (two, exponent) =
            (shifted("d", 1 + 2 * s), shifted("d", 1 + 2 * s - 2 * expansion.degree as i64));
        let last = 2 * expansion.coefficients.len();
        let front = self.gamma("d+1");
        let (upper, lower) = self.constant(factor);
        let constant = self.fraction(false, &upper, &lower);
        let constant = match self {
            _ if factor.is_one() => String::new(),
            Self::Sympy => constant + "*",
            _ => constant + " ",
        };
        let scale = match (expansion.front, self) {
            (Front::Class, Self::Plain) => format!("[{front}/(2 pi)]^2 2^({two})"),
            (Front::Class, Self::Latex) => format!("\\left[\\frac{{{front}}}{{2\\pi}}\\right]^2 2^{{{two}}}"),
            (Front::Class, Self::Sympy) => format!("({front}/(2*pi))**2*2**({two})"),
            (Front::Chord, _) => self.chord_scale(),
        };
        match self {
            Self::Plain => format!("{constant}{scale} kappa^-({exponent}) ({sum}+O(kappa^-{last}))"),
            Self::Latex => format!(
                "{constant}{scale}\\frac{{1}}{{\\kappa^{{{exponent}}}}}\\left[{sum}+O(\\kappa^{{-{last}}})\\right]"
            ),
            Self::Sympy => format!("{constant}{scale}/{kappa}**({exponent})*({sum})"),
        }
    }
}

fn shifted(name: &str, shift: i64) -> String {
    if shift == 0 { name.into() } else { format!("{name}{shift:+}") }
}

/// `2k` as a product for sympy.
fn starred(argument: &str) -> String {
    argument.replace("2k", "2*k").replace("2d", "2*d")
}

/// The sum of what class and chord give, each with its constant.
pub fn law(
    (class, factor): (&Class<Polynomial>, &Constant),
    (chord, halves): (&Chord<Polynomial>, &Constant),
) -> Written {
    Written::by(|notation| {
        let class = (!class.vanishes()).then(|| notation.law(class, factor));
        let chord = (!chord.vanishes()).then(|| notation.chord_law(chord, halves));
        notation.joined(class.into_iter().chain(chord))
    })
}

impl Class<Polynomial> {
    /// `lambda_(k+2) / lambda_k`; `None` for a class that vanishes.
    pub fn written_ratio(&self) -> Option<Written> {
        (!self.vanishes()).then(|| Written::by(|notation| notation.general_ratio(self)))
    }

    /// The local exponent; `None` for a class that vanishes.
    pub fn written_exponent(&self) -> Option<Written> {
        let arguments = [shifted("k", -i64::from(self.order)), format!("k+d+{}", self.order + 1)];
        let written = || Written::by(|notation| notation.general_exponent(arguments.clone(), &self.factor));
        (!self.vanishes()).then(written)
    }
}

/// The sum of the expansions, each with its constant.
pub fn expansion(parts: &[(Expansion<Polynomial>, &Constant)]) -> Written {
    Written::by(|notation| {
        let sums = parts.iter().map(|(expansion, factor)| notation.general_expansion(expansion, factor));
        let sum = notation.joined(sums);
        match notation {
            Notation::Plain => sum + ", kappa = k+(d-1)/2",
            Notation::Latex => sum + ",\\quad \\kappa=k+\\frac{d-1}{2}",
            Notation::Sympy => sum,
        }
    })
}

impl Moment<Polynomial> {
    /// The value as a rational function of `d`.
    pub fn rational_function(&self) -> RationalFunction {
        (0..self.factors).fold(RationalFunction::power(&self.numerator, 1), |product, i| {
            product.times(&RationalFunction::linear(i64::from(2 * i + 1), -1))
        })
    }

    /// The value times a constant, in every notation.
    pub fn written(&self, factor: &Constant) -> Written {
        Written::by(|notation| {
            let (negative, mut above, mut below) = notation.parts(&self.rational_function(), "d");
            let (upper, lower) = notation.constant(factor);
            above.extend(upper);
            below.extend(lower);
            notation.fraction(negative, &above, &below)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_in_the_energy_are_written_with_their_signs() {
        let of = |all: &[i32]| Polynomial::new(all.iter().map(|c| Rational::from(*c)).collect());
        // (d+1) e^2 - 3 e - (d-2), and e + 1.
        let (q, linear) = (
            Polynomial::new(vec![of(&[2, -1]), of(&[-3]), of(&[1, 1])]),
            Polynomial::new(vec![of(&[1]), of(&[1])]),
        );
        assert_eq!(Notation::Plain.in_energy(&q, false), "(d+1)(k(k+d-1))^2-3(k(k+d-1))-(d-2)");
        assert_eq!(Notation::Latex.in_energy(&q, true), "(d+1)((k+2)(k+d+1))^2-3((k+2)(k+d+1))-(d-2)");
        assert_eq!(
            Notation::Sympy.in_energy(&q, false),
            "(d + 1)*(k*(k + d - 1))**2 - 3*(k*(k + d - 1)) - (d - 2)"
        );
        assert_eq!(Notation::Plain.in_energy(&linear, false), "k(k+d-1)+1");
    }
}
