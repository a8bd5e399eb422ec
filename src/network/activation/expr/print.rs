//! Formulas into text that parses back to equal ones.

use super::formula::{
    FUNCTIONS,
    Formula::{self, Bell, Bump, Call, Number, Power, Product, Sum, Variable},
    Function,
};
use crate::math::number::text;
use rug::Rational;
use std::fmt;

impl Function {
    fn name(self) -> &'static str {
        FUNCTIONS.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }
}

/// `square u^2 + linear u + constant`.
fn quadratic(square: &Rational, linear: &Rational, constant: &Rational) -> Formula {
    let square = Number(square.clone()).times(Variable.power(2));
    square.plus(Number(linear.clone()).times(Variable)).plus(Number(constant.clone()))
}

/// How tightly a piece of text holds together.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Bond {
    Sum,
    Product,
    Power,
}

impl Formula {
    fn bond(&self) -> Bond {
        match self {
            Sum(..) => Bond::Sum,
            Product(..) | Bump { .. } => Bond::Product,
            Number(value) if *value < 0 || !value.is_integer() => Bond::Product,
            _ => Bond::Power,
        }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, least: Bond) -> fmt::Result {
        let tight = self.bond() >= least;
        f.write_str(if tight { "" } else { "(" })?;
        match self {
            Number(value) => f.write_str(&text(value))?,
            Variable => f.write_str("u")?,
            Sum(a, b) => {
                a.write(f, Bond::Sum)?;
                match b.clone().without_number() {
                    (_, Number(x)) if x < 0 => write!(f, "-{}", text(&-x))?,
                    (x, rest) if x < 0 => {
                        f.write_str("-")?;
                        Number(-x).times(rest).write(f, Bond::Product)?;
                    }
                    _ => {
                        f.write_str("+")?;
                        b.write(f, Bond::Product)?;
                    }
                }
            }
            Product(a, b) => {
                match &**a {
                    Number(value) if *value == -1 => f.write_str("-")?,
                    a => {
                        a.write(f, Bond::Product)?;
                        f.write_str("*")?;
                    }
                }
                // What a number multiplies is read from the left as well.
                b.write(f, if matches!(**a, Number(_)) { Bond::Product } else { Bond::Power })?;
            }
            Power(a, n) => {
                if matches!(**a, Power(..)) {
                    write!(f, "({a})^{n}")?;
                } else {
                    a.write(f, Bond::Power)?;
                    write!(f, "^{n}")?;
                }
            }
            Call(function, v) => {
                let argument = Number(v.slope.clone()).times(Variable).plus(Number(v.shift.clone()));
                write!(f, "{}({argument})", function.name())?;
            }
            Bell { square, linear, constant } => {
                write!(f, "exp({})", quadratic(square, linear, constant))?;
            }
            Bump { c, shift } => {
                let constant = Rational::from(shift.square_ref()) + c;
                let all = quadratic(&Rational::from(1), &Rational::from(shift * 2u32), &constant);
                write!(f, "1/({all})")?;
            }
        }
        f.write_str(if tight { "" } else { ")" })
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Bond::Sum)
    }
}
