//! Exact parameters from text and back: decimals and fractions.

use rug::{Integer, Rational, ops::Pow};

/// The longest number accepted, in characters, and the largest decimal exponent.
const LONGEST: usize = 200;
const LARGEST_EXPONENT: i32 = 400;

/// The rational that `text` writes: a decimal such as `-0.25` or `1e-3`, or a fraction of two of them; `None` for
/// anything else, a zero denominator included.
pub fn parse(text: &str) -> Option<Rational> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    match text.split_once('/') {
        None => decimal(text),
        Some((numerator, denominator)) => {
            let below = decimal(denominator.trim())?;
            (!below.is_zero()).then_some(())?;
            Some(decimal(numerator.trim())? / below)
        }
    }
}

/// The most decimals that [`text`] writes before it writes a fraction.
const MOST_DECIMALS: u32 = 12;

/// `value` as the shortest decimal where it is one of at most twelve decimals, else as a fraction; [`parse`] reads it back.
pub fn text(value: &Rational) -> String {
    let mut scaled = value.clone();
    for decimals in 0..=MOST_DECIMALS {
        if scaled.is_integer() {
            let digits = format!("{:0>width$}", scaled.numer().clone().abs(), width = decimals as usize + 1);
            let (whole, fraction) = digits.split_at(digits.len() - decimals as usize);
            let sign = if *value < 0 { "-" } else { "" };
            return if fraction.is_empty() {
                format!("{sign}{whole}")
            } else {
                format!("{sign}{whole}.{fraction}")
            };
        }
        scaled *= 10;
    }
    value.to_string()
}

fn decimal(text: &str) -> Option<Rational> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all: String = [whole, fraction].concat();
    if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) || exponent.abs() > LARGEST_EXPONENT {
        return None;
    }
    let value = Rational::from(all.parse::<Integer>().ok()?);
    let power = exponent - i32::try_from(fraction.len()).ok()?;
    let scale = Integer::from(10).pow(power.unsigned_abs());
    let value = if power >= 0 { value * scale } else { value / scale };
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_short() {
        let written = ["0", "-3", "0.1", "-0.05", "1/3", "2.5", "1000", "0.000000000001"];
        for number in written {
            assert_eq!(text(&parse(number).unwrap()), number);
        }
        assert_eq!(text(&parse("1e-13").unwrap()), "1/10000000000000");
    }

    #[test]
    fn decimals_and_fractions_are_exact() {
        let q = |n: i32, d: i32| Some(Rational::from((n, d)));
        assert_eq!(parse("0.25"), q(1, 4));
        assert_eq!(parse("-1e-2"), q(-1, 100));
        assert_eq!(parse("1/3"), q(1, 3));
        assert_eq!(parse("1.5/0.5"), q(3, 1));
        assert_eq!(parse(".5"), q(1, 2));
        for wrong in ["", ".", "1/0", "nan", "inf", "1e", "0x10", "1e999999999", "--1", "1_0", "½"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
