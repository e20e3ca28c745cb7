import { stringify } from "yaml";
import type { Draft } from "./draft";

interface Named {
  readonly id: string;
  readonly folder: string;
  readonly pseudonyms: boolean;
}

/** @returns the file of a task, with what there is to choose beside every line */
export function draftYaml(draft: Draft, { id, folder, pseudonyms }: Named): string {
  const { sites, cases, modality, classes, inChannels, layout, normalisation, orientation, split, notes } = draft;
  const counts = sites.map((site) => `${site} ${cases[site]}`).join(", ");
  const lines: readonly (readonly [comment: string, field: string, value: unknown])[] = [
    ["", "id", id],
    ["as tables call it", "title", id],
    ["where the images lie; it stays on this machine and reaches no record", "folder", folder],
    [`cases: ${counts}`, "sites", sites],
    ["volume or picture", "modality", modality],
    ["how the files lie: folders, pairs, nnunet, decathlon, bids or manifest", "layout", layout],
    ["the background first; values are those of the masks", "classes", classes],
    [
      modality === "volume" ? "neighbouring slices seen together: 1, 3, 5, ..." : "3 for colours, 1 for grey",
      "inChannels",
      inChannels,
    ],
    ...(modality === "volume"
      ? ([
          ["labelled slices, as in the paper, or all", "slices", "labelled"],
          ["as-stored, or the sides to which columns, rows and slices run, such as LPS", "orientation", orientation],
        ] as const)
      : []),
    ["z-score, { percentiles: [0.5, 99.5] } or { window: [low, high] }", "normalisation", normalisation],
    ["seeded (by lot, 64 : 16 : 20), parts (as the layout says) or { ratio: [7, 1, 2] }", "split", split],
    ["whether cases go by numbers in place of the names of their files", "pseudonyms", pseudonyms],
  ];
  const head = [
    "A first draft of a task, made from what a folder holds: read it, and mend it. docs/own-data.md explains every line.",
    ...notes.map((note) => `LOOK AT: ${note}`),
  ];
  const body = lines.map(
    ([comment, field, value]) => `${comment === "" ? "" : `# ${oneLine(comment)}\n`}${entry(field, value)}`,
  );
  return `${head.map((line) => `# ${oneLine(line)}\n`).join("")}${body.join("")}${structures(classes.slice(1).map(({ name }) => name))}`;
}

function entry(field: string, value: unknown): string {
  if (Array.isArray(value) && typeof value[0] === "object")
    return `${field}:\n${value.map((each) => `  - ${flow(each)}\n`).join("")}`;
  return `${field}: ${flow(value)}\n`;
}

/** Names are hostile text: the writer quotes them. */
const flow = (value: unknown) =>
  stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim().replace(/\n\s*/g, " ");
/** What a comment may hold of names: nothing that ends its line. */
const oneLine = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");

/** Every class by itself is the rule; a union is written by whoever knows what is measured. */
function structures(names: readonly string[]): string {
  if (names.length < 2) return "";
  const whole = stringify([{ id: "all", classes: names }], { collectionStyle: "flow", lineWidth: 0 }).trim();
  return `# What is scored: every class by itself, unless unions are named here.\n# structures: ${whole}\n`;
}
