//! Constant factors such as `pi`, `sqrt(2)` or `exp(1/3)`, exactly.

use super::{ball::Ball, scalar::Scalar, units::Bits};
use rug::{Integer, Rational};
use std::{collections::BTreeMap, fmt};

/// What a constant is made of; all are positive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Base {
    /// A prime number.
    Prime(Integer),
    /// The base of the natural logarithm.
    E,
    /// The number pi.
    Pi,
}

/// A product of powers, with rational exponents, of `pi`, `e` and primes. Positive, so never zero.
///
/// Invariant: no exponent is 0, and those of primes lie strictly between 0 and 1; what is rational stands elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Constant(BTreeMap<Base, Rational>);

/// Divisors up to this one are tried; what is left must be smaller than its square, and so prime.
const LARGEST_DIVISOR: u32 = 100_000;
/// The largest exponent of a rational number.
const LARGEST_EXPONENT: i32 = 1000;

impl Constant {
    /// `pi^exponent`.
    pub fn pi(exponent: impl Into<Rational>) -> Self {
        Self::power(Base::Pi, exponent.into())
    }

    /// `e^exponent`.
    pub fn exp(exponent: Rational) -> Self {
        Self::power(Base::E, exponent)
    }

    fn power(base: Base, exponent: Rational) -> Self {
        Self([(base, exponent)].into_iter().filter(|(_, exponent)| !exponent.is_zero()).collect())
    }

    /// `value^exponent` for a positive rational: a rational number times a constant; `None` beyond what is factored.
    pub fn rational_power(value: &Rational, exponent: &Rational) -> Option<(Rational, Self)> {
        if *value <= 0 || exponent.numer().to_i32().is_none_or(|n| n.abs() > LARGEST_EXPONENT) {
            return None;
        }
        let mut primes = factors(value.numer())?;
        primes.extend(factors(value.denom())?.into_iter().map(|(prime, count)| (prime, -count)));
        let (mut rational, mut constant) = (Rational::from(1), Self::default());
        for (prime, count) in primes {
            let exponent = exponent * Rational::from(count);
            let (fraction, whole) = exponent.fract_floor(Integer::new());
            rational *= rug::ops::Pow::pow(Rational::from(prime.clone()), whole.to_i32()?);
            if !fraction.is_zero() {
                constant.0.insert(Base::Prime(prime), fraction);
            }
        }
        Some((rational, constant))
    }

    /// The product: a rational number times a constant.
    pub fn times(&self, other: &Self) -> (Rational, Self) {
        let (mut rational, mut product) = (Rational::from(1), self.clone());
        for (base, exponent) in &other.0 {
            let sum = product.0.remove(base).unwrap_or_default() + exponent;
            let left = match base {
                // Both exponents are below 1.
                Base::Prime(prime) if sum >= 1 => {
                    rational *= prime;
                    sum - 1u32
                }
                _ => sum,
            };
            if !left.is_zero() {
                product.0.insert(base.clone(), left);
            }
        }
        (rational, product)
    }

    /// `self^exponent`, as a rational number times a constant; `None` beyond what is factored.
    pub fn to_power(&self, exponent: &Rational) -> Option<(Rational, Self)> {
        let start = (Rational::from(1), Self::default());
        self.0.iter().try_fold(start, |(rational, product), (base, own)| {
            let total = Rational::from(own * exponent);
            let (factor, power) = match base {
                Base::Prime(prime) => Self::rational_power(&Rational::from(prime.clone()), &total)?,
                other => (Rational::from(1), Self::power(other.clone(), total)),
            };
            let (carried, product) = product.times(&power);
            Some((rational * factor * carried, product))
        })
    }

    /// The reciprocal: a rational number times a constant.
    pub fn recip(&self) -> Option<(Rational, Self)> {
        self.to_power(&Rational::from(-1))
    }

    /// The bases with their exponents, none of them 0.
    pub fn powers(&self) -> impl Iterator<Item = (&Base, &Rational)> {
        self.0.iter()
    }

    /// Is there a power of `e`?
    pub fn has_e(&self) -> bool {
        self.0.contains_key(&Base::E)
    }

    /// Is this 1?
    pub fn is_one(&self) -> bool {
        self.0.is_empty()
    }

    /// The constant, enclosed at `precision`.
    pub fn enclosure(&self, precision: Bits) -> Ball {
        let ball = |q: &Rational| Ball::from_rational(precision, q);
        self.0.iter().fold(ball(&Rational::from(1)), |product, (base, exponent)| {
            let logarithm = match base {
                Base::E => ball(exponent),
                Base::Pi => Ball::pi_at(precision).ln() * ball(exponent),
                Base::Prime(prime) => ball(&Rational::from(prime.clone())).ln() * ball(exponent),
            };
            product * logarithm.exp()
        })
    }

    /// Factors above and below the bar, as text.
    fn factors(&self) -> (Vec<String>, Vec<String>) {
        let written = |sign: i32| {
            let own = self.0.iter().filter(move |(_, exponent)| (**exponent > 0) == (sign > 0));
            own.map(|(base, exponent)| {
                let name = match base {
                    Base::Pi => "pi".to_owned(),
                    Base::E if exponent.is_integer() => "e".to_owned(),
                    Base::E => return format!("exp({})", Rational::from(exponent.abs_ref())),
                    Base::Prime(prime) => prime.to_string(),
                };
                match Rational::from(exponent.abs_ref()) {
                    size if size == 1 => name,
                    size if size == Rational::from((1, 2)) => format!("sqrt({name})"),
                    size if size.is_integer() => format!("{name}^{size}"),
                    size => format!("{name}^({size})"),
                }
            })
            .collect()
        };
        (written(1), written(-1))
    }
}

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&term(&Rational::from(1), self))
    }
}

/// `factor constant` on one line, as in `3 sqrt(2)/(4 pi)`.
pub fn term(factor: &Rational, constant: &Constant) -> String {
    let (mut above, mut below) = constant.factors();
    let size = Rational::from(factor.abs_ref());
    if *size.numer() != 1 || above.is_empty() {
        above.insert(0, size.numer().to_string());
    }
    if *size.denom() != 1 {
        below.insert(0, size.denom().to_string());
    }
    let sign = if *factor < 0 { "-" } else { "" };
    let upper = above.join(" ");
    match &below[..] {
        [] => format!("{sign}{upper}"),
        [alone] => format!("{sign}{upper}/{alone}"),
        several => format!("{sign}{upper}/({})", several.join(" ")),
    }
}

/// The prime factors of a positive integer with their exponents, if they can be found quickly.
fn factors(n: &Integer) -> Option<Vec<(Integer, i32)>> {
    let mut left = n.clone();
    let mut found = Vec::new();
    let mut divisor = 2u32;
    while divisor <= LARGEST_DIVISOR && left > 1 {
        let count = left.remove_factor_mut(&Integer::from(divisor));
        if count > 0 {
            found.push((Integer::from(divisor), i32::try_from(count).ok()?));
        }
        divisor += 1;
    }
    if left > 1 {
        if left > u64::from(LARGEST_DIVISOR) * u64::from(LARGEST_DIVISOR) {
            return None;
        }
        found.push((left, 1));
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn root(n: i32, d: i32, p: i32, q: i32) -> (Rational, Constant) {
        Constant::rational_power(&Rational::from((n, d)), &Rational::from((p, q))).unwrap()
    }

    #[test]
    fn roots_are_normal_forms() {
        assert_eq!(root(8, 1, 1, 2), (Rational::from(2), root(2, 1, 1, 2).1));
        assert_eq!(root(9, 4, 1, 2), (Rational::from((3, 2)), Constant::default()));
        // 1/sqrt(2) = sqrt(2)/2.
        assert_eq!(root(1, 2, 1, 2), (Rational::from((1, 2)), root(2, 1, 1, 2).1));
        assert_eq!(root(2, 1, 1, 2).1.times(&root(2, 1, 1, 2).1), (Rational::from(2), Constant::default()));
        assert_eq!(root(2, 1, 1, 2).1.times(&root(3, 1, 1, 2).1).1, root(6, 1, 1, 2).1);
        assert_eq!(
            term(&Rational::from((-3, 4)), &root(2, 1, 1, 2).1.times(&Constant::pi(-1)).1),
            "-3 sqrt(2)/(4 pi)"
        );
        assert_eq!(term(&Rational::from((1, 4)), &Constant::pi(1)), "pi/4");
        assert_eq!(term(&Rational::from(-1), &Constant::default()), "-1");
    }

    proptest! {
        #[test]
        fn the_value_is_that_of_the_factors(n in 1i32..500, d in 1i32..500, p in -7i32..8, q in 1i32..5, e in -3i32..4) {
            let (rational, constant) = root(n, d, p, q);
            let (carried, constant) = constant.times(&Constant::pi(Rational::from((e, 2))));
            let found = constant.enclosure(Bits(80)).midpoint().to_f64() * (rational * carried).to_f64();
            let expected = (f64::from(n) / f64::from(d)).powf(f64::from(p) / f64::from(q)) * std::f64::consts::PI.powf(f64::from(e) / 2.0);
            prop_assert!((found / expected - 1.0).abs() < 1e-10);
            let (one, nothing) = constant.times(&constant.recip().unwrap().1);
            prop_assert!(nothing.is_one() && one > 0);
        }
    }
}
