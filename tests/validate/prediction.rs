//! Flaws in what theory predicts.

use super::{SOUND, kernel::other_bias};
use hinf::{
    Result,
    experiment::{Pipeline, validate::Flaw},
    math::{ball::Ball, degrees::Degrees, polynomial::Polynomial, units::Dimension},
    spectrum::{Kind, Spectrum, formula::NormalForm, null_space::null_space, spectrum},
};
use rug::{Float, Rational};

/// Eigenvalues times a factor of the dimension and the degree, in every form they have.
fn scaled(found: Result<Spectrum>, factor: impl Fn(u32, u64) -> (i32, i32)) -> Result<Spectrum> {
    let mut found = found?;
    for value in &mut found.eigenvalues {
        let factor = Rational::from(factor(found.dim.get(), value.degree));
        let ball = Ball::from_rational(value.enclosure.precision(), &factor);
        value.enclosure = value.enclosure.clone() * ball;
        value.closed = value.closed.as_ref().map(|closed| closed.scaled(&factor));
    }
    Ok(found)
}

/// The chain with one of these flaws in it.
pub fn flawed(flaw: Flaw) -> Option<Pipeline> {
    Some(match flaw {
        Flaw::EveryEigenvalueDoubled => Pipeline {
            spectrum: |k, d, degrees, goal| scaled(spectrum(k, d, degrees, goal), |_, _| (2, 1)),
            ..SOUND
        },
        Flaw::DegreeThreeDoubled => Pipeline {
            spectrum: |k, d, degrees, goal| {
                scaled(spectrum(k, d, degrees, goal), |_, k| (1 + i32::from(k == 3), 1))
            },
            ..SOUND
        },
        Flaw::DegreeTwentyHalved => Pipeline {
            spectrum: |k, d, degrees, goal| {
                scaled(spectrum(k, d, degrees, goal), |_, k| (1, 1 + i32::from(k == 20)))
            },
            ..SOUND
        },
        Flaw::SixDigitsOnly => Pipeline {
            spectrum: |k, d, degrees, goal| {
                scaled(spectrum(k, d, degrees, goal), |_, _| (1_000_001, 1_000_000))
            },
            ..SOUND
        },
        // A kernel with a negative eigenvalue is consistent with no sample.
        Flaw::SignOfDegreeSevenLost => Pipeline {
            spectrum: |k, d, degrees, goal| {
                scaled(spectrum(k, d, degrees, goal), |_, k| (1 - 2 * i32::from(k == 7), 1))
            },
            ..SOUND
        },
        Flaw::BiasSwappedInPrediction => {
            Pipeline { spectrum: |k, d, degrees, goal| spectrum(&other_bias(k), d, degrees, goal), ..SOUND }
        }
        Flaw::ExponentOneTooSmall => Pipeline {
            spectrum: |k, d, degrees, goal| scaled(spectrum(k, d, degrees, goal), |_, k| (1 + k as i32, 1)),
            ..SOUND
        },
        Flaw::SeriesForProbability => Pipeline {
            spectrum: |k, d, degrees, goal| {
                scaled(spectrum(k, d, degrees, goal), |d, k| (1 + i32::from(d == 1 && k > 0), 1))
            },
            ..SOUND
        },
        Flaw::SpaceForSphere => Pipeline {
            spectrum: |k, d, degrees, goal| {
                let found = spectrum(k, Dimension::new(d.get() + 1)?, degrees, goal)?;
                Ok(Spectrum { dim: d, ..found })
            },
            ..SOUND
        },
        Flaw::DegreesFromOne => Pipeline {
            spectrum: |k, d, degrees, goal| {
                let shifted = Degrees::new(degrees.iter().map(|k| k + 1))?;
                let mut found = spectrum(k, d, &shifted, goal)?;
                found.eigenvalues.iter_mut().for_each(|value| value.degree -= 1);
                Ok(found)
            },
            ..SOUND
        },
        Flaw::SmallNumbersForZeros => Pipeline {
            spectrum: |k, d, degrees, goal| {
                let mut found = spectrum(k, d, degrees, goal)?;
                for value in found.eigenvalues.iter_mut().filter(|value| value.kind == Kind::Zero) {
                    let small = Float::with_val(64, 1e-3);
                    (value.kind, value.closed) = (Kind::Estimate, None);
                    value.enclosure = Ball::new(small, &Float::with_val(64, 1e-4));
                }
                Ok(found)
            },
            ..SOUND
        },
        Flaw::NullSpaceOfOtherModel => {
            Pipeline { null_space: |k, d, top| null_space(&other_bias(k), d, top), ..SOUND }
        }
        Flaw::FormulaOffByOne => Pipeline {
            normal_form: |kernel, dim| {
                let mut normal = NormalForm::of(kernel, dim)?;
                normal.even.factor = normal.even.factor.plus(&Polynomial::constant(Rational::from(1)));
                Some(normal)
            },
            ..SOUND
        },
        _ => return None,
    })
}
