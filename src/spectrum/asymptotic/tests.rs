//! The bounds against certified quadrature, and what a wrong step does to them.

use super::{run::Run, *};
use crate::{
    math::{bound::Bound, chord::ChordPowers, degrees::Degrees, harmonics::multiplicity, scalar::Scalar},
    spectrum::precise,
};

const KERNELS: [&str; 10] = [
    "ntk:depth=2",
    "ntk:depth=3",
    "ntk:depth=5",
    "nngp:depth=3",
    "resnet:depth=3,alpha=1",
    "ntk:depth=2,activation=leaky-relu,slope=0.25",
    "ntk:depth=2,b=0.5",
    "ntk:depth=2,b=0.5,bias-init=gaussian",
    "laplace:c=1",
    "matern:nu=1.5,length=1",
];
const DEGREES: [u64; 6] = [7, 8, 20, 21, 60, 101];

/// What a wrong step would do to the bound.
#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    /// The radius is taken as larger than what was proved, with the same bounds.
    Radius,
    /// The coefficients at the far end are left out.
    FarEnd,
    /// Coefficients of even powers are taken for odd ones.
    EvenPowers,
}

/// How many of the bounds hold, at every number of terms, and how many there are.
fn bounds_that_hold(spec: &str, flaw: Flaw) -> (usize, usize) {
    let kernel: Kernel = spec.parse().unwrap();
    let mut expansion = Expansion::of(&kernel);
    assert!(expansion.exists(), "{spec}");
    for index in 0..6 {
        expansion.region(index);
    }
    let mut region = expansion.regions.last().cloned().unwrap();
    let coefficients = expansion.coefficients(30, Bits(700)).unwrap().clone();
    if flaw == Flaw::Radius {
        region.radius = 2.5;
        region.height = 2.0 * (0.45f64 * region.radius).asinh();
        region.bounds = region.bounds.map(|bound| bound.scaled_by(-6));
    }
    let constants = Constants::of(&region, &coefficients).unwrap();
    let (mut hold, mut all) = (0, 0);
    for d in [1, 2, 3, 10] {
        let dim = Dimension::new(d).unwrap();
        let degrees = Degrees::new(DEGREES).unwrap();
        let (truth, _) = precise::eigenvalues(&kernel, dim, &degrees, Digits::new(60).unwrap()).unwrap();
        for (degree, truth) in degrees.iter().zip(&truth) {
            assert!(truth.certified, "{spec}");
            let beyond = region.beyond_the_cut(dim, degree);
            let mut powers = ChordPowers::new(dim, degree, Bits(700));
            let mut total = truth.enclosure.constant(&rug::Rational::new());
            for n in 1..=coefficients.terms().min(degree as usize - 1) {
                let coefficient = match flaw {
                    Flaw::FarEnd => &coefficients.end(false)[n - 1],
                    Flaw::EvenPowers if n > 1 => coefficients.at(0, n - 2),
                    _ => coefficients.at((degree % 2) as usize, n - 1),
                };
                total = total + coefficient.clone() * powers.value().clone();
                powers.advance();
                let bound = constants.after(n).times(Bound::above(&powers.value().magnitude())).plus(beyond);
                let gap = total.clone().widened(&bound.to_float()) - truth.enclosure.clone();
                all += 1;
                hold += usize::from(gap.contains_zero());
            }
        }
    }
    (hold, all)
}

#[test]
fn bounds_hold_at_every_number_of_terms() {
    let mut total = 0;
    for spec in KERNELS {
        let (hold, all) = bounds_that_hold(spec, Flaw::None);
        assert_eq!(hold, all, "{spec}");
        total += all;
    }
    assert!(total > 4000, "{total}");
}

#[test]
fn a_wrong_step_breaks_bounds() {
    for flaw in [Flaw::Radius, Flaw::FarEnd, Flaw::EvenPowers] {
        let (hold, all) = bounds_that_hold("ntk:depth=3", flaw);
        assert!(hold < all);
    }
}

/// `tau_j` of two networks as polynomials in `1/pi`, and those at the far end of the second.
#[test]
fn coefficients_are_those_worked_out_by_hand() {
    let close = |found: &Ball, expected: f64| {
        assert!((found.midpoint().to_f64() - expected).abs() < 1e-14, "{found:?} {expected}");
    };
    let p = std::f64::consts::FRAC_1_PI;
    let of = |spec: &str| Coefficients::find(&spec.parse().unwrap(), 3, Bits(100), None).unwrap();
    let two = of("ntk:depth=2");
    let near = [
        -3.0 * p,
        p * (171.0 - 16.0 * p * p) / 72.0,
        p * (3807.0 + 10656.0 * p * p - 160.0 * p.powi(4)) / 51840.0,
    ];
    let far = [-p / 2.0, 9.0 * p / 16.0, 21.0 * p / 1280.0];
    for i in 0..3 {
        close(&two.end(false)[i], near[i]);
        close(&two.end(true)[i], far[i]);
    }
    let process = of("nngp:depth=3");
    close(&process.end(false)[0], 0.0);
    close(&process.end(false)[1], p);
    let drawn = of("ntk:depth=2,b=0.5,bias-init=gaussian");
    assert_eq!([true, false].map(|far| drawn.vanish(far)), [true, false], "analytic in t at -1");
    let smooth = of("gaussian");
    assert!(!smooth.any());
}

/// What the eigenvalues below leave of `K(1)`.
#[test]
fn tails_are_what_is_left_of_the_trace() {
    let digits = Digits::new(40).unwrap();
    for (spec, known) in [
        ("ntk:depth=1", 20),
        ("ntk:depth=3", 20),
        ("nngp:depth=2", 20),
        ("resnet:depth=3,alpha=1", 15),
        ("ntk:depth=2,b=0.5,bias-init=gaussian", 20),
        ("ntk:depth=2,activation=leaky-relu,slope=-1", 20),
        ("laplace:c=1", 20),
    ] {
        let kernel: Kernel = spec.parse().unwrap();
        let mut expansion = Expansion::of(&kernel);
        for d in [1, 2, 3, 10] {
            let dim = Dimension::new(d).unwrap();
            let degrees = Degrees::up_to(101u64).unwrap();
            let degrees = degrees.filtered(|k| !kernel.powers().annihilates(k)).unwrap();
            let (values, _) = precise::eigenvalues(&kernel, dim, &degrees, digits).unwrap();
            let whole = kernel.at_one(Bits(400));
            for from in [80u64, 101] {
                let below = degrees.iter().zip(&values).filter(|(k, _)| *k < from);
                let below = below.fold(whole.clone(), |rest, (k, value)| {
                    rest - value.enclosure.clone() * whole.constant(&multiplicity(dim, k).into())
                });
                let tail = expansion.tail(dim, from, digits).unwrap().enclosure;
                assert!(
                    (below.clone() - tail.clone()).contains_zero(),
                    "{spec} {d} {from}: {below:?} {tail:?}"
                );
                assert!(known_digits(&tail) >= known, "{spec} {d} {from}: {} digits", known_digits(&tail));
            }
        }
    }
}

/// Without the far end, or with its signs left out, the tail is another number.
#[test]
fn a_tail_needs_both_ends_and_their_signs() {
    let kernel: Kernel = "ntk:depth=2".parse().unwrap();
    let (dim, from, digits) = (Dimension::SPHERE, 100u64, Digits::new(20).unwrap());
    let mut expansion = Expansion::of(&kernel);
    let right = expansion.tail(dim, from, digits).unwrap().enclosure;
    let coefficients = expansion.coefficients(20, Bits(200)).unwrap().clone();
    let (mut near, mut plain) =
        (right.constant(&rug::Rational::new()), right.constant(&rug::Rational::new()));
    let mut powers = ChordPowers::new(dim, from, Bits(200));
    for i in 0..20 {
        near = near + coefficients.end(false)[i].clone() * powers.tail();
        plain = plain + coefficients.at(0, i).clone() * powers.tail();
        powers.advance();
    }
    assert!(!(right.clone() - near).contains_zero() && !(right - plain).contains_zero());
}

#[test]
fn what_has_no_expansion_says_why() {
    for (spec, absence) in [
        ("expr:abs(t-1/3)", Absence::Kink(1.230959)),
        ("expr:sqrt(1-t^2)^(1/2)", Absence::Singular),
        ("expr:sqrt(sqrt(1-t))", Absence::Singular),
        ("gaussian", Absence::Analytic),
        ("expr:exp(t)", Absence::Analytic),
    ] {
        let Ok(kernel) = spec.parse::<Kernel>() else { panic!("{spec}") };
        let found = Expansion::of(&kernel).absence().map(|found| found.to_string());
        assert_eq!(found, Some(absence.to_string()), "{spec}");
    }
    assert_eq!(Expansion::of(&"ntk:depth=3".parse().unwrap()).absence(), None);
}

/// The degree from which on digits are given: the one before lacks them, and 50 digits begin about where a prototype of the method had them.
#[test]
fn digits_begin_at_a_degree() {
    for (spec, d, prototype) in
        [("ntk:depth=2", 2, 97u64), ("ntk:depth=3", 10, 118), ("ntk:depth=10", 1, 205)]
    {
        let (dim, digits) = (Dimension::new(d).unwrap(), Digits::new(50).unwrap());
        let mut expansion = Expansion::of(&spec.parse().unwrap());
        let first = expansion.first_degree(dim, digits, [true; 2]).unwrap();
        assert!(first >= prototype / 2 && first <= 2 * prototype, "{spec} {d}: {first}");
        let lacks = |k: u64| expansion.clone().eigenvalue(dim, k, digits).is_none();
        assert!(lacks(first - 2) || lacks(first - 1), "{spec} {d}: {first}");
        assert!(!lacks(first) && !lacks(first + 1) && !lacks(2 * first + 1));
    }
}

/// What is said to be in reach is, and not much more is.
#[test]
fn what_is_in_reach_can_be_had() {
    for (spec, degree) in [("ntk:depth=2", 300u64), ("ntk:depth=3", 400), ("resnet:depth=4,alpha=0.5", 501)] {
        let mut expansion = Expansion::of(&spec.parse().unwrap());
        let reach = expansion.reach(Dimension::SPHERE, degree);
        let asked = |digits: u32| {
            expansion.clone().best(Dimension::SPHERE, degree, Digits::new(digits).unwrap()).unwrap()
        };
        assert!(reach > 60 && asked(reach).has(Digits::new(reach).unwrap()), "{spec}: {reach}");
        let most = known_digits(&asked(2 * reach).enclosure);
        assert!((i64::from(reach)..3 * i64::from(reach) / 2).contains(&most), "{spec}: {reach} {most}");
    }
}

/// Runs hold the values that the terms themselves have, where the bound is sharp and where two ends nearly cancel.
#[test]
fn runs_enclose_what_is_summed_degree_by_degree() {
    for (spec, from) in [
        ("ntk:depth=3", 130u64),
        ("nngp:depth=3", 200),
        ("ntk:depth=2,b=0.5,bias-init=gaussian", 300),
        ("expr:theta^3+2*t", 90),
        ("laplace:c=1", 500_000_000_000),
    ] {
        let mut expansion = Expansion::of(&spec.parse().unwrap());
        let (few, many) = (Digits::new(30).unwrap(), Digits::new(45).unwrap());
        for d in [1, 2, 3, 10] {
            let dim = Dimension::new(d).unwrap();
            let degrees = Degrees::new(from..from + 60).unwrap();
            let found = expansion.eigenvalues(dim, &degrees, few);
            for (k, found) in degrees.iter().zip(found) {
                let found = found.unwrap();
                let other = expansion.eigenvalue(dim, k, many).unwrap().enclosure;
                assert!(found.has(few), "{spec} {d} {k}");
                assert!((found.enclosure - other).contains_zero(), "{spec} {d} {k}");
            }
        }
    }
}

/// With little precision the rounding of a run is all of its error: it stays within the bound, and is not far below it.
#[test]
fn the_rounding_of_runs_is_within_its_bound_and_near_it() {
    let kernel: Kernel = "ntk:depth=3".parse().unwrap();
    let mut expansion = Expansion::of(&kernel);
    let dim = Dimension::SPHERE;
    let coefficients = expansion.coefficients(30, Bits(700)).unwrap().clone();
    let mut largest = 0.0f64;
    for first in [200u64, 201, 5000] {
        let mut found = expansion.eigenvalue(dim, first, Digits::new(30).unwrap()).unwrap();
        found.bound = Bound::ZERO;
        let run = Run::new(&coefficients, dim, first, &found, Bits(30)).unwrap();
        for k in (first..first + first / 10).step_by(2).filter(|k| run.covers(*k)) {
            let mut powers = ChordPowers::new(dim, k, Bits(700));
            let mut exact = powers.value().constant(&rug::Rational::new());
            for i in 0..found.terms {
                exact = exact + coefficients.at((k % 2) as usize, i).clone() * powers.value().clone();
                powers.advance();
            }
            let value = run.at(k).enclosure;
            let gap = (exact - Ball::exact(value.midpoint().clone())).magnitude();
            let share = (gap / value.radius()).to_f64();
            assert!(share <= 1.0, "{k}: {share}");
            largest = largest.max(share);
        }
    }
    assert!(largest > 0.05, "{largest}");
}

/// A thousand digits are had from the bounds on the regions, with the terms that they foretell.
#[test]
fn many_digits_are_planned() {
    let mut expansion = Expansion::of(&"ntk:depth=2".parse().unwrap());
    let digits = Digits::new(150).unwrap();
    let plan = expansion.plan(Dimension::SPHERE, 10_000, digits).unwrap();
    let found = expansion.eigenvalue(Dimension::SPHERE, 10_000, digits).unwrap();
    assert!(found.terms <= plan.terms && 2 * found.terms > plan.terms, "{} {}", found.terms, plan.terms);
}

/// What a region foretells of the bound is never below what the coefficients make of it.
#[test]
fn foretold_constants_are_not_below_those_of_the_coefficients() {
    for spec in ["ntk:depth=2", "ntk:depth=5", "nngp:depth=3", "laplace:c=1"] {
        let mut expansion = Expansion::of(&spec.parse().unwrap());
        for index in 0..3 {
            expansion.region(index);
        }
        let coefficients = expansion.coefficients(30, Bits(400)).unwrap().clone();
        for region in &expansion.regions {
            let constants = Constants::of(region, &coefficients).unwrap();
            let foretold: Vec<Bound> = region.cauchy_constants().take(30).collect();
            assert_eq!(foretold.len(), 30);
            for (n, foretold) in (1..).zip(foretold) {
                assert!(constants.after(n) <= foretold, "{spec}, r = {}, {n} terms", region.radius);
            }
        }
    }
}

/// Many digits want many terms, which are found as they are wanted.
#[test]
fn terms_are_found_until_they_give_the_digits() {
    let mut expansion = Expansion::of(&"ntk:depth=2".parse().unwrap());
    let mut of = |digits: u32| {
        let digits = Digits::new(digits).unwrap();
        expansion.eigenvalue(Dimension::SPHERE, 1_000_000, digits).expect("enough terms").enclosure
    };
    let (few, many) = (of(20), of(400));
    assert!(known_digits(&many) >= 400 && (few - many).contains_zero());
}

/// Where one parity is asked for, the other one does not matter: the degree of that parity two before has not the digits.
#[test]
fn the_first_degree_is_that_of_the_parity_asked() {
    let dim = Dimension::SPHERE;
    let mut expansion = Expansion::of(&"ntk:depth=3".parse().unwrap());
    for digits in [12, 13, 20].map(|digits| Digits::new(digits).unwrap()) {
        let starts = [[true, false], [false, true]].map(|asked| {
            let first = expansion.first_degree(dim, digits, asked).unwrap() + u64::from(asked[1]);
            assert!(expansion.eigenvalue(dim, first, digits).is_some(), "{digits}: {first}");
            assert!(expansion.eigenvalue(dim, first - 2, digits).is_none(), "{digits}: {first}");
            first
        });
        let both = expansion.first_degree(dim, digits, [true; 2]).unwrap();
        assert_eq!(both, starts[0].max(starts[1] - 1), "{digits}");
    }
}
