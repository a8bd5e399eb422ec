//! The spectrum of a deep network's kernel, thirty certified digits a degree.

use hinf::{
    kernel::Kernel,
    math::{
        decimal,
        degrees::Degrees,
        units::{Digits, Dimension},
    },
    spectrum::{Goal, spectrum},
};

#[allow(clippy::print_stdout)]
fn main() -> hinf::Result<()> {
    let (kernel, digits): (Kernel, _) = ("ntk:depth=3,b=1/3".parse()?, Digits::new(30)?);
    let degrees = Degrees::up_to(10u32)?;
    for value in spectrum(&kernel, Dimension::new(2)?, &degrees, &Goal::digits(digits))?.eigenvalues {
        let text = decimal::of_ball(&value.enclosure, digits).text;
        println!("{:2}  {text}  {}", value.degree, value.kind.name());
    }
    Ok(())
}
