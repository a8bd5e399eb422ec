//! Formulas as text.

use super::{FUNCTIONS, Function, SYNONYMS, Tree};
use crate::{
    error::{Error, Result, shortened},
    math::number,
};
use pest::{
    Parser,
    iterators::{Pair, Pairs},
    pratt_parser::{Assoc, Op, PrattParser},
};
use rug::Rational;
use std::sync::LazyLock;

/// What is derived from the grammar file.
mod syntax {
    #![allow(missing_docs)]
    #[derive(pest_derive::Parser)]
    #[grammar = "kernel/expression.pest"]
    pub struct Grammar;
}
use syntax::{Grammar, Rule};

/// The longest formula in characters and the deepest nesting: both keep the recursion below any stack.
const LONGEST: usize = 2000;
const DEEPEST: usize = 64;
/// The largest integer exponent.
const LARGEST_POWER: i32 = 1000;

/// Characters shown of an unknown name.
const MOST_SHOWN: usize = 40;

static PRECEDENCE: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    PrattParser::new()
        .op(Op::infix(Rule::plus, Assoc::Left) | Op::infix(Rule::minus, Assoc::Left))
        .op(Op::infix(Rule::times, Assoc::Left)
            | Op::infix(Rule::over, Assoc::Left)
            | Op::infix(Rule::implied, Assoc::Left))
        .op(Op::prefix(Rule::sign))
        .op(Op::infix(Rule::power, Assoc::Right))
});

/// Parses a formula in `t`, `theta` and `pi` with `+ - * / ^` (or `**`), parentheses and [`FUNCTIONS`], names in any case; `2t` is `2*t`.
///
/// # Errors
/// When the text does not parse, names something unknown or is too long; when the formula divides by zero or is complex or
/// infinite somewhere on `[0, pi]`, as far as a scan of the interval finds out.
pub fn parse(text: &str) -> Result<Tree<Rational>> {
    let text = &text.replace('\u{3b8}', "theta").replace('\u{3c0}', "pi").replace('\u{2212}', "-");
    let refuse = |reason: String| Error::invalid("expr", text.trim(), reason);
    let depth = text.bytes().scan(0i64, |depth, b| {
        *depth += i64::from(b == b'(') - i64::from(b == b')');
        Some(*depth)
    });
    let signs = text.split(|c: char| c != '-' && c != ' ').map(|run| run.matches('-').count());
    if text.len() > LONGEST
        || depth.max().unwrap_or(0) > DEEPEST as i64
        || signs.max().unwrap_or(0) > DEEPEST
        || text.matches('^').count() + text.matches("**").count() > DEEPEST
    {
        let limits =
            format!("at most {LONGEST} characters, {DEEPEST} levels of nesting and {DEEPEST} powers");
        let shown: String = text.chars().take(40).collect();
        return Err(Error::invalid("expr", format!("{shown}..."), limits));
    }
    let mut parsed = Grammar::parse(Rule::formula, text).map_err(|error| {
        let column = match error.line_col {
            pest::error::LineColLocation::Pos((_, column)) => column,
            pest::error::LineColLocation::Span((_, column), _) => column,
        };
        refuse(format!("a formula in t, theta and pi; it cannot be read at character {column}"))
    })?;
    let sum = parsed.next().and_then(|formula| formula.into_inner().next());
    let tree = sum.map_or_else(|| Err("a formula in t, theta and pi".into()), |sum| build(sum.into_inner()));
    let tree = tree.map_err(refuse)?;
    super::super::domain::check(&tree).map_err(refuse)?;
    Ok(tree)
}

type Built = std::result::Result<Tree<Rational>, String>;

fn build(pairs: Pairs<'_, Rule>) -> Built {
    PRECEDENCE
        .map_primary(primary)
        .map_prefix(|_, tree| Ok(negative(tree?)))
        .map_infix(|left, op, right| {
            let (left, right) = (Box::new(left?), Box::new(right?));
            Ok(match op.as_rule() {
                Rule::plus => Tree::Add(left, right),
                Rule::minus => Tree::Sub(left, right),
                Rule::times => Tree::Mul(left, right),
                Rule::over => Tree::Div(left, right),
                Rule::implied => return implied(left, right),
                _ => return power(left, &right),
            })
        })
        .parse(pairs)
}

/// A product without its sign, as in `2t`; after a quotient or a power, as in `1/2t`, it could mean two things.
fn implied(left: Box<Tree<Rational>>, right: Box<Tree<Rational>>) -> Built {
    match &*left {
        Tree::Number(_) => Ok(Tree::Mul(left, right)),
        Tree::Mul(_, number) if matches!(**number, Tree::Number(_)) => Ok(Tree::Mul(left, right)),
        _ => Err("a * or parentheses where a number stands before a name after / or ^, as in 1/(2*t)".into()),
    }
}

fn negative(tree: Tree<Rational>) -> Tree<Rational> {
    match tree {
        Tree::Number(value) => Tree::Number(-value),
        other => Tree::Neg(Box::new(other)),
    }
}

/// The constant or variable of this name, in any case.
fn named(name: &str) -> Option<Tree<Rational>> {
    match name.to_ascii_lowercase().as_str() {
        "t" => Some(Tree::Cosine),
        "theta" => Some(Tree::Angle),
        "pi" => Some(Tree::Pi),
        _ => None,
    }
}

/// What someone may have meant who wrote this name.
fn hint(name: &str) -> String {
    let function = FUNCTIONS.iter().chain(&SYNONYMS).find(|(known, _)| known.eq_ignore_ascii_case(name));
    match (function, name) {
        (Some((known, _)), _) => format!(" (the function is written {known}(...))"),
        (None, "e" | "E") => " (powers of e are written exp(...))".into(),
        (None, "x" | "u" | "s") => " (the cosine of the angle is t)".into(),
        _ => String::new(),
    }
}

fn primary(pair: Pair<'_, Rule>) -> Built {
    match pair.as_rule() {
        Rule::number => number::parse(pair.as_str())
            .map(Tree::Number)
            .ok_or_else(|| format!("numbers of a sensible size, not {}", pair.as_str())),
        Rule::name => named(pair.as_str()).ok_or_else(|| {
            format!(
                "t, theta or pi where it says '{}'{}",
                shortened(pair.as_str(), MOST_SHOWN),
                hint(pair.as_str())
            )
        }),
        Rule::call => {
            let mut inner = pair.into_inner();
            let name = inner.next().map_or("", |ident| ident.as_str());
            let called = |(known, _): &&(&str, Function)| known.eq_ignore_ascii_case(name);
            let Some((_, function)) = FUNCTIONS.iter().chain(&SYNONYMS).find(called) else {
                if named(name).is_some() {
                    return Err(format!("a * between {name} and the parenthesis"));
                }
                let names = FUNCTIONS.map(|(known, _)| known).join(", ");
                return Err(format!(
                    "one of the functions {names} where it says '{}'",
                    shortened(name, MOST_SHOWN)
                ));
            };
            let argument =
                inner.next().map_or_else(|| Err("an argument".into()), |sum| build(sum.into_inner()))?;
            Ok(match (function, &argument) {
                (Function::Acos, Tree::Cosine) => Tree::Angle,
                (Function::Cos, Tree::Angle) => Tree::Cosine,
                _ => Tree::Call(*function, Box::new(argument)),
            })
        }
        _ => build(pair.into_inner()),
    }
}

/// `base^exponent`: by multiplication for whole exponents, through the square root for halves, else `exp(y ln x)`.
fn power(base: Box<Tree<Rational>>, exponent: &Tree<Rational>) -> Built {
    let Some(value) = constant(exponent) else {
        let log = Tree::Call(Function::Log, base);
        let product = Tree::Mul(Box::new(exponent.clone()), Box::new(log));
        return Ok(Tree::Call(Function::Exp, Box::new(product)));
    };
    let doubled = Rational::from(&value * 2u32);
    if !doubled.is_integer() {
        let log = Tree::Call(Function::Log, base);
        return Ok(Tree::Call(
            Function::Exp,
            Box::new(Tree::Mul(Box::new(Tree::Number(value)), Box::new(log))),
        ));
    }
    let (root, count) = if value.is_integer() {
        (base, value.numer().to_i32())
    } else {
        (Box::new(Tree::Call(Function::Sqrt, base)), doubled.numer().to_i32())
    };
    let count = count
        .filter(|n| n.abs() <= LARGEST_POWER)
        .ok_or_else(|| format!("exponents up to {LARGEST_POWER}, not {value}"))?;
    let raised = Tree::Power(root, count.unsigned_abs());
    Ok(if count < 0 {
        Tree::Div(Box::new(Tree::Number(Rational::from(1))), Box::new(raised))
    } else {
        raised
    })
}

/// The value of a tree without variables, when it is rational by arithmetic alone.
fn constant(tree: &Tree<Rational>) -> Option<Rational> {
    Some(match tree {
        Tree::Number(value) => value.clone(),
        Tree::Neg(a) => -constant(a)?,
        Tree::Add(a, b) => constant(a)? + constant(b)?,
        Tree::Sub(a, b) => constant(a)? - constant(b)?,
        Tree::Mul(a, b) => constant(a)? * constant(b)?,
        Tree::Div(a, b) => constant(a)? / constant(b).filter(|b| !b.is_zero())?,
        Tree::Power(a, n) if *n <= DEEPEST as u32 => rug::ops::Pow::pow(constant(a)?, *n),
        _ => return None,
    })
}
