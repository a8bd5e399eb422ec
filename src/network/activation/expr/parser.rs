//! Text into a formula in `u`.

use super::formula::{Affine, FUNCTIONS, Formula, Function};
use crate::math::number;
use rug::Rational;

/// The longest formula in characters, and the deepest nesting: both keep the recursion below any stack.
const LONGEST: usize = 1000;
const DEEPEST: u32 = 32;
/// The largest exponent.
const LARGEST_POWER: u32 = 32;
/// Sizes of numbers: beyond, products leave the range of machine numbers, in which bounds are made.
const SIZES: std::ops::RangeInclusive<f64> = 1e-30..=1e30;

/// Functions that are not analytic, and what to write in their place.
const KINKS: [(&str, &str); 8] = [
    ("abs", "the layer abs"),
    ("relu", "the layer relu"),
    ("max", "the layer relu"),
    ("min", "the layer relu"),
    ("sign", "the layer sign"),
    ("step", "the layer step"),
    ("elu", "the layer elu"),
    ("selu", "the layer selu"),
];

/// What was found, and what would be right.
type Refusal = (String, String);
type Parsed = Result<Formula, Refusal>;

/// The formula that `text` writes.
///
/// # Errors
/// What was found, and what would be right.
pub fn parse(text: &str) -> Parsed {
    let formula = read(text)?;
    if read(&formula.to_string()).is_ok_and(|again| again == formula) {
        return Ok(formula);
    }
    Err((text.trim().to_owned(), "a formula whose numbers, worked out, have at most 30 digits".into()))
}

fn read(text: &str) -> Parsed {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() > LONGEST {
        let found = format!("{} characters", characters.len());
        return Err((found, format!("a formula of at most {LONGEST} characters")));
    }
    let mut reader = Reader { characters: &characters, at: 0, depth: 0 };
    let formula = reader.sum()?;
    match reader.peek() {
        None => Ok(formula),
        Some(_) => Err(reader.unexpected("an operator, or the end of the formula")),
    }
}

struct Reader<'a> {
    characters: &'a [char],
    at: usize,
    depth: u32,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        while self.characters.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.characters.get(self.at).copied()
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn run(&mut self, accept: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.characters.get(self.at).copied().is_some_and(&accept) {
            self.at += 1;
        }
        self.characters[start..self.at].iter().collect()
    }

    fn unexpected(&mut self, expected: &str) -> Refusal {
        let found = self.peek().map_or("the end".to_owned(), String::from);
        self.refuse(self.at, found, expected)
    }

    fn refuse(&self, at: usize, found: impl Into<String>, expected: &str) -> Refusal {
        (found.into(), format!("{expected}, at character {} of the formula", at + 1))
    }

    /// What `read` makes of the text one level further in.
    fn deeper<X>(&mut self, read: impl FnOnce(&mut Self) -> Result<X, Refusal>) -> Result<X, Refusal> {
        if self.depth >= DEEPEST {
            let expected = format!("at most {DEEPEST} levels of nesting");
            return Err(self.refuse(self.at, "more", &expected));
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    fn sum(&mut self) -> Parsed {
        let mut all = self.product()?;
        loop {
            if self.take('+') {
                all = all.plus(self.product()?);
            } else if self.take('-') {
                all = all.plus(self.product()?.negative());
            } else {
                return Ok(all);
            }
        }
    }

    fn product(&mut self) -> Parsed {
        let mut all = self.signed()?;
        loop {
            if self.take('*') {
                all = all.times(self.signed()?);
            } else if self.take('/') {
                self.peek();
                let start = self.at;
                let below = self.signed()?;
                all = all.times(self.inverse(start, &below)?);
            } else {
                return Ok(all);
            }
        }
    }

    fn signed(&mut self) -> Parsed {
        if self.take('-') {
            return Ok(self.deeper(Self::signed)?.negative());
        }
        let base = self.atom()?;
        if !self.take('^') {
            return Ok(base);
        }
        self.peek();
        let start = self.at;
        let sign = if self.take('-') { "-" } else { "" };
        let text = format!("{sign}{}", self.run(|c| c.is_ascii_alphanumeric() || c == '.'));
        match text.parse::<u32>() {
            Ok(n) if n <= LARGEST_POWER => Ok(base.power(n)),
            _ => {
                let text =
                    if text.is_empty() { self.peek().map(String::from).unwrap_or_default() } else { text };
                let whole = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
                let why = if whole {
                    "powers of more degrees are not expanded"
                } else {
                    "other powers have kinks or poles"
                };
                let expected = format!("a whole exponent from 0 to {LARGEST_POWER}: {why}");
                Err(self.refuse(start, text, &expected))
            }
        }
    }

    fn atom(&mut self) -> Parsed {
        let Some(c) = self.peek() else { return Err(self.unexpected("u, a number or a function")) };
        let start = self.at;
        if self.take('(') {
            let inside = self.deeper(Self::sum)?;
            return if self.take(')') { Ok(inside) } else { Err(self.unexpected("a closing bracket")) };
        }
        if c.is_ascii_digit() || c == '.' {
            let text = self.number();
            let value =
                number::parse(&text).filter(|value| value.is_zero() || SIZES.contains(&value.to_f64().abs()));
            let expected = format!("a number of a size between {:e} and {:e}", SIZES.start(), SIZES.end());
            return value.map(Formula::Number).ok_or_else(|| self.refuse(start, text, &expected));
        }
        let name = self.run(|c| c.is_ascii_alphanumeric() || c == '_');
        if name == "u" {
            return Ok(Formula::Variable);
        }
        if let Some((_, instead)) = KINKS.iter().find(|(known, _)| *known == name) {
            let expected =
                format!("a function that is analytic around the real line; a kink has a layer: {instead}");
            return Err(self.refuse(start, name, &expected));
        }
        let Some((_, function)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
            self.at = start;
            let found = if name.is_empty() { c.to_string() } else { name };
            let names = FUNCTIONS.map(|(known, _)| known).join(", ");
            return Err(self.refuse(start, found, &format!("u, a number, or one of the functions {names}")));
        };
        if !self.take('(') {
            return Err(self.unexpected(&format!("an argument of {name} in brackets")));
        }
        let argument = self.deeper(Self::sum)?;
        if !self.take(')') {
            return Err(self.unexpected("a closing bracket"));
        }
        self.called(start, *function, &argument)
    }

    /// A decimal, with its exponent.
    fn number(&mut self) -> String {
        let mut text = self.run(|c| c.is_ascii_digit() || c == '.');
        let rest = &self.characters[self.at..];
        let signed = usize::from(matches!(rest.get(1), Some('-' | '+')));
        if matches!(rest.first(), Some('e' | 'E')) && rest.get(1 + signed).is_some_and(char::is_ascii_digit) {
            text.extend(&rest[..=signed]);
            self.at += 1 + signed;
            text += &self.run(|c| c.is_ascii_digit());
        }
        text
    }

    fn called(&self, start: usize, function: Function, argument: &Formula) -> Parsed {
        let coefficients = argument.polynomial().filter(|all| all.len() <= 2);
        if let (Function::Exp, Some([constant, linear, square])) =
            (function, argument.polynomial().as_deref().filter(|all| all.len() == 3))
            && *square < 0
        {
            let [square, linear, constant] = [square, linear, constant].map(Rational::clone);
            return Ok(Formula::Bell { square, linear, constant });
        }
        let Some(coefficients) = coefficients else {
            let expected =
                "an argument a u + b of the function, or of exp a quadratic one that falls on both sides";
            return Err(self.refuse(start, argument.to_string(), expected));
        };
        let at = |i: usize| coefficients.get(i).cloned().unwrap_or_default();
        let argument = Affine { slope: at(1), shift: at(0) };
        if argument.slope.is_zero() {
            let expected =
                "an argument of the function that depends on u; other constants are written as numbers";
            return Err(self.refuse(start, argument.shift.to_string(), expected));
        }
        Ok(Formula::Call(function, argument))
    }

    /// `1/below` for a number or a quadratic polynomial without real zeros.
    fn inverse(&self, start: usize, below: &Formula) -> Parsed {
        let refused = || {
            let expected = "a quotient by a number, or by a quadratic polynomial without real zeros";
            self.refuse(start, below.to_string(), expected)
        };
        let coefficients = below.polynomial().ok_or_else(refused)?;
        match &coefficients[..] {
            [number] if !number.is_zero() => Ok(Formula::Number(number.clone().recip())),
            [constant, linear, square] => {
                // square ((u + shift)^2 + c)
                let shift = Rational::from(linear / square) / 2u32;
                let c = Rational::from(constant / square) - Rational::from(shift.square_ref());
                if c <= 0 {
                    return Err(refused());
                }
                Ok(Formula::Number(square.clone().recip()).times(Formula::Bump { c, shift }))
            }
            _ => Err(refused()),
        }
    }
}
