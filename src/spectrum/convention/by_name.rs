//! The conventions of papers and codes, by name.

use super::{Convention, Factor, Scale};
use crate::error::{Error, Result};

/// A convention that a paper or a code is known by.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// The name.
    pub name: &'static str,
    /// What it writes.
    pub text: &'static str,
    /// Where it is from.
    pub source: &'static str,
}

/// The conventions with names.
pub const NAMED: [Named; 8] = [
    Named { name: "probability", text: "lambda_k on S^d", source: "theory.md, section 1" },
    Named {
        name: "paper",
        text: "the circle's cosine series (N(1,k) lambda_k); |S^d| lambda_k / d on other spheres",
        source: "Basri, Jacobs, Kasten, Kritchman 2019, eqs. 12-13 and the general formula",
    },
    Named {
        name: "neural-tangents",
        text: "lambda_k / (d+1): inputs of norm 1, whose first layer divides by the d+1 coordinates (relu without bias)",
        source: "neural-tangents, stax.Dense in NTK parametrisation",
    },
    Named {
        name: "bietti-bach",
        text: "lambda_k on S^(d-1)",
        source: "Bietti, Bach 2021: S^(d-1), uniform probability",
    },
    Named {
        name: "yang-salman",
        text: "lambda_k / K(1) on S^(d-1): shares of the trace",
        source: "Yang, Salman 2019: the sphere of radius sqrt(d) in d dimensions, spectra over their trace",
    },
    Named {
        name: "geifman",
        text: "lambda_k / K(1) on S^(d-1): the kernel over its value at coinciding points, L + 1",
        source: "Geifman, Yadav, Kasten, Galun, Jacobs, Basri 2020",
    },
    Named {
        name: "pehlevan",
        text: "N lambda_k on S^(d-1): all eigenvalues of a degree together",
        source: "Bordelon, Canatar, Pehlevan 2020; Canatar, Bordelon, Pehlevan 2021",
    },
    Named {
        name: "simon",
        text: "lambda_k on S^(d-1): inputs of norm sqrt(d) in d dimensions",
        source: "Simon, Dickens, Karkada, DeWeese 2023 and its code",
    },
];

/// What is known of the convention of this name, in any case of its letters.
///
/// # Errors
/// When there is none.
pub fn known(name: &str) -> Result<&'static Named> {
    NAMED.iter().find(|known| known.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let names = NAMED.map(|known| known.name).join(", ");
        Error::invalid("convention", name, format!("one of {names}"))
    })
}

/// The convention of this name, for "dimension `d`".
///
/// # Errors
/// When there is none.
pub fn named(name: &str, d: u32) -> Result<Convention> {
    let (scales, dim_shift) = match name {
        "probability" => (vec![], 0),
        "paper" if d == 1 => (vec![Scale::by(Factor::Multiplicity)], 0),
        "paper" => (vec![Scale::by(Factor::Area), Scale::over(Factor::Dimension)], 0),
        "neural-tangents" => (vec![Scale::over(Factor::Coordinates)], 0),
        "bietti-bach" | "simon" => (vec![], -1),
        "yang-salman" | "geifman" => (vec![Scale::over(Factor::Diagonal)], -1),
        "pehlevan" => (vec![Scale::by(Factor::Multiplicity)], -1),
        other => return known(other).and_then(|known| named(known.name, d)),
    };
    Ok(Convention { scales, dim_shift, index_shift: 0 })
}

/// The names of the conventions that come to `convention` in "dimension `d`".
pub fn names(convention: &Convention, d: u32) -> Vec<String> {
    let same = |known: &&Named| named(known.name, d).is_ok_and(|found| found == *convention);
    NAMED.iter().filter(same).map(|known| known.name.to_owned()).collect()
}
