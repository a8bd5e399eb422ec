# Recipes for those who change hinf; `just --list` shows them. CONTRIBUTING.md says more.

# In seconds, once built: format, lints, the unit tests beside the code, who imports whom, and the command line.
quick:
    cargo fmt --check
    cargo clippy --release --workspace --all-targets --locked -- -D warnings
    cargo test --release --locked --lib --test layout
    cargo test --release --locked --test program cli::

# Everything, as the gate runs it.
test:
    .ci/run

# Times, as ratios measured in one run; benches/README.md has the last ones.
bench:
    cargo bench --locked

# The documentation of the library, with the theory, in a browser.
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps --locked --open
