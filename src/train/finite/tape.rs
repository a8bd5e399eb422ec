//! A network of so many units as steps on matrices, one column a point: what a forward pass does first to last, and a backward pass in reverse.
//!
//! Dense layers that end in the same sum add to one matrix, with the factors of the sum in their own; so a residual stream is never copied.

use crate::network::{Dense, Layer, Network, Series, activation::Activation};

/// One affine map `weight * W h + bias * b`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Map {
    /// The length of `h`.
    pub inputs: usize,
    /// How many units.
    pub outputs: usize,
    /// The factor of `W`: `sqrt(w/n)`, `n` the length of `h` or 1 if that is the input, times the factors up to the next sum.
    pub weight: f64,
    /// The factor of `b`; 0 when there is none.
    pub bias: f64,
    /// Are biases drawn, or 0 at the start?
    pub gaussian_bias: bool,
    /// What multiplies the step size of the weights, and of the biases; 0 if they are frozen.
    pub lr: [f64; 2],
}

impl Map {
    /// How many weights.
    pub fn weights(&self) -> usize {
        self.inputs * self.outputs
    }

    /// How many biases.
    pub fn biases(&self) -> usize {
        if self.bias == 0.0 { 0 } else { self.outputs }
    }

    /// Is anything trained?
    pub fn is_trained(&self) -> bool {
        self.lr[0] > 0.0 || (self.biases() > 0 && self.lr[1] > 0.0)
    }
}

/// What makes a matrix from others; numbers are places of matrices.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// `output = weight W input + bias b`, or that added to it.
    Dense { map: usize, input: usize, output: usize, adds: bool },
    /// `output = phi(input)`.
    Activation { phi: Activation, input: usize, output: usize },
    /// `output = sum_i c_i input_i`.
    Combine { terms: Vec<(usize, f64)>, output: usize },
    /// `output = prod_i input_i`.
    Product { factors: Vec<usize>, output: usize },
    /// Each column over its root mean square, its mean taken off first if it is `centred`.
    Norm { centred: bool, input: usize, output: usize },
}

impl Step {
    pub fn output(&self) -> usize {
        match self {
            Self::Dense { output, .. }
            | Self::Activation { output, .. }
            | Self::Combine { output, .. }
            | Self::Product { output, .. }
            | Self::Norm { output, .. } => *output,
        }
    }

    pub fn inputs(&self) -> Vec<usize> {
        match self {
            Self::Dense { input, .. } | Self::Activation { input, .. } | Self::Norm { input, .. } => {
                vec![*input]
            }
            Self::Combine { terms, .. } => terms.iter().map(|(input, _)| *input).collect(),
            Self::Product { factors, .. } => factors.clone(),
        }
    }
}

/// A network as steps. The matrix 0 holds the points, the matrix [`Tape::output`] has one row: the output.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tape {
    pub maps: Vec<Map>,
    pub steps: Vec<Step>,
    /// The rows of each matrix.
    pub rows: Vec<usize>,
    pub output: usize,
}

/// A part of a sum that is not yet made: a matrix or a dense layer, with its factor.
#[derive(Clone, Copy)]
enum Term {
    Matrix(usize, f64),
    Dense { map: usize, input: usize, factor: f64 },
}

impl Term {
    fn times(self, by: f64) -> Self {
        match self {
            Self::Matrix(at, factor) => Self::Matrix(at, by * factor),
            Self::Dense { map, input, factor } => Self::Dense { map, input, factor: by * factor },
        }
    }
}

/// A tape under construction.
struct Builder {
    steps: Vec<Step>,
    matrices: usize,
    /// The dense layer behind each map, and the factor up to the sum it ends in.
    dense: Vec<(Dense, f64)>,
}

impl Builder {
    fn series(&mut self, series: &Series, value: Vec<Term>) -> Vec<Term> {
        series.0.iter().fold(value, |value, layer| self.layer(layer, value))
    }

    fn layer(&mut self, layer: &Layer, value: Vec<Term>) -> Vec<Term> {
        let whole = |at| vec![Term::Matrix(at, 1.0)];
        match layer {
            Layer::Identity => value,
            Layer::Scale(c) => value.into_iter().map(|term| term.times(c.to_f64())).collect(),
            Layer::Repeat(count, body) => (0..*count).fold(value, |value, _| self.series(body, value)),
            Layer::Dense(dense) => {
                let input = self.made(value);
                self.dense.push((dense.clone(), 1.0));
                vec![Term::Dense { map: self.dense.len() - 1, input, factor: 1.0 }]
            }
            Layer::Skip(skip) => {
                let input = self.made(value);
                let branch = self.series(&skip.branch, whole(input));
                let stream = Term::Matrix(input, skip.beta.to_f64());
                let alpha = skip.alpha.to_f64();
                std::iter::once(stream).chain(branch.into_iter().map(|term| term.times(alpha))).collect()
            }
            Layer::Sum(branches) => {
                let input = self.made(value);
                branches.iter().flat_map(|branch| self.series(branch, whole(input))).collect()
            }
            Layer::Product(branches) => {
                let input = self.made(value);
                let factor = |branch| {
                    let value = self.series(branch, whole(input));
                    self.made(value)
                };
                let factors = branches.iter().map(factor).collect();
                self.pushed(|output| Step::Product { factors, output })
            }
            Layer::Activation(phi) => {
                let (phi, input) = (phi.clone(), self.made(value));
                self.pushed(|output| Step::Activation { phi, input, output })
            }
            Layer::LayerNorm | Layer::RmsNorm => {
                let (centred, input) = (*layer == Layer::LayerNorm, self.made(value));
                self.pushed(|output| Step::Norm { centred, input, output })
            }
        }
    }

    fn pushed(&mut self, step: impl FnOnce(usize) -> Step) -> Vec<Term> {
        let output = self.place();
        self.steps.push(step(output));
        vec![Term::Matrix(output, 1.0)]
    }

    fn place(&mut self) -> usize {
        self.matrices += 1;
        self.matrices - 1
    }

    /// The matrix of a sum.
    fn made(&mut self, value: Vec<Term>) -> usize {
        if let [Term::Matrix(at, 1.0)] = value[..] {
            return at;
        }
        let output = self.place();
        let matrix =
            |term: &Term| if let Term::Matrix(at, factor) = *term { Some((at, factor)) } else { None };
        let terms: Vec<(usize, f64)> = value.iter().filter_map(matrix).collect();
        let mut adds = !terms.is_empty();
        if adds {
            self.steps.push(Step::Combine { terms, output });
        }
        for term in value {
            if let Term::Dense { map, input, factor } = term {
                self.dense[map].1 = factor;
                self.steps.push(Step::Dense { map, input, output, adds });
                adds = true;
            }
        }
        output
    }

    /// The rows of each matrix: dense layers and norms read all units of one, the output is one, and what lies between passes on as many as
    /// are asked for.
    fn rows(&self, output: usize, width: usize, inputs: usize) -> Vec<usize> {
        let mut rows = vec![0; self.matrices];
        rows[output] = 1;
        for step in self.steps.iter().rev() {
            if matches!(step, Step::Norm { .. }) {
                rows[step.output()] = width;
            }
            let all = matches!(step, Step::Dense { .. } | Step::Norm { .. });
            let asked = if all { width } else { rows[step.output()] };
            for input in step.inputs() {
                rows[input] = rows[input].max(asked);
            }
        }
        rows[0] = inputs;
        rows
    }
}

impl Tape {
    /// The network with `width` units on points of `inputs` coordinates.
    pub fn new(network: &Network, width: usize, inputs: usize) -> Self {
        let mut builder = Builder { steps: vec![], matrices: 1, dense: vec![] };
        let value = builder.series(network.series(), vec![Term::Matrix(0, 1.0)]);
        let output = builder.made(value);
        let rows = builder.rows(output, width, inputs);
        let mut maps: Vec<Option<Map>> = vec![None; builder.dense.len()];
        for step in &builder.steps {
            if let Step::Dense { map, input, output, .. } = *step {
                let (dense, factor) = &builder.dense[map];
                let units = if input == 0 { 1.0 } else { rows[input] as f64 };
                maps[map] = Some(Map {
                    inputs: rows[input],
                    outputs: rows[output],
                    weight: factor * (dense.weight.to_f64() / units).sqrt(),
                    bias: factor * dense.bias.to_f64().sqrt(),
                    gaussian_bias: dense.gaussian_bias,
                    lr: [dense.lr.to_f64(), dense.lr_bias.to_f64()],
                });
            }
        }
        Self { maps: maps.into_iter().flatten().collect(), steps: builder.steps, rows, output }
    }

    /// For each matrix, is anything trained that it depends on?
    pub fn trained(&self) -> Vec<bool> {
        let mut trained = vec![false; self.rows.len()];
        for step in &self.steps {
            let own = matches!(step, Step::Dense { map, .. } if self.maps[*map].is_trained());
            let below = step.inputs().iter().any(|input| trained[*input]);
            trained[step.output()] |= own || below;
        }
        trained
    }
}
