import { InvalidArgumentError, Option } from "commander";

/** Options that several commands share. */
export const profileOption = () =>
  new Option("--profile <id>", "size of the experiments: quick, phantom or paper").default("quick");
export const engineOption = () =>
  new Option("--engine <name>", "what computes")
    .choices(["auto", "tensorflow", "webgpu", "wasm", "cpu"])
    .default("auto");
export const workersOption = () =>
  new Option(
    "--workers <n>",
    "worker processes (default: IOPFL_WORKERS, or as many as cores and memory allow); one without a job helps with the clients of a federation",
  ).argParser(positiveInteger);
export const jsonOption = () => new Option("--json", "print the result as JSON, and nothing else").default(false);
export const quietOption = () => new Option("--quiet", "no progress: the result and faults alone").default(false);
export const onlyOption = () =>
  new Option("--only <key=value...>", "only jobs with this method, variant, site or seed");
/** What a run changes of the experiment as it is configured. */
export const adjustmentOptions = () => [
  new Option(
    "--set <method.parameter=value...>",
    "another value of a parameter: iop-fl.alpha=0.5, method.alpha=0.5 for every method that has it, or federation.alpha=0.5",
  ),
  new Option("--seeds <n...>", "these seeds in place of the profile's").argParser(
    (text: string, earlier: number[] | undefined) => [...(earlier ?? []), wholeNumber(text)],
  ),
  new Option("--methods <id...>", "these methods alone, also ones that the experiment does not list"),
];

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError(`"${text}" is not a whole number above 0`);
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError(`"${text}" is not a number above 0`);
}

export const countOrReal = (text: string) => (text === "real" ? text : positiveInteger(text));

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError(`"${text}" is not a whole number`);
}
