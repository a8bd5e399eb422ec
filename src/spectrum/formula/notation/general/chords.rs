//! Chords in `k` and `d`.

use super::{Notation, Split, Written};
use crate::{
    math::{constant::Constant, polynomial::Polynomial},
    spectrum::formula::chord::Chord,
};

impl Notation {
    /// `W_d`, without the brackets of a fraction.
    pub(super) fn chord_scale(self) -> String {
        let front = self.gamma("d+1");
        match self {
            Self::Plain => format!("2^(d-1) {front}^2/pi"),
            Self::Latex => format!("\\frac{{2^{{d-1}}}}{{\\pi}}{front}^2"),
            Self::Sympy => format!("2**(d - 1)*{front}**2/pi"),
        }
    }

    /// Twice `k - n - 1/2` and `k + d + n + 1/2`.
    fn chord_arguments(order: u32) -> [String; 2] {
        let n = 2 * order + 1;
        [format!("2k-{n}"), format!("2k+2d+{n}")]
    }

    pub(super) fn chord_law(self, chord: &Chord<Polynomial>, factor: &Constant) -> String {
        let (negative, above, below) = self.split(&Split::of(&chord.factor), factor);
        let [upper, lower] = Self::chord_arguments(chord.order).map(|x| self.gamma(&x));
        let scale = self.chord_scale();
        let gammas = match self {
            Self::Plain => format!("{scale} {upper}/{lower}"),
            Self::Latex => format!("{scale}\\frac{{{upper}}}{{{lower}}}"),
            Self::Sympy => format!("{scale}*{upper}/{lower}"),
        };
        if above.is_empty() && below.is_empty() {
            return if negative { format!("-{gammas}") } else { gammas };
        }
        let quotient = self.fraction(negative, &above, &below);
        match self {
            Self::Plain => format!("{quotient} {gammas}"),
            Self::Latex => format!("{quotient}\\cdot{gammas}"),
            Self::Sympy => format!("{quotient}*{gammas}"),
        }
    }

    fn chord_ratio(self, chord: &Chord<Polynomial>) -> String {
        let n = 2 * i64::from(chord.order) + 1;
        let two = |shift: i64| match self {
            Self::Sympy => format!("(2*k {} {})", if shift < 0 { '-' } else { '+' }, shift.abs()),
            _ => format!("(2k{shift:+})"),
        };
        let all = |shift: i64| match self {
            Self::Sympy => format!("(2*k + 2*d + {shift})"),
            _ => format!("(2k+2d+{shift})"),
        };
        let (mut above, mut below) = (vec![two(-n), two(2 - n)], vec![all(n), all(n + 2)]);
        let rest = Split::of(&chord.factor).rest;
        if rest.degree() > Some(0) {
            above.push(format!("({})", self.in_energy(&rest, true)));
            below.push(format!("({})", self.in_energy(&rest, false)));
        }
        self.fraction(false, &above, &below)
    }
}

impl Chord<Polynomial> {
    /// `lambda_(k+2) / lambda_k`; `None` where all vanish.
    pub fn written_ratio(&self) -> Option<Written> {
        (!self.vanishes()).then(|| Written::by(|notation| notation.chord_ratio(self)))
    }

    /// The local exponent; `None` where all vanish.
    pub fn written_exponent(&self) -> Option<Written> {
        let arguments = || Notation::chord_arguments(self.order);
        let written = || Written::by(|notation| notation.general_exponent(arguments(), &self.factor));
        (!self.vanishes()).then(written)
    }
}
