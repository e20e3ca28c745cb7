import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSafeTensors, type StoredTensor } from "../../lib/io/safetensors";

interface Deviation {
  readonly max_abs_error: number;
  readonly max_abs_value: number;
  readonly q999?: number;
}

/** One golden case while it is being checked: hands out tensors, remembers which were used, collects comparisons. */
export interface GoldenCase {
  readonly name: string;
  readonly folder: string;
  /** The parsed `<case>.json`: settings, schedules, expected values. Its form is the case's own. */
  readonly json: Readonly<Record<string, unknown>>;
  /** A tensor of the file; asking for it counts as using it. */
  tensor(key: string): StoredTensor;
  has(key: string): boolean;
  /** All keys that start with `prefix`. */
  keys(prefix?: string): readonly string[];
  /** Compares by the tolerance rule of test/golden/README.md with the deviation of `group` in the JSON. */
  compare(label: string, got: ArrayLike<number>, want: ArrayLike<number>, group: string): void;
  /** After Adam steps: 99.9 % of all entries within the rule with `q999`, the rest within `2 * learningRate * steps`. */
  compareAfterAdam(
    label: string,
    got: ArrayLike<number>,
    want: ArrayLike<number>,
    group: string,
    learningRate: number,
    steps: number,
  ): void;
  /** Compares within an absolute tolerance; 0 asks for equality. Two NaNs are equal. */
  compareWithin(label: string, got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number): void;
  report(): { readonly comparisons: number; readonly failures: readonly string[]; readonly unused: readonly string[] };
}

/** What checks one case. `engine: true` cases run once per TensorFlow.js engine, the others once. */
export interface GoldenCheck {
  readonly name: string;
  readonly engine: boolean;
  run(golden: GoldenCase): void | Promise<void>;
}

export function openGoldenCase(folder: string, name: string): GoldenCase {
  const json = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Record<string, unknown>;
  const file = join(folder, `${name}.safetensors`);
  const tensors = existsSync(file)
    ? readSafeTensors(readFileSync(file), file).tensors
    : new Map<string, StoredTensor>();
  const deviations = (json.float32_deviation ?? {}) as Record<string, Deviation>;
  const used = new Set<string>();
  const failures: string[] = [];
  let comparisons = 0;

  const deviationOf = (group: string): Deviation => {
    const found = deviations[group];
    if (!found)
      throw new Error(
        `${name}.json has no float32_deviation for "${group}"; it has ${Object.keys(deviations).join(", ")}`,
      );
    return found;
  };
  const errorsOf = (label: string, got: ArrayLike<number>, want: ArrayLike<number>): Float64Array | undefined => {
    comparisons++;
    if (got.length === want.length) {
      return Float64Array.from(want, (value, i) => {
        if (Object.is(got[i], value) || got[i] === value) return 0;
        const error = Math.abs(got[i] - value);
        return Number.isNaN(error) ? Infinity : error;
      });
    }
    failures.push(`${label}: ${got.length} values, want ${want.length}`);
    return undefined;
  };
  const check = (
    label: string,
    errors: Float64Array | undefined,
    tolerance: number,
    allowed = 0,
    limit = tolerance,
  ): void => {
    if (!errors) return;
    const worst = errors.reduce((a, b) => Math.max(a, b), 0);
    const beyond = errors.reduce((count, error) => count + (error > tolerance ? 1 : 0), 0);
    if (beyond > allowed || worst > limit) {
      failures.push(
        `${label}: ${beyond} of ${errors.length} values off by more than ${tolerance.toExponential(2)}, the worst by ${worst.toExponential(2)}`,
      );
    }
  };
  return {
    name,
    folder,
    json,
    tensor(key) {
      const found = tensors.get(key);
      if (!found) throw new Error(`${name}.safetensors has no tensor "${key}"`);
      used.add(key);
      return found;
    },
    has: (key) => tensors.has(key),
    keys: (prefix = "") => [...tensors.keys()].filter((key) => key.startsWith(prefix)),
    compare(label, got, want, group) {
      const { max_abs_error: error, max_abs_value: value } = deviationOf(group);
      check(label, errorsOf(label, got, want), 5 * error + 2e-6 * value);
    },
    compareAfterAdam(label, got, want, group, learningRate, steps) {
      const { max_abs_error: error, max_abs_value: value, q999 = error } = deviationOf(group);
      check(
        label,
        errorsOf(label, got, want),
        5 * q999 + 2e-6 * value,
        Math.floor(want.length / 1000),
        2 * learningRate * steps,
      );
    },
    compareWithin(label, got, want, tolerance) {
      check(label, errorsOf(label, got, want), tolerance);
    },
    report: () => ({ comparisons, failures, unused: [...tensors.keys()].filter((key) => !used.has(key)) }),
  };
}
