import assert from "node:assert/strict";
import { join } from "node:path";
import { ownExecutor, type ClientSpec, type Executor } from "../../../lib/federation/client/client-work";
import { readTrained, readWork, writeTrained, writeWork } from "../../../lib/lab/execute/work-files";

/** An executor beside this one, to which work and back from which training goes as files, as to another process. */
export function throughFiles(spec: ClientSpec, folder: string): Executor {
  const own = ownExecutor(spec);
  let count = 0;
  return {
    depth: 2,
    async train(work, hooks) {
      const file = join(folder, `${count++}.safetensors`);
      writeWork(file, work);
      const arrived = readWork(file);
      assert.equal(arrived.kind, "training");
      if (arrived.kind === "training") writeTrained(file, await own.train(arrived, hooks));
      return readTrained(file);
    },
    evaluate: own.evaluate,
  };
}
