//! What may be wrong with the chain.

/// A flaw of one stage of the chain. Each must bring down the claims that name it, and no other; how it is put in, the test says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Flaw {
    // What theory predicts.
    /// Every eigenvalue doubled.
    EveryEigenvalueDoubled,
    /// The eigenvalue of degree 3 doubled.
    DegreeThreeDoubled,
    /// The eigenvalue of degree 20 halved.
    DegreeTwentyHalved,
    /// Eigenvalues right to six digits.
    SixDigitsOnly,
    /// The sign of degree 7 lost.
    SignOfDegreeSevenLost,
    /// The bias swapped in the prediction.
    BiasSwappedInPrediction,
    /// The exponent d instead of d+1.
    ExponentOneTooSmall,
    /// The series normalisation passed off as probability.
    SeriesForProbability,
    /// The dimension of the space for that of the sphere.
    SpaceForSphere,
    /// Degrees counted from 1.
    DegreesFromOne,
    /// Small numbers where eigenvalues vanish.
    SmallNumbersForZeros,
    /// The null space of the other model.
    NullSpaceOfOtherModel,
    /// A coefficient of the formula in the degree off by one.
    FormulaOffByOne,

    // The kernel that the points see.
    /// A kernel without its 1/pi.
    KernelWithoutPi,
    /// The bias swapped between the points.
    BiasSwappedBetweenPoints,
    /// A kernel with a layer too few.
    KernelLayerMissing,
    /// The covariance for the tangent kernel.
    CovarianceForTangent,
    /// A residual branch of the wrong size.
    WrongResidualBranch,

    // The points and the labels.
    /// Points crowded on one side.
    CrowdedPoints,
    /// A user's points crowded on one side.
    CrowdedData,
    /// A user's labels shuffled.
    ShuffledData,
    /// Labels shuffled.
    ShuffledLabels,
    /// Labels of the next degree.
    NextDegree,
    /// The two frequencies of the mixture exchanged.
    FrequenciesExchanged,
    /// Labels without their noise.
    NoNoise,
    /// Noise three times as large.
    ThreefoldNoise,

    // The network and its training.
    /// A step size counted twice.
    StepTwice,
    /// Every second point left out of the gradient.
    EverySecondPoint,
    /// Frozen layers.
    FrozenLayers,
    /// The bias left out of the network.
    BiasLeftOut,
    /// A bias slipped into the network.
    BiasSlippedIn,
    /// A network with a layer too few.
    NetworkLayerMissing,
    /// A plain network passed off as a residual one.
    PlainForResidual,
    /// Another activation in the network.
    OtherActivation,
    /// All layers trained, and at one rate.
    RatesIgnored,
    /// The momentum forgotten.
    MomentumForgotten,
    /// Weights too small to stay where they were.
    SmallWeights,
    /// A network far too narrow.
    NarrowNetwork,
}

impl Flaw {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::EveryEigenvalueDoubled,
        Self::DegreeThreeDoubled,
        Self::DegreeTwentyHalved,
        Self::SixDigitsOnly,
        Self::SignOfDegreeSevenLost,
        Self::BiasSwappedInPrediction,
        Self::ExponentOneTooSmall,
        Self::SeriesForProbability,
        Self::SpaceForSphere,
        Self::DegreesFromOne,
        Self::SmallNumbersForZeros,
        Self::NullSpaceOfOtherModel,
        Self::FormulaOffByOne,
        Self::KernelWithoutPi,
        Self::BiasSwappedBetweenPoints,
        Self::KernelLayerMissing,
        Self::CovarianceForTangent,
        Self::WrongResidualBranch,
        Self::CrowdedPoints,
        Self::CrowdedData,
        Self::ShuffledData,
        Self::ShuffledLabels,
        Self::NextDegree,
        Self::FrequenciesExchanged,
        Self::NoNoise,
        Self::ThreefoldNoise,
        Self::StepTwice,
        Self::EverySecondPoint,
        Self::FrozenLayers,
        Self::BiasLeftOut,
        Self::BiasSlippedIn,
        Self::NetworkLayerMissing,
        Self::PlainForResidual,
        Self::OtherActivation,
        Self::RatesIgnored,
        Self::MomentumForgotten,
        Self::SmallWeights,
        Self::NarrowNetwork,
    ];
}
