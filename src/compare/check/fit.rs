//! Do given numbers agree with right ones, and to which precision?
//!
//! Nobody says how a list was computed, so its precision is read off the list: the finest of [`PRECISIONS`] that more than twice as many values
//! keep as break. Against it a value is right if its relative error is below the precision, if it differs by less than half a unit of its last
//! written digit, or if its error is below the noise that such arithmetic leaves: the precision over `NOISE` of the largest value, and no more
//! than `ALIKE` times the median error, since noise is of one size. A single wrong value among right ones is therefore wrong, and does not lower
//! the precision of the others.

use rug::Float;

/// A number as it was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The number.
    pub value: Float,
    /// Half a unit of its last digit, in which its writer may have rounded.
    pub half_unit: Float,
}

/// Relative errors up to which values count as right, from the finest: rounding of doubles with what a sum of many terms adds, quadratures that
/// stop earlier, single precision, and sums in it.
pub const PRECISIONS: [f64; 4] = [1e-11, 1e-9, 1e-6, 1e-5];
/// Noise is below this share of a precision.
const NOISE: f64 = 100.0;
/// Noise is within this of the median error.
const ALIKE: f64 = 1000.0;
/// From this relative error on, a right value has lost its digits to noise.
const LOST: f64 = 1e-3;
/// Written digits beyond which a half unit is not looked at: the precision decides.
const ALLOWANCE: f64 = 1.000_001;

/// What is found of one value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// The digits that agree, `-log10` of the relative error, at most those written; `None` where the right value is 0.
    pub digits: Option<f64>,
    /// Does the value agree, to the precision of the list?
    pub right: bool,
    /// Does it agree only because noise of this size is to be expected?
    pub lost: bool,
}

/// How a list agrees.
#[derive(Clone, Debug)]
pub struct Fit {
    /// One entry a value.
    pub agreement: Vec<Agreement>,
    /// The relative precision of the list.
    pub precision: f64,
}

impl Fit {
    /// Compares `given` with `right`, value by value.
    pub fn of(given: &[Written], right: &[Float]) -> Self {
        let errors: Vec<Error> =
            given.iter().zip(right).map(|(given, right)| Error::of(given, right)).collect();
        let scale = right.iter().fold(Float::new(53), |most, x| most.max(&Float::with_val(53, x.abs_ref())));
        let mut sizes: Vec<&Float> = errors.iter().map(|error| &error.absolute).collect();
        sizes.sort_by(|a, b| a.total_cmp(b));
        let usual =
            sizes.get(sizes.len() / 2).map_or(Float::new(53), |median| Float::with_val(53, *median * ALIKE));
        let judged = |precision: f64| {
            let noise = Float::with_val(53, &scale * (precision / NOISE)).min(&usual);
            errors.iter().map(|error| error.judged(precision, &noise)).collect::<Vec<_>>()
        };
        for precision in PRECISIONS {
            let close = errors.iter().filter(|error| error.is_close(precision)).count();
            let agreement = judged(precision);
            if close > 2 * agreement.iter().filter(|one| !one.right).count() {
                return Self { agreement, precision };
            }
        }
        Self { agreement: judged(PRECISIONS[0]), precision: PRECISIONS[0] }
    }

    /// Are all values right?
    pub fn is_right(&self) -> bool {
        self.agreement.iter().all(|one| one.right)
    }

    /// How many values are right.
    pub fn rights(&self) -> usize {
        self.agreement.iter().filter(|one| one.right).count()
    }

    /// The first value that is not right.
    pub fn first_wrong(&self) -> Option<usize> {
        self.agreement.iter().position(|one| !one.right)
    }

    /// The first value that is lost in noise.
    pub fn noise_from(&self) -> Option<usize> {
        self.agreement.iter().position(|one| one.lost)
    }

    /// The digits in which right values agree with right ones that are not 0, summed: what chance would have to explain.
    pub fn evidence(&self) -> f64 {
        self.agreement.iter().filter(|one| one.right && !one.lost).filter_map(|one| one.digits).sum()
    }
}

/// The error of one value.
struct Error {
    /// `|given - right|`.
    absolute: Float,
    /// Over `|right|`, where that is not 0.
    relative: Option<f64>,
    half_unit: Float,
    /// The digits that were written.
    written: f64,
}

impl Error {
    fn of(given: &Written, right: &Float) -> Self {
        let bits = given.value.prec().max(right.prec());
        let absolute = Float::with_val(bits, &given.value - right).abs();
        let size = Float::with_val(53, right.abs_ref());
        let relative = (!size.is_zero()).then(|| Float::with_val(53, &absolute / &size).to_f64());
        let written = Float::with_val(53, &given.half_unit / &given.value).abs();
        let written = if written.is_zero() { f64::INFINITY } else { -written.log10().to_f64() };
        Self { absolute, relative, half_unit: given.half_unit.clone(), written }
    }

    /// Is the value right in its own digits, noise apart?
    fn is_close(&self, precision: f64) -> bool {
        self.relative.is_some_and(|relative| relative <= precision)
            || self.absolute <= Float::with_val(53, &self.half_unit * ALLOWANCE)
    }

    fn judged(&self, precision: f64, noise: &Float) -> Agreement {
        let close = self.is_close(precision);
        let noise = self.absolute <= *noise;
        let digits = self.relative.map(|relative| (-relative.log10()).min(self.written).max(0.0));
        Agreement {
            digits,
            right: close || noise,
            lost: !close && noise && self.relative.is_some_and(|relative| relative > LOST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(given: &[f64], right: &[f64]) -> Fit {
        let number = |x: f64| Float::with_val(100, x);
        let written =
            |x: &f64| Written { value: number(*x), half_unit: number(x.abs() * f64::EPSILON / 2.0) };
        let given: Vec<Written> = given.iter().map(written).collect();
        Fit::of(&given, &right.iter().map(|x| number(*x)).collect::<Vec<_>>())
    }

    fn falling(n: i32) -> Vec<f64> {
        (0..n).map(|k| 0.7 * f64::from(k + 1).powi(-11)).collect()
    }

    #[test]
    fn rounding_is_right_and_one_wrong_value_is_not() {
        let right = falling(20);
        let rounded: Vec<f64> = right.iter().map(|x| x * (1.0 + 3e-16)).collect();
        assert!(fit(&rounded, &right).is_right());
        for (at, factor) in [(0, 1.001), (7, 0.999), (13, 1.0 + 1e-8), (2, -1.0)] {
            let mut wrong = rounded.clone();
            wrong[at] *= factor;
            let found = fit(&wrong, &right);
            assert_eq!((found.first_wrong(), found.rights()), (Some(at), 19), "{at}");
        }
        let single: Vec<f64> = right.iter().map(|x| f64::from((*x * 1.000_000_1) as f32)).collect();
        let found = fit(&single, &right);
        assert!(found.is_right() && found.precision > 1e-8, "{}", found.precision);
        let mut wrong = single;
        wrong[4] *= 1.001;
        assert_eq!(fit(&wrong, &right).first_wrong(), Some(4));
    }

    #[test]
    fn noise_is_told_from_a_wrong_formula() {
        let right = falling(40);
        let noisy: Vec<f64> = right.iter().enumerate().map(|(k, x)| x + 2e-16 * (k as f64).sin()).collect();
        let found = fit(&noisy, &right);
        let from = found.noise_from().unwrap();
        assert!(found.is_right() && (12..35).contains(&from), "{from}");
        assert!(fit(&right, &right).noise_from().is_none());
        // The same values off by one per cent where doubles still hold them: no noise.
        let off: Vec<f64> =
            right.iter().enumerate().map(|(k, x)| if k > 3 { x * 1.01 } else { *x }).collect();
        assert_eq!(fit(&off, &right).first_wrong(), Some(4));
    }

    #[test]
    fn a_value_is_right_to_the_digits_written() {
        let written = |text: f64, unit: f64| Written {
            value: Float::with_val(80, text),
            half_unit: Float::with_val(80, unit),
        };
        let right = [Float::with_val(80, 0.072_916_66), Float::with_val(80, 0.156_25)];
        let found = Fit::of(&[written(0.0729, 5e-5), written(0.156, 5e-4)], &right);
        assert!(found.is_right());
        assert!(found.agreement[0].digits.unwrap() < 3.5);
        assert!(!Fit::of(&[written(0.0728, 5e-5), written(0.156, 5e-4)], &right).is_right());
        // Rounded the wrong way: off by 1.7 half units, so that no writer who rounds means it.
        let up = Fit::of(&[written(0.0730, 5e-5), written(0.156, 5e-4)], &right);
        assert_eq!((up.is_right(), up.first_wrong()), (false, Some(0)));
    }

    /// The finest precision is that of most values: one that is exact by chance does not raise the bar for all others.
    #[test]
    fn one_exact_value_does_not_make_the_others_wrong() {
        let mut right = falling(20);
        right[3] = 0.375;
        let single: Vec<f64> = right.iter().map(|x| f64::from((*x * 1.000_000_1) as f32)).collect();
        let mut given = single;
        given[3] = 0.375;
        let found = fit(&given, &right);
        assert!(found.is_right() && found.precision > 1e-8, "{}", found.precision);
        // Nor does one value that is wrong lower it for the rest.
        let mut doubles: Vec<f64> = right.iter().map(|x| x * (1.0 + 2e-16)).collect();
        doubles[5] *= 1.0 + 3e-7;
        let found = fit(&doubles, &right);
        assert_eq!((found.precision, found.first_wrong()), (PRECISIONS[0], Some(5)));
    }

    /// A half in the last digit may be rounded either way.
    #[test]
    fn halves_are_right_up_and_down() {
        let right = [Float::with_val(80, 0.0625)];
        for text in ["0.062", "0.063"] {
            let value = Float::with_val(80, Float::parse(text).unwrap());
            let written = Written { value, half_unit: Float::with_val(80, Float::parse("0.0005").unwrap()) };
            assert!(Fit::of(&[written], &right).is_right(), "{text}");
        }
    }
}
