//! Networks that are loaded on first use.

use std::fmt;
use std::sync::OnceLock;

use anyhow::{Context as _, anyhow};
use rten::{Model, ModelOptions, Value, op_registry};
use rten_tensor::TensorView;

use super::EngineError;

/// An embedded network, loaded on first use. `assets/models/README.md` documents their origins.
pub struct Lazy<T> {
    name: &'static str,
    read: fn() -> anyhow::Result<T>,
    loaded: OnceLock<Result<T, String>>,
}

impl<T> Lazy<T> {
    pub(super) const fn new(name: &'static str, read: fn() -> anyhow::Result<T>) -> Self {
        Self { name, read, loaded: OnceLock::new() }
    }

    /// Loads the network unless it is loaded; concurrent callers wait.
    pub fn load(&self) -> Result<&T, EngineError> {
        let loaded = self.loaded.get_or_init(|| (self.read)().map_err(|e| e.to_string()));
        loaded.as_ref().map_err(|e| EngineError::Model(anyhow!("cannot load {}: {e}", self.name)))
    }

    pub(super) fn is_loaded(&self) -> bool {
        self.loaded.get().is_some()
    }
}

impl<T> fmt::Debug for Lazy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(self.name).field("is_loaded", &self.is_loaded()).finish_non_exhaustive()
    }
}

/// A network that rten runs.
pub type Network = Lazy<Model>;

impl Network {
    /// face-api's age and gender network, with int8 weights.
    pub const fn age_gender() -> Self {
        Self::new("the age model", || {
            read(include_bytes!("../../assets/models/age_gender_int8.onnx"))
        })
    }

    /// Runs the network on a picture (planes, height, width) and returns the outputs named.
    pub fn run<const N: usize>(
        &self,
        planes: &TensorView<f32>,
        outputs: [&str; N],
    ) -> Result<[Vec<f32>; N], EngineError> {
        let model = self.load()?;
        self.infer(model, planes, outputs).map_err(EngineError::Model)
    }

    fn infer<const N: usize>(
        &self,
        model: &Model,
        planes: &TensorView<f32>,
        outputs: [&str; N],
    ) -> anyhow::Result<[Vec<f32>; N]> {
        let input = *model.input_ids().first().context("the network has no input")?;
        let mut ids = [input; N];
        for (id, name) in ids.iter_mut().zip(outputs) {
            *id = model.node_id(name)?;
        }
        let values: [Value; N] = model
            .run_n(vec![(input, planes.view().into())], ids, None)
            .with_context(|| format!("{} failed", self.name))?;
        let mut numbers = [const { Vec::new() }; N];
        for (out, value) in numbers.iter_mut().zip(values) {
            *out = value.into_tensor::<f32>().context("an output is not f32")?.into_data();
        }
        Ok(numbers)
    }
}

/// Registers only the operators that the network uses: all of them would add 1.7 MB to the binary.
fn read(bytes: &'static [u8]) -> anyhow::Result<Model> {
    let operators = op_registry!(
        Add,
        AveragePool,
        Conv,
        DequantizeLinear,
        Flatten,
        GlobalAveragePool,
        Identity,
        MatMul,
        MaxPool,
        Mul,
        Pad,
        Relu,
        Softmax,
        Sub
    );
    Ok(ModelOptions::with_ops(operators).load_static_slice(bytes)?)
}
