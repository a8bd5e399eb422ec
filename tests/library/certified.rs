//! Enclosures: the exact route against the precise one, overlap at two precisions, and the truncation bound against the truth.

#![allow(clippy::unwrap_used, clippy::panic)]

use hinf::{
    kernel::{Angle, Kernel},
    math::{
        ball::Ball,
        decimal::known_digits,
        degrees::Degrees,
        scalar::Scalar,
        units::{Bits, Digits, Dimension},
    },
    spectrum::{
        Goal,
        cover::{DEEPEST, cover},
        ellipse::{Ellipses, Panel, prove},
        exact::ExactSpectrum,
        interpolant::Interpolant,
        nodes::Integrand,
        panels::Computed,
        precise,
    },
};
use proptest::prelude::*;
use rug::Float;

fn kernel(spec: &str) -> Kernel {
    spec.parse().unwrap()
}

fn dim(d: u32) -> Dimension {
    Dimension::new(d).unwrap()
}

fn precise(kernel: &Kernel, d: u32, degrees: &[u32], digits: u32) -> Vec<Computed> {
    let degrees = Degrees::new(degrees.iter().copied()).unwrap();
    precise::eigenvalues(kernel, dim(d), &degrees, Digits::new(digits).unwrap()).unwrap().0
}

/// Does `outer` contain every member of `inner`?
fn contains(outer: &Ball, inner: &Ball) -> bool {
    outer.lower() <= inner.lower() && inner.upper() <= outer.upper()
}

#[test]
fn integrals_contain_the_closed_forms_to_50_digits() {
    for spec in ["two-layer", "two-layer:bias=true"] {
        let kernel = kernel(spec);
        for d in 1..=12 {
            let exact = ExactSpectrum::of(&kernel, dim(d)).unwrap();
            let degrees: Vec<u32> = (0..=60).filter(|k| !exact.vanishes(u64::from(*k))).collect();
            let listed = Degrees::new(degrees.iter().copied()).unwrap();
            let closed = exact.eigenvalues(&listed, Bits(400), usize::MAX);
            for (integral, closed) in precise(&kernel, d, &degrees, 50).iter().zip(closed) {
                let name = format!("{spec}, d = {d}, k = {}", closed.degree);
                assert!(integral.certified, "{name}");
                assert!(contains(&integral.enclosure, &closed.enclosure), "{name}");
                assert!(known_digits(&integral.enclosure) >= 50, "{name}");
            }
        }
    }
}

/// A zero that is not known to be one stays an interval around zero: neither "zero" nor a number.
#[test]
fn an_integral_that_vanishes_contains_zero() {
    let values = precise(&kernel("two-layer"), 2, &[3, 5, 7], 30);
    assert!(values.iter().all(|value| value.enclosure.contains_zero()));
}

/// The bound on a rule's truncation holds against the true error, for rules too short to be exact.
#[test]
fn the_truncation_bound_holds() {
    let precision = Bits(300);
    let mut tightest = f64::INFINITY;
    for (spec, d) in [
        ("two-layer", 2),
        ("ntk:depth=1", 1),
        ("ntk:depth=3", 2),
        ("ntk:depth=3,b=1", 9),
        ("resnet:depth=4,alpha=0.5", 3),
        ("nngp:depth=2,activation=erf", 2),
        ("laplace", 5),
        ("gaussian:length=1/2", 2),
        ("expr:1/(1+theta)", 2),
    ] {
        let kernel = kernel(spec);
        let degrees = [0, 1, 2, 6];
        let truth = precise(&kernel, d, &degrees, 60);
        let omega = hinf::math::harmonics::funk_hecke_constant(dim(d));
        let omega = omega.0.to_f64() / std::f64::consts::PI.powi(omega.1 as i32);
        for nodes in [8, 12, 16, 24, 32] {
            let sums = Integrand::new(&kernel, dim(d), precision).gauss_sums(dim(d), nodes, 6, None).unwrap();
            for (&k, truth) in degrees.iter().zip(&truth) {
                let error = (sums[k as usize].clone() - truth.enclosure.clone()).midpoint().to_f64().abs();
                let mut ellipses = Ellipses::of(&kernel);
                // The ellipse that is best for this many nodes: the one chosen for the accuracy it reaches.
                let best = (4..200)
                    .step_by(4)
                    .filter_map(|bits| ellipses.best(u32::MAX, |ellipse| ellipse.nodes(Bits(bits), k, d)));
                let bound =
                    best.map(|e| e.log2_truncation(nodes, k, d).exp2() * omega).fold(f64::INFINITY, f64::min);
                assert!(error <= bound, "{spec}, d = {d}, k = {k}, {nodes} nodes: {error:e} > {bound:e}");
                tightest = tightest.min(bound / error);
            }
        }
    }
    // A bound that is never within a few orders of the error would hide a lost factor.
    assert!(tightest < 1e4, "never closer than {tightest:e}");
}

/// The same on panels, each against the rest of the interval by a finer rule.
#[test]
fn the_truncation_bound_holds_on_panels() {
    let precision = Bits(300);
    let mut tightest = f64::INFINITY;
    for (spec, d) in
        [("laplace:c=30", 2), ("ntk:depth=3", 5), ("gaussian:length=1/10", 1), ("expr:tanh(9*t)", 3)]
    {
        let kernel = kernel(spec);
        let integrand = Integrand::new(&kernel, dim(d), precision);
        let omega = hinf::math::harmonics::funk_hecke_constant(dim(d));
        let omega = omega.0.to_f64() / std::f64::consts::PI.powi(omega.1 as i32);
        for panel in
            [Panel { index: 0, level: 3 }, Panel { index: 2, level: 2 }, Panel { index: 7, level: 3 }]
        {
            let sums = |nodes| integrand.panel_sums(dim(d), &[(panel, nodes)], 6).unwrap();
            let truth = sums(90);
            for (r, nodes) in [(2.25, 6), (2.25, 12), (3.5, 8), (3.5, 14), (5.75, 8)] {
                let Some(ellipse) = prove(&kernel, panel, r) else { continue };
                for (k, (short, truth)) in sums(nodes).into_iter().zip(&truth).enumerate() {
                    let error = (short - truth.clone()).midpoint().to_f64().abs();
                    let bound = ellipse.log2_truncation(nodes, k as u32, d).exp2() * omega;
                    assert!(
                        error <= bound,
                        "{spec}, {panel:?}, k = {k}, {nodes} nodes: {error:e} > {bound:e}"
                    );
                    tightest = tightest.min(bound / error);
                }
            }
        }
    }
    assert!(tightest < 1e4, "never closer than {tightest:e}");
}

/// Peaks narrower than any scan are found and certified: closed forms on `S^2`, with `u = sin(theta/2)` as the variable.
#[test]
fn hidden_peaks_are_found() {
    let pi = std::f64::consts::PI;
    for (spec, truth) in [
        // Int_0^1 2 u e^(-2 c u) du = 1/(2 c^2) up to e^(-2c).
        ("laplace:c=10000000000", 5e-21),
        ("laplace:c=100000", 5e-11),
        // Int_0^1 2 u e^(-2 u^2/l^2) du = l^2/2 up to e^(-2/l^2).
        ("gaussian:length=1e-8", 5e-17),
        // (1/2) Int e^(-c (t-t_0)^2) dt = sqrt(pi/c)/2 up to e^(-c/100).
        ("expr:exp(-10000000000*(t-0.7)^2)", 0.5 * (pi / 1e10).sqrt()),
        ("expr:(t-1/9)*exp(-10000000000000*(t-1/9)^2)+exp(-10000000000*(t+0.3)^2)", 0.5 * (pi / 1e10).sqrt()),
    ] {
        let value = &precise(&kernel(spec), 2, &[0], 15)[0];
        assert!(value.certified, "{spec}");
        let found = value.enclosure.midpoint().to_f64();
        assert!((found / truth - 1.0).abs() < 1e-14, "{spec}: {found:e}, not {truth:e}");
    }
}

/// A kink elsewhere does not hide a peak: `(1/2) Int |t-1/5| dt = 13/25`, and the peak as above.
#[test]
fn a_peak_beside_a_kink_is_found() {
    let value = &precise(&kernel("expr:abs(t-0.2)+1000*exp(-10000000000*(t-0.333)^2)"), 2, &[0], 15)[0];
    let truth = 0.52 + 500.0 * (std::f64::consts::PI / 1e10).sqrt();
    assert!(!value.certified && (value.enclosure.midpoint().to_f64() / truth - 1.0).abs() < 1e-14);
}

/// Formulas scaled to the edge of machine numbers and back are certified rightly.
#[test]
fn numbers_that_underflow_on_the_way_do_not_mislead() {
    for (scaled, plain) in [
        ("expr:sqrt(1.001+exp(-640)*t/exp(-350)*exp(290))", "expr:sqrt(1.001+t)"),
        ("expr:log(1.0001+exp(-640)*t/exp(-350)*exp(290))", "expr:log(1.0001+t)"),
        ("expr:1/(1.01+exp(-640)*t/exp(-350)*exp(290))", "expr:1/(1.01+t)"),
    ] {
        let degrees = [0, 3, 30];
        let pairs = precise(&kernel(scaled), 2, &degrees, 12).into_iter().zip(precise(
            &kernel(plain),
            2,
            &degrees,
            12,
        ));
        for (scaled_value, plain_value) in pairs {
            assert!((scaled_value.enclosure - plain_value.enclosure).contains_zero(), "{scaled}");
        }
    }
}

/// A cover has a hole where a formula is not analytic, or cannot be told to be, and only there.
#[test]
fn a_cover_leaves_out_singularities() {
    let of = |spec: &str| cover(&kernel(spec), Bits(80), 4, 2);
    let unit = std::f64::consts::PI * 0.5f64.powi(DEEPEST as i32);
    let gaps = |spec: &str| -> Vec<(f64, f64)> {
        of(spec).gaps().into_iter().map(|(a, b)| (a as f64 * unit, b as f64 * unit)).collect()
    };
    for (spec, at) in [
        ("expr:sqrt(pi-theta)", std::f64::consts::PI),
        ("expr:sqrt(theta)", 0.0),
        ("expr:sqrt((t-1/2)^2)", std::f64::consts::FRAC_PI_3),
        ("expr:abs(t-1/2)+exp(-10000000000*(t-1/3)^2)", std::f64::consts::FRAC_PI_3),
    ] {
        let gaps = gaps(spec);
        assert!(!gaps.is_empty(), "{spec}");
        assert!(gaps.iter().all(|(a, b)| a - 1e-3 < at && at < b + 1e-3), "{spec}: {gaps:?}");
    }
    assert!(of("expr:exp(t)").holes.is_empty());
}

/// The bound on interpolation holds against the kernel itself, for polynomials too short to be exact.
#[test]
fn the_interpolation_bound_holds() {
    let precision = Bits(254);
    let ball = |x: f64| Ball::exact(Float::with_val(precision.0, x));
    let mut tightest = f64::INFINITY;
    for spec in ["two-layer", "ntk:depth=3", "resnet:depth=4,alpha=0.5", "laplace", "expr:100/(1+theta)"] {
        let values = kernel(spec).evaluator_in(&ball(0.0));
        for bits in [8, 20, 40, 80] {
            let ellipse =
                Ellipses::of(&kernel(spec)).best(u32::MAX, |ellipse| ellipse.points(Bits(bits))).unwrap();
            let polynomial = Interpolant::new(&values, &ellipse, ellipse.points(Bits(bits)), precision);
            let at: Vec<Ball> = (0..=40).map(|i| ball(f64::from(i) / 40.0)).collect();
            for (x, pair) in at.iter().zip(polynomial.at(&at)) {
                let near = ball(1.0).pi().half() * (ball(1.0) - x.clone());
                let far = ball(1.0).pi() - near.clone();
                for (theta, found) in [near, far].into_iter().zip(pair) {
                    let error = found.clone() - values.at(&Angle::from_radians(theta));
                    assert!(error.contains_zero(), "{spec} {bits} {x:?}: {error:?}");
                    assert!(found.radius() < 2f64.powi(1 - bits as i32), "{spec} {bits}: {}", found.radius());
                    tightest = tightest.min((found.radius() / error.midpoint().clone().abs()).to_f64());
                }
            }
        }
    }
    assert!(tightest < 1e4, "never closer than {tightest:e}");
}

/// Any kernel of the catalogue.
fn any_kernel() -> impl Strategy<Value = String> {
    let parameter = || (1u32..40, 1u32..12).prop_map(|(a, b)| format!("{a}/{b}"));
    let activation = prop_oneof![
        4 => Just("relu".to_owned()),
        1 => Just("erf".to_owned()),
        1 => Just("sin".to_owned()),
        1 => Just("gelu".to_owned()),
        2 => (-9i32..10).prop_map(|s| format!("leaky-relu,slope={s}/10")),
    ];
    let bias = prop_oneof![
        2 => Just(String::new()),
        1 => (1u32..20).prop_map(|b| format!(",b={b}/10")),
        1 => (1u32..20).prop_map(|b| format!(",b={b}/10,bias-init=gaussian")),
    ];
    let plain = (prop_oneof![Just("ntk"), Just("nngp")], 1u32..=10, activation.clone(), bias.clone())
        .prop_map(|(name, depth, activation, bias)| {
            format!("{name}:depth={depth},activation={activation}{bias}")
        });
    let residual = (1u32..=10, 1u32..15, activation, bias).prop_map(|(depth, alpha, activation, bias)| {
        format!("resnet:depth={depth},alpha={alpha}/10,activation={activation}{bias}")
    });
    prop_oneof![
        4 => plain,
        3 => residual,
        1 => parameter().prop_map(|c| format!("laplace:c={c}")),
        1 => (2u32..30).prop_map(|l| format!("gaussian:length={l}/10")),
        1 => (0usize..3, 2u32..30).prop_map(|(i, l)| format!("matern:nu={},length={l}/10", ["0.5", "1.5", "2.5"][i])),
        1 => (0u32..3).prop_map(|n| format!("arc-cosine:order={n}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn enclosures_at_two_precisions_overlap(spec in any_kernel(), d in 1u32..=20, k in 0u32..=200, digits in 30u32..=100) {
        let kernel = kernel(&spec);
        let degrees = Degrees::new([k, k + 1]).unwrap();
        let goal = |n| Goal::digits(Digits::new(n).unwrap());
        let narrow = hinf::spectrum::spectrum(&kernel, dim(d), &degrees, &goal(digits + 40)).unwrap();
        let wide = hinf::spectrum::spectrum(&kernel, dim(d), &degrees, &goal(digits)).unwrap();
        for (narrow, wide) in narrow.eigenvalues.iter().zip(&wide.eigenvalues) {
            prop_assert_eq!(narrow.kind, wide.kind);
            prop_assert!(narrow.kind != hinf::spectrum::Kind::Estimate, "{} is not certified", spec);
            let overlap = narrow.enclosure.clone() - wide.enclosure.clone();
            prop_assert!(overlap.contains_zero(), "{} {} {}: {:?} {:?}", spec, d, narrow.degree, narrow.enclosure, wide.enclosure);
            let enough = wide.kind == hinf::spectrum::Kind::Zero || known_digits(&wide.enclosure) >= i64::from(digits);
            prop_assert!(enough, "{} d={} k={}: {} digits", spec, d, wide.degree, known_digits(&wide.enclosure));
        }
    }
}

#[test]
fn a_200_digit_value_lies_in_the_30_digit_enclosure() {
    for (spec, d) in [
        ("ntk:depth=2", 1),
        ("ntk:depth=10", 2),
        ("resnet:depth=10,alpha=1/3", 7),
        ("resnet:depth=5", 20),
        ("nngp:depth=5,b=1/7,bias-init=gaussian", 4),
        ("ntk:depth=3,activation=gelu", 3),
    ] {
        let kernel = kernel(spec);
        let degrees = [0, 1, 2, 17, 200];
        for (wide, narrow) in precise(&kernel, d, &degrees, 30).iter().zip(precise(&kernel, d, &degrees, 200))
        {
            assert!(wide.certified && narrow.certified, "{spec}");
            assert!(contains(&wide.enclosure, &narrow.enclosure), "{spec}: {:?}", wide.enclosure);
            let width = Float::with_val(32, &wide.enclosure.radius() / wide.enclosure.midpoint()).abs();
            assert!(width < 1e-30, "{spec}: relative width {width}");
        }
    }
}
