//! What a network without bias cannot learn, and that a bias cures it.

use hinf::{
    kernel::Kernel,
    math::{
        degrees::Degrees,
        units::{Digits, Dimension},
    },
    spectrum::{Goal, Kind, spectrum},
};

#[allow(clippy::print_stdout)]
fn main() -> hinf::Result<()> {
    let degrees = Degrees::up_to(12u32)?;
    for spec in ["two-layer", "two-layer:bias=true"] {
        let kernel: Kernel = spec.parse()?;
        let found = spectrum(&kernel, Dimension::new(2)?, &degrees, &Goal::digits(Digits::new(10)?))?;
        let zeros = found.eigenvalues.iter().filter(|value| value.kind == Kind::Zero);
        println!("{spec}: proved zero at degrees {:?}", zeros.map(|value| value.degree).collect::<Vec<_>>());
    }
    Ok(())
}
