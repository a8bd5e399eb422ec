//! Flaws in what theory predicts.

use super::{SOUND, Sabotage, kernel::other_bias};
use hinf::{
    Result,
    experiment::pipeline::Pipeline,
    math::{ball::Ball, degrees::Degrees, units::Dimension},
    spectrum::{Kind, Spectrum, null_space::null_space, spectrum},
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

pub fn sabotages() -> Vec<Sabotage> {
    vec![
        Sabotage {
            what: "every eigenvalue off by 2",
            pipeline: Pipeline {
                spectrum: |k, d, degrees, goal| scaled(spectrum(k, d, degrees, goal), |_, _| (2, 1)),
                ..SOUND
            },
            fails: "circle-eigenvalues circle-slope circle-steps circle-table decay-constant deep-routes deep-start \
                    deep-trace early-stopping low-first paper-sums quadrature residual-start sample-bias sample-deep \
                    sample-free sample-residual sphere-steps trace",
        },
        Sabotage {
            what: "the eigenvalue of degree 3 off by 2",
            pipeline: Pipeline {
                spectrum: |k, d, degrees, goal| {
                    scaled(spectrum(k, d, degrees, goal), |_, k| (1 + i32::from(k == 3), 1))
                },
                ..SOUND
            },
            fails: "circle-eigenvalues circle-slope circle-steps circle-table deep-routes deep-start deep-trace \
                    early-stopping paper-sums quadrature residual-start sample-bias sample-deep sample-residual \
                    sphere-steps trace",
        },
        Sabotage {
            what: "the eigenvalue of degree 20 off by 2",
            pipeline: Pipeline {
                spectrum: |k, d, degrees, goal| {
                    scaled(spectrum(k, d, degrees, goal), |_, k| (1, 1 + i32::from(k == 20)))
                },
                ..SOUND
            },
            fails: "circle-table deep-routes paper-sums quadrature",
        },
        Sabotage {
            what: "eigenvalues right to six digits",
            pipeline: Pipeline {
                spectrum: |k, d, degrees, goal| {
                    scaled(spectrum(k, d, degrees, goal), |_, _| (1_000_001, 1_000_000))
                },
                ..SOUND
            },
            fails: "circle-eigenvalues circle-table decay-constant deep-routes paper-sums quadrature",
        },
        Sabotage {
            what: "the sign of degree 7 lost",
            pipeline: Pipeline {
                spectrum: |k, d, degrees, goal| {
                    scaled(spectrum(k, d, degrees, goal), |_, k| (1 - 2 * i32::from(k == 7), 1))
                },
                ..SOUND
            },
            // A kernel with a negative eigenvalue is consistent with no sample.
            fails: "circle-slope circle-steps circle-table deep-positivity deep-routes early-stopping paper-sums \
                    positivity quadrature sample-bias sample-deep sample-residual",
        },
        Sabotage {
            what: "the bias swapped in the prediction",
            pipeline: Pipeline {
                spectrum: |k, d, degrees, goal| spectrum(&other_bias(k), d, degrees, goal),
                ..SOUND
            },
            fails: "circle-eigenvalues circle-slope circle-steps circle-table decay-constant early-stopping local-slopes \
                    low-first never-learned null-space-identity odd-and-even odd-part paper-sums quadrature sample-bias \
                    sample-free sphere-steps wrong-kernel",
        },
        Sabotage {
            what: "the exponent d instead of d+1",
            pipeline: Pipeline {
                spectrum: |k, d, degrees, goal| {
                    scaled(spectrum(k, d, degrees, goal), |_, k| (1 + k as i32, 1))
                },
                ..SOUND
            },
            fails: "circle-eigenvalues circle-slope circle-steps circle-table decay-constant decay-exponent deep-decay \
                    deep-routes deep-start deep-steps deep-trace early-stopping local-slopes low-first never-learned \
                    odd-and-even paper-sums quadrature residual-start residual-steps sample-bias sample-deep sample-free \
                    sample-residual sphere-steps trace",
        },
        Sabotage {
            what: "the series normalisation passed off as probability",
            pipeline: Pipeline {
                spectrum: |k, d, degrees, goal| {
                    scaled(spectrum(k, d, degrees, goal), |d, k| (1 + i32::from(d == 1 && k > 0), 1))
                },
                ..SOUND
            },
            fails: "circle-eigenvalues circle-slope circle-steps circle-table decay-constant deep-routes deep-start \
                    deep-trace early-stopping low-first quadrature residual-start sample-free trace",
        },
        Sabotage {
            what: "the dimension of the space for that of the sphere",
            pipeline: Pipeline {
                spectrum: |k, d, degrees, goal| {
                    let found = spectrum(k, Dimension::new(d.get() + 1)?, degrees, goal)?;
                    Ok(Spectrum { dim: d, ..found })
                },
                ..SOUND
            },
            fails: "circle-eigenvalues circle-slope circle-steps circle-table decay-constant decay-exponent deep-decay \
                    deep-routes deep-start deep-trace early-stopping local-slopes low-first paper-sums quadrature \
                    residual-start sample-bias sample-deep sample-free sample-residual sphere-steps trace",
        },
        Sabotage {
            what: "degrees counted from 1",
            pipeline: Pipeline {
                spectrum: |k, d, degrees, goal| {
                    let shifted = Degrees::new(degrees.iter().map(|k| k + 1))?;
                    let mut found = spectrum(k, d, &shifted, goal)?;
                    found.eigenvalues.iter_mut().for_each(|value| value.degree -= 1);
                    Ok(found)
                },
                ..SOUND
            },
            fails: "circle-eigenvalues circle-slope circle-steps circle-table decay-constant deep-routes deep-start \
                    deep-trace early-stopping local-slopes low-first never-learned null-space-identity odd-part \
                    paper-sums quadrature residual-start sample-bias sample-deep sample-free sample-residual \
                    sphere-steps trace",
        },
        Sabotage {
            what: "small numbers where eigenvalues vanish",
            pipeline: Pipeline {
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
            fails: "circle-table decay-exponent never-learned null-space-identity odd-part quadrature sample-free trace",
        },
        Sabotage {
            what: "the null space of the other model",
            pipeline: Pipeline { null_space: |k, d, top| null_space(&other_bias(k), d, top), ..SOUND },
            fails: "bias-fills null-space",
        },
    ]
}
