import { normalUpperTail, studentQuantile, studentUpperTail } from "../../lib/stats/distributions";
import { holm } from "../../lib/stats/holm";
import { pairedT } from "../../lib/stats/paired-t";
import type { Alternative } from "../../lib/stats/paired";
import { meanInterval } from "../../lib/stats/summary";
import { wilcoxon, type WilcoxonMethod } from "../../lib/stats/wilcoxon";
import type { GoldenCase, GoldenCheck } from "./golden-case";

type Numbers = Readonly<Record<string, number>>;

interface Sample {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly wilcoxon: Readonly<
    Record<string, { readonly statistic: number; readonly p: number; readonly z: number | null }>
  >;
  /** Missing where there are too many pairs to enumerate. */
  readonly sign_flip_enumeration?: Numbers | null;
  readonly paired_t: Numbers;
  readonly mean_ci: Readonly<Record<string, Numbers>>;
}

const methods: Readonly<Record<string, WilcoxonMethod>> = { exact: "exact", approx: "normal", approx_cc: "continuity" };

/** Every number of SciPy in the file, to its advice of 1e-9. */
export const check: GoldenCheck = {
  name: "statistics",
  engine: false,
  run(golden) {
    for (const [name, sample] of Object.entries(golden.json.samples as Record<string, Sample>))
      checkSample(golden, name, sample);
    for (const [name, { p, adjusted }] of Object.entries(
      golden.json.holm as Record<string, { p: number[]; adjusted: number[] }>,
    )) {
      golden.compareWithin(`holm ${name}`, holm(p), adjusted, 1e-12);
    }
    const values = golden.json.distribution_values as Readonly<
      Record<"t_ppf" | "t_sf" | "norm_sf", readonly number[][]>
    >;
    for (const [share, degrees, want] of values.t_ppf)
      near(golden, `t quantile ${share} ${degrees}`, studentQuantile(share, degrees), want);
    for (const [t, degrees, want] of values.t_sf)
      near(golden, `t tail ${t} ${degrees}`, studentUpperTail(t, degrees), want);
    for (const [z, want] of values.norm_sf) near(golden, `normal tail ${z}`, normalUpperTail(z), want);
  },
};

function checkSample(golden: GoldenCase, name: string, { a, b, ...want }: Sample): void {
  for (const [key, { statistic, p, z }] of Object.entries(want.wilcoxon)) {
    const [, method, alternative] = /^(.*)_(two-sided|greater|less)$/.exec(key) ?? [];
    const got = wilcoxon(a, b, alternative as Alternative, methods[method]);
    near(golden, `${name} ${key} statistic`, got.statistic, statistic);
    near(golden, `${name} ${key} p`, got.p, p);
    if (z !== null) near(golden, `${name} ${key} z`, got.z ?? NaN, z);
  }
  const flips = (alternative: Alternative) => wilcoxon(a, b, alternative, "permutation");
  checkFields(golden, `${name} sign flips`, want.sign_flip_enumeration ?? {}, {
    w_plus: flips("greater").positiveRanks,
    w_minus: flips("greater").negativeRanks,
    p_greater: flips("greater").p,
    p_less: flips("less").p,
    p_two_sided: flips("two-sided").p,
  });
  const { statistic, degrees, p } = pairedT(a, b);
  const [greater, less] = [pairedT(a, b, "greater").p, pairedT(a, b, "less").p];
  checkFields(golden, `${name} paired t`, want.paired_t, {
    statistic,
    df: degrees,
    p_two_sided: p,
    p_greater: greater,
    p_less: less,
  });
  for (const [confidence, interval] of Object.entries(want.mean_ci)) {
    const got = meanInterval(a, Number(confidence));
    const fields = { mean: got.mean, sd_ddof1: got.deviation, sem: got.standardError, low: got.low, high: got.high };
    checkFields(golden, `${name} interval ${confidence}`, interval, fields);
  }
}

/** Compares every field of the file; one that is not computed here fails. */
function checkFields(golden: GoldenCase, label: string, want: Numbers, got: Numbers): void {
  for (const [field, value] of Object.entries(want)) near(golden, `${label} ${field}`, got[field] ?? NaN, value);
}

function near(golden: GoldenCase, label: string, got: number, want: number): void {
  golden.compareWithin(label, [got], [want], 1e-9);
}
