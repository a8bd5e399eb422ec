//! What each layer does with two points.

use super::{
    duals::Phi,
    pair::{Pair, product, sum},
};
use crate::network::{Layer, Series};

#[derive(Clone, Debug)]
pub enum Step {
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

/// The steps of layers in series; the name of an activation without a dual at two variances otherwise.
pub fn steps(layers: &[Layer]) -> Result<Vec<Step>, &'static str> {
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

pub fn run(steps: &[Step], pair: Pair) -> Pair {
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
