//! Who imports whom. The rules keep the checks honest: a measurement that reads a prediction confirms nothing.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Module and what it may use, in the order of the flow.
const MAY_USE: [(&str, &[&str]); 14] = [
    ("error", &[]),
    ("progress", &["error"]),
    ("math", &["error"]),
    ("network", &["error", "math"]),
    ("kernel", &["error", "math", "network"]),
    ("spectrum", &["error", "progress", "math", "kernel"]),
    ("dynamics", &["error", "math", "kernel", "spectrum"]),
    ("sample", &["error", "progress", "math"]),
    ("gram", &["error", "progress", "math", "kernel", "sample"]),
    ("train", &["error", "progress", "math", "network", "kernel", "sample"]),
    ("compare", &["error", "progress", "math", "kernel", "spectrum", "dynamics", "sample", "gram", "train"]),
    (
        "experiment",
        &[
            "error", "progress", "math", "network", "kernel", "spectrum", "dynamics", "sample", "gram",
            "train", "compare",
        ],
    ),
    ("report", &["error", "math", "experiment"]),
    (
        "cli",
        &[
            "error",
            "progress",
            "math",
            "network",
            "kernel",
            "spectrum",
            "dynamics",
            "sample",
            "gram",
            "train",
            "compare",
            "experiment",
            "report",
        ],
    ),
];

/// Source files of a module, with their text as far as tests.
fn sources(module: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut pending = vec![root.join(module), root.join(format!("{module}.rs"))];
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "rs") && path.exists() {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            found.push((path, code));
        }
    }
    found
}

/// The modules named after `crate::` in `code`, comments left out, groups opened.
fn used(code: &str) -> Vec<String> {
    let lines: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = lines.join("\n");
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let (mut depth, mut start_of_item) = (1, true);
            let mut name = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                if depth == 1 && c == ',' {
                    start_of_item = true;
                } else if depth == 1 && start_of_item && (c.is_alphanumeric() || c == '_') {
                    name.push(c);
                } else if !name.is_empty() {
                    names.push(std::mem::take(&mut name));
                    start_of_item = false;
                }
            }
            if !name.is_empty() {
                names.push(name);
            }
        } else {
            names.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names
}

#[test]
fn groups_and_paths_are_both_seen() {
    let code = "use crate::{\n    error::{Error, Result},\n    gram,\n};\nlet x = crate::train::run();\n// crate::cli";
    assert_eq!(used(code), ["error", "gram", "train"]);
}

#[test]
fn data_flows_one_way() {
    let known: Vec<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    for (module, allowed) in MAY_USE {
        for (path, code) in sources(module) {
            for name in used(&code).iter().filter(|name| known.contains(&name.as_str())) {
                let fine = name == module || allowed.contains(&name.as_str());
                assert!(fine, "{} uses {name}, and {module} may use only {allowed:?}", path.display());
            }
        }
    }
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for line in text.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let name = line.trim_end_matches([';', '{', ' ']);
        assert!(
            known.contains(&name) || ["theory", "findings", "guide"].contains(&name),
            "no rule for module {name}"
        );
    }
}

/// The routes to a number check one another only if none of them calls another. Each is a file of its name, or a folder.
#[test]
fn the_routes_do_not_use_one_another() {
    let routes = ["exact", "formula", "precise", "fast"];
    for (path, code) in sources("spectrum") {
        let stem = |part: &std::ffi::OsStr| part.to_string_lossy().trim_end_matches(".rs").to_owned();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/spectrum");
        let parts: Vec<String> = path.strip_prefix(root).unwrap().iter().map(stem).collect();
        let Some(route) = routes.iter().find(|route| parts.iter().any(|part| part == **route)) else {
            continue;
        };
        if parts.last().is_some_and(|last| last == "tests") {
            continue;
        }
        for other in routes.iter().filter(|other| *other != route) {
            let imports = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            let hit = imports.clone().any(|line| line.contains(&format!("{other}::")));
            assert!(!hit, "{} uses {other}", path.display());
        }
    }
}

/// Below `cli` nothing prints, reads the clock or the environment, or draws an unseeded random number.
#[test]
fn the_library_is_quiet_and_deterministic() {
    let forbidden = [
        "println!",
        "eprintln!",
        "print!(",
        "Instant::now",
        "SystemTime",
        "env::var",
        "thread_rng",
        "rand::rng()",
        "from_os_rng",
    ];
    for (module, _) in MAY_USE.iter().filter(|(name, _)| !["experiment", "cli"].contains(name)) {
        for (path, code) in sources(module) {
            for word in forbidden {
                let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
                assert!(!lines.clone().any(|line| line.contains(word)), "{} has {word}", path.display());
            }
        }
    }
}
