//! Whether training moves a network's output at infinite width, and which layer stops it if not.
//!
//! Nothing passes back through an activation whose derivative is 0, nor through a factor 0.

use super::{
    Layer, Series,
    rules::{Fault, branches, is_flat},
};

/// Does training move what comes out of a series, and if not, which layer is to blame?
#[derive(Clone, Debug)]
struct Motion {
    moved: bool,
    /// The last layer that let nothing through.
    stop: Option<Vec<usize>>,
}

/// Refuses a network whose output training does not move at infinite width: the fault names the last layer that lets nothing through, or else the
/// last dense.
pub(super) fn check(series: &Series) -> Result<(), Fault> {
    let Motion { moved, stop } = motion(series, false);
    if moved {
        return Ok(());
    }
    let stopped = stop.is_some();
    let path = stop.or_else(|| last_dense(series)).unwrap_or_default();
    let layer = find(series, &path).map_or("", Layer::name).to_owned();
    let why = if stopped {
        format!("a trained layer after {layer}, which lets nothing through to those before it")
    } else {
        "a trained layer that moves the output: all are frozen".to_owned()
    };
    Err(Fault {
        path,
        layer,
        expected: format!("{why}; nothing is trained: nngp is its kernel, or train a layer"),
    })
}

/// What training moves after the series, where it moves the input or not.
fn motion(series: &Series, input: bool) -> Motion {
    let start = Motion { moved: input, stop: None };
    series.0.iter().enumerate().fold(start, |Motion { moved, stop }, (at, layer)| {
        let (after, own) = step_of_motion(layer, moved);
        let here = own.map(|path| [vec![at], path].concat());
        Motion { moved: after, stop: if after { None } else { here.or(stop) } }
    })
}

/// Does training move what comes out of the layer, and where inside it is it stopped, if it is?
fn step_of_motion(layer: &Layer, moved: bool) -> (bool, Option<Vec<usize>>) {
    let stops = |lets_through: bool| (moved && lets_through, (moved && !lets_through).then(Vec::new));
    let within = |branch: usize, motion: &Motion| {
        motion.stop.as_ref().map(|path| [vec![branch], path.clone()].concat())
    };
    match layer {
        Layer::Dense(dense) => (moved || dense.is_trained(), None),
        Layer::Activation(phi) => stops(!is_flat(phi)),
        Layer::Scale(c) => stops(!c.is_zero()),
        Layer::Skip(skip) => {
            let branch = motion(&skip.branch, moved);
            let through = moved && !skip.beta.is_zero() || branch.moved && !skip.alpha.is_zero();
            let own = within(0, &branch).or_else(|| (moved || branch.moved).then(Vec::new));
            (through, own.filter(|_| !through))
        }
        Layer::Sum(all) | Layer::Product(all) => {
            let all: Vec<Motion> = all.iter().map(|branch| motion(branch, moved)).collect();
            let through = all.iter().any(|branch| branch.moved);
            let own = all.iter().enumerate().rev().find_map(|(i, branch)| within(i, branch));
            (through, own.filter(|_| !through))
        }
        // Whether the input moves decides the first pass; the second settles the rest.
        Layer::Repeat(count, body) => {
            let once = motion(body, moved);
            let last = if *count > 1 { motion(body, once.moved) } else { once.clone() };
            let own = within(0, &last).or_else(|| within(0, &once));
            (last.moved, own.filter(|_| !last.moved))
        }
        Layer::LayerNorm | Layer::RmsNorm | Layer::Identity => (moved, None),
    }
}

/// The layer at the end of a path.
fn find<'a>(series: &'a Series, path: &[usize]) -> Option<&'a Layer> {
    let (at, rest) = path.split_first()?;
    let layer = series.0.get(*at)?;
    match rest.split_first() {
        None => Some(layer),
        Some((branch, rest)) => find(branches(layer).get(*branch)?, rest),
    }
}

/// The path to the last dense.
fn last_dense(series: &Series) -> Option<Vec<usize>> {
    series.0.iter().enumerate().rev().find_map(|(at, layer)| {
        let inside = || {
            let all = branches(layer).iter().enumerate().rev();
            all.into_iter().find_map(|(i, branch)| Some([vec![at, i], last_dense(branch)?].concat()))
        };
        if matches!(layer, Layer::Dense(_)) { Some(vec![at]) } else { inside() }
    })
}
