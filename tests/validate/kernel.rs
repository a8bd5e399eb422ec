//! Flaws in the kernel that the points see.

use super::{SOUND, Sabotage};
use hinf::{Result, experiment::pipeline::Pipeline, gram::Values, kernel::Kernel};

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

pub fn sabotages() -> Vec<Sabotage> {
    vec![
        Sabotage {
            what: "a kernel without its 1/pi",
            pipeline: Pipeline { values: without_pi, ..SOUND },
            fails: "bound sample-bias sample-free sample-null-space",
        },
        Sabotage {
            what: "the bias swapped between the points",
            pipeline: Pipeline { values: bias_swapped_between_points, ..SOUND },
            fails: "bound harmonics sample-bias sample-free sample-null-space wrong-kernel",
        },
        Sabotage {
            what: "a kernel with a layer too few",
            pipeline: Pipeline { values: |k| Values::new(&reworded(k, &[("depth=3", "depth=2")])), ..SOUND },
            fails: "sample-deep sample-residual",
        },
        Sabotage {
            // Its largest eigenvalue is smaller: the step size made from it is too large to train with.
            what: "the covariance for the tangent kernel",
            pipeline: Pipeline { values: |k| Values::new(&reworded(k, &[("ntk", "nngp")])), ..SOUND },
            fails: "deep-steps sample-deep",
        },
        Sabotage {
            what: "a residual branch of the wrong size",
            pipeline: Pipeline {
                values: |k| Values::new(&reworded(k, &[("alpha=1/2", "alpha=1")])),
                ..SOUND
            },
            fails: "sample-residual",
        },
    ]
}
