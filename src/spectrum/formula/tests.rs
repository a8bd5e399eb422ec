//! The normal form against the recurrence, oracles and itself.

mod chords;

use super::{EveryDimension, NormalForm};
use crate::{
    kernel::symbolic::{ClosedForm, Halves},
    math::{
        ball::Ball,
        constant::Constant,
        degrees::Degrees,
        polynomial::Polynomial,
        scalar::Scalar,
        units::{Bits, Dimension},
    },
    spectrum::exact::ExactSpectrum,
};
use proptest::prelude::*;
use rug::{Float, Rational, ops::Pow};

/// Kernels with a closed form of every family.
pub const CLOSED: [&str; 13] = [
    "two-layer",
    "two-layer:bias=true",
    "ntk:depth=1",
    "ntk:depth=1,b=1/3",
    "ntk:depth=1,activation=leaky-relu,slope=0.2,b=1/2,w=3,w-in=2/7",
    "nngp:depth=1",
    "arc-cosine:order=0",
    "arc-cosine:order=1",
    "arc-cosine:order=2",
    "resnet:depth=1,alpha=1/2,b=1/3",
    "expr:t^3*theta/pi + t^2 - sin(theta)*t^4/pi",
    "expr:cos(3*theta)",
    "expr:theta/pi*(t^5-t) + (t-1/2)^4*sin(theta)/pi",
];

fn dim(d: u32) -> Dimension {
    Dimension::new(d).unwrap()
}

/// Every degree up to `top`: the closed values are the same rationals, and zeros are the same.
fn agrees(form: &ClosedForm, d: u32, top: u32) {
    let normal = NormalForm::<Rational>::of_closed_form(form, dim(d));
    let exact = ExactSpectrum::of_closed_form(form.clone(), dim(d));
    let degrees = Degrees::up_to(top).unwrap();
    for value in exact.eigenvalues(&degrees, Bits(100), usize::MAX) {
        let found = normal.value(value.degree);
        assert_eq!(found.exact(usize::MAX), value.closed, "{form:?}, d = {d}, k = {}", value.degree);
        assert_eq!(found.is_zero(), value.enclosure.is_zero());
    }
}

#[test]
fn every_value_is_that_of_the_recurrence() {
    for spec in CLOSED {
        let form = spec.parse::<crate::kernel::Kernel>().unwrap().closed_form().unwrap();
        for d in 1..=12 {
            agrees(&form, d, 200);
        }
    }
}

fn polynomial(longest: usize) -> impl Strategy<Value = Polynomial> {
    proptest::collection::vec((-5i32..6, 1i32..4), 0..longest)
        .prop_map(|all| Polynomial::new(all.into_iter().map(Rational::from).collect()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn any_closed_form_has_the_values_of_the_recurrence(
        a in polynomial(6), b in polynomial(6), c in polynomial(6), sine in polynomial(5), cosine in polynomial(5), over in 0i32..3, d in 1u32..13,
    ) {
        let halves = Halves { factor: Constant::pi(-over), sine, cosine };
        agrees(&ClosedForm { factor: Constant::default(), polynomial: a, step: b, ramp: c, halves }, d, 30);
    }

    /// With `d` a symbol, and then a number: the same as with the number from the start.
    #[test]
    fn the_symbol_d_may_be_given_its_value(
        a in polynomial(6), b in polynomial(4), c in polynomial(4), sine in polynomial(4), cosine in polynomial(4), d in 1u32..20,
    ) {
        let halves = Halves { factor: Constant::default(), sine, cosine };
        let form = ClosedForm { factor: Constant::default(), polynomial: a, step: b, ramp: c, halves };
        let number = Rational::from(d);
        let symbolic = NormalForm::<Polynomial>::of_closed_form(&form, EveryDimension);
        let numeric = NormalForm::<Rational>::of_closed_form(&form, dim(d));
        for (general, special) in [(&symbolic.even, &numeric.even), (&symbolic.odd, &numeric.odd)] {
            let q = Polynomial::new(general.factor.coefficients().iter().map(|c| c.at(&number)).collect());
            let lowered = super::Class::new(general.order, q).lowered(&number);
            prop_assert_eq!(&lowered, special);
        }
        for (general, special) in symbolic.chords.iter().zip(&numeric.chords) {
            let factor = Polynomial::new(general.factor.coefficients().iter().map(|c| c.at(&number)).collect());
            let lowered = super::Chord { order: general.order, factor }.lowered(&number);
            prop_assert_eq!(&lowered, special);
        }
        for k in 0..8u64 {
            let moment = symbolic.added.at(k, &Polynomial::shifted_variable(Rational::new()));
            let value = moment.map_or_else(Rational::new, |moment| {
                let below = (0..moment.factors).map(|i| Rational::from(d + 2 * i + 1));
                below.fold(moment.numerator.at(&number), |value, factor| value / factor)
            });
            prop_assert_eq!(value, numeric.added.rational(k, &number));
        }
    }
}

#[test]
fn cancelling_parts_keep_their_digits() {
    // theta/pi + r t on the circle at k = 1: r/2 - 2/pi^2 with r a decimal of 4/pi^2.
    let kernel: crate::kernel::Kernel = "expr:theta/pi+0.40528473456935*t".parse().unwrap();
    let normal = NormalForm::of(&kernel, dim(1)).unwrap();
    let text = normal.value(1).enclosure(Bits(100)).midpoint().to_string_radix(10, Some(20));
    assert_eq!(text, "-5.4288775892641945528e-16");
}

/// Held rows of a file with `;` between columns, without comments and header.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split(';').collect())
}

#[test]
fn values_up_to_the_largest_degree_are_those_of_another_program() {
    let mut compared = 0;
    for row in rows(include_str!("../../../tests/data/formulas.csv")) {
        let [spec, d, k, text] = row[..] else { panic!("{row:?}") };
        let kernel: crate::kernel::Kernel = spec.parse().unwrap();
        let Some(normal) = NormalForm::of(&kernel, dim(d.parse().unwrap())) else { continue };
        let found = normal.value(k.parse().unwrap());
        compared += 1;
        if text == "0" {
            assert!(found.is_zero(), "{row:?}");
            continue;
        }
        let expected = Ball::exact(Float::with_val(300, Float::parse(text).unwrap()));
        let relative = (found.enclosure(Bits(200)) - expected.clone()) / expected;
        // The held text is rounded in its 40th digit.
        assert!(relative.magnitude() < 1e-39, "{row:?}");
    }
    assert!(compared >= 190, "only {compared}");
}

/// Both routes to kernels with a closed form against quadrature that knows of none.
#[test]
fn closed_forms_have_the_values_of_quadrature() {
    let mut compared = 0;
    for row in rows(include_str!("../../../tests/data/closed_unseen.csv")) {
        let [spec, d, k, text] = row[..] else { panic!("{row:?}") };
        let (kernel, sphere): (crate::kernel::Kernel, _) = (spec.parse().unwrap(), dim(d.parse().unwrap()));
        let degree: u64 = k.parse().unwrap();
        let exact = ExactSpectrum::of(&kernel, sphere).expect(spec);
        let normal = NormalForm::of(&kernel, sphere).expect(spec);
        let routes = [
            normal.value(degree).enclosure(Bits(200)),
            exact.eigenvalues(&Degrees::new([degree]).unwrap(), Bits(200), 1000).remove(0).enclosure,
        ];
        for found in routes {
            compared += 1;
            if text == "0" {
                assert!(found.is_zero(), "{row:?}");
                continue;
            }
            let expected = Ball::exact(Float::with_val(300, Float::parse(text).unwrap()));
            let relative = (found - expected.clone()) / expected;
            assert!(relative.magnitude() < 1e-38, "{row:?}");
        }
    }
    assert_eq!(compared, 1008);
}

/// Both parities with the name of each, where they do not vanish.
fn classes(normal: &NormalForm) -> Vec<(u64, &super::Class)> {
    [(0, &normal.even), (1, &normal.odd)].into_iter().filter(|(_, class)| !class.vanishes()).collect()
}

/// Every kernel on spheres of dimension 1 to `top`.
fn forms(top: u32) -> impl Iterator<Item = (&'static str, u32, NormalForm)> {
    let kernels = CLOSED.iter().flat_map(move |spec| (1..=top).map(move |d| (*spec, d)));
    kernels.map(|(spec, d)| (spec, d, NormalForm::of(&spec.parse().unwrap(), dim(d)).unwrap()))
}

#[test]
fn formulas_in_the_degree_have_the_values_of_the_recurrence() {
    for (spec, d, normal) in forms(7) {
        let exact = ExactSpectrum::of(&spec.parse().unwrap(), dim(d)).unwrap();
        let degrees = Degrees::up_to(39u32).unwrap();
        for value in exact.eigenvalues(&degrees, Bits(64), usize::MAX) {
            let k = value.degree;
            let expression = normal.class(k).expression(dim(d));
            let rational = expression.rational.at(&Rational::from(k)).unwrap();
            let added = normal.added.rational(k, &Rational::from(d));
            let closed = value.closed.unwrap();
            if let Some(shift) = expression.beta {
                let n = k.saturating_add_signed(shift);
                let beta = super::central_binomial::squared_exactly(n).unwrap();
                assert_eq!(closed.rational, added + rational * beta, "{spec}, d = {d}, k = {k}");
            } else {
                assert_eq!(
                    (closed.rational, closed.over_pi_squared),
                    (added, rational),
                    "{spec}, d = {d}, k = {k}"
                );
            }
        }
    }
}

/// The formula of a parity in LaTeX.
fn latex(normal: &NormalForm, parity: u64) -> String {
    let own = normal.class(parity).expression(normal.sphere);
    let chord = normal.chord(parity).expression(normal.sphere);
    super::notation::laws::law([(&own, &normal.factor), (&chord, &normal.halves)]).latex
}

#[test]
fn the_printed_formulas_are_those_derived_by_hand() {
    let mut compared = 0;
    for row in rows(include_str!("../../../tests/data/closed_forms.csv")) {
        let [spec, d, even, odd, added] = row[..] else { panic!("{row:?}") };
        let sphere = dim(d.parse().unwrap());
        let normal = NormalForm::of(&spec.parse().unwrap(), sphere).unwrap();
        assert_eq!(latex(&normal, 0), even, "{spec}, d = {d}");
        assert_eq!(latex(&normal, 1), odd, "{spec}, d = {d}");
        let all =
            (0..normal.added.end()).map(|k| (k, normal.added.rational(k, &Rational::from(sphere.get()))));
        let all: Vec<String> = all.filter(|(_, a)| !a.is_zero()).map(|(k, a)| format!("{k}: {a}")).collect();
        assert_eq!(all.join(", "), added, "{spec}, d = {d}");
        compared += 1;
    }
    assert_eq!(compared, 42);
}

#[test]
fn ratios_exponents_and_expansions_exist_for_every_class_that_does_not_vanish() {
    for (spec, d, normal) in forms(9) {
        for (parity, class) in classes(&normal) {
            let name = format!("{spec}, d = {d}, parity {parity}");
            let formula = class.expression(dim(d));
            let ratio = class.ratio(dim(d), &formula).expect(&name);
            let exponent = class.local_exponent(dim(d), &formula).expect(&name);
            let order = 6;
            let expansion = class.expansion(dim(d), order).expect(&name);
            let k = 10_000 + parity;
            let at = |k: u64| normal.value(k).enclosure(Bits(200));
            let quotient = at(k + 2) / at(k);
            let held = Ball::from_rational(Bits(200), &ratio.at(&Rational::from(k)).unwrap());
            assert!((quotient.clone() - held).contains_zero(), "{name}");
            // The expansion, with the first term left out as the measure of its error.
            let kappa = Rational::from(k) + Rational::from((d - 1, 2));
            let square = Rational::from(kappa.square_ref());
            let longer = class.expansion(dim(d), order + 1).unwrap();
            let terms = expansion.coefficients.iter().rev();
            let sum = terms.fold(Rational::new(), |sum, c| sum / &square + c);
            let gamma = |x: f64| Float::with_val(300, x).gamma();
            let constant = (gamma(f64::from(d + 1) / 2.0)
                / (Float::with_val(300, rug::float::Constant::Pi) * 2u32))
                .square();
            let constant = constant << (d + 1 + 2 * class.order);
            let power = class.exponent(dim(d)).unwrap();
            let front = constant / Float::with_val(300, &kappa).pow(power);
            let relative = Float::with_val(300, &front * &sum) / at(k).midpoint() - 1u32;
            let omitted =
                Float::with_val(300, &longer.coefficients[order + 1] / expansion.coefficients[0].clone());
            let omitted = omitted / Float::with_val(300, &square).pow(order as u32 + 1);
            assert!(
                Float::with_val(60, relative + &omitted).abs()
                    < Float::with_val(60, omitted.abs_ref()) * 1e-3 + 1e-59,
                "{name}"
            );
            // The exponent at the middle of a step, up to the second difference.
            let step = -(quotient.midpoint().to_f64().ln()) / ((k + 2) as f64 / k as f64).ln();
            let middle = Rational::from(k + 1);
            let mut found = exponent.rational.at(&middle).unwrap().to_f64();
            if let Some(shift) = exponent.beta {
                let n = (k + 1).saturating_add_signed(shift) as f64;
                let digamma = |x: f64| Float::with_val(100, x).digamma();
                found += (k + 1) as f64
                    * Float::with_val(53, digamma(n / 2.0 + 1.0) - digamma((n + 1.0) / 2.0)).to_f64();
            }
            assert!((step - found).abs() < 1e-6, "{name}: {step} {found}");
            assert!((found - power as f64).abs() < 1e-2, "{name}: {found} {power}");
        }
    }
}

/// `(H(1) +- H(-1))/2`, the trace over one parity, for `H = P1 g + P2 f`, where `g(+-1) = +-1/4` and `f(+-1) = 1/4`.
fn half_trace(spec: &str, parity: u64) -> Rational {
    let form = spec.parse::<crate::kernel::Kernel>().unwrap().closed_form().unwrap();
    let at = |sign: i32| {
        let x = Rational::from(sign);
        (form.step.at(&x) * sign + form.ramp.at(&x)) / 4u32
    };
    (at(1) + if parity == 0 { at(-1) } else { -at(-1) }) / 2u32
}

#[test]
fn tails_from_the_first_degree_are_the_trace() {
    for (spec, d, normal) in forms(10) {
        for (parity, class) in classes(&normal) {
            let name = format!("{spec}, d = {d}, parity {parity}");
            let whole = half_trace(spec, parity);
            let first = Rational::from(parity);
            match class.tail(dim(d)).expect(&name) {
                super::tail::Tail::Closed(tail) => {
                    let n = parity.saturating_add_signed(tail.beta.unwrap());
                    let beta = super::central_binomial::squared_exactly(n).unwrap();
                    assert_eq!(tail.rational.at(&first).unwrap() * beta, whole, "{name}");
                }
                super::tail::Tail::Digamma { .. } => panic!("{name}: no half angles here"),
                super::tail::Tail::Trigamma { coefficient, fractions, .. } => {
                    // psi'(1/2) = pi^2/2; the circle counts degree 0 twice.
                    assert_eq!(coefficient / 2u32, whole, "{name}");
                    let rest: Rational = fractions
                        .iter()
                        .map(|f| f.coefficient.clone() / Rational::from(&first + f.shift).pow(f.power))
                        .sum();
                    let twice = if d == 1 && parity == 0 {
                        class.expression(dim(1)).rational.at(&first).unwrap()
                    } else {
                        Rational::new()
                    };
                    assert_eq!(rest, twice, "{name}");
                }
            }
        }
    }
}

#[test]
fn tails_are_written_as_by_hand() {
    for (spec, d, parity, expected) in [
        ("two-layer", 2, 0, "(k^2-k+1)/(4(k-1)^2) beta_k^2"),
        ("two-layer", 1, 0, "(psi'((k+1)/2)/2 + 1/(k-1)^2)/pi^2"),
        ("two-layer", 3, 0, "(psi'((k+1)/2)/2 + 1/(2(k-1)) + 1/(k-1)^2 + 1/(2(k+1)) - 1/(k+1)^2)/pi^2"),
        ("arc-cosine:order=0", 2, 1, "1/2 beta_(k-1)^2"),
        ("arc-cosine:order=0", 1, 1, "psi'(k/2)/pi^2"),
        ("arc-cosine:order=0", 3, 1, "(psi'(k/2) + 2/k - 2/k^2)/pi^2"),
        ("arc-cosine:order=1", 2, 0, "1/(2(k-1)^2) beta_k^2"),
        ("arc-cosine:order=1", 1, 0, "(psi'((k+1)/2) - 2/(k-1) + 2/(k-1)^2)/pi^2"),
        ("arc-cosine:order=2", 2, 1, "2/((k-2)^2(k+1)^2) beta_(k-1)^2"),
        ("arc-cosine:order=2", 1, 1, "(psi'(k/2) - 1/(k-2) + 2/(3(k-2)^2) - 1/k - 2/(3k^2))/pi^2"),
        ("ntk:depth=1", 2, 0, "(k^2-k+2)/(2(k-1)^2) beta_k^2"),
        ("ntk:depth=1", 1, 0, "(2psi'((k+1)/2) - 2/(k-1) + 4/(k-1)^2)/pi^2"),
        ("ntk:depth=1", 3, 0, "(2psi'((k+1)/2) + 4/(k-1)^2 - 4/(k+1)^2)/pi^2"),
    ] {
        let normal = NormalForm::of(&spec.parse().unwrap(), dim(d)).unwrap();
        let class = if parity == 0 { &normal.even } else { &normal.odd };
        let found = super::notation::laws::tail(&[(class.tail(dim(d)).unwrap(), &normal.factor)]).text;
        assert_eq!(found.replace(' ', ""), expected.replace(' ', ""), "{spec}, d = {d}");
    }
}
