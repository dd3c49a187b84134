//! Networks that are loaded on first use.

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

/// A network that rten runs.
pub type Network = Lazy<Model>;

impl Network {
    /// face-api's age and gender network, with int8 weights.
    pub const fn age_gender() -> Self {
        Self::new("the age model", || {
            read(include_bytes!("../../assets/models/age_gender_int8.onnx"))
        })
    }

    /// Runs the network on a picture (planes, height, width) and returns its outputs for age and
    /// gender.
    pub fn run(&self, planes: &TensorView<f32>) -> Result<[Vec<f32>; 2], EngineError> {
        let model = self.load()?;
        self.infer(model, planes).map_err(EngineError::Model)
    }

    fn infer(&self, model: &Model, planes: &TensorView<f32>) -> anyhow::Result<[Vec<f32>; 2]> {
        let input = *model.input_ids().first().context("the network has no input")?;
        let ids = [model.node_id("age")?, model.node_id("gender")?];
        let [age, gender] = model
            .run_n(vec![(input, planes.view().into())], ids, None)
            .with_context(|| format!("{} failed", self.name))?;
        Ok([floats(age)?, floats(gender)?])
    }
}

fn floats(output: Value) -> anyhow::Result<Vec<f32>> {
    Ok(output.into_tensor::<f32>().context("an output is not f32")?.into_data())
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
