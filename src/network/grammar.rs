//! Text into a network.
//!
//! ```text
//! network   = layer { layer }                         in series; white space separates, and is optional around ( ) , = *
//! layer     = [ count "*" ] name [ "(" [ arguments ] ")" ] | count "*" "(" network ")"
//! arguments = argument { "," argument }
//! argument  = key "=" value | number | network | formula     networks in skip, sum, product; a formula in expr; numbers elsewhere
//! value     = number | word                           a number is a signed decimal or fraction, exact; a count is 1..10000
//! name, key, word = small letter { small letter | "-" }
//! ```
//!
//! Errors name the column, counted in characters from 1.

use super::{
    Layer, Network, Series,
    layers::{self, Argument, MOST_REPEATS, Value},
    rules::{self, DEEPEST, Fault},
    trained,
};
use crate::{
    error::{Error, Result},
    math::number,
};
use std::str::FromStr;

/// The longest text accepted, in characters.
const LONGEST: usize = 100_000;

impl FromStr for Network {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        parse(text, 0)
    }
}

/// The network that `text` describes; `before` characters stand before it, and are counted in columns.
///
/// # Errors
/// When the text is no network or breaks a rule: one line that names the column.
pub fn parse(text: &str, before: usize) -> Result<Network> {
    checked(text, before, &[rules::check])
}

/// The same network, if training moves its output.
///
/// # Errors
/// As [`parse`], and where nothing is trained: the layer that is to blame, and its column.
pub fn parse_trained(text: &str, before: usize) -> Result<Network> {
    checked(text, before, &[rules::check, trained::check])
}

/// A rule for whole networks.
type Rule = fn(&Series) -> Result<(), Fault>;

fn checked(text: &str, before: usize, rules: &[Rule]) -> Result<Network> {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() > LONGEST {
        let expected = format!("at most {LONGEST} characters");
        return Err(Error::invalid("network", format!("{} characters", characters.len()), expected));
    }
    let mut reader = Reader { characters: &characters, at: 0, before, depth: 0 };
    let (series, spots) = reader.series()?;
    if reader.at < characters.len() {
        return Err(reader.unexpected());
    }
    for rule in rules {
        rule(&series).map_err(|fault| fault.error(column(&spots, &fault.path)))?;
    }
    Ok(Network { series })
}

/// Where a layer stands, and what is in it.
struct Spot {
    column: usize,
    inside: Vec<Vec<Spot>>,
}

fn column(spots: &[Spot], path: &[usize]) -> Option<usize> {
    let (layer, rest) = path.split_first()?;
    let spot = spots.get(*layer)?;
    match rest.split_first() {
        None => Some(spot.column),
        Some((branch, rest)) => column(spot.inside.get(*branch)?, rest),
    }
}

/// A layer's name, its arguments, and where they stand.
type Called = (Layer, Vec<Vec<Spot>>);

struct Reader<'a> {
    characters: &'a [char],
    at: usize,
    before: usize,
    depth: usize,
}

impl Reader<'_> {
    fn column(&self, at: usize) -> usize {
        self.before + at + 1
    }

    fn error(&self, at: usize, value: &str, expected: impl Into<String>) -> Error {
        Error::invalid(format!("network, column {}", self.column(at)), value, expected)
    }

    /// What stands at the reader is not what should.
    fn unexpected(&self) -> Error {
        let rest = &self.characters[self.at.min(self.characters.len())..];
        match rest.first() {
            Some('(') => self.error(self.at, "(", "a count before a group, as in 3*(relu dense)"),
            Some(')') if self.depth == 0 => self.error(self.at, ")", "a bracket that was opened"),
            Some(')') => self.error(self.at, ")", "a layer before it, such as dense or relu"),
            Some(c) => self.error(self.at, &c.to_string(), "a layer, such as dense or relu"),
            None => self.error(self.at, "", "a layer, such as dense or relu"),
        }
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Takes `c`, and white space on both sides, if it comes next.
    fn take(&mut self, c: char) -> bool {
        let start = self.at;
        self.skip_space();
        if self.peek() == Some(c) {
            self.at += 1;
            self.skip_space();
            return true;
        }
        self.at = start;
        false
    }

    fn run(&mut self, accept: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&accept) {
            self.at += 1;
        }
        self.characters[start..self.at].iter().collect()
    }

    fn name(&mut self) -> String {
        self.run(|c| c.is_ascii_lowercase() || c == '-')
    }

    fn series(&mut self) -> Result<(Series, Vec<Spot>)> {
        let (mut layers, mut spots) = (Vec::new(), Vec::new());
        self.skip_space();
        loop {
            let start = self.at;
            let Some(c) = self.peek() else { break };
            let (layer, inside) = match c {
                '0'..='9' => self.repeated()?,
                'a'..='z' => self.called()?,
                _ => break,
            };
            layers.push(layer);
            spots.push(Spot { column: self.column(start), inside });
            self.skip_space();
        }
        if layers.is_empty() {
            return Err(self.unexpected());
        }
        Ok((Series(layers), spots))
    }

    /// `count * layer` or `count * (network)`.
    fn repeated(&mut self) -> Result<Called> {
        let start = self.at;
        let text = self.run(|c| c.is_ascii_alphanumeric() || c == '.' || c == '/');
        let range = format!("a count from 1 to {MOST_REPEATS} and *, as in 3*(relu dense)");
        if !self.take('*') {
            return Err(self.error(start, &text, range));
        }
        let count = text.parse().ok().filter(|count| (1..=MOST_REPEATS).contains(count));
        let count = count.ok_or_else(|| self.error(start, &text, range))?;
        let opened = self.at;
        let (body, spots) = match self.peek() {
            Some('(') => {
                self.take('(');
                let inside = self.nested(opened)?;
                self.close(opened)?;
                inside
            }
            Some('a'..='z') => {
                let (layer, inside) = self.called()?;
                (Series(vec![layer]), vec![Spot { column: self.column(opened), inside }])
            }
            _ => return Err(self.error(opened, &self.next(), "a layer or a group after the count")),
        };
        Ok((Layer::Repeat(count, body), vec![spots]))
    }

    /// The next character, for a message.
    fn next(&self) -> String {
        self.peek().map(String::from).unwrap_or_default()
    }

    fn nested(&mut self, opened: usize) -> Result<(Series, Vec<Spot>)> {
        if self.depth >= DEEPEST {
            return Err(self.error(
                opened,
                "(",
                format!("groups and branches nested at most {DEEPEST} deep"),
            ));
        }
        self.depth += 1;
        let inside = self.series();
        self.depth -= 1;
        inside
    }

    fn close(&mut self, opened: usize) -> Result<()> {
        let start = self.at;
        if self.take(')') {
            // What follows a bracket needs no white space, but a closing one leaves none behind either.
            return Ok(());
        }
        self.skip_space();
        let expected = format!("a bracket that closes the one at column {}", self.column(opened));
        let at = if self.at < self.characters.len() { self.at } else { start };
        Err(self.error(at, &self.next(), expected))
    }

    /// `name [ "(" [ arguments ] ")" ]`.
    fn called(&mut self) -> Result<Called> {
        let start = self.at;
        let name = self.name();
        if !layers::names().any(|known| known == name) {
            let guess = layers::nearest(&name, layers::names());
            return Err(self.error(start, &name, format!("a layer or an activation (nearest: {guess})")));
        }
        if self.peek().is_some_and(|c| !c.is_whitespace() && !"(),*=".contains(c)) {
            return Err(self.error(self.at, &self.next(), format!("white space after {name}")));
        }
        let (mut arguments, mut inside, mut places) = (Vec::new(), Vec::new(), Vec::new());
        let space = self.characters[self.at..].iter().take_while(|c| c.is_whitespace()).count();
        let opened = self.at + space;
        if self.take('(') {
            while self.peek() != Some(')') || layers::takes_formula(&name) && arguments.is_empty() {
                places.push(self.at);
                let (argument, spots) = self.argument(&name, opened)?;
                arguments.push(argument);
                inside.extend(spots);
                if !self.take(',') {
                    break;
                }
                if self.peek() == Some(')') {
                    return Err(self.error(self.at, ")", "an argument after the comma"));
                }
            }
            self.close(opened)?;
        }
        let layer = layers::layer(&name, arguments).map_err(|refusal| {
            let at = refusal.at.and_then(|i| places.get(i)).copied().unwrap_or(start);
            self.error(at, &refusal.value, refusal.expected)
        })?;
        Ok((layer, inside))
    }

    fn argument(&mut self, layer: &str, opened: usize) -> Result<(Argument, Option<Vec<Spot>>)> {
        let start = self.at;
        let key = self.name();
        if !key.is_empty() && self.take('=') {
            let value = self.value(&key)?;
            return Ok((Argument { key: Some(key), value }, None));
        }
        self.at = start;
        if layers::takes_formula(layer) {
            return Ok((Argument { key: None, value: Value::Formula(self.formula()) }, None));
        }
        if layers::takes_branches(layer) {
            let (branch, spots) = self.nested(opened)?;
            return Ok((Argument { key: None, value: Value::Branch(branch) }, Some(spots)));
        }
        let value = self.value(layer)?;
        Ok((Argument { key: None, value }, None))
    }

    /// The text up to the bracket that closes the argument.
    fn formula(&mut self) -> String {
        let start = self.at;
        let mut depth = 0usize;
        while let Some(c) = self.peek() {
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => break,
                ')' => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        self.characters[start..self.at].iter().collect()
    }

    fn value(&mut self, of: &str) -> Result<Value> {
        let start = self.at;
        let text = self.run(|c| !c.is_whitespace() && !"(),=*".contains(c));
        if let Some(value) = number::parse(&text) {
            return Ok(Value::Number(value));
        }
        if !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
            return Ok(Value::Word(text));
        }
        let value = if text.is_empty() { self.next() } else { text };
        let right = if value.contains('/') {
            "a fraction of two numbers, the second not 0"
        } else {
            "a decimal, a fraction or a word"
        };
        Err(self.error(start, &value, format!("a value of {of}: {right}")))
    }
}
