//! Ranges and tick marks of an axis.

use super::plot::{Axis, Scale};

/// An axis with the range it shows and its marks.
#[derive(Clone, Debug)]
pub struct Ruler {
    scale: Scale,
    /// Are there marks at whole numbers alone?
    whole: bool,
    low: f64,
    high: f64,
    /// Marks with a label: the value and its text.
    pub major: Vec<(f64, String)>,
    /// Marks without.
    pub minor: Vec<f64>,
}

/// About how many labels an axis has room for.
const LABELS: f64 = 7.0;
/// The share of the range left free beyond the outermost values.
const MARGIN: f64 = 0.04;
/// The least range shown: in decades, and relative to the values.
const LEAST_DECADES: f64 = 0.6;
const LEAST_SPREAD: f64 = 1e-9;
/// Labels of decades, which are short.
const DECADES: f64 = 9.0;
/// Decades up to which each is divided into nine.
const DIVIDED_DECADES: i32 = 6;
/// Decades up to which every whole number of a logarithmic axis has a label, as far as it is a multiple of its power of ten.
const LABELLED: f64 = 1.1;
/// The multiples of a power of ten in a decade.
const ALL: &[u32] = &[1, 2, 3, 4, 5, 6, 7, 8, 9];

impl Ruler {
    /// A ruler for an axis that shows `values`, all of which it can show; `None` when there are none.
    pub fn new(axis: &Axis, values: impl Iterator<Item = f64>) -> Option<Self> {
        let log = axis.scale == Scale::Log;
        let place = |v: f64| if log { v.log10() } else { v };
        let (low, high) =
            values.map(place).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        if low > high {
            return None;
        }
        let spread = high - low;
        let least = match axis.scale {
            Scale::Log => LEAST_DECADES,
            Scale::Linear if axis.whole => 1.0,
            Scale::Linear => LEAST_SPREAD * low.abs().max(high.abs()).max(f64::MIN_POSITIVE),
        };
        let room = MARGIN * spread + 0.5 * (least - spread).max(0.0);
        let (low, high) = (low - room, high + room);
        let (scale, whole) = (axis.scale, axis.whole);
        let mut ruler = Self { scale, whole, low, high, major: vec![], minor: vec![] };
        if log {
            ruler.mark_decades()
        } else {
            ruler.mark_steps()
        }
        Some(ruler)
    }

    /// Where a value lies, 0 at the low end and 1 at the high end.
    pub fn place(&self, value: f64) -> f64 {
        let v = if self.scale == Scale::Log { value.log10() } else { value };
        (v - self.low) / (self.high - self.low)
    }

    fn mark_steps(&mut self) {
        let rough = (self.high - self.low) / LABELS;
        let unit = 10f64.powf(rough.log10().floor());
        let step =
            [1.0, 2.0, 5.0, 10.0].map(|m| m * unit).into_iter().find(|s| *s >= rough).unwrap_or(10.0 * unit);
        let step = if self.whole { step.max(1.0) } else { step };
        let (first, last) = ((self.low / step).ceil() as i64, (self.high / step).floor() as i64);
        self.major = (first..=last).map(|i| i as f64 * step).map(|v| (v, label(v, step))).collect();
    }

    fn mark_decades(&mut self) {
        let (first, last) = (self.low.ceil() as i32, self.high.floor() as i32);
        let within =
            |v: f64| (self.low..=self.high).contains(&v.log10()) && !(self.whole && v.fract() != 0.0);
        let powers = |multiples: &[u32]| -> Vec<(f64, u32, i32)> {
            (first - 1..=last)
                .flat_map(|e| multiples.iter().map(move |m| (f64::from(*m) * 10f64.powi(e), *m, e)))
                .filter(|(v, _, _)| within(*v))
                .collect()
        };
        let decades = last - first + 1;
        let plain = self.low >= -3.0 && self.high <= 5.0;
        let text = |(value, multiple, exponent): (f64, u32, i32)| {
            let written = match (plain, multiple) {
                (true, _) => label(value, value),
                (false, 1) => format!("10^{{{}}}", minus(exponent)),
                (false, m) => format!("{m}\u{b7}10^{{{}}}", minus(exponent)),
            };
            (value, written)
        };
        let multiples: &[u32] = match decades {
            _ if self.whole && self.high - self.low <= LABELLED => ALL,
            ..=1 => &[1, 2, 3, 5],
            2 => &[1, 2, 5],
            _ => &[1],
        };
        let stride = (f64::from(decades) / DECADES).ceil().max(1.0) as i32;
        self.major =
            powers(multiples).into_iter().filter(|(_, _, e)| e.rem_euclid(stride) == 0).map(text).collect();
        let small: &[u32] = if decades <= DIVIDED_DECADES { ALL } else { &[1] };
        self.minor = powers(small).into_iter().map(|(v, _, _)| v).collect();
    }
}

/// `value` with as many decimals as `step` has.
fn label(value: f64, step: f64) -> String {
    if value != 0.0 && !(1e-4..1e7).contains(&value.abs()) {
        let text = format!("{value:.3e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.').replace('-', "\u{2212}");
        return format!("{mantissa}\u{b7}10^{{{}}}", minus(exponent.parse().unwrap_or(0)));
    }
    let decimals = (-(step.log10() + 1e-9).floor()).max(0.0) as usize;
    format!("{value:.decimals$}").replace('-', "\u{2212}")
}

/// A whole number with a true minus sign.
fn minus(n: i32) -> String {
    n.to_string().replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Axis, values: &[f64]) -> Vec<String> {
        let ruler = Ruler::new(&axis, values.iter().copied()).unwrap();
        ruler.major.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn marks_are_round_numbers() {
        assert_eq!(labels(Axis::linear(""), &[0.0, 1.0]), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(
            labels(Axis::linear(""), &[-30.0, 30.0]),
            ["\u{2212}30", "\u{2212}20", "\u{2212}10", "0", "10", "20", "30"]
        );
        assert_eq!(labels(Axis::log(""), &[1.0, 1000.0]), ["1", "10", "100", "1000"]);
        assert_eq!(
            labels(Axis::log(""), &[1e-9, 1e-6]),
            ["10^{\u{2212}9}", "10^{\u{2212}8}", "10^{\u{2212}7}", "10^{\u{2212}6}"]
        );
        assert_eq!(labels(Axis::log(""), &[2.0, 9.0]), ["2", "3", "5"]);
    }

    #[test]
    fn degrees_have_marks_at_whole_numbers_alone() {
        for (axis, values, marks) in [
            (Axis::linear(""), &[0.0, 3.0][..], &["0", "1", "2", "3"][..]),
            (Axis::linear(""), &[3.0], &["3"]),
            (Axis::log(""), &[2.0, 4.0], &["2", "3", "4", "5"]),
            (Axis::log(""), &[1.0], &["1"]),
            (Axis::log(""), &[1.0, 9.0], &["1", "2", "3", "4", "5", "6", "7", "8", "9"]),
        ] {
            assert_eq!(labels(axis.whole(), values), marks);
        }
        assert!(labels(Axis::linear(""), &[0.0, 3.0]).contains(&"0.5".to_owned()));
    }

    #[test]
    fn every_axis_has_marks_and_holds_its_values() {
        for values in
            [&[1.0][..], &[0.0], &[1e-300, 1e300], &[5.0, 5.0000001], &[1e-12, 3e-12], &[70.0, 80.0]]
        {
            for axis in [Axis::linear(""), Axis::log("")] {
                let shown: Vec<f64> = values.iter().copied().filter(|v| axis.shows(*v)).collect();
                let Some(ruler) = Ruler::new(&axis, shown.iter().copied()) else { continue };
                assert!(
                    !ruler.major.is_empty() && ruler.major.len() < 20,
                    "{axis:?} {values:?} {:?}",
                    ruler.major
                );
                assert!(shown.iter().all(|v| (0.0..=1.0).contains(&ruler.place(*v))), "{axis:?} {values:?}");
            }
        }
    }
}
