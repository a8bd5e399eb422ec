//! Checks of a spectrum against what must hold of it.
//!
//! Each identity reaches a number by a second way: the paper's sums, quadrature, symbolic algebra, the kernel's own values. The
//! spectrum under test is handed in, so that a wrong one can be shown to fail.

mod decay;
mod high;
mod paper;
mod routes;
mod signs;
mod trace;

use super::{Goal, Spectrum, asymptotic::Expansion};
use crate::{
    error::Result,
    kernel::Kernel,
    math::{
        degrees::Degrees,
        units::{Digits, Dimension},
    },
    progress::Progress,
};
use serde::{Deserialize, Serialize};

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It holds, by exact arithmetic or rigorous enclosures.
    Proved,
    /// It holds as far as numbers with estimated errors, or finitely many degrees of a limit, can tell.
    Holds,
    /// It does not hold.
    Fails,
    /// It could not be decided; the detail says why.
    Skipped,
}

impl Status {
    /// The status as one word, as in tables and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Holds => "holds",
            Self::Fails => "fails",
            Self::Skipped => "skipped",
        }
    }

    fn of(proved: bool) -> Self {
        if proved { Self::Proved } else { Self::Fails }
    }
}

/// One identity, checked for one kernel on one sphere.
#[derive(Clone, Debug)]
pub struct Check {
    /// The identity's name.
    pub identity: &'static str,
    /// The kernel.
    pub kernel: String,
    /// The sphere.
    pub dim: Dimension,
    /// The degrees it was checked for, as text.
    pub degrees: String,
    /// How it ended.
    pub status: Status,
    /// Numbers that show it, or the reason.
    pub detail: String,
}

/// What is checked, and how far.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The spheres.
    pub dims: Vec<Dimension>,
    /// Degrees `0..=max_degree`, each of them.
    pub max_degree: u32,
    /// Powers of ten and their neighbours from 10^4 to this degree, beyond those; none if this is not above `max_degree`.
    pub highest: u64,
    /// Digits of the values compared.
    pub digits: Digits,
}

/// A predicted spectrum: [`spectrum`](super::spectrum), or in a test a wrong one.
pub type Predict<'a> = dyn Fn(&Kernel, Dimension, &Degrees, &Goal) -> Result<Spectrum> + 'a;

/// One kernel on one sphere, with its predicted spectrum.
struct Case<'a> {
    kernel: &'a Kernel,
    dim: Dimension,
    max_degree: u32,
    digits: Digits,
    spectrum: Spectrum,
    predict: &'a Predict<'a>,
}

impl Case<'_> {
    fn check(&self, identity: &'static str, degrees: String, status: Status, detail: String) -> Check {
        Check { identity, kernel: self.kernel.to_string(), dim: self.dim, degrees, status, detail }
    }

    fn all_degrees(&self) -> String {
        format!("0..{}", self.max_degree)
    }
}

/// Checks every identity that applies, for each kernel on each sphere, and the paper's figure of local slopes for the biased
/// two-layer model, which has spheres of its own.
///
/// # Errors
/// When a spectrum cannot be computed; a check that does not hold is no error.
pub fn check(
    kernels: &[Kernel],
    scope: &Scope,
    predict: &Predict<'_>,
    progress: &dyn Progress,
) -> Result<Vec<Check>> {
    let mut checks = Vec::new();
    let total = (kernels.len() * scope.dims.len()) as u64;
    let mut done = 0;
    for kernel in kernels {
        let mut expansion = Expansion::of(kernel);
        for &dim in &scope.dims {
            progress.at(done, total);
            done += 1;
            let degrees = Degrees::up_to(scope.max_degree)?;
            let goal = Goal { longest: usize::MAX, ..Goal::digits(scope.digits) };
            let spectrum = predict(kernel, dim, &degrees, &goal)?;
            let (max_degree, digits) = (scope.max_degree, scope.digits);
            let case = Case { kernel, dim, max_degree, digits, spectrum, predict };
            checks.extend(paper::sums(&case));
            checks.extend(paper::circle_table(&case));
            checks.extend(routes::quadrature(&case)?);
            checks.extend(routes::machine(&case));
            checks.push(signs::null_space(&case)?);
            checks.extend(signs::odd_part(&case));
            checks.push(signs::positivity(&case));
            checks.push(trace::check(&case, &mut expansion));
            checks.extend(decay::exponent(&case, &mut expansion)?);
            checks.extend(decay::constant(&case)?);
            checks.extend(decay::network_constants(&case)?);
            if scope.highest > u64::from(max_degree) {
                checks.push(high::check(&case, scope.highest, &mut expansion)?);
            }
        }
        if kernel.two_layer_bias() == Some(true) {
            checks.extend(paper::slopes(kernel, predict)?);
        }
    }
    Ok(checks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_words_of_the_files() {
        for status in [Status::Proved, Status::Holds, Status::Fails, Status::Skipped] {
            assert_eq!(serde_json::to_string(&status).unwrap(), format!("\"{}\"", status.name()));
        }
    }
}
