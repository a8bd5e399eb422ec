//! Against distances, the sphere, finite networks and limits.

use super::*;
use std::f64::consts::PI;

fn program(spec: &str) -> Program {
    Program::new(&spec.parse().unwrap()).unwrap()
}

const NETWORKS: [&str; 12] = [
    "two-layer:bias=true",
    "ntk:depth=2,b=0.1",
    "ntk:depth=3,b=0.3,bias-init=gaussian",
    "ntk:depth=2,activation=erf,b=0.2,bias-init=gaussian",
    "nngp:depth=2,activation=sin",
    "resnet:depth=3,alpha=0.5,b=0.1,bias-init=gaussian",
    "arc-cosine:order=2",
    "ntk:dense(b=0.1) 2*(leaky-relu(0.3) dense(w=2)) erf dense",
    "ntk:dense exp(b=0.5) layer-norm dense abs dense",
    "nngp:dense gaussian(b=0.4) rms-norm dense(b=0.2) relu dense",
    "ntk:dense skip(relu dense) cos(b=0.7, c=0.3) dense",
    "gaussian:length=0.8",
];

/// Points of equal norm `r`: the same network on the sphere whose first layer has variance `r^2 w`. Named by key or in full.
#[test]
fn equal_norms_are_a_first_layer_of_another_variance() {
    let r = 1.5;
    for (spec, scaled) in [
        ("ntk:depth=2,b=0.1", "ntk:depth=2,b=0.1,w-in=2.25"),
        ("ntk:depth=3,b=0.3,bias-init=gaussian", "ntk:depth=3,b=0.3,bias-init=gaussian,w-in=2.25"),
        (
            "ntk:depth=2,activation=erf,b=0.2,bias-init=gaussian",
            "ntk:depth=2,activation=erf,b=0.2,bias-init=gaussian,w-in=2.25",
        ),
        ("nngp:depth=2,activation=sin", "nngp:depth=2,activation=sin,w-in=2.25"),
        (
            "resnet:depth=3,alpha=0.5,b=0.1,bias-init=gaussian",
            "resnet:depth=3,alpha=0.5,b=0.1,bias-init=gaussian,w-in=2.25",
        ),
        (
            "nngp:dense gaussian(b=0.4) dense(b=0.2) relu dense",
            "nngp:dense(w=2.25) gaussian(b=0.4) dense(b=0.2) relu dense",
        ),
        (
            "ntk:dense exp(b=0.5) layer-norm dense abs dense",
            "ntk:dense(w=2.25) exp(b=0.5) layer-norm dense abs dense",
        ),
        (
            "ntk:dense 2*(rectified-monomial(2) rms-norm dense) dense",
            "ntk:dense(w=2.25) 2*(rectified-monomial(2) rms-norm dense) dense",
        ),
        ("ntk:dense cos(b=0.7, c=0.3) dense", "ntk:dense(w=2.25) cos(b=0.7, c=0.3) dense"),
        ("laplace:c=2", "laplace:c=3"),
        ("gaussian:length=1.5", "gaussian:length=1"),
        ("matern:nu=2.5,length=1.5", "matern:nu=2.5"),
    ] {
        let (here, there) = (program(spec), scaled.parse::<Kernel>().unwrap().evaluator());
        for theta in [0.0, 1e-6, 0.3, 1.2, 2.5, PI] {
            let angle = Angle::from_radians(theta);
            let (found, right) = (here.at(&angle, [r, r]), there.at(&angle));
            assert!(
                (found - right).abs() < 1e-13 * right.abs().max(1.0),
                "{spec} at {theta}: {found} {right}"
            );
        }
    }
}

/// On the sphere itself every kernel is the one that is known there.
#[test]
fn norms_of_one_give_the_kernel_on_the_sphere() {
    for spec in NETWORKS {
        let (here, there) = (program(spec), spec.parse::<Kernel>().unwrap().evaluator());
        for theta in [0.0, 1e-7, 0.4, 1.7, 3.0] {
            let angle = Angle::from_radians(theta);
            let (found, right) = (here.at(&angle, [1.0, 1.0]), there.at(&angle));
            assert!(
                (found - right).abs() < 2e-13 * right.abs().max(1.0),
                "{spec} at {theta}: {found} {right}"
            );
        }
    }
}

/// Duals at unequal variances against `E[phi(u) phi(v)]` by a product of trapezoidal rules, and their slopes against `E[phi' phi']`.
#[test]
fn duals_are_the_expectations_that_define_them() {
    let (q, r, theta) = (0.7f64, 2.3f64, 0.9f64);
    for phi in [
        "relu",
        "leaky-relu(0.2)",
        "abs",
        "erf",
        "sin(1.1, 0.8, 0.3)",
        "cos(0.9, 1.2)",
        "exp(0.8, 0.4)",
        "gaussian(1.1, 0.6)",
        "rbf(0.3)",
    ] {
        let network = format!("nngp:dense {phi} dense");
        let found = program(&network).at(&Angle::from_radians(theta), [q.sqrt(), r.sqrt()]);
        let Form::Network { steps, .. } = &program(&network).0 else { panic!() };
        let Step::Activation(own) = &steps[1] else { panic!() };
        let (steps_, reach) = (1201, 9.0);
        let h = 2.0 * reach / f64::from(steps_ - 1);
        let (mut value, mut slope) = (0.0, 0.0);
        for i in 0..steps_ {
            let z = -reach + h * f64::from(i) + 1e-4;
            let [phi_u, slope_u] = own.activation.at(q.sqrt() * z);
            for j in 0..steps_ {
                let w = -reach + h * f64::from(j) + 1e-4;
                let v = r.sqrt() * (theta.cos() * z + theta.sin() * w);
                let mass = h * h / (2.0 * PI) * (-0.5 * (z * z + w * w)).exp();
                let [phi_v, slope_v] = own.activation.at(v);
                value += mass * phi_u * phi_v;
                slope += mass * slope_u * slope_v;
            }
        }
        assert!((found - value).abs() < 3e-4 * value.abs().max(0.1), "{phi}: {found} {value}");
        // With a frozen last layer of variance 1, Theta = Fdot S.
        let tangent = program(&format!("ntk:dense {phi} dense(lr=0)"));
        let found = tangent.at(&Angle::from_radians(theta), [q.sqrt(), r.sqrt()]);
        let right = slope * (q * r).sqrt() * theta.cos();
        assert!((found - right).abs() < 2e-2 * right.abs().max(0.1), "{phi}: {found} {right}");
    }
}

/// Bias-free relu networks are homogeneous: `K(c x, y) = c K(x, y)`; with biases they are not.
#[test]
fn relu_networks_without_bias_are_homogeneous() {
    let angle = Angle::from_radians(0.8);
    for (spec, homogeneous) in [("ntk:depth=3", true), ("resnet:depth=2", true), ("ntk:depth=3,b=0.1", false)]
    {
        let (near, far) = (program(spec).at(&angle, [1.0, 1.0]), program(spec).at(&angle, [3.0, 0.5]));
        assert_eq!((far / near / 1.5 - 1.0).abs() < 1e-14, homogeneous, "{spec}: {near} {far}");
    }
}

/// Rows a tiny angle apart, and parallel ones of different norms: the defect keeps what differences of covariances lose. With relu the tangent
/// kernel falls in proportion to the angle.
#[test]
fn near_and_parallel_rows_keep_their_digits() {
    let kernel = program("ntk:depth=1");
    for norms in [[1.0, 1.0], [0.3, 4.0]] {
        let scale = norms[0] * norms[1];
        let at = |theta: f64| kernel.at(&Angle::from_radians(theta), norms) / scale;
        assert_eq!(at(0.0), 2.0);
        let fall = (2.0 - at(1e-7)) * PI / 1e-7;
        assert!((fall - 1.0).abs() < 1e-6, "{fall}");
    }
    // One feature, biases drawn: x and x' on one line.
    let drawn = program("nngp:dense(b=1, bias-init=gaussian) relu dense");
    let found = drawn.at(&Angle::from_radians(0.0), [1.0, 1.0 + 1e-9]);
    let right = drawn.at(&Angle::from_radians(0.0), [1.0, 1.0]);
    assert!((found - right).abs() < 1e-8);
}

#[test]
fn kernels_without_a_dual_are_refused_with_the_reason() {
    let refused = |spec: &str| Program::new(&spec.parse().unwrap()).unwrap_err().to_string();
    assert!(refused("ntk:depth=2,activation=gelu").contains("gelu is not"));
    assert!(refused("expr:exp(t)").contains("a formula in t is not"));
    assert!(refused("ntk:dense relu dense tanh dense").contains("tanh is not"));
    assert!(refused("ntk:dense elu dense").contains("elu is not"));
}

/// The defect of a sum against its definition, of branches of different variances and without means.
#[test]
fn sums_keep_the_defect() {
    let part = |q: [f64; 2], covariance: f64| {
        let defect = (q[0] * q[1]).sqrt() - covariance;
        Pair { q, mean: [0.0; 2], covariance, defect, tangent: None }
    };
    let found = pair::sum(vec![part([1.0, 2.0], 0.7), part([3.0, 0.5], -0.2), part([0.4, 5.0], 1.1)]);
    let expected = (4.4f64 * 7.5).sqrt() - 1.6;
    assert!((found.defect / expected - 1.0).abs() < 1e-14 && (found.covariance - 1.6).abs() < 1e-14);
}

/// The defect of a product against its definition.
#[test]
fn products_keep_the_defect() {
    let part = |q: [f64; 2], covariance: f64| {
        let defect = (q[0] * q[1]).sqrt() - covariance;
        Pair { q, mean: [0.0; 2], covariance, defect, tangent: Some(covariance + 1.0) }
    };
    let found = pair::product(part([1.0, 2.0], 0.7), part([3.0, 0.5], -0.2));
    assert!((found.defect - 3f64.sqrt() - 0.14).abs() < 1e-14 && (found.covariance + 0.14).abs() < 1e-14);
    // 1.7 (-0.2) + 0.8 0.7
    assert!((found.tangent.unwrap() - 0.22).abs() < 1e-14);
}
