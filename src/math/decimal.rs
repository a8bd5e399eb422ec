//! Numbers into decimal text, each with a bound on how far the text is from the number.

use super::{ball::Ball, units::Digits};
use rug::{Float, Integer, Rational, float::Round, ops::Pow};

/// Exponents `e` of `0.d1d2... * 10^e` that are written without an `e`.
const PLAIN: std::ops::RangeInclusive<i64> = -3..=21;
/// More than the error of a logarithm of such an exponent in f64.
const LOG_ERROR: f64 = 1e-6;
/// Bits of an error bound.
const BOUND_BITS: u32 = 32;

/// A decimal number and an upper bound on its distance from the number it stands for.
#[derive(Clone, Debug)]
pub struct Decimal {
    /// The digits, such as `0.15625` or `7.2e-30`.
    pub text: String,
    /// At least `|number - text|`; zero when the text is exact.
    pub error: Float,
}

/// The rational `value` correctly rounded to `digits` significant digits; trailing zeros are cut when it is exact.
pub fn of_rational(value: &Rational, digits: Digits) -> Decimal {
    if value.is_zero() {
        return Decimal { text: "0".into(), error: Float::new(BOUND_BITS) };
    }
    let digits = i64::from(digits.get());
    let magnitude = Rational::from(value.abs_ref());
    let mut exponent = decimal_exponent(&magnitude);
    let mut scaled = scale(&magnitude, digits - exponent);
    let limit = Integer::from(Integer::u_pow_u(10, digits as u32));
    if scaled >= limit {
        exponent += 1;
        scaled = scale(&magnitude, digits - exponent);
    } else if scaled < Rational::from(&limit / 10u32) {
        exponent -= 1;
        scaled = scale(&magnitude, digits - exponent);
    }
    let exact = scaled.is_integer();
    let mut rounded = Integer::from(scaled.round_ref());
    if rounded == limit {
        rounded /= 10;
        exponent += 1;
    }
    let mut text = rounded.to_string();
    if exact {
        text.truncate(text.trim_end_matches('0').len().max(1));
    }
    let error = if exact { Float::new(BOUND_BITS) } else { half_unit(exponent - digits) };
    Decimal { text: layout(*value < 0, &text, exponent), error }
}

/// The midpoint of `ball` to at most `digits` significant digits, and to no more than its radius justifies.
///
/// A ball that contains zero gives `0` with the largest magnitude as its error.
pub fn of_ball(ball: &Ball, digits: Digits) -> Decimal {
    if ball.contains_zero() {
        return Decimal { text: "0".into(), error: ball.magnitude() };
    }
    let justified = known_digits(ball).clamp(1, i64::from(digits.get())) as usize;
    let (negative, text, exponent) =
        ball.midpoint().to_sign_string_exp_round(10, Some(justified), Round::Nearest);
    let exponent = i64::from(exponent.unwrap_or(0));
    let mut error = half_unit(exponent - justified as i64);
    rug::ops::AddAssignRound::add_assign_round(&mut error, &ball.radius(), Round::Up);
    Decimal { text: layout(negative, &text, exponent), error }
}

/// How many significant digits the ball holds: `floor(log10(|midpoint| / radius))`, at most `i32::MAX`.
pub fn known_digits(ball: &Ball) -> i64 {
    if ball.contains_zero() {
        return 0;
    }
    if ball.radius().is_zero() {
        return i64::from(i32::MAX);
    }
    let ratio = Float::with_val_round(BOUND_BITS, ball.midpoint() / &ball.radius(), Round::Zero).0.abs();
    let (mantissa, exponent) = ratio.to_f64_exp();
    let log = mantissa.log10() + f64::from(exponent) * std::f64::consts::LOG10_2;
    (log - LOG_ERROR).floor() as i64
}

/// An upper bound as text with three digits, rounded up; `0` for zero and `inf` when there is none.
pub fn of_bound(bound: &Float) -> String {
    if bound.is_zero() {
        return "0".into();
    }
    if !bound.is_finite() {
        return "inf".into();
    }
    let (_, text, exponent) = bound.to_sign_string_exp_round(10, Some(3), Round::Up);
    let text = text.trim_end_matches('0');
    layout(false, text, i64::from(exponent.unwrap_or(0)))
}

/// A guess of `e` with `value` in `[10^(e-1), 10^e)`, wrong by one at most.
fn decimal_exponent(value: &Rational) -> i64 {
    let (mantissa, exponent) = Float::with_val(53, value).to_f64_exp();
    let log = mantissa.log10() + exponent as f64 * std::f64::consts::LOG10_2;
    log.floor() as i64 + 1
}

fn scale(value: &Rational, power: i64) -> Rational {
    let factor = Integer::from(10).pow(power.unsigned_abs() as u32);
    if power >= 0 { Rational::from(value * factor) } else { Rational::from(value / factor) }
}

/// `10^exponent / 2`, rounded up.
fn half_unit(exponent: i64) -> Float {
    let text = format!("5e{}", exponent - 1);
    Float::parse(text).map_or_else(
        |_| Float::with_val(BOUND_BITS, rug::float::Special::Infinity),
        |parsed| Float::with_val_round(BOUND_BITS, parsed, Round::Up).0,
    )
}

/// Writes `0.digits * 10^exponent`.
fn layout(negative: bool, digits: &str, exponent: i64) -> String {
    let sign = if negative { "-" } else { "" };
    let count = digits.len() as i64;
    if !PLAIN.contains(&exponent) {
        let (head, tail) = digits.split_at(1);
        let dot = if tail.is_empty() { "" } else { "." };
        return format!("{sign}{head}{dot}{tail}e{}", exponent - 1);
    }
    if exponent <= 0 {
        return format!("{sign}0.{}{digits}", "0".repeat(exponent.unsigned_abs() as usize));
    }
    if exponent >= count {
        return format!("{sign}{digits}{}", "0".repeat((exponent - count) as usize));
    }
    let (head, tail) = digits.split_at(exponent as usize);
    format!("{sign}{head}.{tail}")
}

/// An estimate in `digits` significant digits.
pub fn rounded(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".into();
    }
    if !(1e-3..1e6).contains(&value.abs()) {
        return format!("{value:.*e}", digits.saturating_sub(1));
    }
    let decimals = digits as f64 - 1.0 - value.abs().log10().floor();
    format!("{value:.*}", decimals.max(0.0) as usize)
}

/// An estimate in six significant digits, as in captions.
pub fn shown(value: f64) -> String {
    rounded(value, 6)
}

/// An estimate in four significant digits, as in tables.
pub fn short(value: f64) -> String {
    rounded(value, 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(n: i64, d: i64, digits: u32) -> (String, bool) {
        let Decimal { text, error } = of_rational(&Rational::from((n, d)), Digits::new(digits).unwrap());
        (text, error.is_zero())
    }

    #[test]
    fn exact_decimals_are_cut_and_others_rounded() {
        assert_eq!(decimal(5, 32, 20), ("0.15625".into(), true));
        assert_eq!(decimal(-1, 3, 5), ("-0.33333".into(), false));
        assert_eq!(decimal(2, 3, 5), ("0.66667".into(), false));
        assert_eq!(decimal(999_999, 1000, 4), ("1000".into(), false));
        assert_eq!(decimal(1200, 1, 20), ("1200".into(), true));
        assert_eq!(decimal(1, 1 << 40, 3), ("9.09e-13".into(), false));
        assert_eq!(decimal(1, 10_000, 3), ("0.0001".into(), true));
    }

    #[test]
    fn the_error_covers_the_distance() {
        let value = Rational::from((7, 6144));
        let Decimal { text, error } = of_rational(&value, Digits::new(8).unwrap());
        let printed = Float::with_val(200, Float::parse(&text).unwrap()).to_rational().unwrap();
        assert!((printed - value).abs() <= error.to_rational().unwrap());
    }

    #[test]
    fn a_ball_prints_no_more_than_it_knows() {
        let ball = Ball::new(Float::with_val(100, 1) / 3u32, &Float::with_val(32, 1e-6));
        assert_eq!(of_ball(&ball, Digits::new(30).unwrap()).text, "0.33333");
        let unknown = Ball::new(Float::with_val(100, 1e-9), &Float::with_val(32, 1e-6));
        assert_eq!(of_ball(&unknown, Digits::new(30).unwrap()).text, "0");
    }

    #[test]
    fn bounds_round_up() {
        assert_eq!(of_bound(&Float::with_val(32, 1.2345e-30)), "1.24e-30");
        assert_eq!(of_bound(&Float::new(32)), "0");
    }

    #[test]
    fn six_digits_are_shown() {
        let texts = [0.0, 1.0, 123456.7, 0.015625, 1e-7, -2.5].map(shown);
        assert_eq!(texts, ["0", "1.00000", "123457", "0.0156250", "1.00000e-7", "-2.50000"]);
    }
}
