//! Real networks, trained on given points and labels. Nothing here knows a prediction.
//!
//! * [`target`] — harmonics, noise, and the energy of a function in each degree
//! * [`descent`] — steps until a target is learned; [`outputs`] — losses of several outputs; [`optimizer`] — how parameters move in one
//! * [`checkpoint`] — a run as bytes
//! * [`odd`] — odd parts that stay linear, to a proved rounding
//! * [`two_layer`] — the paper's model; its start in [`units`], its loop in [`fused`] over [`tiles`] of points, in a precision of [`real`]
//! * [`finite`] — the network of any description

pub mod checkpoint;
pub mod descent;
pub mod finite;
pub mod fused;
pub mod odd;
pub mod optimizer;
pub mod outputs;
pub mod real;
pub mod target;
pub mod tiles;
pub mod two_layer;
pub mod units;

/// A network on a fixed set of training points.
///
/// Weights and outputs are in the network's own precision; outputs are read as f64.
pub trait Network: Send {
    /// `f(x_i)` at the training points, with the current weights; length `n`. With the output at the start subtracted if the
    /// network was so made.
    fn outputs(&self) -> &[f64];

    /// One step of the optimizer along `sum_i slopes_i grad_w f(x_i)`, after which [`Network::outputs`] are those of the new weights.
    /// `slopes` has length `n`; for the loss `1/2 sum_i (f(x_i) - y_i)^2` it is `f - y`. Gradient descent: `w -= step * gradient`.
    fn descend(&mut self, slopes: &[f64], step: f64);

    /// Takes up an optimizer, at rest and with its start here; a new network has gradient descent. Batches are up to who makes the slopes.
    fn train_by(&mut self, optimizer: &crate::optimizer::Optimizer);

    /// Moves weights and outputs to where the optimizer takes the gradient, if that is elsewhere (Nesterov); [`Network::descend`] must follow.
    fn look_ahead(&mut self);

    /// The finite-width Gram matrix `H_ij = grad f(x_i) . grad f(x_j)` at the current weights; `n x n`, row-major.
    fn tangent_gram(&self) -> Vec<f64>;

    /// `f` at other points; `coordinates` is `m x (d+1)`, row-major.
    fn predict(&self, coordinates: &[f64]) -> Vec<f64>;

    /// The linear function that `f(x) - f(-x)` is at the current weights; `None` unless the architecture makes it one whatever the weights.
    fn odd_part(&self) -> Option<odd::OddPart>;

    /// Everything that changes in training, as bytes: what a checkpoint keeps.
    fn state(&self) -> Vec<u8>;

    /// Takes a state back.
    ///
    /// # Errors
    /// When the bytes are not a state of a network of this shape.
    fn restore(&mut self, state: &[u8]) -> crate::error::Result<()>;
}
