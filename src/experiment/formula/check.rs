//! The formulas as they are printed against the exact recurrence, degree by degree.

use crate::{
    kernel::Kernel,
    math::{constant::Constant, degrees::Degrees, units::Bits},
    spectrum::{
        exact::ExactSpectrum,
        exact_value::ExactValue,
        formula::{NormalForm, central_binomial, expression::Expression},
    },
};
use rug::Rational;

/// The last degree at which formula and recurrence are compared.
pub const LAST: u64 = 200;

/// How a formula compares with the recurrence.
pub struct Comparison {
    /// Degrees compared.
    pub compared: usize,
    /// The first degree at which the two differ.
    pub differs: Option<u64>,
}

/// Compares the formulas of even and odd degrees, `0..=LAST`, with the recurrence in rationals, which does not use them.
///
/// `formulas` are those of the classes and of the chords, for even and for odd degrees.
pub fn compare(kernel: &Kernel, normal: &NormalForm, formulas: [&[Expression; 2]; 2]) -> [Comparison; 2] {
    let mut found = [(); 2].map(|()| Comparison { compared: 0, differs: None });
    let dim = normal.sphere;
    let (Some(exact), Ok(degrees)) = (ExactSpectrum::of(kernel, dim), Degrees::up_to(LAST)) else {
        return found;
    };
    for value in exact.eigenvalues(&degrees, Bits(64), usize::MAX) {
        let k = value.degree;
        let parity = (k % 2) as usize;
        found[parity].compared += 1;
        let same =
            value.closed.is_some() && closed(formulas.map(|by| &by[parity]), normal, k) == value.closed;
        if !same && found[parity].differs.is_none() {
            found[parity].differs = Some(k);
        }
    }
    found
}

/// The value of the formula at `k`, with what is added there.
fn closed([class, chord]: [&Expression; 2], normal: &NormalForm, k: u64) -> Option<ExactValue> {
    let value = class.rational.at(&Rational::from(k))?;
    let added = normal.added.rational(k, &Rational::from(normal.sphere.get()));
    let factor = normal.factor.clone();
    let halves = normal.halves.times(&Constant::pi(-chord.over_pi)).1;
    let beside = (halves, chord.rational.at(&Rational::from(k))?);
    let (rational, over_pi_squared) = match class.beta {
        None => (added, value),
        Some(shift) => {
            let n = k.saturating_add_signed(shift);
            (added + value * central_binomial::squared_exactly(n)?, Rational::new())
        }
    };
    Some(ExactValue::new(factor, rational, over_pi_squared, beside))
}
