//! Writes the networks' weights into files that the engine reads without parsing: in order of use,
//! in the layers' layout, in the target's byte order. `src/layers/weights.rs` reads them.

#![allow(clippy::cast_precision_loss, reason = "sums of int8 weights are far below 2^24")]

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;

use rten_onnx::onnx::{GraphProto, ModelProto, NodeProto, TensorProto};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

pub(crate) fn write_all() -> Result<()> {
    for (name, file, write) in [
        ("yunet", "yunet_dynamic", yunet as fn(&mut Weights) -> Result<()>),
        ("sface", "sface_int8", sface),
        ("age", "age_gender_int8", age),
    ] {
        let path = format!("models/{file}.onnx");
        println!("cargo::rerun-if-changed={path}");
        let mut weights = Weights::read(&path)?;
        write(&mut weights)?;
        fs::write(Path::new(&env::var("OUT_DIR")?).join(name), weights.written)?;
    }
    Ok(())
}

/// YuNet: units of a pointwise and a depthwise convolution.
fn yunet(weights: &mut Weights) -> Result<()> {
    weights.stem(1.0)?;
    let convs: Vec<Conv> = std::mem::take(&mut weights.convs).collect();
    let (body, heads) = convs.split_at(2 * 14);
    let (backbone, neck) = body.split_at(2 * 11);
    for unit in backbone.chunks_exact(2) {
        weights.unit(&[unit])?;
    }
    // The file goes from coarse to fine.
    for unit in neck.chunks_exact(2).rev() {
        weights.unit(&[unit])?;
    }
    // For each stride, a head for each kind of output: we join them.
    let heads: Vec<_> = heads.chunks_exact(2).collect();
    for stride in 0..3 {
        weights.unit(&[0, 3, 6, 9].map(|kind| heads[kind + stride]))?;
    }
    Ok(())
}

/// SFace: depthwise and pointwise convolutions, each followed by a PReLU.
fn sface(weights: &mut Weights) -> Result<()> {
    let factor = weights.normalisation()?;
    weights.stem(factor)?;
    weights.slopes()?;
    for _ in 0..13 {
        weights.depthwise()?;
        weights.slopes()?;
        weights.pointwise()?;
        weights.slopes()?;
    }
    let gemm = weights.nodes("Gemm").next().ok_or("no last layer")?.clone();
    let (values, scales) = weights.int8(&gemm.input[1])?;
    // Reordered from channel, pixel to pixel, channel.
    let (pixels, channels) = (7 * 7, 1024);
    let reordered = values.chunks_exact(pixels * channels).flat_map(|row| {
        (0..pixels * channels).map(move |i| row[i % channels * pixels + i / channels])
    });
    weights.written.extend(reordered);
    weights.put(&scales);
    weights.put_named(&gemm.input[2])
}

/// face-api's age and gender: convolutions in the order stem, then, for each block, depthwise and
/// pointwise pairs, and a shortcut after the second pair of a reduction.
fn age(weights: &mut Weights) -> Result<()> {
    let factor = weights.normalisation()?;
    weights.stem(factor)?;
    for pairs in [2, 2, 3, 3, 2, 1] {
        for _ in 0..pairs {
            weights.depthwise()?;
            weights.pointwise()?;
        }
        if pairs == 2 {
            weights.pointwise()?;
        }
    }
    let heads: Vec<_> = weights.nodes("MatMul").cloned().collect();
    for (head, biased) in heads.iter().zip(["add_198", "add_205"]) {
        // Stored by input, with a scale for each output.
        let [bytes, scales] = weights.quantised[&head.input[1]].clone();
        let (bytes, scales) = (weights.bytes(&bytes)?, weights.floats(&scales)?);
        for (output, scale) in scales.iter().enumerate() {
            let column = bytes.iter().skip(output).step_by(scales.len());
            weights.put(&column.map(|b| scale * f32::from(b.cast_signed())).collect::<Vec<_>>());
        }
        let sum = weights.nodes("Add").find(|node| node.output[0] == biased).cloned();
        weights.put_named(&sum.ok_or("no bias")?.input[1])?;
    }
    Ok(())
}

/// The names of a convolution's weights (by output channel, input channel, row and column) and bias.
#[derive(Clone)]
struct Conv {
    name: String,
    bias: Option<String>,
}

struct Weights {
    graph: Vec<NodeProto>,
    tensors: HashMap<String, TensorProto>,
    /// For weights stored as int8, the names of their bytes and scales.
    quantised: HashMap<String, [String; 2]>,
    convs: std::vec::IntoIter<Conv>,
    prelus: std::vec::IntoIter<String>,
    written: Vec<u8>,
}

impl Weights {
    fn read(path: &str) -> Result<Self> {
        let graph: GraphProto = ModelProto::parse_buf(&fs::read(path)?)?.graph.ok_or("no graph")?;
        let named = |tensor: TensorProto| Some((tensor.name.clone()?, tensor));
        let mut read = Self {
            tensors: graph.initializer.into_iter().filter_map(named).collect(),
            graph: graph.node,
            quantised: HashMap::new(),
            convs: Vec::new().into_iter(),
            prelus: Vec::new().into_iter(),
            written: Vec::new(),
        };
        let pair = |node: &NodeProto| {
            (node.output[0].clone(), [node.input[0].clone(), node.input[1].clone()])
        };
        read.quantised = read.nodes("DequantizeLinear").map(pair).collect();
        let conv = |node: &NodeProto| Conv {
            name: node.input[1].clone(),
            bias: node.input.get(2).cloned(),
        };
        read.convs = read.nodes("Conv").map(conv).collect::<Vec<_>>().into_iter();
        let slopes = |node: &NodeProto| node.input[1].clone();
        read.prelus = read.nodes("PRelu").map(slopes).collect::<Vec<_>>().into_iter();
        Ok(read)
    }

    fn nodes<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a NodeProto> {
        self.graph.iter().filter(move |node| node.op_type.as_deref() == Some(kind))
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>> {
        let tensor = self.tensors.get(name).ok_or_else(|| format!("no weights {name}"))?;
        Ok(tensor.raw_data.as_ref().ok_or("weights that are not raw")?.borrow().clone())
    }

    fn int8(&self, name: &str) -> Result<(Vec<u8>, Vec<f32>)> {
        let [bytes, scales] = self.quantised.get(name).ok_or("a layer that is not int8")?;
        Ok((self.bytes(bytes)?, self.floats(scales)?))
    }

    fn floats(&self, name: &str) -> Result<Vec<f32>> {
        if self.quantised.contains_key(name) {
            let (bytes, scales) = self.int8(name)?;
            let rows = bytes.chunks_exact(bytes.len() / scales.len()).zip(scales);
            let values = |(row, scale): (&[u8], f32)| {
                row.iter().map(|b| scale * f32::from(b.cast_signed())).collect::<Vec<_>>()
            };
            return Ok(rows.flat_map(values).collect());
        }
        let bytes = self.bytes(name)?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|&word| f32::from_le_bytes(word)).collect())
    }

    fn put(&mut self, values: &[f32]) {
        let is_big = env::var("CARGO_CFG_TARGET_ENDIAN").is_ok_and(|endian| endian == "big");
        let bytes = |v: &f32| if is_big { v.to_be_bytes() } else { v.to_le_bytes() };
        self.written.extend(values.iter().flat_map(bytes));
    }

    fn put_named(&mut self, name: &str) -> Result<()> {
        let values = self.floats(name)?;
        self.put(&values);
        Ok(())
    }

    /// Writes the mean of each channel, and returns the factor by which pixels are multiplied.
    fn normalisation(&mut self) -> Result<f32> {
        let constant = |kind: &str| -> Result<Vec<f32>> {
            let node = self.nodes(kind).next().ok_or("a constant is missing")?;
            self.floats(&node.input[1])
        };
        let (mean, factor) = (constant("Sub")?, constant("Mul")?);
        self.put(&[0, 1, 2].map(|channel| mean[channel % mean.len()]));
        Ok(factor[0])
    }

    /// The first convolution: row, column, input channel, output channel.
    fn stem(&mut self, factor: f32) -> Result<()> {
        let conv = self.convs.next().ok_or("no first layer")?;
        let weights = self.floats(&conv.name)?;
        let outputs = weights.len() / 27;
        for i in 0..27 {
            let (row, column, channel) = (i / 9, i / 3 % 3, i % 3);
            let at = |output: usize| weights[output * 27 + channel * 9 + row * 3 + column];
            self.put(&(0..outputs).map(|output| factor * at(output)).collect::<Vec<_>>());
        }
        self.bias(&conv, outputs)
    }

    fn bias(&mut self, conv: &Conv, outputs: usize) -> Result<()> {
        if let Some(name) = &conv.bias {
            return self.put_named(name);
        }
        self.put(&vec![0.0; outputs]);
        Ok(())
    }

    fn slopes(&mut self) -> Result<()> {
        let name = self.prelus.next().ok_or("too few activations")?;
        self.put_named(&name)
    }

    fn depthwise(&mut self) -> Result<()> {
        let conv = self.convs.next().ok_or("too few layers")?;
        let weights = self.floats(&conv.name)?;
        self.taps(&weights);
        self.bias(&conv, weights.len() / 9)
    }

    /// Depthwise weights by row and column, then channel.
    fn taps(&mut self, weights: &[f32]) {
        for tap in 0..9 {
            self.put(&weights.iter().skip(tap).step_by(9).copied().collect::<Vec<_>>());
        }
    }

    /// An int8 pointwise convolution: weights by output and input; for each output, the scale, the
    /// scaled sum of its weights, and the bias.
    fn pointwise(&mut self) -> Result<()> {
        let conv = self.convs.next().ok_or("too few layers")?;
        let (bytes, scales) = self.int8(&conv.name)?;
        let rows = bytes.chunks_exact(bytes.len() / scales.len()).zip(&scales);
        let total = |row: &[u8]| row.iter().map(|b| i32::from(b.cast_signed())).sum::<i32>();
        let totals: Vec<f32> = rows.map(|(row, scale)| scale * total(row) as f32).collect();
        self.written.extend(bytes);
        self.put(&scales);
        self.put(&totals);
        self.bias(&conv, scales.len())
    }

    /// A pointwise convolution by input and output, and a depthwise one; all `parts` joined.
    fn unit(&mut self, parts: &[&[Conv]]) -> Result<()> {
        let joined = |weights: &Self, layer: usize| -> Result<[Vec<f32>; 2]> {
            let (mut values, mut bias) = (Vec::new(), Vec::new());
            for part in parts {
                values.extend(weights.floats(&part[layer].name)?);
                bias.extend(weights.floats(part[layer].bias.as_ref().ok_or("no bias")?)?);
            }
            Ok([values, bias])
        };
        let [values, bias] = joined(self, 0)?;
        let inputs = values.len() / bias.len();
        for input in 0..inputs {
            self.put(&values.iter().skip(input).step_by(inputs).copied().collect::<Vec<_>>());
        }
        self.put(&bias);
        let [values, bias] = joined(self, 1)?;
        self.taps(&values);
        self.put(&bias);
        Ok(())
    }
}
