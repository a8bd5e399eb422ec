//! Kernels with half angles.

use super::{agrees, dim};
use crate::{
    math::{constant::Constant, polynomial::Polynomial, units::Bits},
    spectrum::formula::{EveryDimension, NormalForm, chord::Chord, notation::laws, tail::Tail},
};
use rug::{Float, Rational, ops::Pow};

/// Kernels with half angles, beside other parts or alone.
const CHORDS: [&str; 7] = [
    "expr:sqrt(2-2*t)",
    "expr:(2-2*t)^(3/2)",
    "expr:sqrt(1+t)",
    "expr:t^2*sin(theta/2)-cos(theta/2)*(t-1/3)^3",
    "expr:sin(3*theta/2)+theta/pi",
    "expr:theta/pi+t^2+sqrt(1-t)*t",
    "expr:sin(theta)/pi-pi*cos(theta/2)",
];

#[test]
fn half_angles_have_the_values_of_the_recurrence() {
    for spec in CHORDS {
        let form = spec.parse::<crate::kernel::Kernel>().unwrap().closed_form().unwrap();
        assert!(!form.halves.is_zero(), "{spec}");
        for d in 1..=11 {
            agrees(&form, d, 60);
        }
    }
}

/// On the circle `sin(theta/2)` has the coefficients `-2/(pi (4k^2-1))`, and on the sphere `sqrt(2-2t)` those of the generating function of the
/// Legendre polynomials, integrated: `-4/((2k-1)(2k+1)(2k+3))`.
#[test]
fn half_angles_have_the_values_of_the_textbook() {
    for k in 0..40i64 {
        let at = |spec: &str, d: u32| {
            NormalForm::of(&spec.parse().unwrap(), dim(d)).unwrap().value(k as u64).exact(usize::MAX).unwrap()
        };
        let circle = at("expr:sin(theta/2)", 1);
        assert_eq!((circle.rational, circle.factor), (Rational::from((-2, 4 * k * k - 1)), Constant::pi(-1)));
        let sphere = at("expr:sqrt(2-2*t)", 2);
        assert_eq!(
            sphere.as_rational(),
            Some(&Rational::from((-4, (2 * k - 1) * (2 * k + 1) * (2 * k + 3))))
        );
    }
}

/// A chord's values far out against a sum of the partial fractions near, its ratio, exponent, expansion and tail.
#[test]
fn what_follows_of_half_angles_is_that_of_the_values() {
    for (spec, d) in CHORDS[..4].iter().flat_map(|spec| (1..=6).map(move |d| (*spec, d))) {
        let normal = NormalForm::of(&spec.parse().unwrap(), dim(d)).unwrap();
        for parity in 0..2u64 {
            let name = format!("{spec}, d = {d}, parity {parity}");
            let chord = normal.chord(parity);
            let formula = chord.expression(dim(d));
            let k = 400 + parity;
            let value = |k: u64| chord.at(dim(d), k);
            let ratio = chord.ratio(dim(d), &formula).expect(&name);
            assert_eq!(ratio.at(&Rational::from(k)), Some(value(k + 2) / value(k)), "{name}");
            let exponent = chord
                .local_exponent(dim(d), &formula)
                .expect(&name)
                .rational
                .at(&Rational::from(k + 1))
                .unwrap();
            let step = -(value(k + 2) / value(k)).to_f64().ln() / ((k + 2) as f64 / k as f64).ln();
            assert!((exponent.to_f64() - step).abs() < 1e-4, "{name}: {} {step}", exponent.to_f64());
            assert!((exponent.to_f64() - chord.exponent(dim(d)).unwrap() as f64).abs() < 0.1, "{name}");
            let expansion = chord.expansion(dim(d), 8).expect(&name);
            let square = Rational::from((2 * k + u64::from(d) - 1, 2)).square();
            let sum = expansion.coefficients.iter().rev().fold(Rational::new(), |sum, c| sum / &square + c);
            let (gamma, _) = crate::math::harmonics::gamma_squared_over_pi(dim(d));
            let kappa = Float::with_val(200, &square).sqrt();
            let front = Float::with_val(200, gamma << (d - 1)) / kappa.pow(chord.exponent(dim(d)).unwrap());
            let relative = front * &sum / Float::with_val(200, value(k)) - 1u32;
            assert!(relative.clone().abs() < 1e-30, "{name}: {relative}");
            let Tail::Digamma { coefficient, fractions, .. } = chord.tail(dim(d)).expect(&name) else {
                panic!("{name}")
            };
            let psi = |n: i64| Float::with_val(200, Rational::from((n, 4))).digamma();
            let tail = |k: i64| {
                let difference = psi(2 * k - 1) - psi(2 * k + 1);
                let start = Float::with_val(200, &coefficient) * difference;
                fractions.iter().fold(start, |sum, f| {
                    sum + Float::with_val(200, &f.coefficient / Rational::from(2 * k + f.shift))
                })
            };
            let first = 10 + parity as i64;
            let counted = |k: i64| {
                Float::with_val(200, crate::math::harmonics::multiplicity(dim(d), k as u64) * value(k as u64))
            };
            let near = (first..first + 200).step_by(2).fold(Float::new(200), |sum, k| sum + counted(k));
            let difference = tail(first) - tail(first + 200) - near;
            assert!(difference.clone().abs() < 1e-45, "{name}: {difference}");
            let far = tail(100_000 + parity as i64);
            assert!(far.abs() < 1e-4, "{name}");
        }
    }
}

#[test]
fn sums_that_cancel_are_told_from_zero() {
    // sin(theta/2) on S^2 has -2/3 . -1 = 2/3 at k = 0: less 2/3 it is zero there, and nowhere else.
    let normal = NormalForm::of(&"expr:sin(theta/2)-2/3".parse().unwrap(), dim(2)).unwrap();
    assert_eq!(normal.zero_degrees(), "k = 0");
    assert!(normal.value(0).is_zero() && !normal.value(1_000_000_000_000).is_zero());
    let normal = NormalForm::of(&"expr:theta/pi+sin(theta/2)".parse().unwrap(), dim(2)).unwrap();
    assert_eq!(normal.zero_degrees(), "none");
    let far = normal.value(1_000_000_000_001).enclosure(Bits(120));
    assert!(far.radius() <= far.magnitude() >> 118);
}

/// `Y_0/Y_1 = e - 15/4` and `Y_1/Y_2 = e - 35/4` on the sphere, where `a(a+1)` is taken off at `a = 3/2` and `5/2`.
#[test]
fn products_of_steps_are_taken_down() {
    let minus = |quarters: i32| Polynomial::shifted_variable(Rational::from((-quarters, 4)));
    let (d, rest) = (Rational::from(2), minus(-3));
    for (order, factor, lowest) in
        [(1, minus(15), 0), (2, minus(15).times(&minus(35)), 0), (2, minus(35), 1), (2, minus(15), 2)]
    {
        let kept = if lowest == order { factor.times(&rest) } else { rest.clone() };
        let found = Chord { order, factor: factor.times(&rest) }.lowered(&d);
        assert_eq!(found, Chord { order: lowest, factor: kept }, "{order}");
    }
}

/// On the sphere `t x` has, by the recurrence of Legendre polynomials on the eigenvalues `-1/(2 kappa (kappa^2-1))` of the chord `x`,
/// `-1/(4 kappa^2) [ (kappa+1/2)/((kappa+1)(kappa+2)) + (kappa-1/2)/((kappa-1)(kappa-2)) ]`, that is
/// `-1/(2 kappa^3) (1 + 11/(2 kappa^2) + 47/(2 kappa^4) + ...)`.
#[test]
fn expansions_are_written_as_by_hand() {
    let normal = NormalForm::of(&"expr:3*t*sqrt(2-2*t)".parse().unwrap(), dim(2)).unwrap();
    let expansion = normal.chord(0).expansion(dim(2), 2).unwrap();
    let one = Constant::default();
    let found = laws::expansion(&[(expansion, &one)], dim(2));
    assert_eq!(found.text, "-3/(2 kappa^3) (1+11/(2 kappa^2)+47/(2 kappa^4)+O(kappa^-6)), kappa = k+1/2");
    assert_eq!(
        found.sympy,
        "-3/(2*(k + Rational(1, 2))**3)*(1 + 11/(2*(k + Rational(1, 2))**2) + 47/(2*(k + Rational(1, 2))**4))"
    );
}

/// `Y_0(k+2)/Y_0(k)`.
#[test]
fn ratios_in_every_dimension_are_written_as_by_hand() {
    let normal = NormalForm::of(&"expr:sqrt(2-2*t)".parse().unwrap(), EveryDimension).unwrap();
    let found = normal.chord(0).written_ratio().unwrap();
    assert_eq!(found.text, "(2k-1) (2k+1)/((2k+2d+1) (2k+2d+3))");
    assert_eq!(found.sympy, "(2*k - 1)*(2*k + 1)/((2*k + 2*d + 1)*(2*k + 2*d + 3))");
}
