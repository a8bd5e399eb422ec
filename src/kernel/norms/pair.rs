//! Two points at one place in a network, and what layers without units make of them.

/// Two points at one place in the network.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub q: [f64; 2],
    pub mean: [f64; 2],
    pub covariance: f64,
    /// `sqrt(q q') - S`.
    pub defect: f64,
    pub tangent: Option<f64>,
}

impl Pair {
    pub fn root(&self) -> f64 {
        (self.q[0] * self.q[1]).sqrt()
    }

    /// `(sqrt q - sqrt q')^2`.
    pub fn apart(&self) -> f64 {
        ((self.q[0] - self.q[1]) / (self.q[0].sqrt() + self.q[1].sqrt())).powi(2)
    }

    /// `q + q' - 2 S`.
    pub fn distance(&self) -> f64 {
        self.apart() + 2.0 * self.defect
    }

    /// `q q' - S^2`.
    pub fn determinant(&self) -> f64 {
        self.defect * (self.root() + self.covariance)
    }

    /// `q + q' + 2 S`.
    pub fn sum(&self) -> f64 {
        self.q[0] + self.q[1] + 2.0 * self.covariance
    }
}

impl Pair {
    /// Less these means, over the roots of what variance is left.
    pub fn normalised(self, left: [f64; 2], less: [f64; 2]) -> Self {
        let scale = (left[0] * left[1]).sqrt();
        // sqrt(c c') + m m' - sqrt(q q'), as a fraction whose numerator is -(sqrt c m' - sqrt c' m)^2.
        let tilt = left[0].sqrt() * less[1] - left[1].sqrt() * less[0];
        let along = less[0] * less[1];
        let more = if tilt == 0.0 { 0.0 } else { -tilt * tilt / (scale + along + self.root()) };
        let kept = |i: usize| if less == [0.0; 2] { self.mean[i] / left[i].sqrt() } else { 0.0 };
        Self {
            q: [1.0; 2],
            mean: [kept(0), kept(1)],
            covariance: (self.covariance - along) / scale,
            defect: (self.defect + more) / scale,
            tangent: self.tangent.map(|tangent| tangent / scale),
        }
    }
}

/// `S = sum S_i + sum_(i != j) m_i m'_j`, and the same of the variances; tangent kernels add.
pub fn sum(parts: Vec<Pair>) -> Pair {
    let total = |f: &dyn Fn(&Pair) -> f64| parts.iter().map(f).sum::<f64>();
    let means = [total(&|part| part.mean[0]), total(&|part| part.mean[1])];
    let across = |i: usize, j: usize| means[i] * means[j] - total(&|part| part.mean[i] * part.mean[j]);
    let q = [0, 1].map(|i| total(&|part| part.q[i]) + across(i, i));
    let covariance = total(&|part| part.covariance) + across(0, 1);
    let root = (q[0] * q[1]).sqrt();
    let defect = if means == [0.0; 2] {
        // Lagrange: (sum q_i)(sum q'_i) - (sum sqrt(q_i q'_i))^2 = sum_(i<j) (sqrt(q_i q'_j) - sqrt(q_j q'_i))^2.
        let mut squares = 0.0;
        for (i, a) in parts.iter().enumerate() {
            squares += parts[..i]
                .iter()
                .map(|b| ((a.q[0] * b.q[1]).sqrt() - (b.q[0] * a.q[1]).sqrt()).powi(2))
                .sum::<f64>();
        }
        let roots = total(&Pair::root);
        total(&|part| part.defect) + if squares > 0.0 { squares / (root + roots) } else { 0.0 }
    } else {
        root - covariance
    };
    let tangent = parts.iter().filter_map(|part| part.tangent).reduce(|a, b| a + b);
    Pair { q, mean: means, covariance, defect, tangent }
}

/// `S S'`, `Theta S' + S Theta'`.
pub fn product(a: Pair, b: Pair) -> Pair {
    let of = |tangent: Option<f64>, other: &Pair| tangent.map(|tangent| tangent * other.covariance);
    let tangent = match (of(a.tangent, &b), of(b.tangent, &a)) {
        (Some(one), Some(other)) => Some(one + other),
        (one, other) => one.or(other),
    };
    Pair {
        q: [a.q[0] * b.q[0], a.q[1] * b.q[1]],
        mean: [a.mean[0] * b.mean[0], a.mean[1] * b.mean[1]],
        covariance: a.covariance * b.covariance,
        defect: a.root() * b.defect + a.defect * b.covariance,
        tangent,
    }
}
