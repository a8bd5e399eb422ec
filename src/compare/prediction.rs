//! A predicted spectrum in machine numbers, of either sign, and what a finite sample makes of it.

use crate::dynamics::Mode;

/// What theory says: `lambda_k` for `k = 0, 1, ...` with the multiplicities, and `K(1)`.
///
/// Unlike [`Modes`](crate::dynamics::Modes), which learning needs, eigenvalues may be negative here: a check has to be able to fail.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// The modes, degree `k` at index `k`, as far as the bias needs them.
    pub modes: Vec<Mode>,
    /// `K(1)`.
    pub at_one: f64,
    /// `K(-1)`: the even and the odd degrees have the traces `(K(1) +- K(-1))/2`.
    pub at_minus_one: f64,
    /// Is the kernel proved positive, so that no eigenvalue past the last mode is negative either?
    pub proved_positive: bool,
}

/// What rounding adds to any figure, relative to `K(1)`.
pub const ROUNDING: f64 = 1e-12;

impl Prediction {
    /// `lambda_k`.
    pub fn eigenvalue(&self, degree: usize) -> f64 {
        self.modes[degree].eigenvalue
    }

    /// `sum_{l>top} N(d,l) lambda_l`, by the trace identity; not negative for a positive kernel, and of either
    /// sign for others, whose parts may cancel.
    pub fn tail(&self, top: usize) -> f64 {
        self.at_one - self.modes.iter().take(top + 1).map(Mode::trace).sum::<f64>()
    }

    /// The first degree whose eigenvalue is negative beyond rounding, and the eigenvalue.
    pub fn negative(&self) -> Option<(u64, f64)> {
        let largest = self.modes.iter().fold(self.at_one.abs(), |most, mode| most.max(mode.eigenvalue.abs()));
        let below = self.modes.iter().find(|mode| mode.eigenvalue < -ROUNDING * largest);
        below.map(|mode| (mode.degree, mode.eigenvalue))
    }

    /// Are all eigenvalues known not to be negative, those past the last mode too? Only then is [`Self::tail`] a bound of any of them.
    pub fn is_positive(&self) -> bool {
        self.proved_positive && self.negative().is_none()
    }

    /// The second-order bias of a cluster's mean on `n` points, degrees past the last counted as infinitely small.
    pub fn bias(&self, degree: usize, n: usize) -> f64 {
        let own = self.eigenvalue(degree);
        let others =
            self.modes.iter().filter(|mode| mode.degree as usize != degree && mode.eigenvalue != own);
        let sum: f64 = others.map(|mode| mode.trace() / (own - mode.eigenvalue)).sum();
        let rest = self.tail(self.modes.len() - 1);
        if own == 0.0 { 0.0 } else { (own * sum + rest) / n as f64 }
    }

    /// The distance to the nearest other eigenvalue.
    pub fn gap(&self, degree: usize) -> f64 {
        let own = self.eigenvalue(degree);
        let others = self.modes.iter().filter(|mode| mode.degree as usize != degree);
        others.map(|mode| (mode.eigenvalue - own).abs()).fold(own.abs(), f64::min)
    }
}
