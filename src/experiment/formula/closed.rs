//! The formulas of one sphere.

use super::{
    check::{self, Comparison},
    report::{Added, ByParity, Formulas, Law, Line, Sphere},
};
use crate::{
    kernel::Kernel,
    spectrum::formula::{
        Class, NormalForm,
        notation::{Written, laws},
    },
};
use rug::Rational;

/// Beyond this dimension the tail, a polynomial of degree `d` and more, is not worked out.
const LARGEST_FOR_TAILS: u32 = 40;

/// All that is known of the kernel on the sphere of `normal`.
pub fn formulas(kernel: &Kernel, normal: &NormalForm, order: usize) -> Formulas {
    let dim = normal.sphere;
    let classes = [&normal.even, &normal.odd];
    let expressions = classes.map(|class| class.expression(dim));
    let compared = check::compare(kernel, normal, &expressions);
    let added = added(normal);
    let law = |parity: usize| {
        let written = expressions[parity].written(&normal.factor);
        law(written, &compared[parity], from(parity as u64, &added))
    };
    let by = |line: &dyn Fn(usize) -> Option<Line>| ByParity { even: line(0), odd: line(1) };
    let ratio = |parity: usize| {
        let ratio = classes[parity].ratio(dim, &expressions[parity])?;
        Some(Line::new(laws::ratio(&ratio), "the formula at k+2 over that at k, as rational functions"))
    };
    let exponent = |parity: usize| {
        let exponent = classes[parity].local_exponent(dim, &expressions[parity])?;
        let limit = classes[parity].exponent(dim)?;
        let check = format!("the formula's logarithmic derivative is that of Q(e) X_s; tends to {limit}");
        Some(Line::new(exponent.written(), check))
    };
    let expansion = |parity: usize| {
        let expansion = classes[parity].expansion(dim, order)?;
        let check = format!("difference equation in k, to order {}", 2 * order);
        Some(Line::new(expansion.written(classes[parity], dim, &normal.factor), check))
    };
    let tail = |parity: usize| tail(classes[parity], normal);
    Formulas {
        dim: Sphere::Dimension(dim.get()),
        even: law(0),
        odd: law(1),
        ratio: by(&ratio),
        exponent: by(&exponent),
        expansion: by(&expansion),
        tail: by(&tail),
        added,
    }
}

fn tail(class: &Class, normal: &NormalForm) -> Option<Line> {
    if normal.sphere.get() > LARGEST_FOR_TAILS {
        return None;
    }
    let check = "T(k) - T(k+2) = N(d,k) lambda_k, as rational functions; T tends to 0";
    Some(Line::new(class.tail(normal.sphere)?.written(&normal.factor), check))
}

fn law(written: Written, compared: &Comparison, from: u64) -> Law {
    let degrees = format!("{} degrees to {}", compared.compared, check::LAST);
    let (proved, check) = match compared.differs {
        None => (true, format!("identity in Q[e]; equal to the exact recurrence at {degrees}")),
        Some(k) => (false, format!("differs from the exact recurrence at k = {k}")),
    };
    Law { line: Line::new(written, check), from, proved }
}

/// The first degree of a parity beyond those where something is added.
pub(super) fn from(parity: u64, added: &[Added]) -> u64 {
    let last = added.iter().map(|added| added.degree).filter(|k| k % 2 == parity).max();
    last.map_or(parity, |last| last + 2)
}

fn added(normal: &NormalForm) -> Vec<Added> {
    let d = Rational::from(normal.sphere.get());
    let all = (0..normal.added.end()).map(|degree| (degree, normal.added.rational(degree, &d)));
    all.filter(|(_, value)| !value.is_zero())
        .map(|(degree, value)| {
            let Written { text, latex, sympy } =
                Written::by(|notation| notation.multiple(&value, &normal.factor));
            Added { degree, value: text, latex, sympy }
        })
        .collect()
}
