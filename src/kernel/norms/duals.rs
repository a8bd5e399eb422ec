//! Duals of activations at two variances.

use super::pair::Pair;
use crate::{
    kernel::Angle,
    network::activation::{
        Activation,
        dual::{Angular, AtAngle, Dual},
    },
};
use rug::Rational;
use std::{f64::consts::PI, sync::Arc};

#[derive(Clone, Debug)]
pub struct Phi {
    form: Unequal,
    pub activation: Activation,
}

/// A dual at two variances.
#[derive(Clone, Debug)]
enum Unequal {
    Homogeneous(Homogeneous),
    Smooth(Covariance),
}

/// A function of the angle, times a power of the variances.
#[derive(Clone, Debug)]
struct Homogeneous {
    /// The dual at variance 1, ...
    dual: Arc<dyn Angular<f64>>,
    /// ... and there at angle 0.
    peak: f64,
    /// The degree of the activation.
    degree: i32,
}

/// A function of the covariance and the variances.
#[derive(Clone, Copy, Debug)]
enum Covariance {
    Arcsine,
    /// `weight (e^(-rate D/2) + tilt e^(-rate (q+q'+2S)/2))`.
    Waves {
        weight: f64,
        rate: f64,
        tilt: f64,
    },
    /// `weight e^(rate (q+q'+2S)/2)`.
    Exponential {
        weight: f64,
        rate: f64,
    },
    /// `weight / sqrt((1+bq)(1+bq') - b^2 S^2)` with `b` twice that of the activation.
    Bell {
        weight: f64,
        b: f64,
    },
}

impl Phi {
    /// The activation at two variances; none where there is no closed form.
    pub fn new(activation: &Activation) -> Option<Self> {
        let square = |x: &Rational| x.to_f64().powi(2);
        let waves = |a: &Rational, b: &Rational, tilt: f64| Covariance::Waves {
            weight: 0.5 * square(a),
            rate: square(b),
            tilt,
        };
        let twice = |c: &Rational| (2.0 * c.to_f64()).cos();
        let form = match activation {
            Activation::Erf(_) => Unequal::Smooth(Covariance::Arcsine),
            Activation::Sin(wave) => Unequal::Smooth(waves(&wave.a, &wave.b, -twice(&wave.c))),
            Activation::Cos(wave) => Unequal::Smooth(waves(&wave.a, &wave.b, twice(&wave.c))),
            Activation::Rbf(wave) => {
                Unequal::Smooth(Covariance::Waves { weight: 1.0, rate: 2.0 * wave.gamma.to_f64(), tilt: 0.0 })
            }
            Activation::Exp(exp) => {
                Unequal::Smooth(Covariance::Exponential { weight: square(&exp.a), rate: square(&exp.b) })
            }
            Activation::Gaussian(bell) => {
                Unequal::Smooth(Covariance::Bell { weight: square(&bell.a), b: 2.0 * bell.b.to_f64() })
            }
            bent => Unequal::Homogeneous(Homogeneous::new(bent)?),
        };
        Some(Self { form, activation: activation.clone() })
    }

    pub fn run(&self, pair: Pair) -> Pair {
        let mean = pair.q.map(|q| self.activation.mean(&q).value);
        match &self.form {
            Unequal::Homogeneous(phi) => phi.run(pair, mean),
            Unequal::Smooth(phi) => phi.run(pair, mean),
        }
    }
}

impl Covariance {
    fn run(self, pair: Pair, mean: [f64; 2]) -> Pair {
        let [value, slope] = self.at(&pair);
        let own = |i: usize| {
            let together = Pair {
                q: [pair.q[i]; 2],
                mean: pair.mean,
                covariance: pair.q[i],
                defect: 0.0,
                tangent: None,
            };
            self.at(&together)[0]
        };
        let q = [own(0), own(1)];
        let defect = match self {
            Self::Waves { weight, rate, tilt: 0.0 } => -weight * (-0.5 * rate * pair.distance()).exp_m1(),
            Self::Exponential { rate, .. } => value * (0.5 * rate * pair.distance()).exp_m1(),
            Self::Bell { weight, b } => {
                // With R = sqrt((1+2bq)(1+2bq')): R^2 and the square of what stands in F below the root differ by terms that are not negative.
                let (determinant, variances) = (pair.determinant(), pair.q[0] + pair.q[1]);
                let below = 1.0 + b * variances + b * b * determinant;
                let apart = (1.0 + 2.0 * b * pair.q[0]) * (1.0 + 2.0 * b * pair.q[1]);
                let more =
                    b * b * ((pair.q[0] - pair.q[1]).powi(2) + determinant * (1.0 + b * variances + below));
                let own = apart.sqrt();
                weight * more / ((below + own) * (own * below).sqrt() * (own.sqrt() + below.sqrt()))
            }
            // (F(q,q) - F)/2 + (F(q',q') - F)/2 - (sqrt F(q,q) - sqrt F(q',q'))^2/2; for equal points rounding may leave it below 0.
            _ => {
                let apart = (q[0].sqrt() - q[1].sqrt()).powi(2);
                (0.5 * (q[0] - value) + 0.5 * (q[1] - value) - 0.5 * apart).max(0.0)
            }
        };
        Pair { q, mean, covariance: value, defect, tangent: pair.tangent.map(|tangent| tangent * slope) }
    }

    /// `F` and `dF/dS`.
    fn at(self, pair: &Pair) -> [f64; 2] {
        let determinant = pair.determinant();
        let variances = pair.q[0] + pair.q[1];
        match self {
            Self::Arcsine => {
                // (1+2q)(1+2q') - (2S)^2
                let rest = (1.0 + 2.0 * variances + 4.0 * determinant).sqrt();
                [2.0 / PI * (2.0 * pair.covariance).atan2(rest), 4.0 / PI / rest]
            }
            Self::Waves { weight, rate, tilt } => {
                let (near, far) = ((-0.5 * rate * pair.distance()).exp(), (-0.5 * rate * pair.sum()).exp());
                [weight * (near + tilt * far), weight * rate * (near - tilt * far)]
            }
            Self::Exponential { weight, rate } => {
                let value = weight * (0.5 * rate * pair.sum()).exp();
                [value, rate * value]
            }
            Self::Bell { weight, b } => {
                let rest = 1.0 + b * variances + b * b * determinant;
                [weight / rest.sqrt(), weight * b * b * pair.covariance / (rest * rest.sqrt())]
            }
        }
    }
}

impl Homogeneous {
    /// None for activations whose dual is no function of the angle, or that are not homogeneous.
    fn new(activation: &Activation) -> Option<Self> {
        let Dual::Angular(dual) = activation.dual(&1.0)? else { return None };
        let together = Angle::from_radians(0.0);
        let peak = dual.at(&together, None, false).value;
        let degree = dual.homogeneity()? as i32;
        Some(Self { dual, peak, degree })
    }

    fn run(&self, pair: Pair, mean: [f64; 2]) -> Pair {
        let root = pair.root();
        let square = pair.defect / (2.0 * root);
        let angle = Angle::from_halves(square.sqrt(), (1.0 - square).max(0.0).sqrt());
        let AtAngle { value, slope, fall } = self.dual.at(&angle, None, true);
        let scale = root.powi(self.degree);
        let (fallen, tangent) = match self.dual.jump() {
            Some(rate) => (rate * angle.radians(), None),
            None => {
                let slope = slope * root.powi(self.degree - 1);
                (fall.map_or(0.0, |fall| fall * square), pair.tangent.map(|tangent| tangent * slope))
            }
        };
        let q = pair.q.map(|q| self.peak * q.powi(self.degree));
        Pair { q, mean, covariance: scale * value, defect: scale * fallen, tangent }
    }
}
