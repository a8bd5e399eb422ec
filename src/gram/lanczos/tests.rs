use super::*;
use crate::{
    gram::team::tests::played, kernel::Kernel, math::units::Dimension, progress::Unwatched, sample::designs,
};
use std::sync::Mutex;

/// Keeps what it is given as bytes, and fails after so many times.
struct Killed {
    kept: Mutex<Option<Vec<u8>>>,
    left: Mutex<usize>,
}

impl Keeper for Killed {
    fn load(&self) -> Result<Option<State<'static>>> {
        Ok(self.kept.lock().unwrap().as_ref().map(|bytes| postcard::from_bytes(bytes).unwrap()))
    }

    fn save(&self, state: &State<'_>) -> Result<()> {
        *self.kept.lock().unwrap() = Some(postcard::to_stdvec(state).unwrap());
        let mut left = self.left.lock().unwrap();
        *left -= 1;
        if *left == 0 { Err(Error::cancelled()) } else { Ok(()) }
    }
}

#[test]
fn an_iteration_shared_or_killed_after_any_product_ends_in_the_same_bits() {
    let kernel: Kernel = "ntk:depth=2".parse().unwrap();
    let sample = designs::uniform(Dimension::new(2).unwrap(), 600, 3);
    let (values, sites) = (Values::new(&kernel).unwrap(), Sites::new(&sample));
    let wanted = EigenRequest { pairs: 25, multiplicity: 9 };
    let expected = eigenpairs(&values, &sites, wanted, &Unwatched).unwrap();
    let same = |found: &Eigenpairs| found.values == expected.values && found.vectors == expected.vectors;
    for size in [2, 3] {
        let found =
            played(size, |team| shared(&values, &sites, wanted, team, &Forgetful, &Unwatched).unwrap());
        assert!(found.iter().all(same), "{size}");
    }
    let keeper = Killed { kept: Mutex::default(), left: Mutex::new(1) };
    let mut kills = 0;
    let found = loop {
        *keeper.left.lock().unwrap() = 1;
        match shared(&values, &sites, wanted, &Alone, &keeper, &Unwatched) {
            Ok(found) => break found,
            Err(_) => kills += 1,
        }
    };
    assert!(kills >= 2 && same(&found), "{kills}");
}
