//! In which convention a list of eigenvalues is written: measure, sphere, index, and the scale of the kernel.
//!
//! A convention writes, at index `k` of a list for "dimension `d`",
//!
//! ```text
//! f(D, j) lambda_j on S^D          D = d + dim_shift,  j = k + index_shift,  f a product of scales
//! ```
//!
//! where `lambda_j` are the eigenvalues of theory.md (probability measure). `f` may hang on the degree, as where coefficients of zonal
//! polynomials are listed in place of eigenvalues.

mod by_name;
#[cfg(test)]
mod tests;

use crate::{
    error::{Error, Result},
    math::{
        ball::Ball,
        harmonics::{funk_hecke_constant, multiplicity, sphere_area},
        scalar::Scalar,
        units::Dimension,
    },
};
pub use by_name::{NAMED, Named, known, named, names};
use rug::Rational;
use std::fmt;

/// One factor between conventions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// `|S^d|`: the surface measure.
    Area,
    /// `1/omega_d`: the integral over `t` without its constant, `Int K(t) P_k(t) (1-t^2)^((d-2)/2) dt`.
    Integral,
    /// `N(d,k)`: coefficients of `P_k`; on the circle those of the cosine series, 2 for `k >= 1`.
    Multiplicity,
    /// `(2k+d-1)/(d-1)`: coefficients of the Gegenbauer polynomial `C_k^((d-1)/2)`, for `d >= 2`.
    Gegenbauer,
    /// 2.
    Two,
    /// `pi`.
    Pi,
    /// `d`.
    Dimension,
    /// `d + 1`: the number of coordinates.
    Coordinates,
    /// `n`: eigenvalues of the Gram matrix itself, where `lambda_k` is per point.
    Points,
    /// `K(1)`.
    Diagonal,
}

/// A factor or its inverse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The factor.
    pub factor: Factor,
    /// Is it divided by?
    pub inverse: bool,
}

/// What factors hang on beside the sphere and the degree.
#[derive(Clone, Debug)]
pub struct Setting {
    /// How many points the Gram matrix has, where one is meant.
    pub points: Option<u64>,
    /// `K(1)`.
    pub diagonal: Ball,
}

impl Factor {
    /// Every factor, in the order in which they are tried.
    pub const ALL: [Self; 10] = [
        Self::Area,
        Self::Multiplicity,
        Self::Diagonal,
        Self::Points,
        Self::Two,
        Self::Pi,
        Self::Dimension,
        Self::Coordinates,
        Self::Integral,
        Self::Gegenbauer,
    ];

    /// Is the factor another one at another degree?
    pub fn hangs_on_degree(self) -> bool {
        matches!(self, Self::Multiplicity | Self::Gegenbauer)
    }

    /// `(q, p)` with the factor `q pi^p`; `None` where it does not exist, and for `K(1)`, which need not be of that form.
    fn exact(self, dim: Dimension, degree: u64, points: Option<u64>) -> Option<(Rational, i32)> {
        let d = dim.get();
        let whole = |n: u32| Some((Rational::from(n), 0));
        match self {
            Self::Area => {
                let (area, power) = sphere_area(dim);
                Some((area, power as i32))
            }
            Self::Integral => {
                let (constant, power) = funk_hecke_constant(dim);
                Some((constant.recip(), power as i32))
            }
            Self::Multiplicity => Some((Rational::from(multiplicity(dim, degree)), 0)),
            Self::Gegenbauer if d == 1 => None,
            Self::Gegenbauer => Some((Rational::from((2 * degree + u64::from(d) - 1, d - 1)), 0)),
            Self::Two => whole(2),
            Self::Pi => Some((Rational::from(1), 1)),
            Self::Dimension => whole(d),
            Self::Coordinates => whole(d + 1),
            Self::Points => points.map(|n| (Rational::from(n), 0)),
            Self::Diagonal => None,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Area => "|S^d|",
            Self::Integral => "1/omega_d",
            Self::Multiplicity => "N(d,k)",
            Self::Gegenbauer => "(2k+d-1)/(d-1)",
            Self::Two => "2",
            Self::Pi => "pi",
            Self::Dimension => "d",
            Self::Coordinates => "(d+1)",
            Self::Points => "n",
            Self::Diagonal => "K(1)",
        }
    }
}

impl Scale {
    /// The factor itself.
    pub fn by(factor: Factor) -> Self {
        Self { factor, inverse: false }
    }

    /// Its inverse.
    pub fn over(factor: Factor) -> Self {
        Self { factor, inverse: true }
    }

    /// The value of `ball` times this scale; `None` where there is no such factor.
    pub fn apply(self, ball: Ball, dim: Dimension, degree: u64, setting: &Setting) -> Option<Ball> {
        let factor = match self.factor {
            Factor::Diagonal => setting.diagonal.clone(),
            other => {
                let (rational, power) = other.exact(dim, degree, setting.points)?;
                let size = ball.pi().powi(power.unsigned_abs());
                let constant = ball.constant(&rational);
                if power < 0 { constant / size } else { constant * size }
            }
        };
        Some(if self.inverse { ball / factor } else { ball * factor })
    }
}

/// A way to write eigenvalues down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convention {
    /// What eigenvalues are multiplied with; none for the probability measure.
    pub scales: Vec<Scale>,
    /// The sphere's dimension less the `d` that is given: -1 where `d` is the dimension of the space around it.
    pub dim_shift: i32,
    /// The degree less the index in the list.
    pub index_shift: i32,
}

impl Convention {
    /// Eigenvalues on `S^d` under the probability measure: theory.md, section 1.
    pub const OURS: Self = Self { scales: vec![], dim_shift: 0, index_shift: 0 };

    /// The sphere that "dimension `d`" means.
    ///
    /// # Errors
    /// When there is no such sphere.
    pub fn sphere(&self, d: u32) -> Result<Dimension> {
        let shifted = i64::from(d) + i64::from(self.dim_shift);
        Dimension::new(u32::try_from(shifted).unwrap_or(0)).map_err(|_| {
            let least = 1 - self.dim_shift;
            Error::invalid("dim", d, format!("{least} or more: this convention means the sphere S^{shifted}"))
        })
    }

    /// The product of the scales as `(q, p)` for `q pi^p`: then closed forms stay closed. `None` where a factor does not exist, or is a `K(1)` that
    /// is not known exactly.
    pub fn exact(&self, sphere: Dimension, degree: u64, setting: &Setting) -> Option<(Rational, i32)> {
        self.scales.iter().try_fold((Rational::from(1), 0), |(product, power), scale| {
            let (rational, pis) = match scale.factor {
                Factor::Diagonal => (exactly(&setting.diagonal)?, 0),
                other => other.exact(sphere, degree, setting.points)?,
            };
            Some(match scale.inverse {
                false => (product * rational, power + pis),
                true if rational.is_zero() => return None,
                true => (product / rational, power - pis),
            })
        })
    }

    /// Does the convention divide by `K(1)`?
    pub fn divides_by_diagonal(&self) -> bool {
        self.scales.contains(&Scale::over(Factor::Diagonal))
    }

    /// What the convention writes where the eigenvalue of `degree` on the sphere is `value`; `None` where a factor does not exist.
    pub fn write(&self, value: Ball, sphere: Dimension, degree: u64, setting: &Setting) -> Option<Ball> {
        self.scales.iter().try_fold(value, |value, scale| scale.apply(value, sphere, degree, setting))
    }

    /// The product of the scales as a formula in the sphere's own `d`; `1` for none.
    pub fn factor(&self) -> String {
        let part = |inverse: bool| {
            let chosen = self.scales.iter().filter(move |scale| scale.inverse == inverse);
            chosen.map(|scale| scale.factor.text()).collect::<Vec<_>>()
        };
        let (above, below) = (part(false), part(true));
        let above = if above.is_empty() { "1".into() } else { above.join(" ") };
        match below[..] {
            [] => above,
            [one] => format!("{above}/{one}"),
            _ => format!("{above}/({})", below.join(" ")),
        }
    }
}

/// The number that a ball without a radius is.
fn exactly(ball: &Ball) -> Option<Rational> {
    if ball.radius().is_zero() { ball.midpoint().to_rational() } else { None }
}

impl fmt::Display for Convention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        match &self.scales[..] {
            [] => parts.push("probability measure".to_owned()),
            [Scale { factor: Factor::Area, inverse: false }] => parts.push("surface measure".to_owned()),
            [Scale { factor: Factor::Multiplicity, inverse: false }] => {
                parts.push("coefficients of P_k, times N(d,k) (on the circle the cosine series)".to_owned());
            }
            _ => parts.push(format!("times {}", self.factor())),
        }
        match self.dim_shift {
            0 => parts.push("on S^d".to_owned()),
            shift if shift < 0 => parts.push(format!("on S^(d-{})", -shift)),
            shift => parts.push(format!("on S^(d+{shift})")),
        }
        match self.index_shift {
            0 => {}
            shift if shift > 0 => parts.push(format!("index k holds degree k+{shift}")),
            shift => parts.push(format!("index k holds degree k-{}", -shift)),
        }
        f.write_str(&parts.join(", "))
    }
}
