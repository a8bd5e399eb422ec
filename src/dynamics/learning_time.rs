//! Steps of gradient descent until a degree is learned.

/// Steps of full-batch gradient descent until a component of rate `eta n lambda_k` is left with the fraction `delta` of its
/// start: `log(delta) / log|1 - rate|`, real-valued, at least 0.
///
/// `None` when it never gets there: a rate of 0 (the degree is in the null space) or of 2 and more (the step is not stable).
/// `rate >= 0`, `0 < delta < 1`. Source: theory.md, section 5.
pub fn steps(rate: f64, delta: f64) -> Option<f64> {
    if rate <= 0.0 || rate >= 2.0 {
        return None;
    }
    let decay = if rate < 1.0 { (-rate).ln_1p() } else { (rate - 1.0).ln() };
    Some(delta.ln() / decay)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of steps against the recursion itself.
    #[test]
    fn a_component_is_left_with_delta_after_the_steps() {
        for (rate, delta) in [(0.5, 0.05), (1e-3, 0.05), (1.7, 0.2), (0.03, 1e-6)] {
            let found = steps(rate, delta).unwrap().ceil() as u32;
            let (mut left, mut count) = (1.0_f64, 0);
            while left.abs() > delta {
                left *= 1.0 - rate;
                count += 1;
            }
            assert_eq!(found, count, "{rate} {delta}");
        }
        assert_eq!(steps(1.0, 0.05), Some(0.0));
    }

    #[test]
    fn null_space_and_unstable_steps_never_arrive() {
        assert_eq!([0.0, 2.0, 2.5].map(|rate| steps(rate, 0.05)), [None; 3]);
        let slow = steps(1e-18, 0.05).unwrap();
        assert!((slow / 2.995732273553991e18 - 1.0).abs() < 1e-12);
    }
}
