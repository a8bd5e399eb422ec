//! Formulas as text in three notations: plain, LaTeX (amsmath) and sympy.
//!
//! * [`algebra`] — numbers, polynomials and rational functions
//! * [`laws`] — eigenvalues, ratios, exponents, expansions and tails on one sphere
//! * [`general`] — the same with `d` a symbol

pub mod algebra;
pub mod general;
pub mod laws;

/// How a formula is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// As on one line of a page: `(k^2+1)/(pi^2 (k-1)^2)`.
    Plain,
    /// For amsmath: `\frac{k^2+1}{\pi^2(k-1)^2}`.
    Latex,
    /// An expression that sympy evaluates, with the symbols `k` and, where it is one, `d`.
    Sympy,
}

/// A formula in every notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Plain text.
    pub text: String,
    /// LaTeX.
    pub latex: String,
    /// Sympy.
    pub sympy: String,
}

impl Written {
    /// What `write` gives in each notation.
    pub fn by(write: impl Fn(Notation) -> String) -> Self {
        let [text, latex, sympy] = [Notation::Plain, Notation::Latex, Notation::Sympy].map(write);
        Self { text, latex, sympy }
    }
}
