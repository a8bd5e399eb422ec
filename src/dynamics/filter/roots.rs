//! The recurrence `q' = trace q - determinant q_old` in closed form, near 1 and near a double root without loss of digits.
//!
//! With the roots written as `1 - x`, their sum and product are `s = 2 - trace` and `g = 1 - trace + determinant`: both are small for slow
//! modes and known without cancellation. For roots `m_a`, `m_b`, `|m_a| >= |m_b|`, and Newton's form of the solution,
//!
//! ```text
//! q_t = m_a^t + (q_1 - m_a) D_t,     D_t = (m_a^t - m_b^t)/(m_a - m_b) = m_a^(t-1) (1 - (1-e)^t)/e,     e = 1 - m_b/m_a
//! ```
//!
//! in which nothing is singular where the roots meet. For complex roots `rho e^(+-i phi)`:
//! `q_t = rho^t (cos(phi t) + (q_1 - rho cos phi) sin(phi t)/(rho sin phi))`.

/// The roots of `m^2 - trace m + determinant`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Roots {
    /// One root `1 - x`; the other is 0, and the method has no past.
    Single {
        /// `x`.
        x: f64,
    },
    /// `1 - x` is the one of larger modulus, `1 - x - gap` the other.
    Real {
        /// `x`.
        x: f64,
        /// `m_a - m_b`.
        gap: f64,
    },
    /// A pair.
    Complex {
        /// `log rho`.
        log_modulus: f64,
        /// `phi`.
        angle: f64,
        /// `1 - rho cos phi`.
        x: f64,
        /// `rho sin phi`.
        imaginary: f64,
    },
}

/// A bound `weight rho^t` of `|q_t|`, and the weight of the root of largest modulus alone, where it is real.
pub(super) struct Envelope {
    pub weight: f64,
    pub log_modulus: f64,
    pub leading: f64,
}

impl Roots {
    /// The root `1 - x` alone.
    pub fn single(x: f64) -> Self {
        Self::Single { x }
    }

    /// From `s`, `g` and half the logarithm of the determinant (used where the roots are complex).
    pub fn of(s: f64, g: f64, log_modulus: f64) -> Self {
        let discriminant = s * s - 4.0 * g;
        if discriminant < 0.0 && log_modulus.is_finite() {
            let imaginary = 0.5 * (-discriminant).sqrt();
            return Self::Complex {
                log_modulus,
                angle: imaginary.atan2(1.0 - 0.5 * s),
                x: 0.5 * s,
                imaginary,
            };
        }
        let root = discriminant.max(0.0).sqrt();
        let large = 0.5 * (s + root);
        if s > 2.0 { Self::Real { x: large, gap: -root } } else { Self::Real { x: g / large, gap: root } }
    }

    /// Are both roots in `[0, 1)`? Then `q_t` falls and stays positive.
    pub fn are_positive(&self) -> bool {
        match *self {
            Self::Single { x } => x < 1.0,
            Self::Real { x, gap } => x < 1.0 && x + gap <= 1.0,
            Self::Complex { .. } => false,
        }
    }

    /// `q_t`, for whole `t`, and for any `t > 0` where the roots are positive.
    pub fn left(&self, fall: f64, t: f64) -> f64 {
        match *self {
            _ if t == 0.0 => 1.0,
            Self::Complex { log_modulus, angle, x, imaginary } => {
                let (sine, cosine) = (angle * t).sin_cos();
                (log_modulus * t).exp() * (cosine + (x - fall) / imaginary * sine)
            }
            Self::Single { x } | Self::Real { x, .. } => power(x, t) + self.second(fall, t),
        }
    }

    /// `1 - q_t`.
    pub fn fallen(&self, fall: f64, steps: u64) -> f64 {
        let t = steps as f64;
        match *self {
            _ if steps == 0 => 0.0,
            Self::Complex { log_modulus, angle, x, imaginary } => {
                let (half, whole) = ((0.5 * angle * t).sin(), (angle * t).sin());
                let turned = 2.0 * half * half - (x - fall) / imaginary * whole;
                (log_modulus * t).exp() * turned - (log_modulus * t).exp_m1()
            }
            Self::Single { x } | Self::Real { x, .. } => lost(x, t) - self.second(fall, t),
        }
    }

    /// `(q_1 - m_a) D_t`.
    fn second(&self, fall: f64, t: f64) -> f64 {
        match *self {
            Self::Single { x } if x == fall => 0.0,
            Self::Single { x } => (x - fall) * power(x, t - 1.0),
            Self::Real { x, gap } if x != 1.0 => {
                let e = gap / (1.0 - x);
                let sum = if e == 0.0 { t } else { lost(e, t) / e };
                (x - fall) * power(x, t - 1.0) * sum
            }
            Self::Real { x, .. } if t == 1.0 => x - fall,
            _ => 0.0,
        }
    }

    /// A bound of `|q_t|` that its own law falls by.
    pub fn envelope(&self, fall: f64) -> Envelope {
        match *self {
            Self::Single { x } => Envelope { weight: 1.0, log_modulus: log(x), leading: 1.0 },
            Self::Real { x, gap } => {
                let other = if gap == 0.0 { 0.0 } else { (x - fall) / gap };
                let leading = (1.0 + other).abs();
                Envelope { weight: leading + other.abs(), log_modulus: log(x), leading }
            }
            Self::Complex { log_modulus, x, imaginary, .. } => {
                let weight = 1f64.hypot((x - fall) / imaginary);
                Envelope { weight, log_modulus, leading: weight }
            }
        }
    }
}

/// `(1-x)^t`.
fn power(x: f64, t: f64) -> f64 {
    if x < 1.0 { (t * (-x).ln_1p()).exp() } else { sign(t) * (x - 1.0).powf(t) }
}

/// `1 - (1-x)^t`.
fn lost(x: f64, t: f64) -> f64 {
    if x < 1.0 { -(t * (-x).ln_1p()).exp_m1() } else { 1.0 - power(x, t) }
}

/// `log |1-x|`.
pub(super) fn log(x: f64) -> f64 {
    if x < 1.0 { (-x).ln_1p() } else { (x - 1.0).ln() }
}

/// `(-1)^t`.
fn sign(t: f64) -> f64 {
    if t % 2.0 == 0.0 { 1.0 } else { -1.0 }
}
