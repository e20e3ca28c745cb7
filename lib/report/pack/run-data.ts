import { canonicalJson, type Json } from "../../core/hash";
import type { FoundRecord } from "../../records/found";
import { isFederation } from "../cases";
import type { Column, DataSet } from "./column";

const text = (name: string, description: string, pick: Column<FoundRecord>["pick"]): Column<FoundRecord> => ({
  name,
  type: "text",
  description,
  pick,
});
const number = (name: string, unit: string, description: string, pick: Column<FoundRecord>["pick"]) =>
  ({ name, type: "number", unit, description, pick }) as const;

/** Every run: what was asked, what computed it, and how it came about. Its id is the key of all other data. */
export const runData = (found: readonly FoundRecord[]): DataSet<FoundRecord> => ({
  name: "runs",
  description: "One row for each run: what was asked, what computed it, and how it came about.",
  rows: found,
  columns: [
    text(
      "run",
      "Hash of question and numerics: equal ids hold equal numbers. The key of the other files.",
      (of) => of.record.id,
    ),
    text("question", "Hash of everything that was configured.", ({ record }) => record.question),
    text("experiment", "configs/experiments/<experiment>.yaml", ({ record }) => record.experiment),
    text(
      "kind",
      "federation: models were trained; adaptation: models met a site that was held out.",
      ({ record }) => record.kind,
    ),
    text("profile", "configs/profiles/<profile>.yaml", ({ record }) => record.profile),
    text("task", "configs/tasks/<task>.yaml", ({ record }) => record.task),
    text("method", "The method, as npx iopfl list names it.", ({ record }) => record.method),
    text("variant", "Tells entries of one method apart.", ({ record }) => record.variant),
    text("params", "Every parameter of the method, as JSON.", ({ record }) => canonicalJson(record.params as Json)),
    text("config", "Data, network and training, as JSON.", ({ record }) => canonicalJson(record.config as Json)),
    { ...number("seed", "", "Seed of everything that is drawn.", ({ record }) => record.seed), type: "whole number" },
    text("held_out", "The site that took no part (adaptations).", ({ record }) =>
      isFederation(record) ? null : record.heldOut,
    ),
    text("federation", "The run whose models were adapted.", ({ record }) =>
      isFederation(record) ? null : record.federation,
    ),
    text("selection", "Which models or predictions are scored.", ({ record }) => record.selection),
    text("diverged", "Why the run ended early; it then has no score.", ({ record }) => record.diverged?.problem),
    text("engine", "What computed.", ({ record }) => record.numerics.engine),
    text("arithmetic", "Libraries and instructions that decide bytes.", ({ record }) => record.numerics.arithmetic),
    text("code", "Hash of the code that the run executed.", ({ record }) => record.numerics.code),
    text("data", "Hash of images and masks.", ({ record }) => record.numerics.data),
    text("commit", "Commit of the project.", ({ provenance }) => provenance?.commit),
    text("finished", "When, in UTC.", ({ provenance }) => provenance?.finished),
    number("wall_seconds", "s", "From start to end.", ({ provenance }) => provenance?.wallSeconds),
    number("cpu_seconds", "s", "Of all threads.", ({ provenance }) => provenance?.cpuSeconds),
    number("peak_memory", "MB", "The most that the process held.", ({ provenance }) => provenance?.peakMemoryMegabytes),
    text("processor", "Of the machine.", ({ provenance }) => provenance?.processor),
    text("node", "Version of Node.", ({ provenance }) => provenance?.node),
    text("command", "Makes this run again.", ({ record }) => commandOf(record)),
  ],
});

/** @returns the command that computes a run and nothing else of its experiment; what it needs is computed before */
function commandOf(record: FoundRecord["record"]): string {
  const only = [
    `method=${record.method}`,
    ...(record.variant === undefined ? [] : [`variant=${record.variant}`]),
    `seed=${record.seed}`,
    ...(isFederation(record) ? [] : [`site=${record.heldOut}`]),
  ];
  return `npx iopfl run ${record.experiment} --profile ${record.profile} --only ${only.join(" ")}`;
}
