//! Which other kernels a list may be of: the same network by another's definition.

use crate::kernel::Kernel;

/// The network's spec with one key set, if it is one of keys and values.
fn with_key(spec: &str, key: &str, value: &str) -> Option<String> {
    let (name, keys) = spec.split_once(':')?;
    if !["ntk", "nngp", "resnet"].contains(&name.trim()) || !keys.split(',').all(|item| item.contains('=')) {
        return None;
    }
    let other = |item: &&str| item.split('=').next().is_some_and(|found| found.trim() != key);
    let kept: Vec<&str> = keys.split(',').filter(other).collect();
    Some(format!("{}:{},{key}={value}", name.trim(), kept.join(",")))
}

fn key<'a>(spec: &'a str, key: &str) -> Option<&'a str> {
    let (_, keys) = spec.split_once(':')?;
    keys.split(',').find_map(|item| {
        item.split_once('=').filter(|(found, _)| found.trim() == key).map(|(_, value)| value.trim())
    })
}

/// The kernel, and the same network with its weights' variance 1 or 2, its first layer like the others, inputs that are divided by the number of
/// coordinates (neural-tangents), or biases drawn otherwise: each with what it is in words, none for the kernel itself.
pub fn kernels(kernel: &Kernel, dim: u32) -> Vec<(String, Kernel)> {
    let spec = kernel.to_string();
    let mut all = vec![(String::new(), kernel.clone())];
    let mut add = |text: String, spec: Option<String>| {
        if let Some(other) = spec
            .and_then(|spec| spec.parse::<Kernel>().ok())
            .filter(|other| all.iter().all(|(_, known)| known != other))
        {
            all.push((text, other));
        }
    };
    let unit = ["erf", "sin"].iter().any(|name| key(&spec, "activation") == Some(name));
    let own = key(&spec, "w").unwrap_or(if unit { "1" } else { "2" });
    for w in ["1", "2"].into_iter().filter(|w| *w != own) {
        add(format!("weights of variance {w}"), with_key(&spec, "w", w));
    }
    add(format!("a first layer of variance {own}, like the others"), with_key(&spec, "w-in", own));
    for w in ["2", "1"] {
        let divided =
            with_key(&spec, "w", w).and_then(|spec| with_key(&spec, "w-in", &format!("{w}/{}", dim + 1)));
        add(format!("neural-tangents on inputs of norm 1, W_std^2 = {w}"), divided);
        add(
            format!("weights of variance {w} in all layers"),
            with_key(&spec, "w", w).and_then(|spec| with_key(&spec, "w-in", w)),
        );
    }
    if key(&spec, "b").is_some_and(|b| b != "0") {
        let other = if key(&spec, "bias-init") == Some("gaussian") { "zero" } else { "gaussian" };
        add(
            format!("biases that start {}", if other == "zero" { "at zero" } else { "Gaussian" }),
            with_key(&spec, "bias-init", other),
        );
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn biases_are_tried_the_other_way() {
        let (zero, gaussian) = ("ntk:depth=2,b=0.1", "ntk:depth=2,b=0.1,bias-init=gaussian");
        for (given, text, other) in
            [(zero, "biases that start Gaussian", gaussian), (gaussian, "biases that start at zero", zero)]
        {
            let all = kernels(&given.parse().unwrap(), 2);
            let (_, found) = all.iter().find(|(name, _)| name == text).expect(text);
            let right: Kernel = other.parse().unwrap();
            assert_eq!(found.network(), right.network());
        }
    }
}
