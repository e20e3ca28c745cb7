import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../../lib/core/random";
import { probeTensorflow, startEngine } from "../../lib/engine";
import { runAdaptation } from "../../lib/federation/evaluate/adaptation";
import { runFederation, startFederation } from "../../lib/federation/round/federation";
import type { Adaptation, Training } from "../../lib/methods/contract";
import { adaptations, trainings } from "../../lib/methods/registry";
import { initialiseUNet } from "../../lib/nets/model/initialise";
import { smallSite } from "../federation/support/small-site";
import { wantedBank } from "../methods/support/wanted-bank";

/** Operations of TensorFlow that our loops compute under their names: lib/engine/install/native/library-kernels.cc. */
const replaced = ["Exp", "Log", "Mean", "Rsqrt", "Sigmoid", "Sqrt", "Sum"];
/** Those that move numbers, choose among them, or round every single result as IEEE 754 prescribes. */
const exact = [
  ...["Cast", "ConcatV2", "GatherNd", "OneHot", "Pack", "PadV2", "Reshape", "Slice", "SplitV", "StridedSlice", "Tile"],
  ...["Fill", "Transpose", "Unpack", "ZerosLike", "ArgMax", "Equal", "Greater", "GreaterEqual", "Less", "LogicalAnd"],
  ...["Max", "Maximum", "MaxPool", "Min", "Minimum", "Relu", "ReluGrad", "Select", "SelectV2", "TopKV2", "GatherV2"],
  ...["Add", "AddV2", "AddN", "Mul", "Neg", "RealDiv", "DivNoNan", "Square", "Sub", "Abs", "Sign"],
  ...["ExpandDims", "LessEqual", "Round"],
];
const known = new Set([...replaced, ...exact]);

const shape = { inChannels: 3, classes: 2, features: 2 };
const clients = ["A", "B"].map((site) => smallSite(site, { train: 5, validation: 2, test: 2 }));
const outside = smallSite("outside", { train: 5, validation: 1, test: 1 }).parts.train;
const model = (name: string) => initialiseUNet(shape, createRandom(name));
const bank = { shape, personal: ["a", "b"].map(model), global: model("global") };
const training = { optimiser: { kind: "adam-amsgrad", learningRate: 0.01 }, batch: 2, localEpochs: 1 } as const;

function train(method: Training) {
  const [params, random] = [method.params.parse({}), createRandom("batches")];
  const spec = { shape, method, params, clients, training, rounds: 2, start: model("start"), random };
  return runFederation(spec, startFederation(spec));
}

function adapt(method: Adaptation) {
  const [params, random] = [method.params.parse({}), createRandom("adapt")];
  return runAdaptation({ method, params, bank: wantedBank(method, bank), outside, batch: 2, epochs: 1, random });
}

const skip = probeTensorflow().addon !== "compiled" && "the addon that is compiled here is not in place: npm run setup";
/** By one method, whose steps may be programs that another has recorded; and by any. */
const asked = new Set<string>();
const ever = new Set<string>();
before(async () => {
  if (!skip) await startEngine("tensorflow");
});

type Call = (...args: unknown[]) => unknown;
/** Notes every operation that is run, or recorded for later, until the returned function is called. */
function listen(): () => void {
  const backend = tf.backend() as unknown as { binding: Readonly<Record<string, Call>> };
  const { binding } = backend;
  const noting = (name: string): PropertyDescriptor => ({
    value: (...args: unknown[]) => {
      asked.add(String(args.find((each) => typeof each === "string")));
      return binding[name](...args);
    },
  });
  const names = ["executeOp", "programOperation"];
  backend.binding = Object.create(binding, Object.fromEntries(names.map((name) => [name, noting(name)]))) as never;
  return () => void (backend.binding = binding);
}

for (const [id, run] of [
  ...trainings.map((method) => [method.id, () => train(method)] as const),
  ...adaptations.map((method) => [method.id, () => adapt(method)] as const),
])
  test(`${id}: whatever sums, or is not rounded alike everywhere, is ours`, { skip }, async () => {
    const stop = listen();
    asked.clear();
    await run();
    stop();
    asked.forEach((name) => ever.add(name));
    assert.deepEqual(
      [...asked].filter((name) => !name.startsWith("Workbench") && !known.has(name)),
      [],
    );
  });

test("the operations of convolutions, of routing and of the optimiser were among them", { skip }, () => {
  for (const name of ["Convolution", "MixedConvolution", "BlockConvolution", "BatchNormRelu", "Softmax", "AdamAmsgrad"])
    assert.ok(ever.has(`Workbench${name}`), name);
  assert.ok(ever.has("Sum"));
});
