//! Numbers and polynomials; knows no network.
//!
//! * [`units`] — the dimension of a sphere, decimal digits and bits, as types that cannot be mixed up
//! * [`degrees`] — a list of degrees, rising, without repeats
//! * [`scalar`] — the arithmetic that a kernel is written in, once, for every kind of number
//! * [`angle`] — the angle between two points, accurate at both ends
//! * [`ball`], [`disc`] — numbers with a proved error bound, real and complex; [`bound`] — bounds on magnitudes
//! * [`harmonics`] — multiplicities `N(d,k)` and zonal polynomials `P_k`
//! * [`truncated`] — power series with such coefficients; [`arcs`] — bounds along curves
//! * [`chord`] — eigenvalues of powers of the chord
//! * [`fixed`] — fixed-point arithmetic for recurrences
//! * [`zonal_sums`] — all degrees of a quadrature sum at once, in fixed point
//! * [`gauss`], [`tanh_sinh`] — quadrature rules at any precision
//! * [`constant`] — factors such as `sqrt(2)/pi`, exactly
//! * [`polynomial`] — polynomials over an exact ring; [`rational_function`] — their quotients over Q, in coprime factors
//! * [`decimal`] — numbers into decimal text; [`number`] — exact numbers from text and back; [`ranges`] — lists and ranges from text
//! * [`machine`] — the functions that trained networks need, in `f32` and `f64`
//! * [`durations`] — spans of time, from text and into it

#[doc(hidden)]
pub mod angle;
#[doc(hidden)]
pub mod arcs;
pub mod ball;
#[doc(hidden)]
pub mod bound;
#[doc(hidden)]
pub mod chord;
pub mod constant;
#[doc(hidden)]
pub mod decimal;
pub mod degrees;
pub mod disc;
#[doc(hidden)]
pub mod durations;
#[doc(hidden)]
pub mod fixed;
pub mod gauss;
pub mod harmonics;
#[doc(hidden)]
pub mod machine;
#[doc(hidden)]
pub mod number;
#[doc(hidden)]
pub mod polynomial;
#[doc(hidden)]
pub mod ranges;
#[doc(hidden)]
pub mod rational_function;
#[doc(hidden)]
pub mod scalar;
#[doc(hidden)]
pub mod tanh_sinh;
#[doc(hidden)]
pub mod truncated;
pub mod units;
pub mod zonal_sums;
