//! The degrees that vanish, as a rule that holds for every degree.

use super::NormalForm;
use crate::math::polynomial::Polynomial;
use rug::Rational;

/// Degrees to which zeros of a class that does not vanish as a whole are looked for, where no bound on the roots is lower.
const LAST_ROOT: u64 = 10_000;

impl NormalForm<Rational> {
    /// The degrees whose eigenvalue vanishes, as a rule such as `odd k >= 3`; `none` if there are none.
    ///
    /// Proved for every degree: a class with `Q = 0` vanishes wherever nothing is added, and one with `Q != 0` only at the roots of `Q`, which
    /// are below Cauchy's bound, and where what is added cancels it. With half angles both parts vanish or neither, but for even `d`, where
    /// `beta_n^2` has more factors 2 below than a rational function of `k` can have from some hundred degrees on.
    pub fn zero_degrees(&self) -> String {
        let mut parts = Vec::new();
        let mut firsts = Vec::new();
        let mut single = Vec::new();
        for (parity, name, class) in [(0, "even", &self.even), (1, "odd", &self.odd)] {
            let chord = self.chord(parity);
            let own = if class.vanishes() { 0 } else { root_bound(&class.factor) };
            let last = match (class.vanishes(), chord.vanishes()) {
                (_, true) => own,
                (true, false) => root_bound(&chord.factor),
                (false, false) => LAST_ROOT,
            };
            let last = last.max(self.added.end());
            let mut zeros: Vec<u64> =
                (parity..=last).step_by(2).filter(|&k| self.value(k).is_zero()).collect();
            if class.vanishes() && chord.vanishes() {
                // Beyond `last` all vanish; so do those just below.
                let mut first = last + 1 + (last + 1 + parity) % 2;
                while zeros.last().is_some_and(|zero| zero + 2 == first) {
                    first = zeros.pop().unwrap_or(first);
                }
                parts.push(if first == parity {
                    format!("{name} k")
                } else {
                    format!("{name} k >= {first}")
                });
                firsts.push(first);
            }
            single.extend(zeros);
        }
        if let [even, odd] = firsts[..]
            && even.abs_diff(odd) == 1
        {
            parts = vec![format!("k >= {}", even.min(odd))];
        }
        single.sort_unstable();
        parts.extend(single.iter().map(|k| format!("k = {k}")));
        if parts.is_empty() { "none".into() } else { parts.join(", ") }
    }
}

/// No root `k` of `Q(e)` is larger: Cauchy's bound `1 + max |q_i/q_n|` on the roots `e`, where `e >= k^2` for `d >= 1`.
fn root_bound(factor: &Polynomial) -> u64 {
    let leading = factor.leading();
    let ratios = factor.coefficients().iter().map(|q| Rational::from(q / &leading).abs());
    let bound = ratios.max().unwrap_or_default() + 1u32;
    let root = bound.to_f64().sqrt().ceil();
    if root < LAST_ROOT as f64 { root as u64 + 1 } else { LAST_ROOT }
}
