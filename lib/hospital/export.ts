import { existsSync } from "node:fs";
import { WorkbenchError } from "../core/errors";
import { sha256 } from "../core/hash";
import { valuesOf, type State } from "../core/state";
import { layoutSize } from "../core/layout";
import { writeAtomic } from "../io/atomic";
import { readWhole } from "../io/byte-source";
import { snapshotBytes } from "../lab/jobs/snapshot-file";
import { trainingOf } from "../methods/registry";
import { unetLayout, type UNetShape } from "../nets/model/unet-layout";
import { oneOf } from "./adapt";
import { findModels } from "./find-models";
import type { ModelWish } from "./models";
import { onnxBytes } from "./onnx-file";

/** What was written. */
export interface Exported {
  readonly from: string;
  readonly shape: UNetShape;
  readonly keys: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Entries that the official network has no use for. */
  readonly leftOut: readonly string[];
  /** Why the network alone does not predict as the method does; nothing where it does. */
  readonly caution?: string;
}

/**
 * Writes one model as the state dict of the official network, in safetensors: its names, PyTorch's axes, counters as integers. Where the name
 * ends in `.onnx`, the network as a whole, which runs without PyTorch.
 * @param site a training client, or `global` @throws WorkbenchError when another file is there already, and as `findModels`
 */
export function exportModel(wish: ModelWish, site: string, to: string): Exported {
  const { from, shape, global, trained } = oneOf(findModels(wish), site);
  const { state, leftOut } = officialPart(global, shape);
  const whole = /\.onnx$/i.test(to);
  const bytes = whole ? onnxBytes(shape, state) : snapshotBytes({ shape, state, leftOut: [] });
  // What runs has no use for counters of batches.
  const kept = whole ? state.layout.filter(({ role }) => role !== "counter") : state.layout;
  if (existsSync(to) && sha256(readWhole(to, to)) !== sha256(bytes))
    throw new WorkbenchError(
      `${to} is there already and holds something else`,
      "name another file with --to, or move it away",
    );
  writeAtomic(to, bytes);
  const sees = trained && trainingOf(trained.method).sees?.(global, trained.params);
  return {
    ...{ from, shape, leftOut, keys: kept.length, bytes: bytes.length, sha256: sha256(bytes) },
    ...(sees && {
      caution:
        "its images are changed before the network sees them, by what is not in the file: alone it predicts otherwise",
    }),
  };
}

/** The entries of the official network, in its order, out of whatever a method keeps in its models. */
function officialPart(model: State, shape: UNetShape): { state: State; leftOut: string[] } {
  const layout = unetLayout(shape);
  const values = new Float32Array(layoutSize(layout));
  for (const { name, offset } of layout) values.set(valuesOf(model, name), offset);
  const official = new Set(layout.map(({ name }) => name));
  return {
    state: { layout, values },
    leftOut: model.layout.map(({ name }) => name).filter((name) => !official.has(name)),
  };
}
