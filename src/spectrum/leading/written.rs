//! Leading constants as text, LaTeX and sympy.

use super::{Constants, LayerAngle, Product};
use crate::{
    math::{constant::Constant, harmonics::gamma_squared_over_pi, units::Dimension},
    spectrum::formula::notation::{Notation, Written},
};
use rug::Rational;

impl Constants {
    /// The constant of `kappa^-(d+power)` for even (0) or odd (1) degrees.
    pub fn written(&self, dim: Dimension, parity: usize) -> Written {
        Written::by(|notation| self.in_notation(dim, parity, notation))
    }

    /// The angles that the constants name, each with its definition: `v_3`, `arccos(1/pi)`.
    pub fn written_angles(&self) -> Vec<(Written, Written)> {
        let used = self.far.as_ref().and_then(|product| product.factors.iter().map(|f| f.angle).max());
        let count = used.map_or(0, |last| last + 1);
        (0..count)
            .map(|at| {
                let name = Written::by(|notation| notation.angle_name(at));
                (name, Written::by(|notation| notation.definition(&self.angles, at)))
            })
            .collect()
    }

    /// `W_d`, times `3 (d+1)` for the third power, as a rational times a constant.
    pub(super) fn front(&self, dim: Dimension) -> (Rational, Constant) {
        let (gamma, over_pi) = gamma_squared_over_pi(dim);
        let scale = if self.power == 1 { 1 } else { 3 * (dim.get() + 1) };
        ((gamma << (dim.get() - 1)) * scale, Constant::pi(-i32::from(over_pi)))
    }

    fn in_notation(&self, dim: Dimension, parity: usize, notation: Notation) -> String {
        let (scale, constant) = self.front(dim);
        let sign = if parity == 0 { 1 } else { -1 };
        let mut sums = self.near.clone();
        let mut product = None;
        match &self.far {
            Some(far) if far.factors.is_empty() => {
                *sums.entry(Constant::pi(-1)).or_default() += Rational::from(&far.coefficient * sign);
            }
            far => product = far.as_ref(),
        }
        sums.retain(|_, value| !value.is_zero());
        let Some(product) = product else {
            // One multiple of a constant, or a sum of some.
            let terms = sums.iter().map(|(own, value)| {
                let (carried, total) = own.times(&constant);
                notation.multiple(&(Rational::from(value * &scale) * carried), &total)
            });
            return notation.joined(terms);
        };
        let near = sums.iter().map(|(own, value)| notation.multiple(value, own));
        let bent = notation.bent(product, sign);
        let sum = notation.joined(near.chain([bent]));
        let front = notation.multiple(&scale, &constant);
        let whole = match notation {
            Notation::Plain => format!("{front} ({sum})"),
            Notation::Latex => format!("{front}\\left[{sum}\\right]"),
            Notation::Sympy => format!("{front}*({sum})"),
        };
        if notation == Notation::Sympy { bound(whole, &self.angles, product) } else { whole }
    }
}

/// The formula with its angles bound to their values, innermost the last: sympy evaluates it as it stands.
fn bound(formula: String, angles: &[LayerAngle], product: &Product) -> String {
    let last = product.factors.iter().map(|factor| factor.angle).max().unwrap_or(0);
    (0..=last).rev().fold(formula, |inner, at| {
        let (name, value) = (Notation::Sympy.angle_name(at), Notation::Sympy.definition(angles, at));
        format!("Lambda({name}, {inner})({value})")
    })
}

impl Notation {
    fn angle_name(self, at: usize) -> String {
        let index = at + 2;
        match self {
            Self::Latex if index > 9 => format!("v_{{{index}}}"),
            _ => format!("v_{index}"),
        }
    }

    /// `sign coefficient/pi` times the factors.
    fn bent(self, product: &Product, sign: i32) -> String {
        let coefficient = Rational::from(&product.coefficient * sign);
        let (above, mut below) = self.constant(&Constant::pi(-1));
        let mut upper = above;
        for factor in &product.factors {
            let v = self.angle_name(factor.angle);
            let share = match self {
                Self::Plain => format!("1-{v}/pi"),
                Self::Latex => format!("1-\\frac{{{v}}}{{\\pi}}"),
                Self::Sympy => format!("1 - {v}/pi"),
            };
            if factor.offset.is_zero() {
                upper.push(format!("({share})"));
                continue;
            }
            let size = Rational::from(factor.bend.abs_ref());
            let bend = match self {
                _ if size == 1 => format!("({share})"),
                Self::Sympy => format!("{}*({share})", self.number(&size)),
                Self::Latex => format!("{}\\left({share}\\right)", self.number(&size)),
                Self::Plain => format!("{} ({share})", self.number(&size)),
            };
            let terms =
                [self.number(&factor.offset), if factor.bend < 0 { format!("-{bend}") } else { bend }];
            upper.push(format!("({})", self.joined(terms.into_iter())));
        }
        if self == Self::Latex {
            // Factors with fractions of their own stand behind the number.
            let number = self.multiple(&coefficient, &Constant::pi(-1));
            let factors: String =
                upper.iter().map(|f| format!("\\left{}\\right)", &f[..f.len() - 1])).collect();
            return format!("{number}{factors}");
        }
        let size = Rational::from(coefficient.abs_ref());
        if *size.numer() != 1 {
            upper.insert(0, size.numer().to_string());
        }
        if *size.denom() != 1 {
            below.insert(0, size.denom().to_string());
        }
        self.fraction(coefficient < 0, &upper, &below)
    }

    /// The value of an angle, by the one before.
    fn definition(self, angles: &[LayerAngle], at: usize) -> String {
        let angle = &angles[at];
        if let Some(multiple) = &angle.over_pi {
            return self.multiple(multiple, &Constant::pi(1));
        }
        let arccos = |inside: String| match self {
            Self::Plain => format!("arccos({inside})"),
            Self::Latex => format!("\\arccos\\left({inside}\\right)"),
            Self::Sympy => format!("acos({inside})"),
        };
        if at == 0 {
            let cosine = Rational::from(&angle.bend - &angle.mean) + &angle.shift;
            return arccos(self.number(&cosine));
        }
        let right = angles[at - 1].over_pi == Some(Rational::from((1, 2)));
        if right {
            // cos v = 0 and sin v = 1.
            let terms = [self.multiple(&angle.bend, &Constant::pi(-1)), self.number(&angle.shift)];
            let kept = terms.into_iter().filter(|term| term != "0");
            return arccos(self.joined(kept));
        }
        let v = self.angle_name(at - 1);
        let one = |q: &Rational| *q == 1;
        let scaled = |q: &Rational, text: String| match self {
            _ if one(q) => text,
            Self::Plain => format!("{} {text}", self.number(q)),
            Self::Latex => format!("{}{text}", self.number(q)),
            Self::Sympy => format!("{}*{text}", self.number(q)),
        };
        let equal = angle.mean == angle.bend;
        let inside = match (self, equal) {
            (Self::Plain, true) => format!("(sin {v}+(pi-{v}) cos {v})/pi"),
            (Self::Plain, false) => format!("(sin {v}-{v} cos {v})/pi"),
            (Self::Latex, true) => format!("\\frac{{\\sin {v}+(\\pi-{v})\\cos {v}}}{{\\pi}}"),
            (Self::Latex, false) => format!("\\frac{{\\sin {v}-{v}\\cos {v}}}{{\\pi}}"),
            (Self::Sympy, true) => format!("(sin({v}) + (pi - {v})*cos({v}))/pi"),
            (Self::Sympy, false) => format!("(sin({v}) - {v}*cos({v}))/pi"),
        };
        let cosine = match self {
            Self::Plain => format!("cos {v}"),
            Self::Latex => format!("\\cos {v}"),
            Self::Sympy => format!("cos({v})"),
        };
        let mut terms = Vec::new();
        if !equal {
            terms.push(scaled(&angle.mean, cosine));
        }
        terms.push(scaled(&angle.bend, inside));
        if !angle.shift.is_zero() {
            terms.push(self.number(&angle.shift));
        }
        arccos(self.joined(terms.into_iter()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_angles_have_braces_where_they_need_them() {
        let names = |at: usize| {
            [Notation::Plain, Notation::Latex, Notation::Sympy].map(|notation| notation.angle_name(at))
        };
        assert_eq!(names(0), ["v_2", "v_2", "v_2"]);
        assert_eq!(names(7), ["v_9", "v_9", "v_9"]);
        assert_eq!(names(8), ["v_10", "v_{10}", "v_10"]);
    }

    /// Opposite points are `pi/2` apart after one layer of relus, as `F(-1) = 0`; then `cos v' = (sin v + (pi-v) cos v)/pi`.
    #[test]
    fn angles_are_defined_by_the_one_before() {
        let constants = Constants::of(&"ntk:depth=4".parse().unwrap()).unwrap();
        let angles = constants.written_angles();
        let plain: Vec<_> =
            angles.iter().map(|(name, value)| (name.text.as_str(), value.text.as_str())).collect();
        let right =
            [("v_2", "pi/2"), ("v_3", "arccos(1/pi)"), ("v_4", "arccos((sin v_3+(pi-v_3) cos v_3)/pi)")];
        assert_eq!(plain, right);
        let sympy: Vec<_> = angles.iter().map(|(_, value)| value.sympy.as_str()).collect();
        assert_eq!(sympy, ["pi/2", "acos(1/pi)", "acos((sin(v_3) + (pi - v_3)*cos(v_3))/pi)"]);
    }
}
