//! Flaws in the network and its training.

use super::SOUND;
use hinf::{
    Result,
    experiment::{
        pipeline::{Model, Pipeline, Start},
        validate::Flaw,
    },
    optimizer::Optimizer,
    sample::Points,
    train::{Network, odd::OddPart},
};

/// A network whose steps or slopes are tampered with.
struct Tampered {
    network: Box<dyn Network>,
    /// What a step is multiplied by.
    step: f64,
    /// Is every second point left out of the gradient?
    skips: bool,
    /// Is the second half of the parameters put back after each step?
    frozen: bool,
    /// Is plain gradient descent taken up, whatever the optimizer?
    plain: bool,
}

impl Tampered {
    fn new(model: &Model, points: &Points, seed: u64) -> Result<Self> {
        Ok(Self {
            network: model.network(points, seed)?,
            step: 1.0,
            skips: false,
            frozen: false,
            plain: false,
        })
    }
}

impl Network for Tampered {
    fn outputs(&self) -> &[f64] {
        self.network.outputs()
    }

    fn train_by(&mut self, optimizer: &Optimizer) {
        self.network.train_by(if self.plain { &Optimizer::GRADIENT_DESCENT } else { optimizer });
    }

    fn look_ahead(&mut self) {
        self.network.look_ahead();
    }

    fn descend(&mut self, slopes: &[f64], step: f64) {
        let mut slopes = slopes.to_vec();
        if self.skips {
            slopes.iter_mut().step_by(2).for_each(|slope| *slope = 0.0);
        }
        let before = if self.frozen { self.network.state() } else { vec![] };
        self.network.descend(&slopes, self.step * step);
        if self.frozen {
            let half = before.len() / 16 * 8;
            let mut state = self.network.state();
            state[half..].copy_from_slice(&before[half..]);
            self.network.restore(&state).unwrap();
        }
    }

    fn tangent_gram(&self) -> Vec<f64> {
        self.network.tangent_gram()
    }

    fn predict(&self, coordinates: &[f64]) -> Vec<f64> {
        self.network.predict(coordinates)
    }

    fn odd_part(&self) -> Option<OddPart> {
        self.network.odd_part()
    }

    fn state(&self) -> Vec<u8> {
        self.network.state()
    }

    fn restore(&mut self, state: &[u8]) -> Result<()> {
        self.network.restore(state)
    }
}

/// Another network than the one asked for.
fn altered(
    model: &Model,
    points: &Points,
    seed: u64,
    alter: impl Fn(&mut Model),
) -> Result<Box<dyn Network>> {
    let mut model = model.clone();
    alter(&mut model);
    model.network(points, seed)
}

/// The network of another specification: each of these parts of the right one, where it is in it, as another.
fn respelled(model: &Model, points: &Points, seed: u64, parts: &[(&str, &str)]) -> Result<Box<dyn Network>> {
    let right = model.kernel.to_string();
    let wrong = parts.iter().fold(right, |text, (part, other)| text.replace(part, other));
    altered(model, points, seed, |model| model.kernel = wrong.parse().unwrap())
}

fn small(model: &mut Model) {
    if let Start::Units { kappa, .. } = &mut model.start {
        *kappa = 0.1;
    }
}

fn tampered(
    model: &Model,
    points: &Points,
    seed: u64,
    alter: impl Fn(&mut Tampered),
) -> Result<Box<dyn Network>> {
    let mut network = Tampered::new(model, points, seed)?;
    alter(&mut network);
    Ok(Box::new(network))
}

/// The chain with one of these flaws in it.
pub fn flawed(flaw: Flaw) -> Option<Pipeline> {
    Some(match flaw {
        Flaw::StepTwice => Pipeline { network: |m, p, s| tampered(m, p, s, |net| net.step = 2.0), ..SOUND },
        Flaw::EverySecondPoint => {
            Pipeline { network: |m, p, s| tampered(m, p, s, |net| net.skips = true), ..SOUND }
        }
        Flaw::FrozenLayers => Pipeline {
            network: |m, p, s| {
                let deep = matches!(m.start, Start::Drawn { .. });
                tampered(m, p, s, |net| net.frozen = deep)
            },
            ..SOUND
        },
        Flaw::BiasLeftOut => {
            Pipeline { network: |m, p, s| respelled(m, p, s, &[("bias=true", "bias=false")]), ..SOUND }
        }
        Flaw::BiasSlippedIn => {
            let slips = |m: &Model, p: &Points, s| {
                respelled(m, p, s, &[("bias=false", "bias=true"), ("depth=3", "depth=3,b=1")])
            };
            Pipeline { network: slips, ..SOUND }
        }
        Flaw::NetworkLayerMissing => {
            Pipeline { network: |m, p, s| respelled(m, p, s, &[("depth=3", "depth=2")]), ..SOUND }
        }
        Flaw::PlainForResidual => {
            let plain =
                |m: &Model, p: &Points, s| respelled(m, p, s, &[("resnet:depth=3,alpha=0.5", "ntk:depth=3")]);
            Pipeline { network: plain, ..SOUND }
        }
        Flaw::OtherActivation => {
            Pipeline { network: |m, p, s| respelled(m, p, s, &[("tanh", "erf")]), ..SOUND }
        }
        Flaw::RatesIgnored => {
            let ignored = |m: &Model, p: &Points, s| {
                respelled(m, p, s, &[(", lr=3", ""), (", train=no", ""), (", lr=0.5, train=weights", "")])
            };
            Pipeline { network: ignored, ..SOUND }
        }
        Flaw::MomentumForgotten => {
            Pipeline { network: |m, p, s| tampered(m, p, s, |net| net.plain = true), ..SOUND }
        }
        Flaw::SmallWeights => Pipeline { network: |m, p, s| altered(m, p, s, small), ..SOUND },
        Flaw::NarrowNetwork => Pipeline { network: |m, p, s| altered(m, p, s, |m| m.width = 32), ..SOUND },
        _ => return None,
    })
}
