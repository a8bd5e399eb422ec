//! Flaws in the kernel that the points see.

use super::SOUND;
use hinf::{
    Result,
    experiment::{Pipeline, validate::Flaw},
    gram::Values,
    kernel::Kernel,
};

/// The two-layer kernel with a bias for the one without, and the other way round; other kernels as they are.
pub fn other_bias(kernel: &Kernel) -> Kernel {
    match kernel.two_layer_bias() {
        Some(true) => "two-layer",
        Some(false) => "two-layer:bias=true",
        None => return kernel.clone(),
    }
    .parse()
    .unwrap()
}

/// The kernel of another description, made by replacing words in its own.
fn reworded(kernel: &Kernel, words: &[(&str, &str)]) -> Kernel {
    words.iter().fold(kernel.to_string(), |text, (from, to)| text.replace(from, to)).parse().unwrap()
}

fn bias_swapped_between_points(kernel: &Kernel) -> Result<Values> {
    Values::new(&other_bias(kernel))
}

fn without_pi(kernel: &Kernel) -> Result<Values> {
    match kernel.two_layer_bias() {
        Some(true) => Values::new(&"expr:(t+1)*(pi-theta)/4".parse()?),
        Some(false) => Values::new(&"expr:t*(pi-theta)/2".parse()?),
        None => Values::new(kernel),
    }
}

/// The chain with one of these flaws in it.
pub fn flawed(flaw: Flaw) -> Option<Pipeline> {
    Some(match flaw {
        Flaw::KernelWithoutPi => Pipeline { values: without_pi, ..SOUND },
        Flaw::BiasSwappedBetweenPoints => Pipeline { values: bias_swapped_between_points, ..SOUND },
        Flaw::KernelLayerMissing => {
            Pipeline { values: |k| Values::new(&reworded(k, &[("depth=3", "depth=2")])), ..SOUND }
        }
        // Its largest eigenvalue is smaller: the step size made from it is too large to train with.
        Flaw::CovarianceForTangent => {
            Pipeline { values: |k| Values::new(&reworded(k, &[("ntk", "nngp")])), ..SOUND }
        }
        Flaw::WrongResidualBranch => {
            Pipeline { values: |k| Values::new(&reworded(k, &[("alpha=1/2", "alpha=1")])), ..SOUND }
        }
        _ => return None,
    })
}
