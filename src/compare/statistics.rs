//! Confidence intervals of means.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// A confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// Is `x` inside?
    pub fn contains(&self, x: f64) -> bool {
        self.low <= x && x <= self.high
    }

    /// The interval, `by` wider on either side.
    #[must_use]
    pub fn widened(self, by: f64) -> Self {
        Self { low: self.low - by, high: self.high + by }
    }

    /// The interval, reaching at least `half` to either side of its middle: no figure is known better than rounding allows.
    #[must_use]
    pub fn at_least(self, half: f64) -> Self {
        self.widened((half - 0.5 * (self.high - self.low)).max(0.0))
    }
}

/// The mean and the standard deviation (with `n - 1`) of two or more values.
pub fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    (mean, if values.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 })
}

/// Student's interval for the mean at this confidence; `None` for fewer than two values, whose spread nobody knows.
pub fn student(values: &[f64], confidence: f64) -> Option<Interval> {
    let n = values.len();
    let law = StudentsT::new(0.0, 1.0, n.checked_sub(1)? as f64).ok()?;
    let (mean, deviation) = mean_and_deviation(values);
    let half = law.inverse_cdf(0.5 + 0.5 * confidence) * deviation / (n as f64).sqrt();
    Some(Interval { low: mean - half, high: mean + half })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_widened_only_where_it_is_narrow() {
        let narrow = Interval { low: 1.0, high: 3.0 };
        let Interval { low, high } = narrow.at_least(2.5);
        assert_eq!((low, high), (-0.5, 4.5));
        let Interval { low, high } = narrow.at_least(0.5);
        assert_eq!((low, high), (1.0, 3.0));
    }
}
