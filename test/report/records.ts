import type { MethodCase } from "../../lib/report/cases";
import type { AdaptationRecord, FederationRecord } from "../../lib/records/schema";

const common = {
  schema: 2 as const,
  id: "x",
  question: "q",
  numerics: { engine: "cpu", arithmetic: "a", code: "c", data: "d" },
  experiment: "e",
  profile: "p",
  task: "t",
  params: {},
  config: {},
};

type CaseScore = AdaptationRecord["epochs"][number]["cases"][number];

/** The score of one case. Without a distance the prediction was empty. */
export const score = (id: string, dice: number, hd95: number | null = 2): CaseScore => ({
  id,
  slices: 3,
  dice,
  officialDice: dice,
  hd95,
  assd: hd95,
  ...(hd95 === null ? { undefinedBecause: "empty prediction" } : {}),
});

/** A federation whose clients' own models scored so on their test cases; every other model scored worse. */
export function federation(
  method: string,
  seed: number,
  dice: Readonly<Record<string, readonly number[]>>,
  more: Partial<FederationRecord> = {},
): FederationRecord {
  const scores = Object.entries(dice).flatMap(([site, values]) => {
    const cases = values.map((value, index) => score(`Case0${index}`, value));
    const worse = values.map((_, index) => score(`Case0${index}`, 0.01));
    return [
      { site, part: "test" as const, model: "personal" as const, cases },
      { site, part: "test" as const, model: "global" as const, cases: worse },
      { site, part: "validation" as const, model: "personal" as const, cases: worse },
    ];
  });
  const sites = Object.keys(dice);
  const rounds = [0.2, 0.4].map((reached, index) => ({
    round: index + 1,
    loss: sites.map(() => 0.5),
    personalDice: sites.map(() => reached),
    globalDice: sites.map(() => reached),
    bytesUp: sites.map(() => 10),
    bytesDown: sites.map(() => 10),
  }));
  return {
    kind: "federation",
    ...common,
    method,
    seed,
    sites,
    selection: "last round",
    rounds,
    scores,
    models: {},
    ...more,
  };
}

/** An adaptation whose last epoch scored so. */
export function adaptation(
  method: string,
  seed: number,
  heldOut: string,
  cases: readonly CaseScore[],
  more: Partial<AdaptationRecord> = {},
): AdaptationRecord {
  const epochs: AdaptationRecord["epochs"] = [
    { epoch: 1, cases: cases.map(({ id }) => score(id, 0.99)), telemetry: {} },
    { epoch: 2, cases, telemetry: { "gate/decoder.conv1": [0.2, 0.8] } },
  ];
  return {
    kind: "adaptation",
    ...common,
    method,
    seed,
    federation: "x",
    heldOut,
    selection: "last epoch",
    epochs,
    ...more,
  };
}

/** A row of what tables are made of, without distances. */
export const caseOf = (method: string, site: string, id: string, dice: number, seed = 0): MethodCase => ({
  method,
  site,
  id,
  seed,
  dice,
  hd95: null,
  assd: null,
});
