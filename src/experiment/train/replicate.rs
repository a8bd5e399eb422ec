//! The data of one repeat: points, labels, and points to test on.

use super::super::{Target, choices::HarmonicChoice, pipeline::Pipeline};
use super::{Request, Setup, checks::resolved};
use crate::{
    error::{Error, Result},
    sample::{self, Design, Points},
    train::{
        descent::{Labels, Loss},
        target::Harmonic,
    },
};

/// Sets apart the points of repeats.
const REPEAT: u64 = 0x9e37_79b9_7f4a_7c15;
/// Fresh points for the test error.
const FRESH_POINTS: usize = 1000;

/// The points of one repeat.
pub(super) struct Replicate<'a> {
    setup: &'a Setup,
    pipeline: &'a Pipeline,
    pub repeat: u64,
    pub points: Points,
    /// The points' weights, 1 on average.
    pub weights: Vec<f64>,
    /// The points left out, row by row.
    missing: Vec<f64>,
}

/// Points that are not trained on.
#[derive(Clone, Debug)]
pub(super) struct TestSet {
    /// Row by row.
    pub points: Vec<f64>,
    /// The target there, without noise.
    pub clean: Vec<f64>,
}

impl TestSet {
    /// The mean square of the target.
    pub fn power(&self) -> f64 {
        self.clean.iter().map(|y| y * y).sum::<f64>() / self.clean.len() as f64
    }
}

impl<'a> Replicate<'a> {
    /// That of a repeat.
    pub fn draw(setup: &'a Setup, pipeline: &'a Pipeline, repeat: u64) -> Result<Self> {
        let seed = setup.seed ^ repeat.wrapping_mul(REPEAT);
        let points = (pipeline.points)(setup.design, setup.dim, setup.points, seed)?;
        let (points, missing) = match setup.gap {
            Some(angle) => without_cap(&points, angle)?,
            None => (points, vec![]),
        };
        let n = points.len() as f64;
        let weights = points.weights().iter().map(|w| w * n).collect();
        Ok(Self { setup, pipeline, repeat, points, weights, missing })
    }

    /// Refuses degrees that these points cannot tell from others: fewer than asked for, where there is a gap or a design has its own count.
    pub fn resolves(&self, request: &Request) -> Result<()> {
        let even = self.setup.gap.is_none() && self.setup.design == Design::Equispaced;
        let highest = request.targets.iter().map(Target::highest).max().unwrap_or(0);
        resolved(request.of(), self.setup.dim, highest, self.points.len(), even)
    }

    /// The seed of what is drawn beside the points.
    pub fn seed(&self) -> u64 {
        self.setup.seed + self.repeat
    }

    /// The harmonics of a target at points.
    fn harmonics(&self, at: &[f64], target: &Target) -> Result<Vec<Vec<f64>>> {
        let which = match self.setup.harmonic {
            HarmonicChoice::Random => Harmonic::Random(self.seed()),
            HarmonicChoice::Zonal => Harmonic::Zonal,
        };
        target.degrees().map(|k| (self.pipeline.harmonic)(self.setup.dim, k, which, at)).collect()
    }

    /// The target at the training points, of the norm asked for.
    fn clean(&self, target: &Target, harmonics: &[Vec<f64>]) -> Vec<f64> {
        let values = mixed(target, harmonics, self.points.len());
        let factor = self.factor(&values);
        values.into_iter().map(|y| factor * y).collect()
    }

    /// What gives the target with these values at the training points the norm asked for. Its coefficients have it on even points already.
    fn factor(&self, values: &[f64]) -> f64 {
        let norm = values.iter().zip(&self.weights).map(|(y, v)| y * y * v).sum::<f64>().sqrt();
        self.setup.target_norm.map_or(1.0, |wanted| wanted / norm)
    }

    /// What a run on the target is trained on.
    pub fn labels(&self, target: &Target) -> Result<Labels> {
        let harmonics = self.harmonics(self.points.coordinates(), target)?;
        let clean = self.clean(target, &harmonics);
        let errors = (self.pipeline.noise)(clean.len(), self.setup.noise, self.seed());
        let noisy: Vec<f64> = clean.iter().zip(errors).map(|(y, e)| y + e).collect();
        let sign = |y: &f64| if *y >= 0.0 { 1.0 } else { -1.0 };
        let weights = self.weights.clone();
        Ok(match self.setup.loss {
            Loss::MeanSquare => Labels { values: noisy, weights, parts: harmonics },
            Loss::CrossEntropy => {
                let single = target.terms().len() == 1;
                let parts = if single { vec![clean.iter().map(sign).collect()] } else { harmonics };
                Labels { values: noisy.iter().map(sign).collect(), weights, parts }
            }
        })
    }

    /// Points to test on where they are wanted: those left out, else fresh ones.
    pub fn test_set(&self, target: &Target) -> Result<Option<TestSet>> {
        if !self.setup.energies && self.setup.noise == 0.0 && self.missing.is_empty() {
            return Ok(None);
        }
        let points = if self.missing.is_empty() {
            let drawn = sample::points(Design::Uniform, self.setup.dim, FRESH_POINTS, !self.seed())?;
            drawn.coordinates().to_vec()
        } else {
            self.missing.clone()
        };
        let harmonics = self.harmonics(&points, target)?;
        let count = points.len() / (self.setup.dim.get() as usize + 1);
        let factor = match self.setup.target_norm {
            None => 1.0,
            Some(_) => {
                let own = self.harmonics(self.points.coordinates(), target)?;
                self.factor(&mixed(target, &own, self.points.len()))
            }
        };
        let clean = mixed(target, &harmonics, count).into_iter().map(|y| factor * y).collect();
        Ok(Some(TestSet { clean, points }))
    }
}

/// The target at the points, from its harmonics there.
fn mixed(target: &Target, harmonics: &[Vec<f64>], count: usize) -> Vec<f64> {
    (0..count).map(|i| target.mixed(harmonics.iter().map(|values| values[i]))).collect()
}

/// The points outside a cap of this angle, in degrees, about the place where all coordinates are equal, and those in it.
fn without_cap(points: &Points, angle: f64) -> Result<(Points, Vec<f64>)> {
    let width = points.dim().get() as usize + 1;
    let most = (0.5 * angle).to_radians().cos() * (width as f64).sqrt();
    let (kept, missing) = points.split(|x| x.iter().sum::<f64>() <= most);
    if kept.len() < 2 || missing.is_empty() {
        let found =
            format!("{angle}, with {} points outside and {} inside", kept.len(), missing.len() / width);
        return Err(Error::invalid("gap", found, "an angle with some points inside and two outside"));
    }
    Ok((kept, missing))
}
