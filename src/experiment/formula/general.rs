//! The formulas of spheres of every dimension, with `d` a symbol.

use super::{
    closed::from,
    report::{Added, ByParity, Formulas, Law, Line, Sphere},
};
use crate::{
    kernel::Kernel,
    math::{polynomial::Polynomial, units::Dimension},
    spectrum::formula::{Class, EveryDimension, NormalForm, notation::Written},
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
    let law = |parity: usize| {
        let check = match differs {
            None => format!("identity in Q[d][e]; at d = 1 to {} the formula of that sphere", SPHERES.len()),
            Some(d) => format!("differs from the formula of the sphere at d = {d}"),
        };
        let line = Line::new(classes[parity].written(&normal.factor), check);
        Law { line, from: from(parity as u64, &added), proved: differs.is_none() }
    };
    let by = |line: &dyn Fn(&Class<Polynomial>) -> Option<Line>| ByParity {
        even: line(classes[0]),
        odd: line(classes[1]),
    };
    let expansion = |class: &Class<Polynomial>| {
        let expansion = class.expansion(EveryDimension, order)?;
        let check = format!("difference equation in k, to order {}, in Q[d]", 2 * order);
        Some(Line::new(expansion.written(class, &normal.factor), check))
    };
    let follows = "follows from the formula by Gamma(x+1) = x Gamma(x)";
    Some(Formulas {
        dim: Sphere::Symbol("d".into()),
        even: law(0),
        odd: law(1),
        ratio: by(&|class| class.written_ratio().map(|written| Line::new(written, follows))),
        exponent: by(&|class| {
            class
                .written_exponent()
                .map(|written| Line::new(written, "derivative of the formula's logarithm"))
        }),
        expansion: by(&expansion),
        tail: ByParity::default(),
        added,
    })
}

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
    let variable = Polynomial::shifted_variable(Rational::new());
    let added = (0..special.added.end()).all(|k| {
        let general = normal.added.at(k, &variable).and_then(|moment| moment.rational_function().at(&number));
        general == Some(special.added.rational(k, &number))
    });
    laws && added
}
