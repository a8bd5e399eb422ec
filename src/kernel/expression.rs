//! Kernels written as a formula in `t`, `theta` and `pi`.

mod reading;

use super::Angle;
use crate::math::scalar::Scalar;
pub use reading::parse;
use rug::Rational;

/// Functions a formula may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The square root.
    Sqrt,
    /// The exponential.
    Exp,
    /// The natural logarithm.
    Log,
    /// The sine.
    Sin,
    /// The cosine.
    Cos,
    /// The tangent.
    Tan,
    /// The arc sine.
    Asin,
    /// The arc cosine.
    Acos,
    /// The arc tangent.
    Atan,
    /// The hyperbolic sine.
    Sinh,
    /// The hyperbolic cosine.
    Cosh,
    /// The hyperbolic tangent.
    Tanh,
    /// The absolute value.
    Abs,
}

/// The functions by name.
pub const FUNCTIONS: [(&str, Function); 14] = [
    ("sqrt", Function::Sqrt),
    ("exp", Function::Exp),
    ("log", Function::Log),
    ("ln", Function::Log),
    ("sin", Function::Sin),
    ("cos", Function::Cos),
    ("tan", Function::Tan),
    ("asin", Function::Asin),
    ("acos", Function::Acos),
    ("atan", Function::Atan),
    ("sinh", Function::Sinh),
    ("cosh", Function::Cosh),
    ("tanh", Function::Tanh),
    ("abs", Function::Abs),
];

/// Other names of them.
const SYNONYMS: [(&str, Function); 4] = [
    ("arcsin", Function::Asin),
    ("arccos", Function::Acos),
    ("arctan", Function::Atan),
    ("fabs", Function::Abs),
];

/// A formula as a tree; `P` is the type of its constants.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree<P> {
    /// A constant.
    Number(P),
    /// The constant pi.
    Pi,
    /// The cosine `t` of the angle.
    Cosine,
    /// The angle `theta`.
    Angle,
    /// The negative.
    Neg(Box<Self>),
    /// A sum.
    Add(Box<Self>, Box<Self>),
    /// A difference.
    Sub(Box<Self>, Box<Self>),
    /// A product.
    Mul(Box<Self>, Box<Self>),
    /// A quotient.
    Div(Box<Self>, Box<Self>),
    /// A power with a whole exponent that is not negative.
    Power(Box<Self>, u32),
    /// A function's value.
    Call(Function, Box<Self>),
    /// An arc cosine whose argument touches the edge of its domain at an end of `[0, pi]`.
    Arc(Box<Arc<Self>>),
}

/// `arccos u` by `1 - u` and `1 + u`, which vanish at the ends of `[0, pi]` like even powers of `sin(theta/2)` and `cos(theta/2)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Arc<F> {
    /// `1 - u` and `1 + u`.
    pub gaps: [F; 2],
    /// Half the powers of `sin(theta/2)` and of `cos(theta/2)` in each.
    pub powers: [[u32; 2]; 2],
}

impl Tree<Rational> {
    /// The same formula with its constants in the arithmetic of `like`.
    pub fn convert<T: Scalar>(&self, like: &T) -> Tree<T> {
        let go = |tree: &Self| Box::new(tree.convert(like));
        match self {
            Self::Number(value) => Tree::Number(like.constant(value)),
            Self::Pi => Tree::Pi,
            Self::Cosine => Tree::Cosine,
            Self::Angle => Tree::Angle,
            Self::Neg(a) => Tree::Neg(go(a)),
            Self::Add(a, b) => Tree::Add(go(a), go(b)),
            Self::Sub(a, b) => Tree::Sub(go(a), go(b)),
            Self::Mul(a, b) => Tree::Mul(go(a), go(b)),
            Self::Div(a, b) => Tree::Div(go(a), go(b)),
            Self::Power(a, n) => Tree::Power(go(a), *n),
            Self::Call(f, a) => Tree::Call(*f, go(a)),
            Self::Arc(arc) => {
                let gaps = [0, 1].map(|i: usize| arc.gaps[i].convert(like));
                Tree::Arc(Box::new(Arc { gaps, powers: arc.powers }))
            }
        }
    }
}

impl<P> Tree<P> {
    /// The operands.
    pub fn children(&self) -> Vec<&Self> {
        match self {
            Self::Number(_) | Self::Pi | Self::Cosine | Self::Angle => vec![],
            Self::Neg(a) | Self::Power(a, _) | Self::Call(_, a) => vec![a],
            Self::Add(a, b) | Self::Sub(a, b) | Self::Mul(a, b) | Self::Div(a, b) => vec![a, b],
            Self::Arc(arc) => arc.gaps.iter().collect(),
        }
    }
}

impl<T: Scalar> Tree<T> {
    /// The formula's value at points an angle `x` apart.
    pub fn at(&self, x: &Angle<T>) -> T {
        match self {
            Self::Number(value) => value.clone(),
            Self::Pi => x.sin_half().pi(),
            Self::Cosine => x.cos(),
            Self::Angle => x.radians(),
            Self::Neg(a) => -a.at(x),
            Self::Add(a, b) => a.at(x) + b.at(x),
            Self::Sub(a, b) => a.at(x) - b.at(x),
            Self::Mul(a, b) => a.at(x) * b.at(x),
            Self::Div(a, b) => a.at(x) / b.at(x),
            Self::Power(a, n) => a.at(x).powi(*n),
            Self::Call(function, a) => call(*function, a.at(x)),
            Self::Arc(arc) => arc.at(x),
        }
    }
}

impl<T: Scalar> Arc<Tree<T>> {
    /// Twice the angle whose half has the sine `sqrt((1-u)/2)` and the cosine `sqrt((1+u)/2)`, the powers at the ends taken out of the roots.
    fn at(&self, x: &Angle<T>) -> T {
        let root = |gap: &Tree<T>, powers: [u32; 2]| {
            let ends = [x.sin_half(), x.cos_half()];
            let touched = ends.into_iter().zip(powers).filter(|(_, power)| *power > 0);
            let (mut rest, mut front) = (gap.at(x), None::<T>);
            for (half, power) in touched {
                if half.is_zero() {
                    return half.clone();
                }
                rest = rest.div_regular(half.clone().powi(2 * power));
                let own = half.clone().powi(power);
                front = Some(front.map_or(own.clone(), |front| front * own));
            }
            let root = rest.half().sqrt();
            front.map_or(root.clone(), |front| front * root)
        };
        let [near, far] = &self.gaps;
        root(near, self.powers[0]).angle(root(far, self.powers[1])).times(2)
    }
}

fn call<T: Scalar>(function: Function, a: T) -> T {
    match function {
        Function::Sqrt => a.sqrt(),
        Function::Exp => a.exp(),
        Function::Log => a.ln(),
        Function::Sin => a.sin(),
        Function::Cos => a.cos(),
        Function::Tan => a.clone().sin() / a.cos(),
        Function::Asin => a.asin(),
        Function::Acos => a.pi().half() - a.asin(),
        Function::Atan => {
            let one = a.constant(&Rational::from(1));
            (a.clone() / (one + a.clone() * a).sqrt()).asin()
        }
        Function::Sinh => a.sinh(),
        Function::Cosh => a.cosh(),
        Function::Tanh => a.tanh(),
        Function::Abs => a.abs(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, theta: f64) -> f64 {
        parse(text).unwrap().convert(&0.0).at(&Angle::from_radians(theta))
    }

    #[test]
    fn precedence_is_that_of_written_mathematics() {
        for (text, expected) in [
            ("-2^2", -4.0),
            ("2^-1", 0.5),
            ("2^3^2", 512.0),
            ("1-2-3", -4.0),
            ("-2*-3", 6.0),
            ("8/2/2", 2.0),
            ("2 * (3 + 4)", 14.0),
            ("1e-1", 0.1),
            ("4^(1/2)", 2.0),
            ("8^(1/3)", 2.0),
            ("atan(1)*4 - pi", 0.0),
            ("tanh(log(2))", 0.6),
            ("2**3**2", 512.0),
            ("2theta**2", 2.0),
            ("3*2theta - 2(1+Theta)", 2.0),
            ("2pi - 2PI", 0.0),
            ("1/(2\u{3b8}+1)", 1.0 / 3.0),
            ("ARCCOS(cos(1)) + arcsin(0) + arctan(0)", 1.0),
            ("2exp(0)", 2.0),
            ("-2e0theta", -2.0),
        ] {
            assert!((value(text, 1.0) - expected).abs() < 1e-14, "{text}");
        }
        assert!(
            (value("(t+1)*(pi-acos(t))/(4*pi)", 0.3)
                - (0.3f64.cos() + 1.0) * (1.0 - 0.3 / std::f64::consts::PI) / 4.0)
                .abs()
                < 1e-15
        );
    }

    #[test]
    fn bad_formulas_are_refused_with_the_reason() {
        for (text, reason) in [
            ("", "cannot be read"),
            ("t +", "cannot be read"),
            ("x", "the cosine of the angle is t"),
            ("e^t", "exp("),
            ("sin", "sin(...)"),
            ("1/2t", "1/(2*t)"),
            ("t^2t", "1/(2*t)"),
            ("t(1+t)", "a * between t"),
            ("exp(1e300*theta)", "infinite"),
            ("foo(t)", "one of the functions"),
            ("1/0", "divides by zero"),
            ("1/(t-0.3)", "divides by zero"),
            ("1/(t-0.3)^2", "divides by zero"),
            ("1/(1+t)", "divides by zero"),
            ("sqrt(t)", "complex"),
            ("log(theta)", "logarithm of zero"),
            ("log(abs(t))", "logarithm of zero"),
            ("tan(2*t)", "pole"),
            ("t^(1/3)", "complex"),
            ("exp(1e6*theta)", "it is finite, about 10^666, and beyond it"),
            ("exp(t/4+100000)", "at theta = 0.0000 it is finite, about 10^43429, and beyond it"),
            ("10^400*t", "it is finite, about 10^400, and beyond it"),
            ("1e308*(2+t)", "it is finite, about 10^308, and beyond it"),
            ("exp(exp(exp(t+2)))", "and beyond it"),
            ("exp(-1000*t)", "and beyond it"),
            ("exp(t/4-100000)", "it is finite, about 10^-43430, and below it"),
            ("exp(t)/1e400", "and below it"),
        ] {
            let message = parse(text).unwrap_err().to_string();
            assert!(message.contains(reason), "{text}: {message}");
        }
        // Zero is in the range.
        assert!(parse("0*t").is_ok() && parse("sin(pi)*0").is_ok() && parse("exp(-1e5*(1-t))").is_ok());
        assert!(parse(&"(".repeat(3000)).is_err());
        assert!(parse(&"-".repeat(1500)).is_err());
    }

    #[test]
    fn limits_of_length_are_those_of_nesting_and_signs_alone() {
        let limits =
            |text: String| parse(&text).is_err_and(|error| error.to_string().contains("levels of nesting"));
        let nested = |n: usize| format!("{}t{}", "(".repeat(n), ")".repeat(n));
        let signs = |n: usize| format!("{}t", "-".repeat(n));
        for n in [64, 65, 66, 100] {
            assert_eq!((limits(nested(n)), limits(signs(n))), (n > 64, n > 64), "{n}");
        }
        assert!(parse(&["(t)"; 100].join("+")).is_ok());
    }

    /// Exponents by arithmetic are the numbers that they are.
    #[test]
    fn whole_exponents_are_powers() {
        let right = parse("t^2").unwrap();
        for text in ["t^(1+1)", "t^(5-3)", "t^(1/2*4)", "t^(-(-2))", "t^(4/2)", "t^(2^1)"] {
            assert_eq!(parse(text).unwrap(), right, "{text}");
        }
        assert_eq!(parse("t^(1-1)").unwrap(), parse("t^0").unwrap());
        assert_eq!(parse("t^0").unwrap(), Tree::Power(Box::new(Tree::Cosine), 0));
    }
}
