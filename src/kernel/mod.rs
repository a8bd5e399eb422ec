//! What is studied: zonal kernels `K(x.x')` on the sphere, each defined once.
//!
//! A [`Kernel`] is parsed from its specification ([`grammar`]) and keeps exact parameters. Its formula is generic over
//! [`Scalar`]; [`Kernel::evaluator`] fixes the arithmetic.
//!
//! * [`limit`] — networks at infinite width; [`classical`], [`expression`] — the two other families
//! * [`norms`] — kernels of points off the sphere
//! * [`symbolic`] — which kernels have closed forms ([`closed_form`]); [`parity`] — which formulas have a proved symmetry
//! * `domain` — where a user's formula is defined; `analytic` — its form that shows where it is analytic; `spelling` — synonyms

pub mod analytic;
mod caption;
pub mod classical;
pub mod closed_form;
#[doc(hidden)]
pub mod domain;
mod evaluator;
#[doc(hidden)]
pub mod expression;
pub mod grammar;
#[doc(hidden)]
pub mod limit;
pub mod norms;
pub mod parity;
mod positivity;
pub mod spelling;
pub mod symbolic;
#[cfg(test)]
mod tests;

pub use crate::{
    math::angle::Angle,
    network::powers::{Extent, Powers},
};
pub use evaluator::Evaluator;
pub use limit::series::Cut;

use crate::{
    error::{Error, Result},
    math::{ball::Ball, polynomial::Polynomial, scalar::Scalar, units::Bits},
    network::{Layer, Network},
};
use classical::Classical;
use expression::Tree;
use limit::Readout;
use rug::{Float, Rational};
use std::{
    fmt,
    sync::{Arc, OnceLock},
};
use symbolic::{ClosedForm, Symbol};

/// A zonal kernel with exact parameters.
///
/// Parsed from `NAME[:key=value,...]`, as in `"ntk:depth=3,b=1/3".parse::<Kernel>()`; prints in this program's spelling (`spelling`).
#[derive(Clone, Debug)]
pub struct Kernel {
    spec: String,
    definition: Definition,
    /// Series of activations that have no closed form, where they have been computed.
    cut: Option<Arc<Cut>>,
    /// [`Self::closed_form`], once it was asked for.
    closed: Arc<OnceLock<Option<ClosedForm>>>,
    /// Values are 2 to this times those of the definition.
    exponent: i32,
}

impl PartialEq for Kernel {
    fn eq(&self, other: &Self) -> bool {
        (&self.spec, &self.definition, self.exponent) == (&other.spec, &other.definition, other.exponent)
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Definition {
    Classical(Classical<Rational>),
    Network {
        network: Network,
        readout: Readout,
    },
    /// A formula in its analytic form, with the powers that its symmetry leaves, which show in the form in which it was written.
    Expression {
        tree: Tree<Rational>,
        powers: Powers,
    },
}

impl Kernel {
    /// Has the kernel's network an activation that is known by its Hermite series, and no closed form?
    ///
    /// Such a series is cut: [`Kernel::evaluator_in`] evaluates the kernel to about `2^-64` of its variances, or to what [`Kernel::cut`] was told.
    pub fn has_series(&self) -> bool {
        self.network().is_some_and(|(network, _)| limit::series::has_series(network.series()))
    }

    /// The kernel with its series cut where they are known to about `2^-accuracy`, and the cut.
    ///
    /// # Errors
    /// When a series cannot be made, with the reason, and for kernels without one.
    pub fn cut(&self, accuracy: Bits) -> Result<(Self, Arc<Cut>)> {
        let network = self.network().filter(|_| self.has_series());
        let (network, readout) = network.ok_or_else(|| {
            Error::invalid("kernel", self, "a network with an activation that is known by its series")
        })?;
        let cut = Cut::new(network, readout, accuracy);
        let cut = Arc::new(cut.map_err(|error| {
            let subject = format!("kernel {self}, {}", error.subject());
            error.with_subject(subject)
        })?);
        Ok((Self { cut: Some(cut.clone()), ..self.clone() }, cut))
    }

    /// `K(1)`, enclosed at `precision`.
    pub fn at_one(&self, precision: Bits) -> Ball {
        let number = |n: u32| Ball::exact(Float::with_val(precision.0, n));
        if self.has_series() {
            let cut = self.cut(precision);
            let at_one = |cut: &Cut| number(0).enclosing(&cut.at_one).scaled(self.exponent);
            return cut.map_or_else(|_| number(0) / number(0), |(_, cut)| at_one(&cut));
        }
        self.evaluator_in(&number(0)).at(&Angle::new(number(0), number(0), number(1)))
    }

    /// The form `c [A(t) + B(t) theta/pi + C(t) sin(theta)/pi] + c' [S(t) sin(theta/2) + T(t) cos(theta/2)]`, if the kernel has it: then its eigenvalues are
    /// `c (q1 + q2/pi^2)` with rational `q1` and `q2`, plus `c'` times a rational number, over `pi` for odd `d`.
    pub fn closed_form(&self) -> Option<ClosedForm> {
        if self.has_series() {
            return None;
        }
        let found = self.closed.get_or_init(|| {
            let angle = Symbol::angle();
            self.evaluator_in(angle.sin_half()).at(&angle).closed_form()
        });
        found.clone()
    }

    /// `K(t) - K(-t)` as a polynomial in `t`, if it is one for a kernel with a closed form: then every odd degree beyond the
    /// polynomial's own vanishes.
    pub fn odd_part(&self) -> Option<Polynomial> {
        if self.has_series() {
            return None;
        }
        let angle = Symbol::angle();
        let (s, c) = (angle.sin_half(), angle.cos_half());
        let opposite = Angle::new(s.pi() - angle.radians(), c.clone(), s.clone());
        let kernel = self.evaluator_in(s);
        let form = (kernel.at(&angle) - kernel.at(&opposite)).closed_form()?;
        form.as_polynomial().filter(|(factor, _)| factor.is_one()).map(|(_, p)| p.clone())
    }

    /// The powers of `t` that the kernel has, as far as its form proves which: eigenvalues beyond them vanish.
    ///
    /// Of a network these are exact: all other eigenvalues are positive ([`Kernel::powers_are_exact`]).
    pub fn powers(&self) -> Powers {
        match &self.definition {
            Definition::Classical(_) => Powers::ALL,
            Definition::Network { network, readout } => limit::analysis::of(network, *readout).powers,
            Definition::Expression { powers, .. } => *powers,
        }
    }

    /// Is every eigenvalue that [`Kernel::powers`] leaves positive?
    pub fn powers_are_exact(&self) -> bool {
        self.network().is_some_and(|(network, readout)| limit::analysis::of(network, readout).exact)
    }

    /// The network whose kernel this is, and which of its kernels.
    pub fn network(&self) -> Option<(&Network, Readout)> {
        match &self.definition {
            Definition::Network { network, readout } => Some((network, *readout)),
            _ => None,
        }
    }

    /// The function of the distance between points that this kernel is, if it is one by name.
    pub fn classical(&self) -> Option<&Classical<Rational>> {
        match &self.definition {
            Definition::Classical(classical) => Some(classical),
            _ => None,
        }
    }

    /// Is this the tangent kernel of the two-layer model of Basri et al. (2019), and if so, does it have a bias?
    pub fn two_layer_bias(&self) -> Option<bool> {
        let (network, Readout::Tangent) = self.network()? else { return None };
        [false, true].into_iter().find(|bias| grammar::two_layer(*bias).is_ok_and(|model| model == *network))
    }

    /// Is the kernel positive definite on spheres of every dimension by its construction?
    ///
    /// Then `K(t) = sum_n a_n t^n` with `a_n >= 0` (Schoenberg 1942), so every eigenvalue is at least 0, and `K` rises on
    /// `[0, 1]`. True of all named kernels, and of formulas that are sums, products and series of such functions; of any other formula
    /// nothing is known.
    pub fn is_positive_definite(&self) -> bool {
        match &self.definition {
            Definition::Expression { tree, .. } => positivity::proved(tree),
            _ => true,
        }
    }

    /// The powers `s` of the leading terms `theta^s` at coinciding points, or `(pi - theta)^s` at opposite ones, that are not smooth, in the even
    /// and the odd part, where the kernel's form has one: then eigenvalues of that parity fall like `k^-(d+s)` on `S^d`.
    ///
    /// 1 for tangent kernels of networks with a relu, and for Laplace; 3 for Gaussian process kernels of relu, 1 of a step; `2 nu` for Matern.
    /// None where eigenvalues vanish from some degree on, and for kernels that are smooth: theirs fall faster than any power. Sources: Bietti and
    /// Bach 2021; Chen and Xu 2021.
    pub fn singular_orders(&self) -> [Option<f64>; 2] {
        match &self.definition {
            Definition::Classical(kernel) => [Some(f64::from(kernel.singular_order())); 2],
            Definition::Network { network, readout } => {
                let limit::analysis::Analysis { powers, rough, .. } = limit::analysis::of(network, *readout);
                let endless = [powers.even, powers.odd].map(|extent| extent == Extent::Unbounded);
                let order = |s: f64, endless: bool| (s.is_finite() && endless).then_some(s);
                [order(rough.even, endless[0]), order(rough.odd, endless[1])]
            }
            Definition::Expression { .. } => [None, None],
        }
    }

    /// `(h^2, p)` for a kernel in the chord `x = 2 sin(theta/2)` alone, `e^-z` with `z = h x` for `p = 0` and otherwise the Matern kernel of order
    /// `nu = p + 1/2` in `z = sqrt(2 nu) x/l`, which multiplies the coefficient of `z^j` in `e^-z` by `prod_{q=1}^p (2q-1-j)/(2q-1)`.
    pub fn chord_exponential(&self) -> Option<(Rational, u32)> {
        match &self.definition {
            Definition::Classical(kernel) => kernel.chord_exponential(),
            _ => None,
        }
    }

    /// `(z, s)` for a kernel of the form `exp(z t + s)`, `z` not 0: a formula, a layer of Gaussian features, or the Gaussian kernel.
    pub fn exponential(&self) -> Option<(Rational, Rational)> {
        if let Definition::Expression { tree, .. } = &self.definition {
            let Tree::Call(expression::Function::Exp, exponent) = tree else { return None };
            let linear = analytic::polynomial(exponent).filter(|p| p.degree() == Some(1))?;
            return Some((linear.coefficients()[1].clone(), linear.coefficients()[0].clone()));
        }
        let (network, Readout::Process) = self.network()? else { return None };
        let gamma = network.layers().iter().find_map(|layer| match layer {
            Layer::Activation(phi) if phi.name() == "rbf" => phi.values().first().cloned(),
            _ => None,
        })?;
        grammar::gaussian(&gamma).is_ok_and(|model| model == *network).then(|| {
            let rate = gamma * 2u32;
            let shift = Rational::from(-&rate);
            (rate, shift)
        })
    }

    /// Is the kernel a power series in `t` with coefficients that are not negative, and analytic beyond `[-1, 1]` as far as the formulas of its
    /// layers are? True of networks whose activations have no kink.
    ///
    /// Then `|K(t)| <= K(|t|)` for complex `t` ([`Kernel::is_positive_definite`]), so that its value at `cosh b` bounds it on `|Im theta| <= b`.
    pub fn is_power_series(&self) -> bool {
        self.network().is_some_and(|(network, _)| !limit::has_kink(network.series()))
    }

    /// Angles inside `(0, pi)` where the kernel may not be analytic, to about `precision`.
    pub fn kinks(&self, precision: Bits) -> Vec<Float> {
        match &self.definition {
            Definition::Expression { tree, .. } => domain::kinks(tree, precision),
            _ => vec![],
        }
    }

    /// Maps that are evaluated one after the other: the activations of a network, and 1 for other kernels.
    pub fn layers(&self) -> u32 {
        match &self.definition {
            Definition::Network { network, .. } => {
                u32::try_from(network.series().count().activations).unwrap_or(u32::MAX).max(1)
            }
            _ => 1,
        }
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spec)
    }
}
