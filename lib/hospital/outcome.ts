import type { Colour } from "../data/task/classes";
import type { Refusal } from "./check-images";
import type { CaseResult, Telemetry } from "./results";

/** What came of a run, as its record and its page tell it. */
export interface Outcome {
  readonly schema: 1;
  readonly command: "adapt" | "predict";
  readonly task: string;
  /** Of a task of one's own, in the order of the probabilities; all but the background have the colour of their outlines. */
  readonly classes?: readonly { readonly name: string; readonly colour?: Colour }[];
  readonly models: {
    readonly from: string;
    /** SHA-256 of each model's numbers: `global` first, then in the order of the training clients. */
    readonly sha256: Readonly<Record<string, string>>;
  };
  readonly method?: { readonly id: string; readonly title: string; readonly params: unknown; readonly passes: string };
  readonly network: { readonly side: number; readonly features: number; readonly reading: string };
  readonly engine: string;
  /** How images came to the network's size, and masks back. */
  readonly way: string;
  readonly images: readonly OutcomeImage[];
  readonly refused: readonly Refusal[];
  readonly leftOut: readonly string[];
  readonly telemetry: Telemetry;
}

export interface OutcomeImage extends CaseResult {
  /** Millilitres of a volume, share of a photograph. */
  readonly size: number;
  readonly distrust: readonly string[];
}
