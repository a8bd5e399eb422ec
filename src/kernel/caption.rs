//! A kernel's own formula, for captions.

use super::{Classical, Definition, Kernel, Readout, grammar, spelling};
use crate::{
    math::number,
    network::{Dense, Layer, Network},
};
use rug::{Integer, Rational};

/// The largest `nu - 1/2` of a Matern kernel whose polynomial is written out.
const LONGEST_POLYNOMIAL: u32 = 6;

impl Kernel {
    /// The formula of this very kernel, with its parameters, for a caption.
    pub fn formula(&self) -> String {
        let (name, rest) = self.spec.split_once(':').unwrap_or((&self.spec, ""));
        match &self.definition {
            Definition::Classical(kernel) => classical(kernel),
            Definition::Expression { .. } => rest.trim().into(),
            Definition::Network { network, readout } => {
                let named = match name.trim() {
                    "two-layer" => {
                        let bias = self.two_layer_bias() == Some(true);
                        Some((if bias { "(t+1)(pi-theta)/(4 pi)" } else { "t (pi-theta)/(2 pi)" }).into())
                    }
                    "arc-cosine" => arc_cosine(rest),
                    "gaussian" => self.exponential().map(|(rate, _)| {
                        format!("exp(-{}), r = 2 sin(theta/2)", times(&(rate / 2u32), "r^2"))
                    }),
                    _ if spelling::is_network_text(rest) => None,
                    _ => recursion(network, *readout),
                };
                let kernel = if *readout == Readout::Tangent { "tangent" } else { "Gaussian process" };
                named.unwrap_or_else(|| format!("{kernel} kernel of {network}"))
            }
        }
    }
}

/// `factor text`; the text alone for 1.
fn times(factor: &Rational, text: &str) -> String {
    if *factor == 1 { text.into() } else { format!("{} {text}", number::text(factor)) }
}

/// `w text + b`; without a `b` of 0.
fn affine(w: &Rational, text: &str, b: &Rational) -> String {
    let linear = times(w, text);
    if b.is_zero() { linear } else { format!("{linear} + {}", number::text(b)) }
}

/// That of the order in `keys`, from the formula of the family.
fn arc_cosine(keys: &str) -> Option<String> {
    let order = keys.split_once('=').map_or("1", |(_, order)| order.trim());
    let family = grammar::CATALOGUE.iter().find(|entry| entry.name == "arc-cosine")?.formula;
    let own = family.split("; ").find_map(|one| one.strip_prefix(order)?.strip_prefix(": "))?;
    Some(own.into())
}

fn classical(kernel: &Classical<Rational>) -> String {
    match kernel {
        Classical::Laplace { rate } => format!("exp(-{}), r = 2 sin(theta/2)", times(rate, "r")),
        Classical::Matern { half_order, length } => matern(*half_order, length),
    }
}

/// `P(z) e^-z` with the polynomial written out, or as its sum where it is long.
fn matern(p: u32, length: &Rational) -> String {
    let under_root = 2 * p + 1;
    let root = match under_root.isqrt() {
        whole if whole * whole == under_root => Rational::from(whole),
        _ => Rational::from(1),
    };
    let distance = if p == 0 || root != 1 { String::from("r") } else { format!("sqrt({under_root}) r") };
    let z = times(&(root / length), &distance);
    let of_z = match p {
        0 => String::new(),
        1..=LONGEST_POLYNOMIAL => {
            let terms: Vec<String> = (0..=p).map(|j| power(&coefficient(p, j), j)).collect();
            format!("({}) ", terms.join(" + "))
        }
        _ => format!("(sum_{{j=0}}^{p} {p}! ({}-j)!/({}! ({p}-j)! j!) (2z)^j) ", 2 * p, 2 * p),
    };
    format!("{of_z}e^-z, z = {z}, r = 2 sin(theta/2)")
}

/// `2^j p! (2p-j)! / ((2p)! (p-j)! j!)`.
fn coefficient(p: u32, j: u32) -> Rational {
    let factorial = |n: u32| Integer::from(Integer::factorial(n));
    let above = (factorial(p) * factorial(2 * p - j)) << j;
    Rational::from((above, factorial(2 * p) * factorial(p - j) * factorial(j)))
}

/// `c z^j`, as in `2z^2/5`.
fn power(c: &Rational, j: u32) -> String {
    let of_z = match j {
        0 => return c.to_string(),
        1 => "z".into(),
        _ => format!("z^{j}"),
    };
    let above = if *c.numer() == 1 { of_z } else { format!("{}{of_z}", c.numer()) };
    if *c.denom() == 1 { above } else { format!("{above}/{}", c.denom()) }
}

/// The recursion over the layers of a network by its depth, with its numbers.
fn recursion(network: &Network, readout: Readout) -> Option<String> {
    let [Layer::Dense(first), Layer::Repeat(depth, block), rest @ ..] = network.layers() else { return None };
    let (skip, body) = match &block.0[..] {
        [Layer::Skip(skip)] => (Some(skip), &skip.branch.0[..]),
        body => (None, body),
    };
    let ([Layer::Activation(_), Layer::Dense(dense)], [] | [Layer::Dense(_)]) = (body, rest) else {
        return None;
    };
    let start = |name: &str, b: &Rational| format!("{name}^(1) = {}", affine(&first.weight, "t", b));
    let next = |name: &str, map: &str, b: &Rational| {
        let Dense { weight, .. } = dense;
        match skip {
            None => format!("{name}' = {}", affine(weight, map, b)),
            Some(skip) => {
                let square = Rational::from(skip.alpha.square_ref());
                format!("{name}' = {name} + {}", affine(&(weight * &square).into(), map, &(b * square)))
            }
        }
    };
    let sigma = [start("Sigma", &first.drawn_bias()), next("Sigma", "F(Sigma)", &dense.drawn_bias())];
    let theta = [start("Theta", &first.bias), next("Theta", "(Theta Fdot(Sigma) + F(Sigma))", &dense.bias)];
    let phi = &body[0];
    let (top, means) = (depth + 1, "u, v Gaussian with covariance Sigma");
    let [mean, slope] = ["F(Sigma) = E[phi(u) phi(v)]", "Fdot(Sigma) = E[phi'(u) phi'(v)]"];
    let kernel = match (readout, skip) {
        (Readout::Process, _) => {
            return Some(format!("Sigma^({top}): {}; {mean}, {means}; phi = {phi}", sigma.join(", ")));
        }
        (Readout::Tangent, None) => format!("Theta^({top})"),
        (Readout::Tangent, Some(_)) => format!("Theta^({top}) + Sigma^({top})"),
    };
    Some(format!(
        "{kernel}: {}, {}; {mean}, {slope}, {means}; phi = {phi}",
        sigma.join(", "),
        theta.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formula(spec: &str) -> String {
        spec.parse::<Kernel>().unwrap().formula()
    }

    #[test]
    fn a_kernel_has_the_formula_of_its_own_parameters() {
        let recursion = "F(Sigma) = E[phi(u) phi(v)], u, v Gaussian with covariance Sigma";
        let both = "F(Sigma) = E[phi(u) phi(v)], Fdot(Sigma) = E[phi'(u) phi'(v)], u, v Gaussian with covariance Sigma";
        for (spec, own) in [
            ("two-layer", "t (pi-theta)/(2 pi)"),
            ("two-layer:bias=true", "(t+1)(pi-theta)/(4 pi)"),
            ("arc-cosine", "(sin theta + (pi-theta) t)/pi"),
            ("arc-cosine:order=0", "(pi-theta)/pi"),
            ("arc-cosine:order=2", "(3 sin theta t + (pi-theta)(1+2t^2))/(3 pi)"),
            ("laplace", "exp(-r), r = 2 sin(theta/2)"),
            ("laplace:c=1/3", "exp(-1/3 r), r = 2 sin(theta/2)"),
            ("gaussian:length=1/2", "exp(-2 r^2), r = 2 sin(theta/2)"),
            ("matern:nu=1/2,length=2", "e^-z, z = 0.5 r, r = 2 sin(theta/2)"),
            ("matern", "(1 + z) e^-z, z = sqrt(3) r, r = 2 sin(theta/2)"),
            ("matern:nu=2.5", "(1 + z + z^2/3) e^-z, z = sqrt(5) r, r = 2 sin(theta/2)"),
            (
                "matern:nu=7/2,length=2",
                "(1 + z + 2z^2/5 + z^3/15) e^-z, z = 0.5 sqrt(7) r, r = 2 sin(theta/2)",
            ),
            ("expr: 1 + t^2", "1 + t^2"),
            ("nngp:dense relu dense", "Gaussian process kernel of dense relu dense"),
            ("ntk:dense relu dense", "tangent kernel of dense relu dense"),
        ] {
            assert_eq!(formula(spec), own, "{spec}");
        }
        for (spec, own) in [
            (
                "nngp:depth=3",
                format!("Sigma^(4): Sigma^(1) = t, Sigma' = 2 F(Sigma); {recursion}; phi = relu"),
            ),
            (
                "nngp:depth=1,activation=leaky-relu,slope=0.1,w=1,w-in=2,b=1/3,bias-init=gaussian",
                format!(
                    "Sigma^(2): Sigma^(1) = 2 t + 1/3, Sigma' = F(Sigma) + 1/3; {recursion}; phi = leaky-relu(0.1)"
                ),
            ),
            (
                "ntk:depth=2,b=0.1",
                format!(
                    "Theta^(3): Sigma^(1) = t, Sigma' = 2 F(Sigma), Theta^(1) = t + 0.1, Theta' = 2 (Theta Fdot(Sigma) + F(Sigma)) + 0.1; \
                     {both}; phi = relu"
                ),
            ),
            (
                "resnet:depth=2,alpha=1/2,b=1",
                format!(
                    "Theta^(3) + Sigma^(3): Sigma^(1) = t, Sigma' = Sigma + 0.5 F(Sigma), Theta^(1) = t + 1, \
                     Theta' = Theta + 0.5 (Theta Fdot(Sigma) + F(Sigma)) + 0.25; {both}; phi = relu"
                ),
            ),
        ] {
            assert_eq!(formula(spec), own, "{spec}");
        }
    }

    /// The polynomials are those that the kernels are evaluated with.
    #[test]
    fn the_polynomial_of_a_matern_kernel_is_the_one_evaluated() {
        use crate::kernel::Angle;
        for p in 0..=LONGEST_POLYNOMIAL + 3 {
            let kernel = Classical::Matern { half_order: p, length: 0.7f64 };
            for theta in [0.2, 1.1, 3.0] {
                let z = f64::from(2 * p + 1).sqrt() * 2.0 * f64::sin(theta / 2.0) / 0.7;
                let sum: f64 = (0..=p).map(|j| coefficient(p, j).to_f64() * z.powi(j as i32)).sum();
                assert!(
                    (kernel.at(&Angle::from_radians(theta)) - sum * (-z).exp()).abs() < 1e-14,
                    "{p} {theta}"
                );
            }
        }
    }
}
