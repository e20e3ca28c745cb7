import type { Experiment, Task } from "../records/config";
import type { FederationRecord } from "../records/schema";
import { axisName, variantAt, type TrainingAxis } from "../records/variations";
import { bootstrapInterval } from "../stats/bootstrap";
import { countedCases, labelOf } from "./cases";
import { distinct, groupBy, strataOf } from "./strata";

/** One method at one place of an axis, over its seeds. */
export interface AblationPoint {
  readonly method: string;
  readonly value: number | string;
  readonly runs: readonly FederationRecord[];
  /** Mean test Dice over the sites that all places of the axis have, with its 95 % interval; NaN where there is none. */
  readonly dice: number;
  readonly low: number;
  readonly high: number;
}

export interface AblationAxis {
  readonly name: string;
  /** Sites that every run of the axis trained: a mean over others could not be compared. */
  readonly sites: readonly string[];
  readonly points: readonly AblationPoint[];
}

type Inside = Extract<Experiment, { kind: "inside" }>;

/** @returns each axis of an experiment along which something has been run, the entries as they are at their own place */
export function ablationAxes({ vary = [] }: Inside, task: Task, records: readonly FederationRecord[]): AblationAxis[] {
  return vary.flatMap((axis) => {
    const along = records.filter((record) => isAlong(axis, record));
    const sites = task.sites.filter((site) => along.every((record) => record.sites.includes(site)));
    const places = groupBy(along, (record) => JSON.stringify([record.method, valueOn(axis, record)]));
    const points = places.map((runs) => pointOf(axis, runs, sites));
    const methods = distinct(points.map(({ method }) => method));
    const place = ({ method, value }: AblationPoint) => [methods.indexOf(method), Number(value)] as const;
    points.sort((a, b) => place(a)[0] - place(b)[0] || place(a)[1] - place(b)[1] || 0);
    return along.some(({ variant }) => variant !== undefined) ? [{ name: axisName(axis), sites, points }] : [];
  });
}

/** The entry as it is, or varied along this axis. */
function isAlong(axis: TrainingAxis, { method, variant }: FederationRecord): boolean {
  if (axis.of !== undefined && !axis.of.includes(method)) return false;
  return variant === undefined || axis.values.some((value) => variant === variantAt(axis, value));
}

/** Where on an axis a run stands, by what its record says. */
function valueOn({ setting, param = "" }: TrainingAxis, { config, params, sites }: FederationRecord): number | string {
  const { rounds, localEpochs, protocol } = config.training as {
    readonly rounds: number;
    readonly localEpochs: number;
    readonly protocol?: { readonly fraction?: number };
  };
  const settings = { rounds, localEpochs, fraction: protocol?.fraction ?? 1, clients: sites.length, without: "none" };
  return setting === undefined ? (params[param] as number | string) : settings[setting];
}

function pointOf(axis: TrainingAxis, runs: readonly FederationRecord[], sites: readonly string[]): AblationPoint {
  const values = countedCases("inside", runs)
    .filter(({ site }) => sites.includes(site))
    .map(({ site, id, seed, dice }) => ({ site, id, seed, value: dice }));
  const none = { mean: NaN, low: NaN, high: NaN };
  const found = values.length === 0 ? none : bootstrapInterval(strataOf(values), { range: [0, 1] });
  const method = labelOf({ method: runs[0].method });
  return { method, value: valueOn(axis, runs[0]), runs, dice: found.mean, low: found.low, high: found.high };
}
