//! The null space: the degrees whose eigenvalue vanishes.

use super::{Goal, Kind, formula::NormalForm, route::Predictor};
use crate::{
    error::{Error, Result},
    kernel::{Extent, Kernel, Powers},
    math::{
        degrees::Degrees,
        units::{Digits, Dimension},
    },
};

/// Which degrees up to a limit vanish, and how far that is proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NullSpace {
    /// The degrees proved to vanish, rising, up to `LISTED`.
    pub zeros: Vec<u64>,
    /// The same as a rule, such as `odd k >= 3`; `none` if there are none. It is proved for every degree, also beyond the limit.
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

/// The last degree that is listed; the rule goes on.
pub const LISTED: u64 = 100_000;

/// The degrees `0..=max_degree` whose eigenvalue on `S^d` vanishes.
///
/// Zeros are proved by the closed form or by the powers of `t` that the kernel has; the others are proved not to vanish by the closed form, for
/// networks by the same powers, else by a certified enclosure away from zero. What neither settles is undecided.
///
/// # Errors
/// For degrees above `LISTED` where each must be decided by its own value, and as [`spectrum`](super::spectrum).
pub fn null_space(kernel: &Kernel, dim: Dimension, max_degree: u64) -> Result<NullSpace> {
    let last = max_degree.min(LISTED);
    if let Some(normal) = NormalForm::of(kernel, dim) {
        let zeros: Vec<u64> = (0..=last).filter(|&k| normal.value(k).is_zero()).collect();
        return Ok(NullSpace { rule: normal.zero_degrees(), zeros, undecided: vec![] });
    }
    let powers = kernel.powers();
    let vanishes = |k: u64| powers.annihilates(k);
    let zeros: Vec<u64> = (0..=last).filter(|k| vanishes(*k)).collect();
    let found = NullSpace { rule: rule(powers), zeros, undecided: vec![] };
    if kernel.powers_are_exact() {
        return Ok(found);
    }
    if max_degree > LISTED {
        let expected =
            format!("at most {LISTED} for this kernel, each degree of which is decided by its own value");
        return Err(Error::invalid("max-degree", max_degree, expected));
    }
    let Some(others) = Degrees::up_to(max_degree)?.filtered(|k| !vanishes(k)) else { return Ok(found) };
    let values = Predictor::of(kernel).spectrum(dim, &others, &Goal::digits(DECIDING))?.eigenvalues;
    let open = values.iter().filter(|value| value.kind == Kind::Estimate || value.enclosure.contains_zero());
    Ok(NullSpace { undecided: open.map(|value| value.degree).collect(), ..found })
}

/// The degrees beyond the powers, as a rule for every degree.
fn rule(powers: Powers) -> String {
    let first = |extent: Extent, parity: u64| match extent {
        Extent::None => Some(parity),
        Extent::Degree(last) => Some(last + 2),
        Extent::Unbounded => None,
    };
    let of_class = |first: u64, name: &str| {
        if first < 2 { format!("{name} k") } else { format!("{name} k >= {first}") }
    };
    match (first(powers.even, 0), first(powers.odd, 1)) {
        (None, None) => "none".into(),
        (Some(even), None) => of_class(even, "even"),
        (None, Some(odd)) => of_class(odd, "odd"),
        (Some(even), Some(odd)) if even.abs_diff(odd) == 1 => format!("k >= {}", even.min(odd)),
        (Some(even), Some(odd)) => format!("{}, {}", of_class(even, "even"), of_class(odd, "odd")),
    }
}

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
        assert_eq!(rule(Powers { even: Extent::Degree(2), odd: Extent::Degree(1) }), "k >= 3");
        assert_eq!(
            rule(Powers { even: Extent::Degree(0), odd: Extent::Degree(3) }),
            "even k >= 2, odd k >= 5"
        );
    }

    /// Constants of a covariance that are the squared mean of a unit, which layer norm takes off, and others, which it keeps.
    #[test]
    fn constants_that_are_means_go_with_layer_norm_and_others_stay() {
        let bias = "dense(b=1,bias-init=gaussian)";
        for (spec, rule) in [
            ("nngp:dense sigmoid layer-norm dense".to_owned(), "even k"),
            ("nngp:dense sigmoid dense layer-norm dense".to_owned(), "even k >= 2"),
            (format!("nngp:{bias}"), "k >= 2"),
            (format!("nngp:sum({bias} hermite(0), dense tanh) layer-norm dense"), "even k"),
            (format!("nngp:sum({bias}, dense tanh) layer-norm dense"), "even k >= 2"),
        ] {
            assert_eq!(of(&spec, 2, 9).rule, rule, "{spec}");
        }
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
    fn degrees_to_the_last_are_decided_by_the_rule() {
        let last = Degrees::MAX;
        for (spec, rule, zeros) in [
            ("two-layer", "odd k >= 3", 49_999),
            ("ntk:depth=3", "none", 0),
            ("nngp:depth=2,activation=erf", "even k", 50_001),
        ] {
            let found = of(spec, 2, last);
            assert_eq!(
                (found.rule.as_str(), found.zeros.len(), found.is_proved()),
                (rule, zeros, true),
                "{spec}"
            );
        }
        let refused = null_space(&"expr:exp(-theta)".parse().unwrap(), Dimension::SPHERE, last).unwrap_err();
        assert!(refused.to_string().contains("at most 100000"), "{refused}");
    }

    #[test]
    fn what_cannot_be_proved_is_undecided() {
        assert!(!of("expr:abs(t - 1/3)", 2, 6).is_proved());
    }
}
