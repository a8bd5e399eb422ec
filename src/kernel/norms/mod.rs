//! Kernels of points off the sphere: `K(x, y)` from the two norms and the angle between the points.
//!
//! A network of infinite width is a function of the three second moments of its units at the two points, the variances `q`, `q'` and the covariance
//! `S`, from `q = |x|^2`, `q' = |y|^2`, `S = x.y`. Its layers act as in [`limit`](super::limit), and on unequal variances the duals are
//!
//! | activation | `F(S; q, q')` |
//! | --- | --- |
//! | relu, leaky-relu, abs (`n = 1`), step, sign (`n = 0`), rectified-monomial (degree `n`) | `(q q')^(n/2) F_1(angle)`, `F_1` the dual at variance 1 |
//! | erf | `2/pi asin(2 S / sqrt((1+2q)(1+2q')))` |
//! | `a sin(b u + c)`, `a cos(b u + c)`, rbf | `(a^2/2) (e^(-b^2 D/2) -+ cos(2c) e^(-b^2 (q+q'+2S)/2))`, `D = q + q' - 2S` |
//! | `a e^(b u)` | `a^2 e^(b^2 (q+q'+2S)/2)` |
//! | `a e^(-b u^2)` | `a^2 / sqrt((1+2bq)(1+2bq') - 4 b^2 S^2)` |
//!
//! and `Fdot = dF/dS`. Laplace and Matern kernels, and the Gaussian, depend on `|x - y|`. Formulas in `t` are defined on the sphere only, and the other
//! activations have no closed form at unequal variances here.
//!
//! Beside `S` the defect `sqrt(q q') - S` is carried, without cancellation through all layers but smooth activations, so that the angle that a kink
//! needs has its digits for rows that nearly coincide or are parallel. Values are estimates, good to a few units of `2^-53` of `sqrt(K(x,x) K(y,y))` a
//! layer; to half the digits where a kink follows a smooth activation and the rows nearly coincide. Sources: Cho, Saul 2009; Williams 1996; Rahimi,
//! Recht 2007.

mod duals;
mod pair;
mod step;
#[cfg(test)]
mod tests;

use super::{Angle, Kernel, classical::Classical, limit::Readout};
use crate::error::{Error, Result};
use pair::Pair;
use step::{Step, run, steps};

/// A kernel of points of any norm, ready to be evaluated.
#[derive(Clone, Debug)]
pub struct Program(Form);

#[derive(Clone, Debug)]
enum Form {
    Distance(Classical<f64>),
    Network { steps: Vec<Step>, readout: Readout },
}

impl Program {
    /// The kernel of points of any norm.
    ///
    /// # Errors
    /// When the kernel is defined on the sphere only, or one of its activations has no dual in closed form at unequal variances; says which have.
    pub fn new(kernel: &Kernel) -> Result<Self> {
        let refuse = |what: &str| {
            let expected = format!(
                "a kernel of points off the sphere, which {what} is not: laplace, matern, gaussian, arc-cosine, two-layer, or a network of \
                 relu, leaky-relu, abs, step, sign, rectified-monomial, erf, sin, cos, rbf, exp or gaussian"
            );
            Error::invalid("kernel", kernel, expected)
        };
        if let Some(classical) = kernel.classical() {
            return Ok(Self(Form::Distance(classical.convert(&0.0))));
        }
        let Some((network, readout)) = kernel.network() else { return Err(refuse("a formula in t")) };
        let steps = steps(&network.series().0).map_err(refuse)?;
        Ok(Self(Form::Network { steps, readout }))
    }

    /// `K(x, y)` for points of these norms, an angle `between` apart.
    pub fn at(&self, between: &Angle<f64>, norms: [f64; 2]) -> f64 {
        let [x, y] = norms;
        let defect = 2.0 * x * y * between.sin_half().powi(2);
        let covariance =
            x * y * (between.cos_half() - between.sin_half()) * (between.cos_half() + between.sin_half());
        let pair = Pair { q: [x * x, y * y], mean: [0.0; 2], covariance, defect, tangent: None };
        match &self.0 {
            Form::Distance(kernel) => kernel.at_distance(((x - y).powi(2) + 2.0 * defect).sqrt(), &1.0),
            Form::Network { steps, readout } => {
                let end = run(steps, pair);
                match readout {
                    Readout::Process => end.covariance,
                    Readout::Tangent => end.tangent.unwrap_or(0.0),
                }
            }
        }
    }
}
