//! Reads a network's weights from its ONNX file.

use std::collections::HashMap;

use anyhow::{Context as _, Result, bail, ensure};
use rten_onnx::onnx::{GraphProto, ModelProto, NodeProto, TensorProto};

/// A network's nodes in file order, and their weights.
pub(in crate::engine) struct Graph {
    pub(in crate::engine) nodes: Vec<NodeProto>,
    tensors: HashMap<String, TensorProto>,
    /// For weights stored as int8, the names of their bytes and scales.
    quantised: HashMap<String, [String; 2]>,
}

/// A convolution, with weights ordered by output channel, input channel, row and column.
pub(in crate::engine) struct Conv {
    pub(in crate::engine) weights: Vec<f32>,
    pub(in crate::engine) bias: Vec<f32>,
}

impl Graph {
    pub(in crate::engine) fn read(model: &[u8]) -> Result<Self> {
        let graph: GraphProto = ModelProto::parse_buf(model)?.graph.context("no graph")?;
        let named = |tensor: TensorProto| Some((tensor.name.clone()?, tensor));
        let tensors = graph.initializer.into_iter().filter_map(named).collect();
        let quantised = graph.node.iter().filter_map(dequantised).collect();
        Ok(Self { nodes: graph.node, tensors, quantised })
    }

    pub(in crate::engine) fn convs(&self) -> Result<Vec<Conv>> {
        self.nodes.iter().filter(|node| is(node, "Conv")).map(|node| self.conv(node)).collect()
    }

    pub(in crate::engine) fn conv(&self, node: &NodeProto) -> Result<Conv> {
        let [_, weights, bias] = &node.input[..] else { bail!("a layer without a bias") };
        Ok(Conv { weights: self.floats(weights)?, bias: self.floats(bias)? })
    }

    pub(in crate::engine) fn floats(&self, name: &str) -> Result<Vec<f32>> {
        if let Some([bytes, scales]) = self.quantised.get(name) {
            let (bytes, scales) = (self.bytes(bytes)?, self.floats(scales)?);
            return Ok(dequantise(&bytes, &scales));
        }
        let bytes = self.bytes(name)?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|&word| f32::from_le_bytes(word)).collect())
    }

    /// The values of an int8 tensor, and the scale of each row.
    pub(in crate::engine) fn int8(&self, name: &str) -> Result<(Vec<i8>, Vec<f32>)> {
        let [bytes, scales] = self.quantised.get(name).context("a layer that is not int8")?;
        let values = self.bytes(bytes)?.into_iter().map(u8::cast_signed).collect();
        Ok((values, self.floats(scales)?))
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>> {
        let tensor = self.tensors.get(name).context("a layer without weights")?;
        let raw = tensor.raw_data.as_ref().context("weights that are not raw")?;
        // Taken rather than copied: copying would take longer than all the rest.
        let bytes = raw.take();
        ensure!(!bytes.is_empty(), "weights that are used twice");
        Ok(bytes)
    }
}

pub(in crate::engine) fn is(node: &NodeProto, kind: &str) -> bool {
    node.op_type.as_deref() == Some(kind)
}

fn dequantised(node: &NodeProto) -> Option<(String, [String; 2])> {
    let [bytes, scales] = &node.input[..] else { return None };
    let is_one = is(node, "DequantizeLinear");
    is_one.then(|| Some((node.output.first()?.clone(), [bytes.clone(), scales.clone()])))?
}

fn dequantise(bytes: &[u8], scales: &[f32]) -> Vec<f32> {
    let length = bytes.len() / scales.len().max(1);
    let mut values = Vec::with_capacity(bytes.len());
    for (row, &scale) in bytes.chunks_exact(length.max(1)).zip(scales) {
        values.extend(row.iter().map(|byte| scale * f32::from(byte.cast_signed())));
    }
    values
}
