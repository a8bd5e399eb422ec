//! The network behind the flags of `hinf train`.

use super::{super::numbers::real, Flags};
use crate::{
    error::{Error, Result},
    experiment::model::{Kind, Model},
    math::units::Dimension,
    train::{
        deep::{Activation, Precision},
        units::{Directions, Init},
    },
};

/// The largest scale of weights in f64 and in f32: beyond, steps are lost in the rounding of the weights.
const LARGEST_KAPPA: f64 = 1e6;
const LARGEST_KAPPA_F32: f64 = 1e3;
/// The default scale of weights, at which the two-layer net of the default width trains as its linearisation to a few per mille.
const LAZY: &str = "100";

impl Flags {
    /// The network behind the flags.
    pub fn model(&self, dim: Dimension) -> Result<Model> {
        let kind = match self.model.as_str() {
            "two-layer" => Kind::TwoLayer,
            "mlp" => Kind::Mlp,
            "resnet" => Kind::Resnet,
            other => return Err(Error::invalid("--model", other, "two-layer, mlp or resnet")),
        };
        let precision = match self.precision.as_str() {
            "f64" => Precision::Double,
            "f32" => Precision::Single,
            other => return Err(Error::invalid("--precision", other, "f64 or f32")),
        };
        self.flags_of(kind)?;
        let init = match self.init.as_deref().unwrap_or("paired") {
            "paired" => Init::Paired,
            "independent" => Init::Independent,
            other => return Err(Error::invalid("--init", other, "paired or independent")),
        };
        let even = if dim.get() <= 2 { "even" } else { "random" };
        let directions = match self.directions.as_deref().unwrap_or(even) {
            "even" if dim.get() > 2 => {
                let expected = format!("random on S^{dim}: even directions are known on S^1 and S^2 only");
                return Err(Error::invalid("--directions", "even", expected));
            }
            "even" => Directions::Even,
            "random" => Directions::Random,
            other => return Err(Error::invalid("--directions", other, "even or random")),
        };
        let activation = match self.activation.as_deref().unwrap_or("relu") {
            "relu" => Activation::RELU,
            "erf" => Activation::Erf,
            "leaky-relu" => {
                let slope = self.slope.as_ref().and_then(|text| text.trim().parse::<f64>().ok());
                let Some(slope) = slope.filter(|slope| slope.is_finite()) else {
                    let given = self.slope.as_deref().unwrap_or("none");
                    return Err(Error::invalid("--slope", given, "the slope of leaky-relu, a finite number"));
                };
                Activation::LeakyRelu { slope }
            }
            other => return Err(Error::invalid("--activation", other, "relu, leaky-relu or erf")),
        };
        let width = self.width.unwrap_or(if kind == Kind::TwoLayer { 4096 } else { 512 });
        if kind == Kind::TwoLayer && init == Init::Paired && width % 2 == 1 {
            return Err(Error::invalid("--width", width, "an even number, since --init paired makes pairs"));
        }
        let alpha = self.alpha.clone().unwrap_or_else(|| "1".into());
        real("--alpha", &alpha, 0.0, true)?;
        let kappa = real("--kappa", self.kappa.as_deref().unwrap_or(LAZY), 0.0, true)?;
        let most = if precision == Precision::Single { LARGEST_KAPPA_F32 } else { LARGEST_KAPPA };
        if kappa > most {
            let expected =
                format!("at most {most}, since steps would be lost in the rounding of larger weights");
            return Err(Error::invalid("--kappa", kappa, expected));
        }
        Ok(Model {
            kind,
            bias: self.bias,
            depth: self.depth.unwrap_or(1),
            alpha,
            activation,
            slope: self.slope.clone(),
            keep_start: self.keep_start,
            width,
            init,
            directions,
            kappa,
            precision,
        })
    }

    /// Refuses flags that would have no effect on this kind of network.
    fn flags_of(&self, kind: Kind) -> Result<()> {
        let two_layer = kind == Kind::TwoLayer;
        let deep = ("--model mlp or resnet", two_layer);
        let shallow = ("--model two-layer", !two_layer);
        let residual = ("--model resnet", kind != Kind::Resnet);
        let leaky = ("--activation leaky-relu", self.activation.as_deref() != Some("leaky-relu"));
        let foreign = [
            ("--depth", self.depth.map(|depth| depth.to_string()), deep),
            ("--activation", self.activation.clone(), deep),
            ("--slope", self.slope.clone(), leaky),
            ("--keep-start", self.keep_start.then(|| "--keep-start".into()), deep),
            ("--alpha", self.alpha.clone(), residual),
            ("--init", self.init.clone(), shallow),
            ("--directions", self.directions.clone(), shallow),
            ("--kappa", self.kappa.clone(), shallow),
        ];
        for (option, given, (right, wrong)) in foreign {
            if let Some(value) = given.filter(|_| wrong) {
                return Err(Error::invalid(option, value, format!("{right} beside it")));
            }
        }
        if self.depth.is_none() && !two_layer {
            return Err(Error::invalid("--model", &self.model, "--depth L beside it"));
        }
        Ok(())
    }
}
