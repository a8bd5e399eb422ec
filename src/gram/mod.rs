//! The Gram matrix of a sample, measured: assembled in parallel, diagonalised, its eigenvectors set against the harmonics.
//!
//! For points `x_i` with weights `w_i` the matrix is `H_ij = sqrt(w_i w_j) K(x_i . x_j)`, so that its eigenvalues are close to `lambda_k`
//! itself, each `N(d,k)` times; with equal weights it is `K / n`. Nothing here knows a predicted eigenvalue.
//!
//! * [`values`] — the kernel between points, row by row; [`matrix`] — the plain kernel matrix, kept or as a product
//! * [`block`] — tall matrices, summed in a fixed order
//! * [`dense`], [`lanczos`], [`circulant`] — the solvers; [`solver`] chooses, [`eigenpairs`] is what is asked of them and what they give
//! * [`operator`] — products with the matrix, kept or computed anew; [`team`] — processes that share them; [`kept`] — iterations on disk
//! * [`harmonics`] — the share of an eigenvector in the harmonics of a degree, without writing one down
//! * [`clusters`] — which eigenvalues belong to which degree
//! * [`trial`] — all of it for one sample
//! * [`range`] — the kernel on even and on odd functions, and what it misses
//! * [`pairs`] — the unbiased pairwise estimate; [`zonal_sum`] — a predicted spectrum, to hold against it
//! * [`finite_width`] — networks of finite width beside the limit
//! * [`labels`] — labels in the eigenbasis
//! * [`held_out`] — kernel regression on rows that were held out, predicted; [`refit`] — the same, made
//! * [`ridges`] — each row left out, for a grid of ridges
//! * [`similarity`] — alignment of kernels with one another and with labels
//! * [`exponents`] — how fast eigenvalues and labels fall

pub mod block;
pub mod circulant;
pub mod clusters;
pub mod dense;
pub mod eigenpairs;
pub mod exponents;
pub mod finite_width;
pub mod harmonics;
pub mod held_out;
pub mod kept;
pub mod labels;
pub mod lanczos;
#[cfg(feature = "openblas")]
mod lapack;
pub mod matrix;
pub mod operator;
pub mod pairs;
mod pieces;
pub mod range;
pub mod refit;
pub mod ridges;
pub mod similarity;
mod sites;
pub mod solver;
mod split;
pub mod team;
pub mod trial;
pub mod values;
#[cfg(target_arch = "x86_64")]
mod wide;
pub mod zonal;
pub mod zonal_sum;

pub use eigenpairs::{EigenRequest, Eigenpairs, Iteration};
pub use solver::Solver;
pub use team::Team;
pub use trial::Trial;
pub use values::{Sites, Values};
