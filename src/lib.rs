//! Exact and certified spectra of neural tangent kernels on the sphere.
//!
//! Gradient descent on a very wide network is linear dynamics under a fixed kernel. For data uniform on a sphere `S^d` its
//! eigenfunctions are spherical harmonics, with one eigenvalue a degree, and that eigenvalue says how fast the network learns
//! that frequency. This crate computes those eigenvalues: exactly where a closed form exists, to any number of certified digits
//! elsewhere.
//!
//! ```
//! use hinf::{kernel::Kernel, math::units::{Digits, Dimension}, spectrum::{Goal, Kind, spectrum}};
//!
//! let kernel: Kernel = "two-layer".parse()?;
//! let found = spectrum(&kernel, Dimension::new(2)?, &"2,3".parse()?, &Goal::digits(Digits::new(30)?))?;
//! assert_eq!(found.eigenvalues[0].closed.as_ref().map(|q| q.to_string()), Some("7/256".into()));
//! assert_eq!(found.eigenvalues[1].kind, Kind::Zero);
//!
//! let deep: Kernel = "ntk:depth=3,b=1/3".parse()?;
//! let found = spectrum(&deep, Dimension::new(9)?, &"0,1,100".parse()?, &Goal::digits(Digits::new(50)?))?;
//! assert!(found.eigenvalues.iter().all(|value| value.kind == Kind::Certified));
//! # Ok::<(), hinf::Error>(())
//! ```
//!
//! An experiment is a typed call: [`experiment`] has one for each command of the program.
//!
//! ```
//! use hinf::{Context, Options as _, Request as _, experiment::verify};
//!
//! let options = verify::Options { kernel: Some("two-layer".into()), dim: 2.into(), max_degree: 10.into(), ..Default::default() };
//! let report = options.build()?.run(&Context::default())?;
//! assert!(report.rows.iter().any(|row| row.identity == "paper's sums" && row.status == verify::Status::Proved));
//! // The same as `hinf verify --kernel two-layer --dim 2 --max-degree 10`.
//! assert_eq!(options.line(), "hinf verify --kernel two-layer --dim 2 --max-degree 10");
//! # Ok::<(), hinf::Error>(())
//! ```
//!
//! Data flows one way, down this list; a module uses only those above it.
//!
//! * [`error`] — the one error type; [`progress`] — how long work reports; `files` — whole files or none
//! * `optimizer` — how parameters move: what predictions and training both read
//! * `math` — numbers, zonal polynomials and quadrature; knows no network
//! * `network` — what is studied: one description of a network, its grammar and its rules
//! * `kernel` — kernels in any arithmetic: every one defined once
//! * `spectrum` — what theory predicts
//! * `dynamics` — what the spectrum implies for learning
//! * `sample` — points on the sphere
//! * `gram` — Gram matrices of points, measured
//! * `train` — real networks, trained
//! * `compare` — predictions against measurements
//! * [`experiment`] — each experiment as a typed call: the one place that joins all stages
//! * [`report`] — results into bytes
//! * `cli` — the command line, a thin front
//!
//! Four tasks from the command to what it says: [`guide`]. Conventions and formulas, and which function computes which: [`theory`]. The paper's findings,
//! each by one command: [`findings`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod compare;
#[doc(hidden)]
pub mod dynamics;
pub mod error;
pub mod experiment;
#[doc(hidden)]
pub mod files;
#[doc(hidden)]
pub mod gram;
#[doc(hidden)]
pub mod kernel;
#[doc(hidden)]
pub mod math;
#[doc(hidden)]
pub mod network;
#[doc(hidden)]
pub mod optimizer;
pub mod progress;
pub mod report;
#[doc(hidden)]
pub mod sample;
#[doc(hidden)]
pub mod spectrum;
#[doc(hidden)]
pub mod train;

pub mod theory {
    #![doc = include_str!("theory.md")]
}

pub mod guide {
    #![doc = include_str!("guide.md")]
}

pub mod findings {
    #![doc = include_str!("findings.md")]
}

// What a user needs, by stage.
pub use dynamics::Modes;
pub use error::{Error, ErrorKind, Result};
pub use experiment::{Context, Options, Report, Request, Text, call};
pub use gram::{Eigenpairs, Solver, Values};
pub use kernel::Kernel;
pub use math::{
    ball::Ball,
    degrees::Degrees,
    units::{Bits, Digits, Dimension},
};
pub use progress::{Progress, Unwatched};
pub use report::{Format, Show, render};
pub use sample::{Data, Design, Points, from_file, points};
pub use spectrum::{
    Eigenvalue, Goal, Kind, Spectrum,
    null_space::{NullSpace, null_space},
    spectrum,
};
pub use train::Network;

#[cfg(test)]
mod tests {
    /// Where links of the texts lead: to what has a page, as hidden modules have none.
    const SHOWN: [&str; 4] = [
        "crate::theory",
        "crate::spectrum::spectrum",
        "crate::spectrum::Spectrum::trace",
        "crate::dynamics::Modes::largest_step_size",
    ];

    #[test]
    fn the_texts_link_to_pages_and_name_files_that_are_there() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        for text in [include_str!("theory.md"), include_str!("guide.md"), include_str!("findings.md")] {
            let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            for link in links.filter(|link| link.starts_with("crate::")) {
                assert!(SHOWN.contains(&link), "{link}");
            }
            for file in text.split('`').filter(|quoted| quoted.starts_with("src/")) {
                assert!(root.join(file).exists(), "{file}");
            }
        }
    }
}
