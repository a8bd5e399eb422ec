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

use super::{Angle, Kernel, classical::Classical, limit::Readout};
use crate::{
    error::{Error, Result},
    network::{
        Layer, Series,
        activation::{
            Activation,
            dual::{Angular, AtAngle, Dual},
        },
    },
};
use rug::Rational;
use std::{f64::consts::PI, sync::Arc};

/// A kernel of points of any norm, ready to be evaluated.
#[derive(Clone, Debug)]
pub struct Program(Form);

#[derive(Clone, Debug)]
enum Form {
    Distance(Classical<f64>),
    Network { steps: Vec<Step>, readout: Readout },
}

#[derive(Clone, Debug)]
enum Step {
    Dense {
        weight: f64,
        drawn: f64,
        rate: f64,
        constant: f64,
    },
    Activation(Phi),
    /// Everything times `c`, covariances times `c^2`.
    Scale(f64),
    LayerNorm,
    RmsNorm,
    Sum(Vec<Vec<Step>>),
    Product(Vec<Vec<Step>>),
}

#[derive(Clone, Debug)]
struct Phi {
    form: Unequal,
    activation: Activation,
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

/// Two points at one place in the network.
#[derive(Clone, Copy, Debug)]
struct Pair {
    q: [f64; 2],
    mean: [f64; 2],
    covariance: f64,
    /// `sqrt(q q') - S`.
    defect: f64,
    tangent: Option<f64>,
}

impl Pair {
    fn root(&self) -> f64 {
        (self.q[0] * self.q[1]).sqrt()
    }

    /// `(sqrt q - sqrt q')^2`.
    fn apart(&self) -> f64 {
        ((self.q[0] - self.q[1]) / (self.q[0].sqrt() + self.q[1].sqrt())).powi(2)
    }

    /// `q + q' - 2 S`.
    fn distance(&self) -> f64 {
        self.apart() + 2.0 * self.defect
    }

    /// `q q' - S^2`.
    fn determinant(&self) -> f64 {
        self.defect * (self.root() + self.covariance)
    }

    /// `q + q' + 2 S`.
    fn sum(&self) -> f64 {
        self.q[0] + self.q[1] + 2.0 * self.covariance
    }
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

/// The steps of layers in series; the name of an activation without a dual at two variances otherwise.
fn steps(layers: &[Layer]) -> Result<Vec<Step>, &'static str> {
    let mut all = Vec::new();
    for layer in layers {
        match layer {
            Layer::Identity => {}
            Layer::Repeat(count, body) => {
                let body = steps(&body.0)?;
                (0..*count).for_each(|_| all.extend(body.iter().cloned()));
            }
            Layer::Dense(dense) => {
                let weight = dense.weight.to_f64();
                all.push(Step::Dense {
                    weight,
                    drawn: dense.drawn_bias().to_f64(),
                    rate: dense.lr.to_f64() * weight,
                    constant: dense.lr_bias.to_f64() * dense.bias.to_f64(),
                });
            }
            Layer::Activation(phi) => all.push(Step::Activation(Phi::new(phi).ok_or(phi.name())?)),
            Layer::Scale(c) => all.push(Step::Scale(c.to_f64())),
            Layer::LayerNorm => all.push(Step::LayerNorm),
            Layer::RmsNorm => all.push(Step::RmsNorm),
            Layer::Skip(skip) => {
                let mut branch = steps(&skip.branch.0)?;
                branch.push(Step::Scale(skip.alpha.to_f64()));
                all.push(Step::Sum(vec![vec![Step::Scale(skip.beta.to_f64())], branch]));
            }
            Layer::Sum(branches) => all.push(Step::Sum(branching(branches)?)),
            Layer::Product(branches) => all.push(Step::Product(branching(branches)?)),
        }
    }
    Ok(all)
}

fn branching(branches: &[Series]) -> Result<Vec<Vec<Step>>, &'static str> {
    branches.iter().map(|branch| steps(&branch.0)).collect()
}

fn run(steps: &[Step], pair: Pair) -> Pair {
    steps.iter().fold(pair, |pair, step| step.run(pair))
}

impl Step {
    fn run(&self, pair: Pair) -> Pair {
        match self {
            Self::Dense { weight, drawn, rate, constant } => {
                let q = pair.q.map(|q| weight * q + drawn);
                let old = weight * pair.root();
                // sqrt((wq+g)(wq'+g)) - w sqrt(q q') - g, as a fraction whose numerator is w g (sqrt q - sqrt q')^2.
                let root = (q[0] * q[1]).sqrt();
                let more =
                    if *drawn > 0.0 { weight * drawn * pair.apart() / (root + old + drawn) } else { 0.0 };
                let learned = rate * pair.covariance + constant;
                let tangent = pair.tangent.map(|tangent| weight * tangent + learned);
                let learns = *rate != 0.0 || *constant != 0.0;
                Pair {
                    q,
                    mean: [0.0; 2],
                    covariance: weight * pair.covariance + drawn,
                    defect: weight * pair.defect + more,
                    tangent: tangent.or(learns.then_some(learned)),
                }
            }
            Self::Activation(phi) => phi.run(pair),
            Self::Scale(c) => {
                let square = c * c;
                Pair {
                    q: pair.q.map(|q| square * q),
                    mean: pair.mean.map(|mean| c * mean),
                    covariance: square * pair.covariance,
                    defect: square * pair.defect,
                    tangent: pair.tangent.map(|tangent| square * tangent),
                }
            }
            Self::RmsNorm => pair.normalised(pair.q, [0.0; 2]),
            Self::LayerNorm => {
                let [a, b] = pair.mean;
                pair.normalised([pair.q[0] - a * a, pair.q[1] - b * b], pair.mean)
            }
            Self::Sum(branches) => sum(branches.iter().map(|steps| run(steps, pair)).collect()),
            Self::Product(branches) => {
                let parts: Vec<Pair> = branches.iter().map(|steps| run(steps, pair)).collect();
                let one = Pair { q: [1.0; 2], mean: [1.0; 2], covariance: 1.0, defect: 0.0, tangent: None };
                parts.into_iter().fold(one, product)
            }
        }
    }
}

impl Pair {
    /// Less these means, over the roots of what variance is left.
    fn normalised(self, left: [f64; 2], less: [f64; 2]) -> Self {
        let scale = (left[0] * left[1]).sqrt();
        // sqrt(c c') + m m' - sqrt(q q'), as a fraction whose numerator is -(sqrt c m' - sqrt c' m)^2.
        let tilt = left[0].sqrt() * less[1] - left[1].sqrt() * less[0];
        let along = less[0] * less[1];
        let more = if tilt == 0.0 { 0.0 } else { -tilt * tilt / (scale + along + self.root()) };
        let kept = |i: usize| if less == [0.0; 2] { self.mean[i] / left[i].sqrt() } else { 0.0 };
        Self {
            q: [1.0; 2],
            mean: [kept(0), kept(1)],
            covariance: (self.covariance - along) / scale,
            defect: (self.defect + more) / scale,
            tangent: self.tangent.map(|tangent| tangent / scale),
        }
    }
}

/// `S = sum S_i + sum_(i != j) m_i m'_j`, and the same of the variances; tangent kernels add.
fn sum(parts: Vec<Pair>) -> Pair {
    let total = |f: &dyn Fn(&Pair) -> f64| parts.iter().map(f).sum::<f64>();
    let means = [total(&|part| part.mean[0]), total(&|part| part.mean[1])];
    let across = |i: usize, j: usize| means[i] * means[j] - total(&|part| part.mean[i] * part.mean[j]);
    let q = [0, 1].map(|i| total(&|part| part.q[i]) + across(i, i));
    let covariance = total(&|part| part.covariance) + across(0, 1);
    let root = (q[0] * q[1]).sqrt();
    let defect = if means == [0.0; 2] {
        // Lagrange: (sum q_i)(sum q'_i) - (sum sqrt(q_i q'_i))^2 = sum_(i<j) (sqrt(q_i q'_j) - sqrt(q_j q'_i))^2.
        let mut squares = 0.0;
        for (i, a) in parts.iter().enumerate() {
            squares += parts[..i]
                .iter()
                .map(|b| ((a.q[0] * b.q[1]).sqrt() - (b.q[0] * a.q[1]).sqrt()).powi(2))
                .sum::<f64>();
        }
        let roots = total(&Pair::root);
        total(&|part| part.defect) + if squares > 0.0 { squares / (root + roots) } else { 0.0 }
    } else {
        root - covariance
    };
    let tangent = parts.iter().filter_map(|part| part.tangent).reduce(|a, b| a + b);
    Pair { q, mean: means, covariance, defect, tangent }
}

/// `S S'`, `Theta S' + S Theta'`.
fn product(a: Pair, b: Pair) -> Pair {
    let of = |tangent: Option<f64>, other: &Pair| tangent.map(|tangent| tangent * other.covariance);
    let tangent = match (of(a.tangent, &b), of(b.tangent, &a)) {
        (Some(one), Some(other)) => Some(one + other),
        (one, other) => one.or(other),
    };
    Pair {
        q: [a.q[0] * b.q[0], a.q[1] * b.q[1]],
        mean: [a.mean[0] * b.mean[0], a.mean[1] * b.mean[1]],
        covariance: a.covariance * b.covariance,
        defect: a.root() * b.defect + a.defect * b.covariance,
        tangent,
    }
}

impl Phi {
    /// The activation at two variances; none where there is no closed form.
    fn new(activation: &Activation) -> Option<Self> {
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

    fn run(&self, pair: Pair) -> Pair {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn program(spec: &str) -> Program {
        Program::new(&spec.parse().unwrap()).unwrap()
    }

    const NETWORKS: [&str; 12] = [
        "two-layer:bias=true",
        "ntk:depth=2,b=0.1",
        "ntk:depth=3,b=0.3,bias-init=gaussian",
        "ntk:depth=2,activation=erf,b=0.2,bias-init=gaussian",
        "nngp:depth=2,activation=sin",
        "resnet:depth=3,alpha=0.5,b=0.1,bias-init=gaussian",
        "arc-cosine:order=2",
        "ntk:dense(b=0.1) 2*(leaky-relu(0.3) dense(w=2)) erf dense",
        "ntk:dense exp(b=0.5) layer-norm dense abs dense",
        "nngp:dense gaussian(b=0.4) rms-norm dense(b=0.2) relu dense",
        "ntk:dense skip(relu dense) cos(b=0.7, c=0.3) dense",
        "gaussian:length=0.8",
    ];

    /// Points of equal norm `r`: the same network on the sphere whose first layer has variance `r^2 w`. Named by key or in full.
    #[test]
    fn equal_norms_are_a_first_layer_of_another_variance() {
        let r = 1.5;
        for (spec, scaled) in [
            ("ntk:depth=2,b=0.1", "ntk:depth=2,b=0.1,w-in=2.25"),
            ("ntk:depth=3,b=0.3,bias-init=gaussian", "ntk:depth=3,b=0.3,bias-init=gaussian,w-in=2.25"),
            (
                "ntk:depth=2,activation=erf,b=0.2,bias-init=gaussian",
                "ntk:depth=2,activation=erf,b=0.2,bias-init=gaussian,w-in=2.25",
            ),
            ("nngp:depth=2,activation=sin", "nngp:depth=2,activation=sin,w-in=2.25"),
            (
                "resnet:depth=3,alpha=0.5,b=0.1,bias-init=gaussian",
                "resnet:depth=3,alpha=0.5,b=0.1,bias-init=gaussian,w-in=2.25",
            ),
            (
                "nngp:dense gaussian(b=0.4) dense(b=0.2) relu dense",
                "nngp:dense(w=2.25) gaussian(b=0.4) dense(b=0.2) relu dense",
            ),
            (
                "ntk:dense exp(b=0.5) layer-norm dense abs dense",
                "ntk:dense(w=2.25) exp(b=0.5) layer-norm dense abs dense",
            ),
            (
                "ntk:dense 2*(rectified-monomial(2) rms-norm dense) dense",
                "ntk:dense(w=2.25) 2*(rectified-monomial(2) rms-norm dense) dense",
            ),
            ("ntk:dense cos(b=0.7, c=0.3) dense", "ntk:dense(w=2.25) cos(b=0.7, c=0.3) dense"),
            ("laplace:c=2", "laplace:c=3"),
            ("gaussian:length=1.5", "gaussian:length=1"),
            ("matern:nu=2.5,length=1.5", "matern:nu=2.5"),
        ] {
            let (here, there) = (program(spec), scaled.parse::<Kernel>().unwrap().evaluator());
            for theta in [0.0, 1e-6, 0.3, 1.2, 2.5, PI] {
                let angle = Angle::from_radians(theta);
                let (found, right) = (here.at(&angle, [r, r]), there.at(&angle));
                assert!(
                    (found - right).abs() < 1e-13 * right.abs().max(1.0),
                    "{spec} at {theta}: {found} {right}"
                );
            }
        }
    }

    /// On the sphere itself every kernel is the one that is known there.
    #[test]
    fn norms_of_one_give_the_kernel_on_the_sphere() {
        for spec in NETWORKS {
            let (here, there) = (program(spec), spec.parse::<Kernel>().unwrap().evaluator());
            for theta in [0.0, 1e-7, 0.4, 1.7, 3.0] {
                let angle = Angle::from_radians(theta);
                let (found, right) = (here.at(&angle, [1.0, 1.0]), there.at(&angle));
                assert!(
                    (found - right).abs() < 2e-13 * right.abs().max(1.0),
                    "{spec} at {theta}: {found} {right}"
                );
            }
        }
    }

    /// Duals at unequal variances against `E[phi(u) phi(v)]` by a product of trapezoidal rules, and their slopes against `E[phi' phi']`.
    #[test]
    fn duals_are_the_expectations_that_define_them() {
        let (q, r, theta) = (0.7f64, 2.3f64, 0.9f64);
        for phi in [
            "relu",
            "leaky-relu(0.2)",
            "abs",
            "erf",
            "sin(1.1, 0.8, 0.3)",
            "cos(0.9, 1.2)",
            "exp(0.8, 0.4)",
            "gaussian(1.1, 0.6)",
            "rbf(0.3)",
        ] {
            let network = format!("nngp:dense {phi} dense");
            let found = program(&network).at(&Angle::from_radians(theta), [q.sqrt(), r.sqrt()]);
            let Form::Network { steps, .. } = &program(&network).0 else { panic!() };
            let Step::Activation(own) = &steps[1] else { panic!() };
            let (steps_, reach) = (1201, 9.0);
            let h = 2.0 * reach / f64::from(steps_ - 1);
            let (mut value, mut slope) = (0.0, 0.0);
            for i in 0..steps_ {
                let z = -reach + h * f64::from(i) + 1e-4;
                let [phi_u, slope_u] = own.activation.at(q.sqrt() * z);
                for j in 0..steps_ {
                    let w = -reach + h * f64::from(j) + 1e-4;
                    let v = r.sqrt() * (theta.cos() * z + theta.sin() * w);
                    let mass = h * h / (2.0 * PI) * (-0.5 * (z * z + w * w)).exp();
                    let [phi_v, slope_v] = own.activation.at(v);
                    value += mass * phi_u * phi_v;
                    slope += mass * slope_u * slope_v;
                }
            }
            assert!((found - value).abs() < 3e-4 * value.abs().max(0.1), "{phi}: {found} {value}");
            // With a frozen last layer of variance 1, Theta = Fdot S.
            let tangent = program(&format!("ntk:dense {phi} dense(lr=0)"));
            let found = tangent.at(&Angle::from_radians(theta), [q.sqrt(), r.sqrt()]);
            let right = slope * (q * r).sqrt() * theta.cos();
            assert!((found - right).abs() < 2e-2 * right.abs().max(0.1), "{phi}: {found} {right}");
        }
    }

    /// Bias-free relu networks are homogeneous: `K(c x, y) = c K(x, y)`; with biases they are not.
    #[test]
    fn relu_networks_without_bias_are_homogeneous() {
        let angle = Angle::from_radians(0.8);
        for (spec, homogeneous) in
            [("ntk:depth=3", true), ("resnet:depth=2", true), ("ntk:depth=3,b=0.1", false)]
        {
            let (near, far) = (program(spec).at(&angle, [1.0, 1.0]), program(spec).at(&angle, [3.0, 0.5]));
            assert_eq!((far / near / 1.5 - 1.0).abs() < 1e-14, homogeneous, "{spec}: {near} {far}");
        }
    }

    /// Rows a tiny angle apart, and parallel ones of different norms: the defect keeps what differences of covariances lose. With relu the tangent
    /// kernel falls in proportion to the angle.
    #[test]
    fn near_and_parallel_rows_keep_their_digits() {
        let kernel = program("ntk:depth=1");
        for norms in [[1.0, 1.0], [0.3, 4.0]] {
            let scale = norms[0] * norms[1];
            let at = |theta: f64| kernel.at(&Angle::from_radians(theta), norms) / scale;
            assert_eq!(at(0.0), 2.0);
            let fall = (2.0 - at(1e-7)) * PI / 1e-7;
            assert!((fall - 1.0).abs() < 1e-6, "{fall}");
        }
        // One feature, biases drawn: x and x' on one line.
        let drawn = program("nngp:dense(b=1, bias-init=gaussian) relu dense");
        let found = drawn.at(&Angle::from_radians(0.0), [1.0, 1.0 + 1e-9]);
        let right = drawn.at(&Angle::from_radians(0.0), [1.0, 1.0]);
        assert!((found - right).abs() < 1e-8);
    }

    #[test]
    fn kernels_without_a_dual_are_refused_with_the_reason() {
        let refused = |spec: &str| Program::new(&spec.parse().unwrap()).unwrap_err().to_string();
        assert!(refused("ntk:depth=2,activation=gelu").contains("gelu is not"));
        assert!(refused("expr:exp(t)").contains("a formula in t is not"));
        assert!(refused("ntk:dense relu dense tanh dense").contains("tanh is not"));
        assert!(refused("ntk:dense elu dense").contains("elu is not"));
    }
}
