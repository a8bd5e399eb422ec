//! Closed forms: rationals on even-dimensional spheres, rationals over pi^2 beside them on odd ones.

use hinf::{
    kernel::Kernel,
    math::{
        degrees::Degrees,
        units::{Digits, Dimension},
    },
    spectrum::{Goal, spectrum},
};

#[allow(clippy::print_stdout)]
fn main() -> hinf::Result<()> {
    let kernel: Kernel = "two-layer:bias=true".parse()?;
    for d in 1..=3 {
        let found =
            spectrum(&kernel, Dimension::new(d)?, &Degrees::up_to(4u32)?, &Goal::digits(Digits::new(20)?))?;
        for value in found.eigenvalues {
            let closed = value.closed.map_or("none".into(), |closed| closed.to_string());
            println!("S^{d}, degree {}: {closed}", value.degree);
        }
    }
    Ok(())
}
