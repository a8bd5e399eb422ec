//! Spans of time, as typed and as shown.

use crate::error::{Error, Result};

/// The units, longest first, with their seconds.
const UNITS: [(char, f64); 4] = [('d', 86_400.0), ('h', 3_600.0), ('m', 60.0), ('s', 1.0)];

/// The seconds in a span such as `90s`, `10m`, `1.5h` or `2d`.
///
/// # Errors
/// Names `field` when the text is not a positive number with one of these units.
pub fn seconds(field: &str, text: &str) -> Result<f64> {
    let trimmed = text.trim();
    let span = UNITS.iter().find_map(|(unit, scale)| {
        let number = trimmed.strip_suffix(*unit)?.parse::<f64>().ok()?;
        (number.is_finite() && number > 0.0).then_some(number * scale)
    });
    span.ok_or_else(|| Error::invalid(field, text, "a time with its unit, such as 90s, 10m, 1.5h or 2d"))
}

/// A span in its largest whole unit, with two or three digits.
pub fn shown(seconds: f64) -> String {
    if seconds < 1.0 {
        if seconds < 1e-6 {
            return "< 1 us".into();
        }
        let (unit, scale) = if seconds < 1e-3 { ("us", 1e6) } else { ("ms", 1e3) };
        return format!("{:.0} {unit}", seconds * scale);
    }
    if seconds > 1000.0 * 365.25 * 86_400.0 {
        return "> 1000 years".into();
    }
    let (unit, scale) = UNITS.into_iter().find(|(_, scale)| seconds >= *scale).unwrap_or(('s', 1.0));
    let value = seconds / scale;
    if value < 10.0 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_units() {
        assert_eq!(seconds("budget", "10m").unwrap(), 600.0);
        assert_eq!(seconds("budget", " 1.5h ").unwrap(), 5400.0);
        for wrong in ["", "10", "m", "-1s", "0s", "nans", "infd", "1 week", "10M"] {
            assert!(seconds("budget", wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            [1e-9, 3e-5, 0.01, 12.0, 90.0, 7200.0, 3e5, 1e12].map(shown),
            ["< 1 us", "30 us", "10 ms", "12 s", "1.5 m", "2.0 h", "3.5 d", "> 1000 years"]
        );
    }
}
