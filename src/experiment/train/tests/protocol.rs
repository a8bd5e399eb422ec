//! What the paper's protocol needs: steps beyond the stable, a loss to fall below, labels of a norm, the kernel at the end.

use super::*;

#[test]
fn a_loss_to_fall_below_is_a_share_of_the_start_where_that_is_zero() {
    let by_share = run(&Options {
        amplitude: Some((2.0_f64 / 41.0).sqrt().into()),
        delta: 0.1_f64.sqrt().into(),
        ..circle("1..3")
    })
    .unwrap();
    let by_loss =
        run(&Options { target_norm: Some(1.into()), loss_below: Some(0.05.into()), ..circle("1..3") })
            .unwrap();
    for (share, loss) in by_share.rows.iter().zip(&by_loss.rows) {
        assert!((share.predicted_steps.unwrap() / loss.predicted_steps.unwrap() - 1.0).abs() < 1e-9);
        let trials = [share, loss].map(|row| {
            let trial = &row.trials[0];
            (
                trial.measured_steps,
                trial.measured_steps_residual,
                trial.predicted_steps_gram,
                trial.predicted_steps_finite,
            )
        });
        assert_eq!(trials[0], trials[1]);
        assert!(trials[0].0.is_some());
    }
    let met = run(&Options { loss_below: Some(1e9.into()), ..circle("2") }).unwrap_err().to_string();
    assert!(met.starts_with("loss-below: got '1000000000', expected less than"), "{met}");
    let wrong = |options: Options| options.build().unwrap_err().to_string();
    let both = Options { target_norm: Some(1.into()), amplitude: Some(2.into()), ..circle("2") };
    assert!(wrong(both).starts_with("amplitude: got '2', expected no `target-norm` beside it"));
    let entropy = Options { loss_below: Some(1.into()), loss: "cross-entropy".into(), ..circle("2") };
    assert!(wrong(entropy).starts_with("loss-below: got '1'"));
}

/// On random points too the labels have the norm asked for: the whole residual at the start is that norm.
#[test]
fn labels_have_their_norm_on_any_points() {
    let options = Options {
        target_norm: Some(3.into()),
        design: Some("uniform".into()),
        max_steps: Some(1.into()),
        ..circle("2,3")
    };
    for trained in run(&options).unwrap().runs {
        let norm = trained.progress.start_norm * 41f64.sqrt();
        assert!((norm / 3.0 - 1.0).abs() < 1e-12, "{norm}");
    }
}

/// Half again the largest stable step: the residual grows until the network has left for a kernel under which the step is stable.
#[test]
fn beyond_the_largest_stable_step_the_kernel_at_the_end_is_another() {
    let options = Options {
        width: Some(256.into()),
        init: Some("independent".into()),
        directions: Some("random".into()),
        kappa: Some(2.5.into()),
        kernel_at_end: true,
        max_steps: Some(3000.into()),
        ..circle("2")
    };
    let stable = run(&options).unwrap();
    let trial = &stable.rows[0].trials[0];
    let own = trial.network_eigenvalue_end.unwrap() / trial.network_eigenvalue;
    assert!(!stable.hyper_parameters.beyond_stable && (own - 1.0).abs() < 0.5, "{own}");
    let lr = 1.5 * stable.hyper_parameters.largest_lr;
    let hasty = Options { lr: lr.into(), ..options };
    let refused = run(&hasty).unwrap_err().to_string();
    assert!(refused.starts_with("lr: got") && refused.contains("`beyond-stable`"), "{refused}");
    let folder = tempfile::tempdir().unwrap();
    let kept = Options {
        beyond_stable: true,
        checkpoint: Some(folder.path().to_string_lossy().as_ref().into()),
        resume: true,
        ..hasty
    };
    let found = run(&kept).unwrap();
    let row = &found.rows[0];
    let trial = &row.trials[0];
    assert!(found.hyper_parameters.beyond_stable && row.learned() && trial.divergence.is_none(), "{row:?}");
    // A run that has come to rest is stable where it rests.
    assert!(trial.largest_lr_end.unwrap() > 0.95 * lr, "{trial:?} {lr}");
    assert!(trial.network_eigenvalue_end.unwrap() < 0.8 * trial.network_eigenvalue, "{trial:?}");
    assert_eq!(run(&kept).unwrap().rows, found.rows, "what was kept has the kernel at the end too");
}
