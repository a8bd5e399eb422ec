use super::*;

fn kernel(spec: &str) -> Kernel {
    spec.parse().unwrap()
}

#[test]
fn machine_values_agree_with_the_textbook() {
    let theta = 1.1_f64;
    let pi = std::f64::consts::PI;
    let x = Angle::from_radians(theta);
    let k0 = (pi - theta) / pi;
    let k1 = |t: f64| (((1.0 - t * t).sqrt()) + (pi - t.acos()) * t) / pi;
    let t = theta.cos();
    let theta1 = t * k0 + k1(t);
    let t1 = k1(t);
    let theta2 = theta1 * (pi - t1.acos()) / pi + k1(t1);
    let check = |spec: &str, value: f64| {
        assert!((kernel(spec).evaluator().at(&x) - value).abs() < 1e-14, "{spec}");
    };
    check("two-layer", 0.5 * t * k0);
    check("two-layer:bias=true", 0.25 * (t + 1.0) * k0);
    check("ntk:depth=1", theta1);
    check("ntk:depth=2", theta2);
    check("nngp:depth=2", k1(t1));
    check("arc-cosine:order=1", k1(t));
    check("expr:exp(-2*sin(theta/2))", (-2.0 * (0.5 * theta).sin()).exp());
    check("laplace:c=1", (-2.0 * (0.5 * theta).sin()).exp());
}

#[test]
fn relu_networks_have_depth_plus_one_on_the_diagonal() {
    for depth in [1, 5, 50, 400] {
        let value = kernel(&format!("ntk:depth={depth}")).at_one(Bits(80));
        assert_eq!(value.midpoint().to_f64(), f64::from(depth + 1));
        assert!(value.radius() < 1e-18);
    }
}

#[test]
fn closed_forms_are_found_where_they_exist() {
    for spec in [
        "two-layer",
        "ntk:depth=1,b=1/3,w-in=2",
        "ntk:depth=1,activation=leaky-relu,slope=0.2",
        "ntk:depth=7,activation=leaky-relu,slope=1",
        "nngp:depth=1",
        "resnet:depth=1,alpha=1/2",
        "resnet:depth=9,alpha=0,b=1",
        "arc-cosine:order=2",
        "expr:(t+1)*(pi-acos(t))/(4*pi)",
        "expr:t^3 + sqrt(1-t^2)/pi",
        "expr:cos(3*theta)",
        "expr:theta",
        "expr:t*pi",
        "expr:sqrt(2)*t+theta*sqrt(8)/pi",
        "expr:abs(-sqrt(pi/3))*exp(1/3)*theta/exp(2)",
        "expr:acos(t)+asin(t)",
        "expr:sqrt(2-2*t)",
        "expr:(2-2*t)^(3/2)*t+sqrt((2+2*t)^3)",
        "expr:sqrt(3)*theta/pi+pi*cos(3*theta/2)-sqrt(pi*pi*(1-t))*sqrt(2)",
        "expr:exp(1)*(t+sin(theta/2))",
    ] {
        assert!(kernel(spec).closed_form().is_some(), "{spec}");
    }
    for spec in [
        "ntk:depth=2",
        "ntk:depth=1,b=1,bias-init=gaussian",
        "laplace",
        "expr:theta+t",
        "expr:sqrt(2)*t+theta",
        "expr:theta^2/pi^2",
        "expr:theta*sin(theta/2)",
        "expr:sin(theta/2)+sqrt(2)*cos(theta/2)",
        "expr:exp(1)*t+sin(theta/2)",
    ] {
        assert!(kernel(spec).closed_form().is_none(), "{spec}");
    }
    assert_eq!(
        kernel("expr:(t+1)*(pi-acos(t))/(4*pi)").closed_form(),
        kernel("two-layer:bias=true").closed_form()
    );
}

#[test]
fn symmetries_are_proved_and_true() {
    for (spec, sign) in [
        ("ntk:depth=2,activation=erf", Some(-1.0)),
        ("ntk:depth=2,activation=erf,b=1", None),
        ("nngp:depth=3,activation=sin,b=1", Some(-1.0)),
        ("ntk:depth=2,activation=leaky-relu,slope=-1", Some(1.0)),
        ("resnet:depth=2,activation=leaky-relu,slope=-1", None),
        ("nngp:dense sign dense erf dense", Some(-1.0)),
        ("nngp:dense gelu dense cos dense", None),
        ("ntk:dense product(erf dense, gaussian dense) dense", Some(-1.0)),
        ("expr:t*exp(t^2)", Some(-1.0)),
        ("expr:exp(t)", None),
        ("expr:sin(theta)*abs(t)", Some(1.0)),
        ("expr:sqrt(1-t^4)", Some(1.0)),
        ("expr:asin(t^3)", Some(-1.0)),
        ("ntk:depth=2", None),
    ] {
        let kernel = kernel(spec);
        let powers = kernel.powers();
        let proved = match (powers.even, powers.odd) {
            (Extent::None, _) => Some(-1.0),
            (_, Extent::None) => Some(1.0),
            _ => None,
        };
        assert_eq!(proved, sign, "{spec}");
        let values = kernel.evaluator();
        let differs = [0.3, 0.9, 1.4].map(|theta: f64| {
            let [a, b] = [theta, std::f64::consts::PI - theta].map(|x| values.at(&Angle::from_radians(x)));
            (a - sign.unwrap_or(1.0) * b).abs()
        });
        assert_eq!(differs.iter().all(|gap| *gap < 1e-12), sign.is_some(), "{spec}");
    }
}

/// Branches, means and norms on discs: the values inside are enclosed, as the mean value theorem needs the slopes of all branches.
#[test]
fn discs_enclose_the_values_inside() {
    use crate::math::disc::Disc;
    for spec in [
        "ntk:dense sum(relu dense(w=2), leaky-relu(1/3) dense) relu dense",
        "ntk:dense 3*skip(alpha=1/2, relu dense(w=2)) relu dense",
        "nngp:dense sum(relu dense, relu dense) relu dense relu dense",
        "nngp:dense sum(relu dense, abs dense(b=1/2)) layer-norm relu dense relu dense",
        "ntk:dense product(relu dense, abs dense) dense relu dense",
    ] {
        let values = kernel(spec).evaluator_in(&Disc::point(0.0, 0.0));
        let at = |x: Disc| values.at(&Angle::from_radians(x));
        for (centre, radius) in [(0.7, 0.05), (1.6, 0.1), (2.6, 0.02)] {
            let whole = at(Disc::new(centre, 0.05, radius));
            assert!(whole.magnitude().is_finite() && whole.magnitude() < 100.0, "{spec} {centre}: {whole:?}");
            for turn in 0..12 {
                let (sin, cos) = f64::from(turn).sin_cos();
                let inside = at(Disc::point(centre + 0.99 * radius * cos, 0.05 + 0.99 * radius * sin));
                assert!((whole - inside).mignitude() <= 0.0, "{spec} {centre} {turn}");
            }
        }
    }
}

/// Where half-angle functions are larger than 1: the kernel of a jump is linear in the last angle, so that its discs are no wider than they must be.
#[test]
fn narrow_discs_far_off_the_real_line_enclose_the_values_inside() {
    use crate::math::disc::Disc;
    for spec in [
        "nngp:depth=3",
        "nngp:dense sum(relu dense(w=6) relu dense, abs dense(w=1/9)) step dense",
        "nngp:dense relu dense step dense",
        "nngp:dense abs dense relu dense sign dense",
    ] {
        let values = kernel(spec).evaluator_in(&Disc::point(0.0, 0.0));
        let at = |x: Disc| values.at(&Angle::from_radians(x));
        for centre in [0.7, 1.6] {
            let whole = at(Disc::new(centre, 1.2, 1e-7));
            assert!(whole.magnitude().is_finite(), "{spec} {centre}");
            for turn in 0..12 {
                let (sin, cos) = f64::from(turn).sin_cos();
                let inside = at(Disc::point(centre + 0.9999e-7 * cos, 1.2 + 0.9999e-7 * sin));
                assert!((whole - inside).mignitude() <= 0.0, "{spec} {centre} {turn}");
            }
        }
    }
}

/// `S(1)` of a series that cannot be made is no number.
#[test]
fn what_cannot_be_made_has_no_value_on_the_diagonal() {
    assert!(!kernel("ntk:dense(w=1e13) silu dense").at_one(Bits(64)).is_finite());
    assert!(kernel("ntk:dense silu dense").at_one(Bits(64)).is_finite());
}

/// Kinks after kinks in branches, before another one: values at both ends are the limits of those next to them, which keep their digits.
#[test]
fn branches_keep_their_digits_at_both_ends() {
    for spec in [
        "nngp:dense sum(relu dense relu dense, abs dense) relu dense",
        "nngp:dense sum(relu dense abs dense, relu dense) relu dense",
        "nngp:dense sum(abs dense relu dense, dense) relu dense",
        "nngp:dense sum(abs dense abs dense, dense) relu dense",
        "ntk:dense sum(leaky-relu(-1) dense leaky-relu(1/2) dense, dense) relu dense",
    ] {
        let number = |x: f64| Ball::exact(Float::with_val(300, x));
        let values = kernel(spec).evaluator_in(&number(0.0));
        let near = Angle::from_radians(number(1e-20));
        let far = near.supplement();
        let (equal, opposite) =
            (Angle::new(number(0.0), number(0.0), number(1.0)), Angle::from_halves(number(1.0), number(0.0)));
        for (end, beside) in [(equal, near), (opposite, far)] {
            let [end, beside] = [end, beside].map(|angle| values.at(&angle));
            assert!(end.radius() < 1e-80 && beside.radius() < 1e-40, "{spec}: {end:?} {beside:?}");
            assert!((end.clone() - beside.clone()).magnitude() < 1e-18, "{spec}: {end:?} {beside:?}");
        }
    }
}

/// `sigmoid(2u) = (1 + tanh u)/2`, of which a norm leaves `tanh u`.
#[test]
fn norms_take_off_the_means_of_series() {
    let (with, without) =
        (kernel("nngp:dense(w=4) sigmoid layer-norm dense"), kernel("nngp:dense tanh layer-norm dense"));
    for theta in [0.3, 1.2, 2.0, 3.0] {
        let [a, b] = [&with, &without].map(|kernel| kernel.evaluator().at(&Angle::from_radians(theta)));
        assert!((a - b).abs() < 1e-14, "{theta}: {a} {b}");
    }
}

/// A unit that is linear passes on what it is given, however it is written and whatever came before: angles, biases, means, other kinks.
#[test]
fn linear_units_change_nothing() {
    for frame in [
        "nngp:dense monomial(3) dense LINEAR dense",
        "nngp:dense relu dense(w=2) LINEAR dense",
        "nngp:dense(b=1,bias-init=gaussian) LINEAR dense",
        "ntk:dense erf dense LINEAR dense relu dense",
        "ntk:dense relu dense LINEAR dense",
        "ntk:dense abs dense LINEAR dense step dense LINEAR dense relu dense",
        "ntk:dense skip(alpha=1/3, relu dense LINEAR dense) LINEAR dense",
        "nngp:dense sum(dense(b=0.1, bias-init=gaussian) sign, dense(w=1/3) LINEAR scale(-1/5)) layer-norm dense",
    ] {
        let with = |linear: &str| kernel(&frame.replace("LINEAR", linear));
        let right = with("");
        for linear in ["leaky-relu(1)", "identity", "monomial(1)", "polynomial(0,1)", "hermite(1)", "expr(u)"]
        {
            let found = with(linear);
            for theta in [0.0, 0.4, 1.3, 2.8, std::f64::consts::PI] {
                let x = Angle::from_radians(theta);
                let (a, b) = (found.evaluator().at(&x), right.evaluator().at(&x));
                assert!((a - b).abs() < 1e-12 * (1.0 + b.abs()), "{frame} {linear} {theta}: {a} {b}");
            }
            assert_eq!(found.closed_form(), right.closed_form(), "{frame} {linear}");
            assert_eq!(found.singular_orders(), right.singular_orders(), "{frame} {linear}");
            assert_eq!((found.powers().even, found.powers().odd), (right.powers().even, right.powers().odd));
            let law = |kernel: &Kernel| {
                crate::spectrum::decay::laws(kernel, crate::math::units::Dimension::SPHERE, Bits(90))
                    .map(|law| law.map(|law| (law.exponent, law.constant.midpoint().to_f64())))
            };
            for (a, b) in law(&found).into_iter().zip(law(&right)) {
                let share = a.zip(b).map(|((p, x), (q, y))| (p == q, (x / y - 1.0).abs() < 1e-12));
                assert!(
                    a.is_none() == b.is_none() && share.is_none_or(|share| share == (true, true)),
                    "{frame} {linear}"
                );
            }
        }
    }
}
