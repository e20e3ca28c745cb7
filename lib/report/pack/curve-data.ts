import type { RunRecord } from "../../records/schema";
import { isAdaptation, isFederation } from "../cases";
import type { DataSet } from "./column";

interface RoundRow {
  readonly run: string;
  readonly site: string;
  readonly round: number;
  readonly loss: number | null;
  readonly personalDice: number;
  readonly globalDice: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

/** Every client after every round. */
export const roundData = (records: readonly RunRecord[]): DataSet<RoundRow> => ({
  name: "rounds",
  description: "One row for each client after each communication round.",
  rows: records.filter(isFederation).flatMap(({ id, sites, rounds }) =>
    rounds.flatMap(({ round, loss, personalDice, globalDice, bytesUp, bytesDown }) =>
      // A run that diverged in a round has not reached all clients.
      sites
        .slice(0, personalDice.length)
        .map((site, at) => ({
          ...{ run: id, site, round, loss: loss[at], personalDice: personalDice[at], globalDice: globalDice[at] },
          ...{ bytesUp: bytesUp[at], bytesDown: bytesDown[at] },
        })),
    ),
  ),
  columns: [
    { name: "run", type: "text", description: "The run: a row of runs.csv.", pick: ({ run }) => run },
    { name: "site", type: "text", description: "The client.", pick: ({ site }) => site },
    { name: "round", type: "whole number", description: "From 1.", pick: ({ round }) => round },
    {
      name: "loss",
      type: "number",
      description: "Mean training loss; empty: it did not train.",
      pick: ({ loss }) => loss,
    },
    {
      name: "personal_dice",
      type: "number",
      unit: "0 to 1",
      description: "Validation, of the model kept for the client.",
      pick: (row) => row.personalDice,
    },
    {
      name: "global_dice",
      type: "number",
      unit: "0 to 1",
      description: "Validation, of the global model.",
      pick: (row) => row.globalDice,
    },
    {
      name: "bytes_up",
      type: "whole number",
      unit: "B",
      description: "From the client.",
      pick: ({ bytesUp }) => bytesUp,
    },
    {
      name: "bytes_down",
      type: "whole number",
      unit: "B",
      description: "To the client.",
      pick: ({ bytesDown }) => bytesDown,
    },
  ],
});

interface TelemetryRow {
  readonly run: string;
  readonly epoch: number;
  readonly key: string;
  readonly index: number;
  readonly value: number;
}

/** What adaptations told of themselves: losses, gates. */
export const telemetryData = (records: readonly RunRecord[]): DataSet<TelemetryRow> => ({
  name: "telemetry",
  description: "One row for each number that an adaptation told of itself: losses, gates of each expert.",
  rows: records
    .filter(isAdaptation)
    .flatMap(({ id, epochs }) =>
      epochs.flatMap(({ epoch, telemetry }) =>
        Object.entries(telemetry).flatMap(([key, values]) =>
          values.map((value, index) => ({ run: id, epoch, key, index, value })),
        ),
      ),
    ),
  columns: [
    { name: "run", type: "text", description: "The run: a row of runs.csv.", pick: ({ run }) => run },
    {
      name: "epoch",
      type: "whole number",
      description: "Pass over the held-out site, from 1.",
      pick: ({ epoch }) => epoch,
    },
    {
      name: "key",
      type: "text",
      description: "gate/<layer>: the mean gate of each expert; else a part of the loss.",
      pick: ({ key }) => key,
    },
    {
      name: "index",
      type: "whole number",
      description: "Place among the values of the key, from 0.",
      pick: ({ index }) => index,
    },
    { name: "value", type: "number", description: "The number.", pick: ({ value }) => value },
  ],
});
