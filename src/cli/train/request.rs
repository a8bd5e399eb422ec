//! The flags of `hinf train`, validated.

use super::{
    super::numbers::{real, target},
    Flags,
};
use crate::{
    error::{Error, Result},
    experiment::{
        Pipeline,
        model::{Kind, Model},
    },
    kernel::Kernel,
    math::{harmonics::multiplicity, ranges, units::Dimension},
    sample::Design,
    train::descent::Loss,
};
use rug::Integer;
use std::path::{Path, PathBuf};

/// The most of each number.
const HIGHEST_DEGREE: u32 = 1000;
const MOST_DEGREES: usize = 200;
/// The default scale of the target of deep networks, which have no such scale: the smaller, the more linear the training.
const SMALL: &str = "0.1";

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    pub model: Model,
    pub kernel: Kernel,
    pub dim: Dimension,
    /// The targets, one run each: degrees and coefficients.
    pub targets: Vec<Vec<(u32, f64)>>,
    pub random_harmonic: bool,
    pub points: usize,
    pub design: Design,
    pub lr: Option<f64>,
    pub delta: f64,
    pub loss: Loss,
    pub max_steps: Option<u64>,
    pub repeats: u64,
    pub seed: u64,
    pub noise: f64,
    /// The width of the cap that is left out, in degrees.
    pub gap: Option<f64>,
    pub fit_from: u32,
    pub curves: Option<PathBuf>,
    pub checkpoint: Option<PathBuf>,
    pub resume: bool,
    pub pipeline: Pipeline,
}

impl Flags {
    /// The request behind the flags.
    pub fn validated(&self, pipeline: &Pipeline) -> Result<Request> {
        let dim = Dimension::new(self.dim)?;
        let model = self.model(dim)?;
        let design = match (&self.design, self.dim) {
            (Some(name), _) => Design::from_name(name)?,
            (None, 1) => Design::Equispaced,
            (None, 2) => Design::Fibonacci,
            (None, _) => Design::Uniform,
        };
        let points = self.points.unwrap_or(if self.dim == 1 { 201 } else { 500 });
        if let Some(path) = self.curves.as_ref().filter(|path| path.is_dir() || !folder(path).is_dir()) {
            return Err(Error::invalid("--curves", path.display(), "a file in a folder that exists"));
        }
        let loss = match self.loss.as_str() {
            "mse" => Loss::MeanSquare,
            "cross-entropy" => Loss::CrossEntropy,
            other => return Err(Error::invalid("--loss", other, "mse or cross-entropy")),
        };
        let random_harmonic = match self.harmonic.as_str() {
            "zonal" => false,
            "random" => true,
            other => return Err(Error::invalid("--harmonic", other, "zonal or random")),
        };
        if self.seed.checked_add(self.repeats).is_none() {
            return Err(Error::invalid("--seed", self.seed, format!("less than 2^64 - {}", self.repeats)));
        }
        let amplitude = if model.kind == Kind::TwoLayer { "1" } else { SMALL };
        let amplitude = real("--amplitude", self.amplitude.as_deref().unwrap_or(amplitude), 0.0, true)?;
        Ok(Request {
            kernel: model.kernel()?,
            model,
            dim,
            targets: self.targets(dim, points, design == Design::Equispaced, amplitude)?,
            random_harmonic,
            points,
            design,
            lr: if self.lr == "auto" { None } else { Some(real("--lr", &self.lr, 0.0, true)?) },
            delta: self.delta,
            loss,
            max_steps: self.max_steps,
            repeats: self.repeats,
            seed: self.seed,
            noise: real("--noise", &self.noise, 0.0, false)?,
            gap: self.gap()?,
            fit_from: self.fit_from,
            curves: self.curves.clone(),
            checkpoint: self.checkpoint.clone(),
            resume: self.resume,
            pipeline: *pipeline,
        })
    }

    fn gap(&self) -> Result<Option<f64>> {
        let Some(text) = &self.gap else { return Ok(None) };
        let angle = real("--gap", text, 0.0, true)?;
        if angle >= 360.0 {
            return Err(Error::invalid("--gap", text, "an angle above 0 and below 360 degrees"));
        }
        Ok(Some(angle))
    }

    /// The targets, none beyond what the points resolve.
    fn targets(
        &self,
        dim: Dimension,
        points: usize,
        even: bool,
        amplitude: f64,
    ) -> Result<Vec<Vec<(u32, f64)>>> {
        let (option, targets) = match (&self.target, &self.degrees) {
            (Some(text), _) => ("--target", vec![target("--target", text, HIGHEST_DEGREE)?]),
            (None, text) => {
                let text = text.as_deref().unwrap_or_default();
                let degrees = ranges::parse("--degrees", text, 0, HIGHEST_DEGREE, MOST_DEGREES)?;
                // P_k itself: the harmonic of mean square 1 is sqrt(N) P_k.
                let zonal = |k: u32| vec![(k, amplitude / multiplicity(dim, k).to_f64().sqrt())];
                ("--degrees", degrees.into_iter().map(zonal).collect())
            }
        };
        for (degree, _) in targets.iter().flatten() {
            resolved(option, dim, *degree, points, even)?;
        }
        Ok(targets)
    }
}

impl Request {
    /// Refuses degrees that `points` points cannot tell from others: fewer than asked for, where there is a gap or a design has its own count.
    pub fn resolved_by(&self, points: usize) -> Result<()> {
        let degrees = self.targets.iter().flatten().map(|(degree, _)| *degree);
        degrees.max().map_or(Ok(()), |highest| {
            resolved(
                "--degrees or --target",
                self.dim,
                highest,
                points,
                self.gap.is_none() && self.design == Design::Equispaced,
            )
        })
    }
}

/// The folder of a file.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Refuses a degree that so many points, in `even` steps or not, cannot tell from others.
fn resolved(option: &str, dim: Dimension, degree: u32, points: usize, even: bool) -> Result<()> {
    if dim == Dimension::CIRCLE {
        if 2 * degree as usize >= points {
            let rest = degree as usize % points;
            let seen = rest.min(points - rest);
            let expected = if even {
                format!(
                    "degrees below {points}/2: on {points} equal steps degree {degree} looks like degree {seen} (aliasing)"
                )
            } else {
                format!(
                    "degrees below {points}/2: the {points} points that there are cannot tell it from lower ones (aliasing)"
                )
            };
            return Err(Error::invalid(option, degree, expected));
        }
        return Ok(());
    }
    let harmonics: Integer = (0..=degree).map(|k| multiplicity(dim, k)).sum();
    if harmonics > points {
        let expected = format!(
            "at least {harmonics} --points, as many as there are harmonics up to it on S^{dim}: {points} cannot tell it from others (aliasing)"
        );
        return Err(Error::invalid(option, degree, expected));
    }
    Ok(())
}
