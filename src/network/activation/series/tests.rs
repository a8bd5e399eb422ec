use super::*;

fn variance(q: f64) -> Ball {
    Ball::exact(Float::with_val(300, q))
}

type Made = fn(&Ball, Bits) -> Option<Table>;
const ALL: [Made; 4] = [Table::tanh, Table::sigmoid, Table::silu, Table::softplus];

/// Two accuracies take other steps, cuts and precisions, and must agree within what both claim.
#[test]
fn two_accuracies_agree() {
    for make in ALL {
        for q in [0.25, 1.0, 2.5] {
            let [short, long] = [40, 90].map(|bits| make(&variance(q), Bits(bits)).unwrap());
            assert!(short.squares.len() < long.squares.len());
            for (n, (a, b)) in short.squares.iter().zip(&long.squares).enumerate() {
                assert!((a.clone() - b.clone()).contains_zero(), "a_{n}^2 at q = {q}");
                assert!(a.radius() < 1e-25 && b.radius() < 1e-40);
            }
        }
    }
}

/// What is left out is the tail: Parseval is sharp, and a wrong moment is seen.
#[test]
fn tails_bound_what_is_left_out() {
    for make in ALL {
        let [short, long] = [40, 90].map(|bits| make(&variance(1.3), Bits(bits)).unwrap());
        let left = |power: u32| {
            let term = |(n, square): (usize, &Ball)| {
                square.clone() * square.constant(&Rational::from(n)).powi(power)
            };
            let rest = long.squares.iter().enumerate().skip(short.squares.len()).map(term);
            rest.fold(long.tails[power as usize].clone(), |sum, x| sum + x)
        };
        for power in [0, 1] {
            let (tail, left) = (short.tails[power as usize].magnitude(), left(power));
            assert!(tail >= left.lower(), "{tail} against {left:?}");
            assert!(Float::with_val(64, tail * 0.999f64) <= left.upper(), "not sharp");
            assert!(short.tails[power as usize].magnitude() < 1e-9);
        }
    }
}

/// What is made for an interval of variances holds for each of them; the errors of the rule are in every number.
#[test]
fn tables_hold_for_every_variance_in_the_ball() {
    for make in ALL {
        let wide = make(&variance(1.3).widened(&Float::with_val(53, 1e-9)), Bits(60)).unwrap();
        let one = make(&variance(1.3 + 0.9e-9), Bits(60)).unwrap();
        let apart = |a: &Ball, b: &Ball| Float::with_val(300, a.midpoint() - b.midpoint()).abs();
        for (a, b) in wide.squares.iter().zip(&one.squares).chain(wide.whole.iter().zip(&one.whole)) {
            assert!(apart(a, b) <= a.radius() + b.radius(), "{a:?} {b:?}");
        }
        let moved = apart(&wide.squares[1], &one.squares[1]);
        assert!(moved > 1e-11 && wide.squares[1].radius() < 1e-7, "{moved}");
        // 64 bits more than the tails.
        let least = Float::with_val(64, 1) >> 129;
        assert!(one.whole.iter().all(|sum| sum.radius() > least), "{:?}", one.whole);
    }
}

/// The coefficients of a short table hold those of a long one, and not much more; at equal points they are the whole sums.
#[test]
fn taylor_coefficients_count_what_is_left_out() {
    for make in ALL {
        let [short, long] = [40, 90].map(|bits| make(&variance(1.3), Bits(bits)).unwrap());
        for (s, count) in [(1.3, 2), (-1.3, 2), (1.25, INNER), (0.4, INNER), (-0.9, INNER)] {
            let [a, b] = [&short, &long].map(|table| table.taylor(&variance(s)));
            assert_eq!((a.len(), b.len()), (count, count), "{s}");
            for (j, (a, b)) in a.iter().zip(&b).enumerate() {
                let apart = Float::with_val(300, a.midpoint() - b.midpoint()).abs();
                assert!(apart <= a.radius() + b.radius(), "{s}, {j}: {apart}");
                assert!(b.radius() < 1e-15 && (j < 2 || a.radius() < 1e-2), "{s}, {j}: {}", a.radius());
            }
        }
        let [value, slope] = &long.taylor(&long.q)[..] else { panic!("two coefficients") };
        assert!((value.clone() - long.whole[0].clone()).contains_zero());
        assert!((slope.clone() * long.q.clone() - long.whole[1].clone()).contains_zero());
        let [inside, beside] = [0.4, 0.4 + 1e-6].map(|s| long.taylor(&variance(s)));
        for j in 1..INNER {
            let rise = (beside[j - 1].clone() - inside[j - 1].clone()).midpoint().to_f64() / 1e-6;
            let slope = j as f64 * inside[j].midpoint().to_f64();
            assert!((rise - slope).abs() < 1e-4 * (1.0 + slope.abs()), "{j}: {rise} {slope}");
        }
    }
}

#[test]
fn series_that_are_too_long_are_refused() {
    assert!(Table::tanh(&variance(1e9), Bits(200)).is_none());
    for q in [0.0, 1e13, 1e-201] {
        assert!(Table::tanh(&variance(q), Bits(60)).is_none());
    }
    let unknown = variance(1.0).widened(&Float::with_val(53, 0.1));
    assert!(Table::sigmoid(&unknown, Bits(60)).is_none());
}
