//! Steps of gradient descent until a degree is learned, and what an experiment needs to see it.

use hinf::{
    dynamics::{Modes, filter::Filter, plan::plan},
    kernel::Kernel,
    math::units::Dimension,
    optimizer::Optimizer,
};

#[allow(clippy::print_stdout)]
fn main() -> hinf::Result<()> {
    let kernel: Kernel = "two-layer:bias=true".parse()?;
    let modes = Modes::of(&kernel, Dimension::new(2)?, 40)?;
    // On n points with step size 1/(n lambda_max); learned when 5 % is left. Only the product of both counts.
    let filter = Filter::new(Optimizer::GRADIENT_DESCENT, 1.0 / modes.largest());
    for degree in plan(&kernel, &modes, &"1..6".parse()?, 1.0, &filter, 0.05)? {
        let (Some(steps), Some(points)) = (degree.steps, degree.points) else { continue };
        println!("degree {}: {steps:.0} steps, {} points for 10 %", degree.degree, points.number_for(0.1));
    }
    Ok(())
}
