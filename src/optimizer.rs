//! How the parameters of a network move: one description, which predictions and training both read.
//!
//! All methods minimise `Phi = 1/2 sum_i (f(x_i) - y_i)^2` with step size `eta` and begin at rest. What a method leaves of a mode of the
//! kernel says [`crate::dynamics::filter`]; the update itself is in [`crate::train::optimizer`].

use crate::error::{Error, Result};
use serde::{Serialize, Serializer};
use std::fmt;

/// A momentum factor `beta`, from 0 to [`Momentum::MOST`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Momentum(f64);

impl Momentum {
    /// The largest factor: a mode forgets its past within some `1/(1-beta)` steps, and runs and predictions must outlast that.
    pub const MOST: f64 = 0.999999;

    /// The factor `beta`.
    ///
    /// # Errors
    /// Unless it is a number from 0 to [`Momentum::MOST`].
    pub fn new(beta: f64) -> Result<Self> {
        if (0.0..=Self::MOST).contains(&beta) {
            return Ok(Self(beta));
        }
        Err(Error::invalid("momentum", beta, format!("a number from 0 to {}", Self::MOST)))
    }

    /// `beta`.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// The update, with the gradient `g` of what is minimised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// `w' = w - eta g(w)`.
    GradientDescent,
    /// `w' = w - eta g(w) + beta (w - w_old)`: the SGD of torch with momentum. Polyak (1964).
    HeavyBall(Momentum),
    /// `y = w + beta (w - w_old)`, `w' = y - eta g(y)`: outputs are those of `w`. Nesterov (1983).
    Nesterov(Momentum),
    /// The same with the parameters `y`, as torch writes it (`nesterov=True`): outputs are those of `y`.
    TorchNesterov(Momentum),
}

impl Method {
    /// The names, as on the command line.
    pub const NAMES: [&'static str; 4] = ["gd", "heavy-ball", "nesterov", "torch-nesterov"];

    /// The name.
    pub fn name(self) -> &'static str {
        let at = match self {
            Self::GradientDescent => 0,
            Self::HeavyBall(_) => 1,
            Self::Nesterov(_) => 2,
            Self::TorchNesterov(_) => 3,
        };
        Self::NAMES[at]
    }

    /// How many times its start the residual of a mode may come to be on the way, at any stable step: what it tends to at the edge of
    /// stability ([`crate::dynamics::filter`]), where it is largest.
    ///
    /// The heavy ball has the roots -1 and `-beta` there and `r_1 = -(1+2 beta)`, so that `|r_t|` rises to the weight of the first. Torch's
    /// Nesterov begins with `r_1 = -(1 + 2 beta + 2 beta^2)/(1+2 beta)`, and falls from there.
    pub fn peak(self) -> f64 {
        match self {
            Self::GradientDescent | Self::Nesterov(_) => 1.0,
            Self::HeavyBall(Momentum(beta)) => (1.0 + beta) / (1.0 - beta),
            Self::TorchNesterov(Momentum(beta)) => {
                (1.0 + 2.0 * beta + 2.0 * beta * beta) / (1.0 + 2.0 * beta)
            }
        }
    }

    /// The momentum factor, if there is one.
    pub fn momentum(self) -> Option<Momentum> {
        match self {
            Self::GradientDescent => None,
            Self::HeavyBall(beta) | Self::Nesterov(beta) | Self::TorchNesterov(beta) => Some(beta),
        }
    }
}

/// A method, with what may be wrapped around it: a ridge towards the start, and mini-batches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optimizer {
    method: Method,
    ridge: f64,
    batch: Option<usize>,
}

impl Optimizer {
    /// Full-batch gradient descent.
    pub const GRADIENT_DESCENT: Self = Self::new(Method::GradientDescent);

    /// The method on the full batch, without a ridge.
    pub const fn new(method: Method) -> Self {
        Self { method, ridge: 0.0, batch: None }
    }

    /// The same with `(mu/2) sum_p (theta_p - theta_p(0))^2 / lr_p` added to what is minimised, `lr_p` the rate of a parameter's layer; frozen
    /// parameters stay out of the sum.
    ///
    /// # Errors
    /// Unless `mu` is finite and at least 0.
    pub fn with_ridge(self, mu: f64) -> Result<Self> {
        if mu >= 0.0 && mu.is_finite() {
            return Ok(Self { ridge: mu, ..self });
        }
        Err(Error::invalid("ridge", mu, "a finite number, at least 0"))
    }

    /// The same with the gradient taken on `size` points drawn afresh each step without replacement, times `n/size`.
    ///
    /// # Errors
    /// When `size` is 0.
    pub fn with_batch(self, size: usize) -> Result<Self> {
        if size == 0 {
            return Err(Error::invalid("batch", size, "at least 1 point"));
        }
        Ok(Self { batch: Some(size), ..self })
    }

    /// Is it full-batch gradient descent without a ridge?
    pub fn is_gradient_descent(&self) -> bool {
        *self == Self::GRADIENT_DESCENT
    }

    /// The method.
    pub fn method(&self) -> Method {
        self.method
    }

    /// `mu`; 0 without a ridge.
    pub fn ridge(&self) -> f64 {
        self.ridge
    }

    /// The points of a mini-batch; `None` for all.
    pub fn batch(&self) -> Option<usize> {
        self.batch
    }
}

impl fmt::Display for Optimizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.method {
            Method::GradientDescent => f.write_str("gradient descent")?,
            Method::HeavyBall(beta) => write!(f, "the heavy ball with momentum {}", beta.get())?,
            Method::Nesterov(beta) => write!(f, "Nesterov's method with momentum {}", beta.get())?,
            Method::TorchNesterov(beta) => write!(f, "torch's Nesterov with momentum {}", beta.get())?,
        }
        if self.ridge > 0.0 {
            write!(f, ", ridge {}", self.ridge)?;
        }
        if let Some(size) = self.batch {
            write!(f, ", batches of {size}")?;
        }
        Ok(())
    }
}

impl Serialize for Optimizer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_optimizer_is_refused() {
        for beta in [-0.1, 1.0, f64::NAN, 0.9999999] {
            let refused = Momentum::new(beta).unwrap_err().to_string();
            assert!(
                refused.starts_with("momentum: got") && refused.contains("from 0 to 0.999999"),
                "{refused}"
            );
        }
        let plain = Optimizer::GRADIENT_DESCENT;
        assert!([-1.0, f64::NAN, f64::INFINITY].iter().all(|mu| plain.with_ridge(*mu).is_err()));
        assert!(plain.with_batch(0).is_err() && plain.with_batch(1).is_ok());
        let names = [0.0, 0.5].map(|b| Method::HeavyBall(Momentum::new(b).unwrap()).name());
        assert_eq!(names, ["heavy-ball"; 2]);
    }
}
