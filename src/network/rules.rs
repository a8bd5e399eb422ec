//! Which networks have a Gaussian limit of infinite width with one output; what is refused, and why.
//!
//! A layer's output is *Gaussian* if its units become independent centred Gaussian processes: after a dense layer; kept by scale, identity and
//! norms; of a sum, if of all its branches. Outputs of activations and products are not.
//!
//! 1. An activation needs a Gaussian input of positive variance.
//! 2. Of the branches of a sum or product all but at most one contain a dense layer, as the branches would share units; at the input all do.
//! 3. Norms need a dense layer before them, and something to divide by.
//! 4. Every path to the output ends in a dense layer, after which only scales and sums come.
//! 5. There are at most [`MOST_LAYERS`] hidden layers (activations; dense layers but one; norms and scales), nested at most [`DEEPEST`] deep.

use super::{Layer, Series, activation::Activation};
use crate::error::Error;

/// The most hidden layers, repeats counted as often as they are.
pub const MOST_LAYERS: u64 = 10_000;
/// The deepest nesting of groups and branches.
pub const DEEPEST: usize = 32;

/// A rule that is broken, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Indices from the outside in: a layer, a branch of it, a layer of that, and so on.
    pub path: Vec<usize>,
    /// The offending layer.
    pub layer: String,
    /// What would be right, completing the sentence "expected ...".
    pub expected: String,
}

impl Fault {
    fn new(at: usize, layer: &Layer, expected: impl Into<String>) -> Self {
        Self { path: vec![at], layer: layer.name().to_owned(), expected: expected.into() }
    }

    fn inside(mut self, layer: usize, branch: usize) -> Self {
        self.path.splice(0..0, [layer, branch]);
        self
    }

    /// The error, with the column of the layer where there is text.
    pub fn error(&self, column: Option<usize>) -> Error {
        let place = column.map_or_else(
            || {
                let layers: Vec<String> = self.path.iter().step_by(2).map(|i| (i + 1).to_string()).collect();
                format!("layer {}", layers.join("."))
            },
            |column| format!("column {column}"),
        );
        Error::invalid(format!("network, {place}"), &self.layer, self.expected.clone())
    }
}

/// What comes out of a layer.
#[derive(Clone, Debug)]
struct Output {
    /// The layer it comes from; empty for the input.
    after: &'static str,
    /// Are the units independent centred Gaussian processes?
    gaussian: bool,
    /// Is the output 0?
    zero: bool,
    /// Is it the same number at every point?
    constant: bool,
}

impl Output {
    const INPUT: Self = Self { after: "", gaussian: false, zero: false, constant: false };

    fn is_input(&self) -> bool {
        self.after.is_empty()
    }
}

/// Checks every rule.
pub(super) fn check(series: &Series) -> Result<(), Fault> {
    nesting(series, 0)?;
    let count = series.count();
    let most =
        [count.dense.saturating_sub(1), count.activations, count.others].into_iter().max().unwrap_or(0);
    if most > MOST_LAYERS {
        let layer = if most == u64::MAX { "too many to count".into() } else { format!("{most} layers") };
        return Err(Fault {
            path: vec![0],
            layer,
            expected: format!("at most {MOST_LAYERS} hidden layers after repeats"),
        });
    }
    run(series, Output::INPUT)?;
    ends(series)
}

fn nesting(series: &Series, depth: usize) -> Result<(), Fault> {
    for (at, layer) in series.0.iter().enumerate() {
        if depth > DEEPEST {
            return Err(Fault::new(at, layer, format!("groups and branches nested at most {DEEPEST} deep")));
        }
        for (i, branch) in branches(layer).iter().enumerate() {
            if branch.0.is_empty() {
                return Err(Fault::new(at, layer, "at least one layer in each branch"));
            }
            nesting(branch, depth + 1).map_err(|fault| fault.inside(at, i))?;
        }
    }
    if series.0.is_empty() {
        return Err(Fault {
            path: vec![0],
            layer: String::new(),
            expected: "a network, as in dense relu dense".into(),
        });
    }
    Ok(())
}

/// The series inside a layer.
pub(super) fn branches(layer: &Layer) -> &[Series] {
    match layer {
        Layer::Skip(skip) => std::slice::from_ref(&skip.branch),
        Layer::Repeat(_, body) => std::slice::from_ref(body),
        Layer::Sum(all) | Layer::Product(all) => all,
        _ => &[],
    }
}

/// Passes of a repeated body after which nothing new can come.
const PASSES: u32 = 4;

fn run(series: &Series, mut output: Output) -> Result<Output, Fault> {
    for (at, layer) in series.0.iter().enumerate() {
        output = step(at, layer, output)?;
    }
    Ok(output)
}

fn step(at: usize, layer: &Layer, input: Output) -> Result<Output, Fault> {
    let refuse = |expected: String| Err(Fault::new(at, layer, expected));
    let (name, after) = (layer.name(), input.after);
    Ok(match layer {
        Layer::Dense(dense) => {
            let zero = input.zero && dense.drawn_bias().is_zero();
            Output { after: name, gaussian: true, zero, constant: zero }
        }
        Layer::Identity => input,
        Layer::Scale(c) => {
            let zero = input.zero || c.is_zero();
            Output { zero, constant: input.constant || zero, ..input }
        }
        Layer::LayerNorm | Layer::RmsNorm => {
            if input.is_input() {
                return refuse(format!("a dense before {name}: it is applied to the input x"));
            }
            if input.zero || *layer == Layer::LayerNorm && input.constant {
                return refuse(format!(
                    "something to divide by: what follows {after} is the same number at every point"
                ));
            }
            Output { after: name, ..input }
        }
        Layer::Activation(phi) => {
            if input.is_input() {
                return refuse(format!("a dense before {name}: it is applied to the input x"));
            }
            if !input.gaussian {
                return refuse(format!("a dense between {after} and {name}: {name} follows {after}"));
            }
            if input.zero {
                return refuse(format!("an input of {name} that is not 0"));
            }
            let (zero, constant) = degenerate(phi);
            Output { after: name, gaussian: false, zero, constant }
        }
        Layer::Repeat(count, body) => {
            let mut output = input;
            for _ in 0..(*count).min(PASSES) {
                output = run(body, output).map_err(|fault| fault.inside(at, 0))?;
            }
            output
        }
        Layer::Skip(skip) => {
            if !contains_dense(&skip.branch) {
                return refuse(
                    "a dense in the branch: it is a function of the same units as the stream".into(),
                );
            }
            if input.is_input() {
                return refuse("a dense before skip: x has other coordinates than the branch".into());
            }
            let branch = run(&skip.branch, input.clone()).map_err(|fault| fault.inside(at, 0))?;
            let zero = (input.zero || skip.beta.is_zero()) && (branch.zero || skip.alpha.is_zero());
            let constant =
                (input.constant || skip.beta.is_zero()) && (branch.constant || skip.alpha.is_zero());
            Output { after: name, gaussian: input.gaussian && branch.gaussian, zero, constant }
        }
        Layer::Sum(all) | Layer::Product(all) => {
            let loose: Vec<usize> = (0..all.len()).filter(|i| !contains_dense(&all[*i])).collect();
            if input.is_input() && !loose.is_empty() {
                return refuse(format!(
                    "a dense in every branch of {name}: x has other coordinates than the branches"
                ));
            }
            if loose.len() > 1 {
                return refuse(format!(
                    "a dense in all branches of {name} but one: others are functions of the same units"
                ));
            }
            let run = |(i, branch): (usize, &Series)| {
                run(branch, input.clone()).map_err(|fault| fault.inside(at, i))
            };
            let outputs: Vec<Output> = all.iter().enumerate().map(run).collect::<Result<_, _>>()?;
            let is_sum = matches!(layer, Layer::Sum(_));
            let (all_zero, any_zero) = (outputs.iter().all(|o| o.zero), outputs.iter().any(|o| o.zero));
            let zero = if is_sum { all_zero } else { any_zero };
            let constant = zero || outputs.iter().all(|o| o.constant);
            Output { after: name, gaussian: is_sum && outputs.iter().all(|o| o.gaussian), zero, constant }
        }
    })
}

/// Is the activation 0, and is it a constant?
fn degenerate(phi: &Activation) -> (bool, bool) {
    let values = phi.values();
    match phi {
        Activation::Polynomial(_) => {
            (values.iter().all(|c| c.is_zero()), values.iter().skip(1).all(|c| c.is_zero()))
        }
        Activation::Expr(phi) => phi.degenerate(),
        Activation::Monomial(phi) => (false, phi.degree == 0),
        Activation::Hermite(phi) => (false, phi.degree == 0),
        Activation::Exp(phi) => (phi.a.is_zero(), phi.a.is_zero() || phi.b.is_zero()),
        Activation::Gaussian(phi) => (phi.a.is_zero(), phi.a.is_zero()),
        Activation::Sin(phi) => {
            let zero = phi.a.is_zero() || phi.b.is_zero() && phi.c.is_zero();
            (zero, zero || phi.b.is_zero())
        }
        Activation::Cos(phi) => (phi.a.is_zero(), phi.a.is_zero() || phi.b.is_zero()),
        _ => (false, false),
    }
}

/// Does every path through the series meet a dense layer?
fn contains_dense(series: &Series) -> bool {
    series.0.iter().any(|layer| match layer {
        Layer::Dense(_) => true,
        Layer::Sum(all) | Layer::Product(all) => all.iter().all(contains_dense),
        Layer::Repeat(_, body) => contains_dense(body),
        _ => false,
    })
}

/// Does every path end in a dense layer, after which only scales and sums come?
fn ends(series: &Series) -> Result<(), Fault> {
    for (at, layer) in series.0.iter().enumerate().rev() {
        match layer {
            Layer::Scale(_) | Layer::Identity => {}
            Layer::Dense(_) => return Ok(()),
            Layer::Sum(all) => {
                for (i, branch) in all.iter().enumerate() {
                    ends(branch).map_err(|fault| fault.inside(at, i))?;
                }
                return Ok(());
            }
            Layer::Repeat(_, body) => {
                // A body of scales alone leaves the question to what comes before it.
                if body.0.iter().all(|layer| matches!(layer, Layer::Scale(_) | Layer::Identity)) {
                    continue;
                }
                return ends(body).map_err(|fault| fault.inside(at, 0));
            }
            Layer::Skip(_) => {
                return Err(Fault::new(
                    at,
                    layer,
                    "a dense after skip: its stream has many units, the output one",
                ));
            }
            _ => {
                let name = layer.name();
                return Err(Fault::new(
                    at,
                    layer,
                    format!("a dense after {name}: every path to the output ends in one"),
                ));
            }
        }
    }
    let expected =
        "a dense in every branch that leads to the output: the stream has many units, the output one";
    series.0.first().map_or(Ok(()), |layer| Err(Fault::new(0, layer, expected)))
}

/// Is the derivative 0 wherever there is one?
pub(super) fn is_flat(phi: &Activation) -> bool {
    match phi {
        Activation::Step(_) | Activation::Sign(_) => true,
        Activation::RectifiedMonomial(phi) => phi.degree == 0,
        _ => degenerate(phi).1,
    }
}
