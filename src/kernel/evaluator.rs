//! A kernel in one arithmetic.

use super::{
    Angle, Cut, Definition, Kernel,
    classical::Classical,
    expression::Tree,
    limit::{self, Program, Readout},
};
use crate::{
    math::{scalar::Scalar, units::Bits},
    network::Network,
};
use rug::Rational;
use std::sync::Arc;

/// A kernel in one arithmetic, ready to be evaluated at any angle.
#[derive(Clone, Debug)]
pub struct Evaluator<T> {
    form: Form<T>,
    /// What values are multiplied by, unless it is 1.
    factor: Option<T>,
}

#[derive(Clone, Debug)]
enum Form<T> {
    Classical(Classical<T>),
    /// None where a series would be too long.
    Network(Option<Program<T>>),
    Expression(Tree<T>),
}

impl<T: Scalar> Evaluator<T> {
    /// `K` at points an angle `x` apart.
    pub fn at(&self, x: &Angle<T>) -> T {
        let value = match &self.form {
            Form::Classical(kernel) => kernel.at(x),
            Form::Network(Some(program)) => program.at(x),
            Form::Network(None) => undefined(x),
            Form::Expression(tree) => tree.at(x),
        };
        match &self.factor {
            Some(factor) => value * factor.clone(),
            None => value,
        }
    }
}

/// The accuracy of series in machine arithmetic.
const MACHINE: Bits = Bits(64);

fn undefined<T: Scalar>(x: &Angle<T>) -> T {
    let zero = x.sin_half().constant(&Rational::new());
    zero.clone() / zero
}

impl Kernel {
    /// The kernel in machine arithmetic. Values are estimates, good to a few units of `2^-53 K(1)` a layer.
    pub fn evaluator(&self) -> Evaluator<f64> {
        self.evaluator_in(&0.0)
    }

    /// The kernel in the arithmetic, and at the precision, of `like`.
    pub fn evaluator_in<T: Scalar>(&self, like: &T) -> Evaluator<T> {
        self.graded_in(like, 0)
    }

    /// How often the angle must be graded ([`Angle::graded`]) for the kernel to be analytic in it at both ends, as far as its form tells: once for each
    /// jump that an activation with a kink follows in a network.
    pub fn grading(&self) -> u32 {
        self.network().map_or(0, |(network, _)| limit::grading(network.series()))
    }

    /// The kernel as a function of the angle that is `theta` when graded so many times.
    pub fn graded_in<T: Scalar>(&self, like: &T, grading: u32) -> Evaluator<T> {
        let form = match &self.definition {
            Definition::Classical(kernel) => Form::Classical(kernel.convert(like)),
            Definition::Network { network, readout } => {
                Form::Network(self.program(network, *readout, like, grading))
            }
            Definition::Expression { tree, .. } => Form::Expression(tree.convert(like)),
        };
        let factor = (self.exponent != 0).then(|| like.constant(&(Rational::from(1) << self.exponent)));
        Evaluator { form, factor }
    }

    /// The kernel times `2^exponent`, for work whose tolerance is that of a kernel of about 1.
    #[must_use]
    pub fn scaled(&self, exponent: i32) -> Self {
        Self { exponent: self.exponent + exponent, closed: Arc::default(), ..self.clone() }
    }

    fn program<T: Scalar>(
        &self,
        network: &Network,
        readout: Readout,
        like: &T,
        grading: u32,
    ) -> Option<Program<T>> {
        if !self.has_series() {
            return Program::graded(network, readout, like, grading, &mut |_, _| None);
        }
        match &self.cut {
            Some(cut) => cut.program(network, readout, like, grading),
            None => Cut::new(network, readout, MACHINE).ok()?.program(network, readout, like, grading),
        }
    }
}
