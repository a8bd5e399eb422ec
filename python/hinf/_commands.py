"""One function a command. Written by generate.py from what the library says of itself: change it there."""

from __future__ import annotations

from typing import Any, cast

from . import _reports
from ._errors import refused
from ._experiments import experiment
from ._options import Option
from ._spectrum import spectra

__all__ = ["check", "collect", "curve", "formula", "gram", "kernels", "null_space", "plan", "sweep", "table", "train", "validate", "verify", "sample"]


def check(
    values: Option = None,
    *,
    kernel: Option = None,
    dim: Option = None,
    as_: Option = None,
    points: Option = None,
    threads: int | None = None,
    quiet: bool = False,
) -> _reports.Check:
    """Say whether eigenvalues computed elsewhere are right, and in which convention.

    Each number is set against the certified eigenvalue of its degree. If they differ, the conventions of papers and codes are
    tried: the measure (probability, surface, coefficients), the sphere (S^d or S^(d-1)), the index, factors (2, pi, d, n, K(1))
    and the variance of the weights, two at once if need be. Exit code 0 if all numbers are right in one of them; 1 if not, or if
    some are lost in rounding, with the first such degree.

    Returns the report, of the fields of `hinf check --format json`; `passed` says whether every check held.

    - values: The numbers: a file (CSV with columns degree,value or one number a line; JSON; .npy or .npz), or the numbers
      themselves, with commas between them. A bare list starts at degree 0
    - kernel: The kernel, as in ntk:depth=3 (see `hinf.kernels()`)
    - dim: Dimension d of the sphere S^d; 1 is the circle
    - as_: Order of the numbers: degree (beside each), list (from degree 0 on) or sorted (by size, each as often as its
      multiplicity) [told from the numbers]
    - points: The number of points, where the numbers are eigenvalues of a Gram matrix that was not divided by it [default: the
      length of a sorted list]
    - threads: Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.
    - quiet: Show no progress, and no costs.
    """
    found = experiment(
        "check",
        threads=threads,
        quiet=quiet,
        values=values,
        kernel=kernel,
        dim=dim,
        as_=as_,
        points=points,
    )
    return cast(_reports.Check, found)


def collect(
    folder: Option = None,
    *,
    columns: Option = None,
    x: Option = None,
    y: Option = None,
    by: Option = None,
    threads: int | None = None,
    quiet: bool = False,
) -> _reports.Collected:
    """Put the results of a sweep into one table: one row a run, its axes and its results as columns.

    Runs that are missing or failed are rows too. A result is named by its place in the report, as rows[degree=3].ratio; `format`
    csv has all of them, `format` jsonl the reports themselves, one a line, and `format` parquet (in a program built with the
    feature parquet) columns with their types.

    Returns the report, of the fields of `hinf collect --format json`; `passed` says whether every check held.

    - folder: The folder of a sweep
    - columns: Only these results: names or ends of names, with commas between them; * stands for anything
    - x: Of `plot`: the axis along it
    - y: Of `plot`: the result that is drawn
    - by: Of `plot`: the axis of which each value is a curve
    - threads: Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.
    - quiet: Show no progress, and no costs.
    """
    found = experiment(
        "collect",
        threads=threads,
        quiet=quiet,
        folder=folder,
        columns=columns,
        x=x,
        y=y,
        by=by,
    )
    return cast(_reports.Collected, found)


def curve(
    kernel: Option = None,
    *,
    network: Option = None,
    dim: Option = None,
    target: Option = None,
    noise: Option = None,
    ridge: Option = None,
    points: Option = None,
    lr: Option = None,
    optimizer: Option = None,
    momentum: Option = None,
    batch: Option = None,
    threads: int | None = None,
    quiet: bool = False,
) -> _reports.Curve:
    """Predict learning curves from the spectrum: error against points, and against steps.

    The target is a sum of harmonics of mean square 1 with the given coefficients; labels carry Gaussian noise. The first table is
    the expected error of kernel regression against the number of points, with the step at which gradient descent had better stop
    and its error there; the second is the error against steps for the largest number of points. Errors are mean square distances
    to the clean target; on noisy test labels add the noise's variance. All are estimates, and the captions say where they are
    known to be off.

    Returns the report, of the fields of `hinf curve --format json`; `passed` says whether every check held.

    - kernel: The kernel, as in ntk:depth=3 (see `hinf.kernels()`)
    - network: The network that is trained, as in 'dense 3*(relu dense(w=2))'
    - dim: Dimension d of the sphere S^d; 1 is the circle
    - target: The target: degrees and their coefficients
    - noise: Standard deviation of the labels' noise [default: 0]
    - ridge: Ridge R of kernel regression: weights are (K + R I)^-1 y. With `optimizer` also that of descent, towards the weights
      at the start [default: 0]
    - points: Numbers of points: numbers, lists, inclusive ranges [default: 16,32,64,128,256,512,1024]
    - lr: Step size of descent; auto is 1/(n lambda_max) [default: auto]
    - optimizer: Optimizer: gd (without it, and without a ridge), heavy-ball, nesterov, torch-nesterov, ridge (gd with `ridge`) or
      sgd (gd with `batch`)
    - momentum: Momentum factor of heavy-ball and both Nesterovs
    - batch: Points of a mini-batch, drawn afresh each step; all without it
    - threads: Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.
    - quiet: Show no progress, and no costs.
    """
    found = experiment(
        "curve",
        threads=threads,
        quiet=quiet,
        kernel=kernel,
        network=network,
        dim=dim,
        target=target,
        noise=noise,
        ridge=ridge,
        points=points,
        lr=lr,
        optimizer=optimizer,
        momentum=momentum,
        batch=batch,
    )
    return cast(_reports.Curve, found)


def formula(
    kernel: Option = None,
    *,
    dim: Option = None,
    symbolic_dim: bool = False,
    order: Option = None,
    threads: int | None = None,
    quiet: bool = False,
) -> _reports.Formulas:
    """Print eigenvalues as formulas in the degree k, each proved and checked.

    For kernels A(t) + B(t) theta/pi + C(t) sin(theta)/pi + S(t) sin(theta/2) + T(t) cos(theta/2) with polynomials A, B, C, S, T:
    one formula for even and one for odd k, what is added at single degrees, the ratio, the local exponent, the expansion at large
    k and the tail of the trace. For others, such as deep networks, the law of large degrees: exponent and constants of even and
    odd k, exactly where they are known, the further coefficients, and from which degree on they give how many certified digits.
    Besides the usual formats there is ``format` sympy`, a Python script.

    Returns the report, of the fields of `hinf formula --format json`; `passed` says whether every check held.

    - kernel: The kernel, as in ntk:depth=1 (see `hinf.kernels()`)
    - dim: Dimensions d of the sphere S^d: numbers, lists, inclusive ranges
    - symbolic_dim: Keep the dimension as a symbol d. The tail of the trace has no one formula in d; with ``dim`` it is given
    - order: The expansion goes to kappa^(-2 M) [default: 3]
    - threads: Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.
    - quiet: Show no progress, and no costs.
    """
    found = experiment(
        "formula",
        threads=threads,
        quiet=quiet,
        kernel=kernel,
        dim=dim,
        symbolic_dim=symbolic_dim or None,
        order=order,
    )
    return cast(_reports.Formulas, found)


def gram(
    kernel: Option = None,
    *,
    dim: Option = None,
    points: Option = None,
    degrees: Option = None,
    design: Option = None,
    repeats: Option = None,
    seed: Option = None,
    solver: Option = None,
    confidence: Option = None,
    against: Option = None,
    widths: Option = None,
    matrix: Option = None,
    data: Option = None,
    label: Option = None,
    header: Option = None,
    norms: Option = None,
    ridge: Option = None,
    checkpoint: Option = None,
    resume: bool = False,
    X: Any = None,
    y: Any = None,
    threads: int | None = None,
    quiet: bool = False,
) -> _reports.Gram:
    """Draw points, diagonalise their Gram matrix, and set it against the spectrum.

    The measurement never sees the prediction. Sample eigenvalues are grouped by the harmonics that their eigenvectors lie in;
    beside them stands the pairwise estimate of each eigenvalue, which is unbiased. Points that are not random have no confidence
    interval but a bound, from the predicted spectrum on just these points. Degrees that the kernel misses show as a rank too
    small on even or on odd functions. Exit code 1 if theory and sample disagree, or the kernel has a negative eigenvalue.

    With `data` the points are a user's own. One eigendecomposition gives the spectrum, what descent and regression make of the
    labels, the error of each row left out over a grid of ridges, and how fast eigenvalues and labels fall.

    Returns the report, of the fields of `hinf gram --format json`; `passed` says whether every check held.

    - kernel: The kernel, as in ntk:depth=3 (see `hinf.kernels()`); with `data` several, each with its `kernel`, are set side by
      side
    - dim: Dimension d of the sphere S^d; 1 is the circle
    - points: Number of points
    - degrees: Degrees: numbers, lists, inclusive ranges [default: 0..6]
    - design: Layout of the points: uniform, equispaced (circle), fibonacci (S^2) or quadrature [default: uniform]
    - repeats: Independent samples; 5 without it, but 1 beyond 20000 points and for designs that are not random
    - seed: Seed of the points [default: 0]
    - solver: Solver: auto, dense or lanczos [default: auto]
    - confidence: Confidence of the intervals, and of all checks together [default: 0.99]
    - against: Take the prediction from this kernel instead: a wrong one must come out inconsistent
    - widths: Widths of random two-layer networks whose finite kernel is compared with the infinite one; with `matrix` the width
      behind each matrix
    - matrix: Kernel matrices of your own, files with commas between them: .npy, .npz or CSV. With `data` and `kernel` they are
      set against the kernel entry by entry; several give the rate towards it; with `label` what each makes of the labels
    - data: A file of points, one a row, instead of a design: CSV (commas, semicolons, tabs or spaces), .npy or .npz; rows are
      scaled to norm 1
    - label: The column of the labels in FILE (or beside a matrix without `data`), by heading or by number from 1, or an array of
      an .npz file. Class names are coded, and it is said how
    - header: Is the first row of FILE a heading: told from the rows, and said where in doubt, or decided
    - norms: Rows on the sphere (unit), or as they are (keep): then only for laplace, matern, gaussian, arc-cosine, two-layer and
      networks of relu, leaky-relu, abs, step, sign, rectified-monomial, erf, sin, cos, rbf, exp or gaussian, whose kernels are
      known at any two norms; also of one column
    - ridge: Ridge R of kernel regression on the labels: weights are (K + R I)^-1 y; 0 without it
    - checkpoint: Keep the iteration of the solver lanczos in this folder after every product: one that is killed loses no more
    - resume: Take up the iteration that is kept there
    - X: Rows as an array, in place of a file.
    - y: Their labels as an array, numbers or names.
    - threads: Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.
    - quiet: Show no progress, and no costs.
    """
    found = experiment(
        "gram",
        threads=threads,
        quiet=quiet,
        kernel=kernel,
        dim=dim,
        points=points,
        degrees=degrees,
        design=design,
        repeats=repeats,
        seed=seed,
        solver=solver,
        confidence=confidence,
        against=against,
        widths=widths,
        matrix=matrix,
        data=data,
        label=label,
        header=header,
        norms=norms,
        ridge=ridge,
        checkpoint=checkpoint,
        resume=resume or None,
        X=X,
        y=y,
    )
    return cast(_reports.Gram, found)


def kernels(
    *,
    threads: int | None = None,
    quiet: bool = False,
) -> _reports.Kernels:
    """List the kernels with their formulas and defaults.

    Returns the report, of the fields of `hinf kernels --format json`; `passed` says whether every check held.

    - threads: Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.
    - quiet: Show no progress, and no costs.
    """
    found = experiment(
        "kernels",
        threads=threads,
        quiet=quiet,
    )
    return cast(_reports.Kernels, found)


def null_space(
    kernel: Option = None,
    *,
    dim: Option = None,
    max_degree: Option = None,
    threads: int | None = None,
    quiet: bool = False,
) -> _reports.NullSpace:
    """Find the degrees whose eigenvalue vanishes, and whether that is proved.

    Returns the report, of the fields of `hinf null-space --format json`; `passed` says whether every check held.

    - kernel: The kernel (see `hinf.kernels()`) [default: two-layer]
    - dim: Dimensions d of the sphere S^d
    - max_degree: Look at degrees 0 to N, to 10^12 + 1; to 100000 where each must be decided by its own value [default: 100]
    - threads: Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.
    - quiet: Show no progress, and no costs.
    """
    found = experiment(
        "null-space",
        threads=threads,
        quiet=quiet,
        kernel=kernel,
        dim=dim,
        max_degree=max_degree,
    )
    return cast(_reports.NullSpace, found)


def plan(
    kernel: Option = None,
    *,
    network: Option = None,
    dim: Option = None,
    degrees: Option = None,
    delta: Option = None,
    tolerance: Option = None,
    lr: Option = None,
    optimizer: Option = None,
    momentum: Option = None,
    ridge: Option = None,
    batch: Option = None,
    points: Option = None,
    width: Option = None,
    budget: Option = None,
    threads: int | None = None,
    quiet: bool = False,
) -> _reports.Plan:
    """Plan an experiment: steps, points, width, memory and time for each degree.

    Steps are those until the part of the residual along the degree is left with the fraction delta. Points (uniform) and units
    (independent directions, two-layer kernels) are those at which the learning time is within the tolerance of the prediction:
    one standard deviation, b/sqrt(n) or a/sqrt(m), plus the mixing D/n or D/m with other degrees. Times come from short runs of
    the training itself on this machine, as busy as it is, and are good to a factor of about two.

    Returns the report, of the fields of `hinf plan --format json`; `passed` says whether every check held.

    - kernel: The kernel, as in ntk:depth=3 (see `hinf.kernels()`)
    - network: The network that is trained, as in 'dense 3*(relu dense(w=2))'
    - dim: Dimension d of the sphere S^d; 1 is the circle
    - degrees: Degrees to learn: numbers, lists, inclusive ranges, to 10^12 + 1 [default: 1..6]
    - delta: The fraction of a degree that may be left [default: 0.05]
    - tolerance: How far the learning time may be from the prediction, as a fraction of it [default: 0.1]
    - lr: Step size: auto is 1/(n lambda_max); largest is the largest stable one, 2/(n lambda_max) for gradient descent [default:
      auto]
    - optimizer: Optimizer: gd, heavy-ball, nesterov, torch-nesterov, ridge (gd with `ridge`) or sgd (gd with `batch`) [default:
      gd]
    - momentum: Momentum factor of heavy-ball and both Nesterovs
    - ridge: Ridge towards the weights at the start, with any optimizer
    - batch: Points of a mini-batch, drawn afresh each step, with any optimizer; all without it
    - points: Number of points; without it, as many as the degrees need
    - width: Number of units; without it, as many as the degrees need
    - budget: Time there is, such as 10m: says which degrees fit
    - threads: Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.
    - quiet: Show no progress, and no costs.
    """
    found = experiment(
        "plan",
        threads=threads,
        quiet=quiet,
        kernel=kernel,
        network=network,
        dim=dim,
        degrees=degrees,
        delta=delta,
        tolerance=tolerance,
        lr=lr,
        optimizer=optimizer,
        momentum=momentum,
        ridge=ridge,
        batch=batch,
        points=points,
        width=width,
        budget=budget,
    )
    return cast(_reports.Plan, found)


def sweep(
    study: Option = None,
    *,
    shard: Option = None,
    dry_run: bool = False,
    retry_failed: bool = False,
    budget: Option = None,
    output: Option = None,
    threads: int | None = None,
    quiet: bool = False,
) -> _reports.Sweep:
    """Make all runs of a study, each kept as one file, on this machine or a share of them on each of many.

    The study names a command, the options that all runs share, and those that vary:

    command = "train" [defaults] model = "two-layer" bias = true [axes] # every combination dim = [1, 2] width = {from = 256, to =
    1024, factor = 2} seed = "0..9" [[zip]] # these go in step degrees = ["1..4", "1..8"] points = [100, 400] [[override]] #
    instead, for some values when = {dim = 2} set = {kappa = 10}

    A finished run is never made again: the same command goes on where one was stopped or killed, and shares may run at the same
    time, in any order, over one folder. A failed run is kept with its error. Results do not depend on shares, threads or
    interruptions.

    Returns the report, of the fields of `hinf sweep --format json`; `passed` says whether every check held.

    - study: The study: a file of TOML
    - shard: Make the I-th of N shares of the runs
    - dry_run: List the runs, with what is there and what they will take; make none
    - retry_failed: Make those again that failed before
    - budget: Of a dry run: the time that a shard may take, such as 4h; says how many shards it takes
    - output: The folder of the results, one file a run; it is made
    - threads: Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.
    - quiet: Show no progress, and no costs.
    """
    found = experiment(
        "sweep",
        threads=threads,
        quiet=quiet,
        study=study,
        shard=shard,
        dry_run=dry_run or None,
        retry_failed=retry_failed or None,
        budget=budget,
        output=output,
    )
    return cast(_reports.Sweep, found)


def table(
    kernel: Option = None,
    *,
    dim: Option = None,
    degrees: Option = None,
    digits: Option = None,
    normalization: Option = None,
    convention: Option = None,
    parity: Option = None,
    certify: bool = False,
    fast: bool = False,
    exact_limit: Option = None,
    explain: bool = False,
    threads: int | None = None,
    quiet: bool = False,
) -> _reports.Tables:
    """Print the eigenvalues of a kernel, degree by degree.

    Values are exact where a closed form exists (rationals, over pi^2 for odd dimensions), certified where an enclosure can be
    proved, and estimates otherwise; the last two columns say which, and the error.

    Returns the report, of the fields of `hinf table --format json`; `complete` says whether every value has its digits.

    - kernel: The kernel, as in ntk:depth=3 (see `hinf.kernels()`)
    - dim: Dimensions d of the sphere S^d: numbers, lists, inclusive ranges. 1 is the circle
    - degrees: Degrees: numbers, lists, inclusive ranges [default: 0..20]
    - digits: Correct significant digits of each value [default: 20]
    - normalization: Normalization: probability, surface (times the area of the sphere) or series (cosine coefficients, circle
      only) [default: probability]
    - convention: Write values as a paper or code does, `dim` in its own meaning: probability, paper, neural-tangents, bietti-
      bach, yang-salman, geifman, pehlevan or simon
    - parity: Which degrees [default: all]
    - certify: Fail (exit 1) unless every value is proved: zero, exact or certified
    - fast: Use f64 where it holds the digits; such values are estimates
    - exact_limit: Longest closed form printed, in digits of all its numerators and denominators together, to a few; a longer one
      is replaced by (too long) [default: 1000]
    - explain: Show by which route each value was found (formula, exact, series, asymptotic, precise or fast), and what the
      degrees beyond hold
    - threads: Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.
    - quiet: Show no progress, and no costs.
    """
    given = {
        "kernel": kernel,
        "dim": dim,
        "degrees": degrees,
        "digits": digits,
        "normalization": normalization,
        "convention": convention,
        "parity": parity,
        "certify": certify or None,
        "fast": fast or None,
        "exact_limit": exact_limit,
        "explain": explain or None,
    }
    return _reports.Tables(spectra(given, threads, quiet))


def train(
    model: Option = None,
    *,
    network: Option = None,
    bias: bool = False,
    depth: Option = None,
    alpha: Option = None,
    activation: Option = None,
    slope: Option = None,
    keep_start: bool = False,
    data: Option = None,
    label: Option = None,
    label_kind: Option = None,
    header: Option = None,
    test_share: Option = None,
    label_noise: Option = None,
    page: Option = None,
    dim: Option = None,
    degrees: Option = None,
    target: Option = None,
    amplitude: Option = None,
    harmonic: Option = None,
    width: Option = None,
    points: Option = None,
    design: Option = None,
    gap: Option = None,
    init: Option = None,
    directions: Option = None,
    kappa: Option = None,
    lr: Option = None,
    optimizer: Option = None,
    momentum: Option = None,
    ridge: Option = None,
    batch: Option = None,
    delta: Option = None,
    loss_below: Option = None,
    target_norm: Option = None,
    beyond_stable: bool = False,
    kernel_at_end: bool = False,
    loss: Option = None,
    max_steps: Option = None,
    repeats: Option = None,
    seed: Option = None,
    noise: Option = None,
    fit_from: Option = None,
    precision: Option = None,
    curves: Option = None,
    checkpoint: Option = None,
    resume: bool = False,
    X: Any = None,
    y: Any = None,
    threads: int | None = None,
    quiet: bool = False,
) -> _reports.Training:
    """Train a network on each degree and count the steps, beside three predictions without a fitted constant.

    Full-batch gradient descent on 1/2 sum (f(x_i) - y_i)^2, until the component of the residual along the target is delta of its
    start (measured), and until its whole norm is (residual). Predictions: by the eigenvalue lambda_k (infinitely many points,
    infinite width), by the Gram matrix of the points used (infinite width), and by the Gram matrix of the network's own gradients
    at its start.

    With `data` the network is trained on a user's own rows and labels for `max_steps`, and tested on rows that were left out.
    Beside errors, accuracies and the residual's energy by eigendirection, step by step, stands what descent with the Gram matrix
    of the rows makes of them, and with that of the network at its start; both say where early stopping should end the run.

    Returns the report, of the fields of `hinf train --format json`; `passed` says whether every check held.

    - model: A known network: two-layer (first layer trained), mlp or resnet (all layers trained)
    - network: The network in its language, as in 'dense 3*(relu dense(w=2))'
    - bias: Give the known network a bias
    - depth: Hidden layers of mlp, branches of resnet
    - alpha: Factor of a residual branch; 1 without it
    - activation: Activation of mlp and resnet: relu, leaky-relu, erf, sin or gelu
    - slope: Slope of leaky-relu for negative arguments
    - keep_start: Keep the output at the start, which is subtracted without it (two-layer starts at 0 by itself)
    - data: A file of rows to train on instead: CSV (commas, semicolons, tabs or spaces), .npy or .npz; rows are scaled to norm 1
    - label: The column of the labels in FILE, by heading or by number from 1, or an array of an .npz file. Two classes are -1 and
      1; of more each has a network against the rest
    - label_kind: What the labels are: classes if they are names, or 2 to 20 different whole numbers (auto); classes; or a
      quantity
    - header: Is the first row of FILE a heading: told from the rows, and said where in doubt, or decided
    - test_share: The share of the rows, drawn by the seed, that are tested on and not trained on; 0.25 without it
    - label_noise: The share of the training rows whose labels are permuted among them; 0 without it
    - page: Write a page of the training on FILE, with figures, tables and their data, into this folder
    - dim: Dimension d of the sphere S^d; 1 is the circle
    - degrees: Degrees, one run each on P_k (cos k theta on the circle): numbers, lists, inclusive ranges
    - target: One run on a mixture instead: degrees and their coefficients, of harmonics with mean square 1
    - amplitude: Factor of the targets of `degrees`, or of the labels of `data`; 1 for two-layer, 0.1 for the others. The smaller,
      the more linear the training
    - harmonic: The harmonic of a degree: zonal, or random from the seed [default: zonal]
    - width: Hidden units; 4096 for two-layer, 512 for the others
    - points: Training points; 201 on the circle, 500 elsewhere
    - design: Layout of the points: uniform, equispaced, fibonacci or quadrature; the most even one without it
    - gap: Leave out the points in a cap this many degrees across; the test error is then that on them
    - init: Units of two-layer: paired (output 0 at the start) or independent
    - directions: Weights of two-layer: even or random directions; even without it where such are known (dim 1 and 2)
    - kappa: Scale of the initial weights of two-layer; 100 without it. The larger, the more linear the training
    - lr: Step size; auto is 1/(n lambda_max) of the Gram matrix of the points [default: auto]
    - optimizer: Optimizer: gd, heavy-ball, nesterov, torch-nesterov, ridge (gd with `ridge`) or sgd (gd with `batch`) [default:
      gd]
    - momentum: Momentum factor of heavy-ball and both Nesterovs
    - ridge: Ridge towards the weights at the start, with any optimizer
    - batch: Points of a mini-batch, drawn afresh each step, with any optimizer; all without it
    - delta: The share of its start to which the residual must fall [default: 0.05]
    - loss_below: A degree counts as learned when the loss of its component, half a sum of squares over the points, is at most
      this; in the place of `delta`
    - target_norm: The norm of the labels: the root of the sum of their squares over the points
    - beyond_stable: Accept a step size beyond the largest stable one, and a residual that grows. The predictions are of linear
      dynamics, which then diverge: none of them holds, and the network settles under another kernel than that of its start (see
      `kernel_at_end`)
    - kernel_at_end: Show what the network's own kernel has come to at the end of each run, and the steps by it
    - loss: Loss: mse, or cross-entropy on the sign of the target, or of the classes of `data` [default: mse]
    - max_steps: The most steps of a run; four times the longest prediction without it (by lambda_k; for cross-entropy by the Gram
      matrix of the points). With `data` all of them are made, 1000 without it
    - repeats: Runs of each degree, with seeds S, S+1, ... [default: 1]
    - seed: Seed of everything drawn [default: 0]
    - noise: Standard deviation of normal noise on the labels [default: 0]
    - fit_from: The least degree in the fit of the slope [default: 1]
    - precision: Precision of the network: f64 or f32 [default: f64]
    - curves: Write the energy in each degree, the residual and the error on fresh points over time to this file, as CSV; with
      `data` errors, accuracies and energies by eigendirection, seen and predicted
    - checkpoint: Keep finished runs, and those under way, in this folder
    - resume: Take up the runs kept in the folder of `checkpoint`; the result is the same to the bit
    - X: Rows as an array, in place of a file.
    - y: Their labels as an array, numbers or names.
    - threads: Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.
    - quiet: Show no progress, and no costs.
    """
    found = experiment(
        "train",
        threads=threads,
        quiet=quiet,
        model=model,
        network=network,
        bias=bias or None,
        depth=depth,
        alpha=alpha,
        activation=activation,
        slope=slope,
        keep_start=keep_start or None,
        data=data,
        label=label,
        label_kind=label_kind,
        header=header,
        test_share=test_share,
        label_noise=label_noise,
        page=page,
        dim=dim,
        degrees=degrees,
        target=target,
        amplitude=amplitude,
        harmonic=harmonic,
        width=width,
        points=points,
        design=design,
        gap=gap,
        init=init,
        directions=directions,
        kappa=kappa,
        lr=lr,
        optimizer=optimizer,
        momentum=momentum,
        ridge=ridge,
        batch=batch,
        delta=delta,
        loss_below=loss_below,
        target_norm=target_norm,
        beyond_stable=beyond_stable or None,
        kernel_at_end=kernel_at_end or None,
        loss=loss,
        max_steps=max_steps,
        repeats=repeats,
        seed=seed,
        noise=noise,
        fit_from=fit_from,
        precision=precision,
        curves=curves,
        checkpoint=checkpoint,
        resume=resume or None,
        X=X,
        y=y,
    )
    return cast(_reports.Training, found)


def validate(
    size: str | None = None,
    *,
    output: Option = None,
    threads: int | None = None,
    quiet: bool = False,
) -> _reports.Validation:
    """Check the claims of the theory end to end, exact, sampled and trained, and write a report.

    Returns the report, of the fields of `hinf validate --format json`; `passed` says whether every check held.

    - size: quick (under a minute on two cores), or full (the paper's own sizes, within an hour); between them without it.
    - output: Write the report into this folder [default: hinf-report]
    - threads: Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.
    - quiet: Show no progress, and no costs.
    """
    found = experiment(
        "validate",
        threads=threads,
        quiet=quiet,
        **_size(size),
        output=output,
    )
    return cast(_reports.Validation, found)


def _size(size: str | None) -> dict[str, Any]:
    """The switch of a size."""
    if size is None or size in ("quick", "full"):
        return {size: True} if size else {}
    raise refused("size", size, "quick or full")


def verify(
    kernel: Option = None,
    *,
    dim: Option = None,
    max_degree: Option = None,
    digits: Option = None,
    threads: int | None = None,
    quiet: bool = False,
) -> _reports.Verification:
    """Check the spectrum against identities: the paper's sums, quadrature, null space, positivity, trace, decay.

    Returns the report, of the fields of `hinf verify --format json`; `passed` says whether every check held.

    - kernel: The kernel (see `hinf.kernels()`); without it, the kernels of the paper and one of each family
    - dim: Dimensions d of the sphere S^d [default: 1..6]
    - max_degree: Check degrees 0 to N; above 2000 each one to 2000, and powers of ten to N, to 10^12 + 1 [default: 50]
    - digits: Digits of the values compared [default: 50]
    - threads: Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.
    - quiet: Show no progress, and no costs.
    """
    found = experiment(
        "verify",
        threads=threads,
        quiet=quiet,
        kernel=kernel,
        dim=dim,
        max_degree=max_degree,
        digits=digits,
    )
    return cast(_reports.Verification, found)


sample = gram
