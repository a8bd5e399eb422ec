//! The formulas of spheres of every dimension, with `d` a symbol.

use super::{
    closed::from,
    report::{Added, ByParity, Formulas, Law, Line, Sphere},
};
use crate::{
    kernel::Kernel,
    math::{polynomial::Polynomial, units::Dimension},
    spectrum::formula::{
        Class, EveryDimension, NormalForm,
        chord::Chord,
        notation::{Written, general},
    },
};
use rug::Rational;

/// The formulas with `d` a symbol; `None` for a kernel without a closed form.
pub fn formulas(kernel: &Kernel, order: usize) -> Option<Formulas> {
    let normal = NormalForm::<Polynomial>::of(kernel, EveryDimension)?;
    let classes = [&normal.even, &normal.odd];
    let added: Vec<Added> = (0..normal.added.end())
        .filter_map(|degree| {
            let moment = normal.added.at(degree, &Polynomial::shifted_variable(Rational::new()))?;
            let Written { text, latex, sympy } = moment.written(&normal.factor);
            (!moment.numerator.is_zero()).then_some(Added { degree, value: text, latex, sympy })
        })
        .collect();
    let differs = SPHERES.into_iter().find(|&d| !agrees(kernel, &normal, d));
    let chords = &normal.chords;
    let law = |parity: usize| {
        let check = match differs {
            None => format!("identity in Q[d][e]; at d = 1 to {} the formula of that sphere", SPHERES.len()),
            Some(d) => format!("differs from the formula of the sphere at d = {d}"),
        };
        let written = general::law((classes[parity], &normal.factor), (&chords[parity], &normal.halves));
        Law { line: Line::new(written, check), from: from(parity as u64, &added), proved: differs.is_none() }
    };
    let by = |line: &ForParity<'_>| ByParity {
        even: line(classes[0], &chords[0]),
        odd: line(classes[1], &chords[1]),
    };
    let expansion = |class: &Class<Polynomial>, chord: &Chord<Polynomial>| {
        let mut parts = Vec::new();
        if !class.vanishes() {
            parts.push((class.expansion(EveryDimension, order)?, &normal.factor));
        }
        if !chord.vanishes() {
            parts.push((chord.expansion(EveryDimension, order)?, &normal.halves));
        }
        let check = format!("difference equation in k, to order {}, in Q[d]", 2 * order);
        (!parts.is_empty()).then(|| Line::new(general::expansion(&parts), check))
    };
    // A sum of both kinds has no ratio or logarithm worth writing.
    let alone = |line: &dyn Fn(&Class<Polynomial>) -> Option<Written>,
                 of_chord: &dyn Fn(&Chord<Polynomial>) -> Option<Written>,
                 check: &str| {
        by(&|class, chord| {
            let mixed = !class.vanishes() && !chord.vanishes();
            let written = if mixed { None } else { line(class).or_else(|| of_chord(chord)) };
            written.map(|written| Line::new(written, check))
        })
    };
    let follows = "follows from the formula by Gamma(x+1) = x Gamma(x)";
    Some(Formulas {
        dim: Sphere::Symbol("d".into()),
        even: law(0),
        odd: law(1),
        ratio: alone(&Class::written_ratio, &Chord::written_ratio, follows),
        exponent: alone(
            &Class::written_exponent,
            &Chord::written_exponent,
            "derivative of the formula's logarithm",
        ),
        expansion: by(&expansion),
        tail: ByParity::default(),
        added,
    })
}

/// What is said of a parity, from its class and its chord.
type ForParity<'a> = dyn Fn(&Class<Polynomial>, &Chord<Polynomial>) -> Option<Line> + 'a;

/// The spheres at which the symbol is given its value.
const SPHERES: [u32; 6] = [1, 2, 3, 4, 5, 6];

/// Is the general formula that of the sphere of dimension `d`, worked out in numbers?
fn agrees(kernel: &Kernel, normal: &NormalForm<Polynomial>, d: u32) -> bool {
    let special = Dimension::new(d).ok().and_then(|dim| NormalForm::<Rational>::of(kernel, dim));
    let Some(special) = special else { return false };
    let number = Rational::from(d);
    let pairs = [(&normal.even, &special.even), (&normal.odd, &special.odd)];
    let laws = pairs.into_iter().all(|(general, special)| {
        let coefficients = general.factor.coefficients().iter().map(|c| c.at(&number)).collect();
        Class::new(general.order, Polynomial::new(coefficients)).lowered(&number) == *special
    });
    let chords = normal.chords.iter().zip(&special.chords).all(|(general, special)| {
        let coefficients = general.factor.coefficients().iter().map(|c| c.at(&number)).collect();
        let here = Chord { order: general.order, factor: Polynomial::new(coefficients) };
        here.lowered(&number) == *special
    });
    let variable = Polynomial::shifted_variable(Rational::new());
    let added = (0..special.added.end()).all(|k| {
        let general = normal.added.at(k, &variable).and_then(|moment| moment.rational_function().at(&number));
        general == Some(special.added.rational(k, &number))
    });
    laws && chords && added
}
