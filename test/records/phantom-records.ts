import type { FoundRecord } from "../../lib/records/found";
import { createRandom } from "../../lib/core/random";
import type { AdaptationRecord, FederationRecord, Provenance } from "../../lib/records/schema";

/** Sites of the profile phantom: cases that are scored where a site is held out, and where it takes part. */
export const sitesOf = {
  prostate: { HK: [12, 2], UCL: [13, 3], BIDMC: [12, 2], ISBI: [30, 6], "ISBI_1.5": [30, 6], I2CVB: [19, 4] },
  fundus: { Domain1: [101, 51], Domain2: [159, 60], Domain3: [400, 80], Domain4: [400, 80] },
} as const satisfies Record<string, Record<string, readonly [heldOut: number, test: number]>>;
export type PhantomTask = keyof typeof sitesOf;

const random = createRandom("records of the size of the profile phantom");
const integer = (low: number, high: number) => low + Math.floor(random.uniform() * (high - low));
type CaseScore = AdaptationRecord["epochs"][number]["cases"][number];
type MaskScore = Omit<CaseScore, "id" | "slices" | "structures">;

/** Ratios of areas and roots of squares with as many digits as real ones. @param low, high pixels of the structure */
function maskScore(low: number, high: number): MaskScore {
  const [reference, predicted] = [integer(low, high), integer(low, high)];
  const both = Math.min(reference, predicted) - integer(0, low / 2);
  const distances = Array.from({ length: 40 }, () => 8 * Math.hypot(integer(0, 5), integer(0, 4)));
  return {
    dice: (2 * both) / (reference + predicted),
    officialDice: (2 * both + 1e-5) / (reference + predicted + 1e-5),
    hd95: Math.max(...distances),
    assd: distances.reduce((sum, value) => sum + value, 0) / distances.length,
  };
}

function caseScore(task: PhantomTask, index: number): CaseScore {
  const id = `Case${String(index).padStart(4, "0")}`;
  if (task === "prostate") return { id, slices: 6, ...maskScore(60, 160) };
  const [disc, cup] = [maskScore(80, 160), maskScore(15, 50)];
  const mean = (name: keyof MaskScore) => (Number(disc[name]) + Number(cup[name])) / 2;
  const means = { dice: mean("dice"), officialDice: mean("officialDice"), hd95: mean("hd95"), assd: mean("assd") };
  return { id, slices: 1, ...means, structures: { disc, cup } };
}
const casesOf = (task: PhantomTask, count: number) =>
  Array.from({ length: count }, (_, index) => caseScore(task, index));

const hash = () => Array.from({ length: 16 }, () => integer(0, 16).toString(16)).join("");
const common = (task: PhantomTask) => ({
  schema: 2 as const,
  id: hash(),
  question: hash(),
  numerics: { engine: "tensorflow", arithmetic: hash(), code: hash(), data: hash() },
  experiment: "e",
  profile: "phantom",
  task,
  method: "iop-fl",
  params: { alpha: 0.1, lambda: 1 },
  seed: 0,
  config: { data: { source: "phantom", side: 48 }, net: { features: 8 }, training: { rounds: 100, batch: 8 } },
});
const provenance = (id: string): Provenance => ({
  id,
  finished: "2026-11-29T00:00:00.000Z",
  wallSeconds: 123.456,
  cpuSeconds: 123.456,
  peakMemoryMegabytes: 512,
  engine: { name: "tensorflow", version: "tfjs-node 4.22.0, libtensorflow 2.21.0", threads: 1, device: "CPU" },
  node: "v22.0.0",
  platform: "linux-x64",
  processor: "AMD EPYC 7763 64-Core Processor",
  cores: 2,
  memoryGigabytes: 8,
  commit: "0123456789ab",
});

const found = (record: AdaptationRecord | FederationRecord): FoundRecord => ({
  name: `${record.method}.${record.id}.seed0`,
  record,
  provenance: provenance(record.id),
});

/** @param layers how many have gates, whose means a pass records */
export function adaptationOf(task: PhantomTask, count: number, passes: number, layers: number): FoundRecord {
  const experts = Object.keys(sitesOf[task]).length;
  const telemetry = () =>
    Object.fromEntries(
      Array.from({ length: layers }, (_, layer) => [
        `gate/decoder.block${layer}.conv`,
        Array.from({ length: experts }, () => random.uniform()),
      ]),
    );
  const epochs = Array.from({ length: passes }, (_, pass) => ({
    epoch: pass + 1,
    cases: casesOf(task, count),
    telemetry: telemetry(),
  }));
  const { ...fields } = common(task);
  return found({ kind: "adaptation", ...fields, federation: hash(), heldOut: "HK", selection: "last epoch", epochs });
}

export function federationOf(task: PhantomTask): FoundRecord {
  const sites = Object.entries(sitesOf[task]);
  const each = (value: () => number) => sites.map(value);
  const rounds = Array.from({ length: 100 }, (_, round) => ({
    round: round + 1,
    loss: each(() => random.uniform()),
    personalDice: each(() => random.uniform()),
    globalDice: each(() => random.uniform()),
    bytesUp: each(() => 123456),
    bytesDown: each(() => 123456),
  }));
  const scores = sites.flatMap(([site, [, test]]) =>
    (["validation", "test"] as const).flatMap((part) =>
      (["personal", "global"] as const).map((model) => ({
        site,
        part,
        model,
        cases: casesOf(task, part === "test" ? test : Math.ceil(0.6 * test)),
      })),
    ),
  );
  const models = Object.fromEntries(["global", ...sites.map(([site]) => site)].map((name) => [name, hash().repeat(4)]));
  const names = sites.map(([site]) => site);
  return found({ kind: "federation", ...common(task), sites: names, selection: "last round", rounds, scores, models });
}
