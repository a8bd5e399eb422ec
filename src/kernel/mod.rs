//! What is studied: zonal kernels `K(x.x')` on the sphere, each defined once.
//!
//! A [`Kernel`] is parsed from its specification ([`grammar`]) and keeps exact parameters. Its formula is generic over
//! [`Scalar`]; [`Kernel::evaluator`] fixes the arithmetic.
//!
//! * [`angle`] — the argument of a kernel, accurate at both ends
//! * [`classical`], [`network`], [`expression`] — the three families; [`activation`] — dual activations
//! * [`symbolic`] — which kernels have closed forms; [`parity`] — which have a proved symmetry
//! * [`domain`] — where a user's formula is defined; [`number`] — exact parameters from text

pub mod activation;
pub mod angle;
pub mod classical;
pub mod domain;
pub mod expression;
pub mod grammar;
pub mod network;
pub mod number;
pub mod parity;
pub mod symbolic;

pub use angle::Angle;

use crate::math::{ball::Ball, polynomial::Polynomial, scalar::Scalar, units::Bits};
use classical::Classical;
use expression::Tree;
use network::{Layers, Network};
use parity::Parity;
use rug::{Float, Rational};
use std::fmt;
use symbolic::{ClosedForm, Symbol};

/// A zonal kernel with exact parameters.
///
/// Parsed from `NAME[:key=value,...]`, as in `"ntk:depth=3,b=1/3".parse::<Kernel>()`; prints as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Kernel {
    spec: String,
    definition: Definition,
}

#[derive(Clone, Debug, PartialEq)]
enum Definition {
    Classical(Classical<Rational>),
    Network(Network),
    Expression(Tree<Rational>),
}

/// A kernel in one arithmetic, ready to be evaluated at any angle.
#[derive(Clone, Debug)]
pub struct Evaluator<T>(Form<T>);

#[derive(Clone, Debug)]
enum Form<T> {
    Classical(Classical<T>),
    Network(Layers<T>),
    Expression(Tree<T>),
}

impl<T: Scalar> Evaluator<T> {
    /// `K` at points an angle `x` apart.
    pub fn at(&self, x: &Angle<T>) -> T {
        match &self.0 {
            Form::Classical(kernel) => kernel.at(x),
            Form::Network(layers) => layers.at(x),
            Form::Expression(tree) => tree.at(x),
        }
    }
}

impl Kernel {
    /// The kernel in machine arithmetic. Values are estimates, good to a few units of `2^-53 K(1)` a layer.
    pub fn evaluator(&self) -> Evaluator<f64> {
        self.evaluator_in(&0.0)
    }

    /// The kernel in the arithmetic, and at the precision, of `like`.
    pub fn evaluator_in<T: Scalar>(&self, like: &T) -> Evaluator<T> {
        Evaluator(match &self.definition {
            Definition::Classical(kernel) => Form::Classical(kernel.convert(like)),
            Definition::Network(network) => Form::Network(network.layers(like)),
            Definition::Expression(tree) => Form::Expression(tree.convert(like)),
        })
    }

    /// `K(1)`, enclosed at `precision`.
    pub fn at_one(&self, precision: Bits) -> Ball {
        let number = |n: u32| Ball::exact(Float::with_val(precision.0, n));
        self.evaluator_in(&number(0)).at(&Angle::new(number(0), number(0), number(1)))
    }

    /// The form `A(t) + B(t) theta/pi + C(t) sin(theta)/pi`, if the kernel has it: then its eigenvalues are
    /// `q1 + q2/pi^2` with rational `q1` and `q2`.
    pub fn closed_form(&self) -> Option<ClosedForm> {
        let angle = Symbol::angle();
        self.evaluator_in(angle.sin_half()).at(&angle).closed_form()
    }

    /// `K(t) - K(-t)` as a polynomial in `t`, if it is one for a kernel with a closed form: then every odd degree beyond the
    /// polynomial's own vanishes.
    pub fn odd_part(&self) -> Option<Polynomial> {
        let angle = Symbol::angle();
        let (s, c) = (angle.sin_half(), angle.cos_half());
        let opposite = Angle::new(s.pi() - angle.radians(), c.clone(), s.clone());
        let kernel = self.evaluator_in(s);
        let form = (kernel.at(&angle) - kernel.at(&opposite)).closed_form()?;
        (form.step.is_zero() && form.ramp.is_zero()).then_some(form.polynomial)
    }

    /// The parity in `t` that the kernel's form proves, if it does.
    pub fn parity(&self) -> Option<Parity> {
        parity::of(&self.definition)
    }

    /// Is this the two-layer model of Basri et al. (2019), and if so, does it have a bias?
    pub fn two_layer_bias(&self) -> Option<bool> {
        match &self.definition {
            Definition::Classical(Classical::TwoLayer { bias }) => Some(*bias),
            _ => None,
        }
    }

    /// Is the kernel positive definite on spheres of every dimension by its construction?
    ///
    /// Then `K(t) = sum_n a_n t^n` with `a_n >= 0` (Schoenberg 1942), so every eigenvalue is at least 0, and `K` rises on
    /// `[0, 1]`. True of all named kernels; of a formula nothing is known.
    pub fn is_positive_definite(&self) -> bool {
        !matches!(self.definition, Definition::Expression(_))
    }

    /// The power `beta` of the leading singular term `theta^beta` of `K` at coinciding points, where the kernel's form has
    /// one: then eigenvalues that do not vanish fall like `k^-(d+beta)` on `S^d`.
    ///
    /// 1 for tangent kernels of (leaky) relu networks and Laplace, 3 for their Gaussian process kernels, `1+2n` for arc-cosine
    /// of order `n`, `2 nu` for Matern. Kernels that are smooth there have none: their eigenvalues fall faster than any
    /// power. Sources: Bietti and Bach 2021; Chen and Xu 2021.
    pub fn singular_order(&self) -> Option<u32> {
        match &self.definition {
            Definition::Classical(kernel) => kernel.singular_order(),
            Definition::Network(network) => network.singular_order(),
            Definition::Expression(_) => None,
        }
    }

    /// Angles inside `(0, pi)` where the kernel may not be analytic, to about `precision`.
    pub fn kinks(&self, precision: Bits) -> Vec<Float> {
        match &self.definition {
            Definition::Expression(tree) => domain::kinks(tree, precision),
            _ => vec![],
        }
    }

    /// Layers whose maps are evaluated one after the other: the depth of a network, and 1 for other kernels.
    pub fn layers(&self) -> u32 {
        match &self.definition {
            Definition::Network(network) => network.depth,
            _ => 1,
        }
    }

    /// The formula, for a caption.
    pub fn formula(&self) -> String {
        match &self.definition {
            Definition::Classical(Classical::TwoLayer { bias: true }) => "(t+1)(pi-theta)/(4 pi)".into(),
            Definition::Classical(Classical::TwoLayer { bias: false }) => "t (pi-theta)/(2 pi)".into(),
            _ => {
                let name = self.spec.split(':').next().unwrap_or_default().trim();
                match grammar::CATALOGUE.iter().find(|entry| entry.name == name) {
                    Some(entry) if name != "expr" => entry.formula.into(),
                    _ => self.spec.split_once(':').map_or("", |(_, formula)| formula.trim()).into(),
                }
            }
        }
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spec)
    }
}

#[cfg(test)]
mod tests {
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
        ] {
            assert!(kernel(spec).closed_form().is_some(), "{spec}");
        }
        for spec in [
            "ntk:depth=2",
            "ntk:depth=1,b=1,bias-init=gaussian",
            "laplace",
            "expr:theta",
            "expr:theta^2/pi^2",
        ] {
            assert!(kernel(spec).closed_form().is_none(), "{spec}");
        }
        assert_eq!(
            kernel("expr:(t+1)*(pi-acos(t))/(4*pi)").closed_form(),
            kernel("two-layer:bias=true").closed_form()
        );
    }

    #[test]
    fn parity_is_proved_and_true() {
        for (spec, parity) in [
            ("ntk:depth=2,activation=erf", Some(Parity::Odd)),
            ("ntk:depth=2,activation=erf,b=1", None),
            ("nngp:depth=3,activation=sin,b=1", Some(Parity::Odd)),
            ("ntk:depth=2,activation=leaky-relu,slope=-1", Some(Parity::Even)),
            ("resnet:depth=2,activation=leaky-relu,slope=-1", None),
            ("expr:t*exp(t^2)", Some(Parity::Odd)),
            ("expr:exp(t)", None),
            ("expr:sin(theta)*abs(t)", Some(Parity::Even)),
            ("ntk:depth=2", None),
        ] {
            let kernel = kernel(spec);
            assert_eq!(kernel.parity(), parity, "{spec}");
            let Some(parity) = parity else { continue };
            let values = kernel.evaluator();
            let sign = if parity == Parity::Odd { -1.0 } else { 1.0 };
            for theta in [0.3, 0.9, 1.4] {
                let [a, b] =
                    [theta, std::f64::consts::PI - theta].map(|x| values.at(&Angle::from_radians(x)));
                assert!((a - sign * b).abs() < 1e-12, "{spec} at {theta}");
            }
        }
    }
}
