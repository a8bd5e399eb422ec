//! The formulas of one sphere.

use super::{
    check::{self, Comparison},
    report::{Added, ByParity, Formulas, Law, Line, Sphere},
};
use crate::{
    kernel::Kernel,
    spectrum::formula::{
        Class, NormalForm,
        chord::Chord,
        notation::{Written, laws},
    },
};
use rug::Rational;

/// Beyond this dimension the tail, a polynomial of degree `d` and more, is not worked out.
const LARGEST_FOR_TAILS: u32 = 40;

/// All that is known of the kernel on the sphere of `normal`.
pub fn formulas(kernel: &Kernel, normal: &NormalForm, order: usize) -> Formulas {
    let dim = normal.sphere;
    let (classes, chords) = ([&normal.even, &normal.odd], &normal.chords);
    let expressions = classes.map(|class| class.expression(dim));
    let halves = [0, 1].map(|parity: usize| chords[parity].expression(dim));
    let compared = check::compare(kernel, normal, [&expressions, &halves]);
    let added = added(normal);
    let law = |parity: usize| {
        let parts = [(&expressions[parity], &normal.factor), (&halves[parity], &normal.halves)];
        law(laws::law(parts), &compared[parity], from(parity as u64, &added))
    };
    let by = |line: &dyn Fn(usize) -> Option<Line>| ByParity { even: line(0), odd: line(1) };
    // A sum of both kinds has neither a rational ratio nor a logarithm worth writing.
    let mixed = |parity: usize| !classes[parity].vanishes() && !chords[parity].vanishes();
    let ratio = |parity: usize| {
        let ratio = (classes[parity].ratio(dim, &expressions[parity]))
            .or_else(|| chords[parity].ratio(dim, &halves[parity]))
            .filter(|_| !mixed(parity))?;
        Some(Line::new(laws::ratio(&ratio), "the formula at k+2 over that at k, as rational functions"))
    };
    let exponent = |parity: usize| {
        if mixed(parity) {
            return None;
        }
        let (class, chord) = (classes[parity], &chords[parity]);
        let exponent = (class.local_exponent(dim, &expressions[parity]))
            .or_else(|| chord.local_exponent(dim, &halves[parity]))?;
        let limit = class.exponent(dim).or_else(|| chord.exponent(dim))?;
        let product = if chord.vanishes() { "Q(e) X_s" } else { "R(e) Y_n" };
        let check = format!("the formula's logarithmic derivative is that of {product}; tends to {limit}");
        Some(Line::new(exponent.written(), check))
    };
    let expansion = |parity: usize| {
        let (class, chord) = (classes[parity], &chords[parity]);
        let mut parts = Vec::new();
        if !class.vanishes() {
            parts.push((class.expansion(dim, order)?, &normal.factor));
        }
        if !chord.vanishes() {
            parts.push((chord.expansion(dim, order)?, &normal.halves));
        }
        let check = format!("difference equation in k, to order {}", 2 * order);
        (!parts.is_empty()).then(|| Line::new(laws::expansion(&parts, dim), check))
    };
    let tail = |parity: usize| tail(classes[parity], &chords[parity], normal);
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

fn tail(class: &Class, chord: &Chord, normal: &NormalForm) -> Option<Line> {
    let dim = normal.sphere;
    if dim.get() > LARGEST_FOR_TAILS {
        return None;
    }
    let mut parts = Vec::new();
    if !class.vanishes() {
        parts.push((class.tail(dim)?, &normal.factor));
    }
    if !chord.vanishes() {
        parts.push((chord.tail(dim)?, &normal.halves));
    }
    let check = "T(k) - T(k+2) = N(d,k) lambda_k, as rational functions; T tends to 0";
    (!parts.is_empty()).then(|| Line::new(laws::tail(&parts), check))
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
