import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { configIds, projectRoot } from "../../../lib/records/paths";
import { readShard } from "../../../lib/lab/plan/shard";

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: {
    readonly completionMode: string;
    readonly completions: number;
    readonly parallelism: number;
    readonly template: {
      readonly spec: {
        readonly restartPolicy: string;
        readonly volumes: readonly { readonly name: string }[];
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly env: readonly { readonly name: string; readonly value: string }[];
          readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
        }[];
      };
    };
  };
}

test("the manifest is an indexed job whose workers share all jobs of an experiment that there is", () => {
  const { apiVersion, kind, spec } = parse(
    readFileSync(join(projectRoot, "configs", "cluster", "kubernetes.yaml"), "utf8"),
  ) as Manifest;
  assert.deepEqual([apiVersion, kind, spec.completionMode], ["batch/v1", "Job", "Indexed"]);
  const [{ command, env, volumeMounts }] = spec.template.spec.containers;
  const given = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  const shards = Array.from({ length: spec.completions }, (_, index) =>
    readShard(undefined, { ...given, JOB_COMPLETION_INDEX: String(index) }),
  );
  assert.deepEqual(
    shards,
    Array.from({ length: spec.completions }, (_, index) => ({ index, count: spec.completions })),
  );
  const [program, script, work, experiment, option, profile] = command;
  assert.deepEqual([program, script, work, option], ["node", "lib/cli/iopfl.cjs", "work", "--profile"]);
  assert.ok(configIds("experiments").includes(experiment) && configIds("profiles").includes(profile));
  const [{ name, mountPath }] = volumeMounts;
  assert.deepEqual(
    spec.template.spec.volumes.map((volume) => volume.name),
    [name],
  );
  for (const place of [given.IOPFL_WORK, given.IOPFL_RESULTS]) assert.ok(place.startsWith(`${mountPath}/`));
});
