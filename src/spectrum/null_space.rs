//! The null space: the degrees whose eigenvalue vanishes.

use super::{formula::NormalForm, precise};
use crate::{
    error::Result,
    kernel::Kernel,
    math::{
        degrees::Degrees,
        units::{Digits, Dimension},
    },
};

/// Which degrees up to a limit vanish, and how far that is proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NullSpace {
    /// The degrees proved to vanish, rising.
    pub zeros: Vec<u64>,
    /// The same as a rule, such as `odd k >= 3`; `none` if there are none. It holds for every degree, also beyond the limit, for kernels
    /// with a closed form; else to the limit.
    pub rule: String,
    /// Degrees that are neither proved to vanish nor proved not to.
    pub undecided: Vec<u64>,
}

impl NullSpace {
    /// Is every degree up to the limit decided by proof?
    pub fn is_proved(&self) -> bool {
        self.undecided.is_empty()
    }
}

/// The degrees `0..=max_degree` whose eigenvalue on `S^d` vanishes.
///
/// Zeros are proved by the closed form or by the powers of `t` that the kernel has; the others are proved not to vanish by the closed form, for
/// networks by the same powers, else by a certified enclosure away from zero. What neither settles is undecided.
///
/// # Errors
/// For more degrees than [`Degrees::LONGEST`] without a closed form, and as [`precise::eigenvalues`].
pub fn null_space(kernel: &Kernel, dim: Dimension, max_degree: u64) -> Result<NullSpace> {
    if let Some(normal) = NormalForm::of(kernel, dim) {
        let zeros: Vec<u64> = (0..=max_degree).filter(|&k| normal.value(k).is_zero()).collect();
        return Ok(NullSpace { rule: normal.zero_degrees(), zeros, undecided: vec![] });
    }
    let powers = kernel.powers();
    let vanishes = |k: u64| powers.annihilates(k);
    let all = Degrees::up_to(max_degree)?;
    let zeros: Vec<u64> = all.iter().filter(|k| vanishes(*k)).collect();
    if kernel.powers_are_exact() {
        return Ok(NullSpace { rule: rule(&zeros, max_degree), zeros, undecided: vec![] });
    }
    let mut undecided = Vec::new();
    if let Some(others) = all.filtered(|k| !vanishes(k)) {
        let (values, _) = precise::eigenvalues(kernel, dim, &others, DECIDING)?;
        let settled = |value: &precise::Computed| value.certified && !value.enclosure.contains_zero();
        undecided = others.iter().zip(&values).filter(|(_, value)| !settled(value)).map(|(k, _)| k).collect();
    }
    Ok(NullSpace { rule: rule(&zeros, max_degree), zeros, undecided })
}

/// `zeros`, as a rule for `0..=max_degree`: a parity class from some degree on, and what stands apart.
fn rule(zeros: &[u64], max_degree: u64) -> String {
    let mut parts = Vec::new();
    let mut rest: Vec<u64> = zeros.to_vec();
    for (parity, name) in [(0, "even"), (1, "odd")] {
        let class: Vec<u64> = (0..=max_degree).filter(|k| k % 2 == parity).collect();
        let run = class.iter().rev().take_while(|k| zeros.binary_search(k).is_ok()).count();
        if run >= SHORTEST_RUN {
            let first = class[class.len() - run];
            parts.push(if first == parity { format!("{name} k") } else { format!("{name} k >= {first}") });
            rest.retain(|k| k % 2 != parity || *k < first);
        }
    }
    if parts.len() == 2 && rest.is_empty() && zeros.len() as u64 == max_degree + 1 - zeros[0] {
        parts = vec![format!("k >= {}", zeros[0])];
    }
    parts.extend(rest.iter().map(|k| format!("k = {k}")));
    if parts.is_empty() { "none".into() } else { parts.join(", ") }
}

/// So many degrees of one parity in a row, up to the limit, are called a class.
const SHORTEST_RUN: usize = 2;
/// Digits that tell a value from zero.
const DECIDING: Digits = Digits::FEW;

#[cfg(test)]
mod tests {
    use super::*;

    fn of(spec: &str, d: u32, top: u64) -> NullSpace {
        null_space(&spec.parse().unwrap(), Dimension::new(d).unwrap(), top).unwrap()
    }

    #[test]
    fn the_bias_free_model_misses_odd_degrees_from_three() {
        for d in [1, 2, 7, 50] {
            let found = of("two-layer", d, 40);
            assert_eq!(found.zeros, (3..=40).step_by(2).collect::<Vec<_>>());
            assert_eq!((found.rule.as_str(), found.is_proved()), ("odd k >= 3", true));
            assert_eq!(of("two-layer:bias=true", d, 40).rule, "none");
        }
    }

    #[test]
    fn depth_fills_the_null_space_and_an_odd_activation_makes_one() {
        assert_eq!(of("ntk:depth=2", 3, 20).rule, "none");
        assert_eq!(of("nngp:depth=2,activation=erf", 2, 20).rule, "even k");
        assert!(of("nngp:depth=2,activation=erf", 2, 20).is_proved());
        assert_eq!(of("expr:t^3", 2, 20).rule, "even k, odd k >= 5");
        assert_eq!(of("expr:t^2 + t", 2, 20).rule, "k >= 3");
    }

    #[test]
    fn a_rule_is_not_read_off_the_degrees_that_were_tried() {
        // The Legendre polynomial of degree 7.
        let legendre = of("expr:(429*t^7-693*t^5+315*t^3-35*t)/16", 2, 6);
        assert_eq!(legendre.zeros, [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(legendre.rule, "even k, odd k >= 9, k = 1, k = 3, k = 5");
        assert_eq!(of("two-layer", 2, 1).rule, "odd k >= 3");
        assert_eq!(of("expr:theta", 2, 9).rule, "even k >= 2");
        assert_eq!(of("expr:0*t", 2, 3).rule, "k >= 0");
        assert_eq!(of("expr:t^3", 2, 2).rule, "even k, odd k >= 5");
    }

    #[test]
    fn what_cannot_be_proved_is_undecided() {
        assert!(!of("expr:abs(t - 1/3)", 2, 6).is_proved());
    }
}
