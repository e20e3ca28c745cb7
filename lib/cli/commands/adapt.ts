import { relative, resolve } from "node:path";
import { describeSeconds } from "../../core/duration";
import { WorkbenchError } from "../../core/errors";
import type { EngineChoice } from "../../engine";
import { adapt as adaptTo } from "../../hospital/adapt";
import type { ModelWish } from "../../hospital/models";
import type { HospitalResult, HospitalRun } from "../../hospital/run";
import { interruptible } from "../interrupt";
import { parameterValues } from "../key-values";
import { progressLine } from "../progress-line";
import { print } from "./data-findings";
import { printJson } from "../streams";

/** What adapting and predicting are told alike. */
export interface HospitalOptions extends ModelWish {
  readonly images: string;
  readonly out: string;
  readonly engine: EngineChoice;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** `iopfl adapt` */
export function adapt(
  options: HospitalOptions & { readonly method: string; readonly set?: readonly string[] },
): Promise<void> {
  const { method: id, seed = 0, set } = options;
  const { method = {}, [id]: own = {}, ...others } = parameterValues(set);
  const [stranger] = Object.keys(others);
  if (stranger !== undefined)
    throw new WorkbenchError(
      `--set names "${stranger}", and the method is "${id}"`,
      `write --set ${id}.parameter=value`,
    );
  return segmentWith(options, (where) => adaptTo(options, { id, params: { ...method, ...own }, seed }, where));
}

/** Shows progress with the time that is left, and what was written. */
export async function segmentWith(
  { images, out, engine, quiet, json }: HospitalOptions,
  run: (where: Omit<HospitalRun, "models" | "method">) => Promise<HospitalResult>,
): Promise<void> {
  const line = progressLine(quiet);
  const started = performance.now();
  const onProgress = (done: number, total: number) => {
    const seconds = ((performance.now() - started) / 1000 / done) * (total - done);
    line.show(`${Math.floor((100 * done) / total)} %, ${describeSeconds(seconds)} left`);
  };
  const log = (text: string) => {
    line.end();
    process.stderr.write(`${text}\n`); // a fault, which --quiet leaves
  };
  try {
    const result = await interruptible((signal) => run({ images, out, engine, signal, onProgress, log }));
    line.end();
    report(result, out, json);
  } finally {
    line.end();
  }
}

function report({ outcome, made, kept }: HospitalResult, out: string, json: boolean | undefined): void {
  const { images, refused, engine } = outcome;
  const shown = relative(process.cwd(), resolve(out)) || ".";
  if (json) printJson({ ...outcome, made, kept });
  else {
    for (const { name, distrust } of images) if (distrust.length > 0) print(`distrust ${name}: ${distrust.join("; ")}`);
    print(`${made} masks made, ${kept} kept, with engine ${engine}; look at ${shown}/summary.html`);
  }
  if (refused.length === 0) return;
  const all = images.length + refused.length;
  throw new WorkbenchError(
    `${refused.length} of ${all} images have no new mask`,
    "the lines above say why; the others are done",
  );
}
