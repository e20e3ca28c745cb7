import * as tf from "@tensorflow/tfjs-core";
import type { ProgramBody } from "../../../program-body";
import { bytesOf, type Internals } from "./backend";
import type { Dispatch, Output, Recording, Storage } from "./recording";
import { asStorage, NotRecorded, standIn } from "./stand-in";

/**
 * Runs a body on a card that only writes down what it is asked: nothing is computed, and no memory is taken.
 * @returns what the body does, or nothing where that cannot be written down
 * @throws whatever the body throws
 */
export function recordBody(backend: Internals, body: ProgramBody, inputs: readonly tf.Tensor[]): Recording | undefined {
  const dispatches: Dispatch[] = [];
  const replaced = standIn(backend.device, dispatches);
  const own = Object.fromEntries(
    Object.keys(replaced).map((name) => [name, (backend as unknown as Record<string, unknown>)[name]]),
  );
  Object.assign(backend, replaced);
  let storages: Storage[] = [];
  let outputs: Output[] = [];
  try {
    tf.tidy(() => {
      const given = inputs.map(({ shape, dtype }) => inputTensor(backend, shape, dtype));
      storages = given.map(({ dataId }) => asStorage(backend.tensorMap.get(dataId).resource));
      outputs = body(given).map(({ dataId, shape, dtype }) => {
        backend.uploadToGPU(dataId); // a constant that the body returns as it is
        return { storage: asStorage(backend.tensorMap.get(dataId).resource), shape, dtype };
      });
    });
    const recording = { dispatches, inputs: storages, outputs };
    return isWhole(recording) ? recording : undefined;
  } catch (error) {
    if (error instanceof NotRecorded) return undefined;
    throw error;
  } finally {
    Object.assign(backend, own);
  }
}

function inputTensor(backend: Internals, shape: number[], dtype: tf.DataType): tf.Tensor {
  const info = backend.makeTensorInfo(shape, dtype);
  backend.tensorMap.get(info.dataId).resource = backend.bufferManager.acquireBuffer(bytesOf(shape), 0);
  return tf.engine().makeTensorFromTensorInfo(info);
}

/** Whether no constant and no input is written over, and everything has a size: a replay could not undo the one nor bind the other. */
function isWhole({ dispatches, inputs, outputs }: Recording): boolean {
  const fixed = new Set(inputs);
  return (
    dispatches.every(({ buffers: [written, ...read] }) => {
      if (written.values || fixed.has(written)) return false;
      return [written, ...read].every(({ size }) => size > 0);
    }) && outputs.every(({ storage }) => storage.size > 0)
  );
}
