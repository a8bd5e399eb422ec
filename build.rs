//! Names the source, the compiler and the version of rug for manifests and `--version`, and links the system's OpenBLAS when the feature asks for it.

use std::{fs, path::Path, process::Command};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=Cargo.lock");
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for path in ["src", "Cargo.lock"] {
        take(Path::new(path), &mut hash);
    }
    println!("cargo:rustc-env=HINF_SOURCE={hash:016x}");
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(compiler).arg("--version").output().map(|run| run.stdout).unwrap_or_default();
    println!("cargo:rustc-env=HINF_COMPILER={}", String::from_utf8_lossy(&version).trim());
    let lock = fs::read_to_string("Cargo.lock").unwrap_or_default();
    println!("cargo:rustc-env=HINF_RUG={}", locked(&lock, "rug").unwrap_or("of unknown version"));
    if std::env::var_os("CARGO_FEATURE_OPENBLAS").is_some() {
        println!("cargo:rustc-link-lib=openblas");
    }
}

/// The version of a crate in the text of a Cargo.lock.
fn locked<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    after.split('"').next()
}

/// Takes the files under `path`, in the order of their names, into an FNV-1a hash.
fn take(path: &Path, hash: &mut u64) {
    let mut inside: Vec<_> =
        fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    inside.sort();
    inside.iter().for_each(|path| take(path, hash));
    for byte in fs::read(path).unwrap_or_default() {
        *hash = (*hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
}
