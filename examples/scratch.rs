#![allow(missing_docs)]
use hinf::{
    kernel::Kernel,
    math::{decimal, units::*},
    spectrum::*,
};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let k: Kernel = a[1].parse().unwrap();
    let dim = Dimension::new(a[2].parse().unwrap()).unwrap();
    let top: u32 = a[3].parse().unwrap();
    let digits = Digits::new(a[4].parse().unwrap()).unwrap();
    let degrees: Vec<u32> = (0..=top).collect();
    let t = std::time::Instant::now();
    let v = precise::eigenvalues(&k, dim, &degrees, digits).unwrap().0;
    println!("precise {:?}", t.elapsed());
    for (k, c) in degrees.iter().zip(&v).filter(|(k, _)| **k % (top / 20 + 1) == 0) {
        let d = decimal::of_ball(&c.enclosure, digits);
        println!("{k} {} {} {}", d.text, decimal::of_bound(&d.error), c.certified);
    }
    let t = std::time::Instant::now();
    if let Some(e) = exact::ExactSpectrum::of(&k, dim) {
        let v = e.eigenvalues(&degrees, digits.bits(), 200);
        println!("exact {:?}", t.elapsed());
        for x in v.iter().filter(|x| x.degree % (top / 20 + 1) == 0) {
            println!(
                "{} {} {:?}",
                x.degree,
                decimal::of_ball(&x.enclosure, digits).text,
                x.closed.as_ref().map(|c| c.to_string())
            );
        }
    }
}
