//! Kernels with half angles.

use super::{agrees, dim};
use crate::{
    math::{constant::Constant, units::Bits},
    spectrum::formula::{NormalForm, tail::Tail},
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
