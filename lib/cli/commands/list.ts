import { readdirSync } from "node:fs";
import { join } from "node:path";
import { trainings, adaptations } from "../../lab/plan/known-methods";
import { readExperiments, readProfile, readTask } from "../../records/config";
import { configIds, projectRoot } from "../../records/paths";
import { printJson } from "../streams";

/** `iopfl list`: every word that other commands take. */
export function list({ json }: { readonly json: boolean }): void {
  const experiments = readExperiments().map(({ id, question, kind, task, methods }) => ({
    id,
    kind,
    task,
    question,
    methods: methods.map((method) => [method.id, method.variant].filter(Boolean).join(".")),
  }));
  const profiles = configIds("profiles")
    .map(readProfile)
    .map(({ id, purpose, seeds }) => ({ id, purpose, seeds }));
  const tasks = configIds("tasks")
    .map(readTask)
    .map(({ id, title, sites }) => ({ id, title, sites }));
  const notebooks = readdirSync(join(projectRoot, "notebooks"))
    .filter((file) => file.endsWith(".ipynb"))
    .map((file) => file.replace(/\.ipynb$/, ""));
  if (json) return printJson({ experiments, profiles, tasks, trainings, adaptations, notebooks });
  section(
    "experiments",
    experiments.map(({ id, question, methods }) => [id, `${question} (${methods.join(", ")})`]),
  );
  section(
    "profiles",
    profiles.map(({ id, purpose }) => [id, purpose]),
  );
  section(
    "tasks and their sites",
    tasks.map(({ id, title, sites }) => [id, `${title}: ${sites.join(", ")}`]),
  );
  section(
    "inside methods",
    trainings.map(({ id, title, params }) => [id, describe(title, params)]),
  );
  section(
    "outside methods",
    adaptations.map(({ id, title, params }) => [id, describe(title, params)]),
  );
  section(
    "notebooks",
    notebooks.map((name) => [name, ""]),
  );
}

function section(title: string, rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(0, ...rows.map(([id]) => id.length));
  const lines = rows.map(([id, text]) => `  ${id.padEnd(width)}  ${text}`.trimEnd());
  process.stdout.write(`${[title, ...lines].join("\n")}\n\n`);
}

function describe(title: string, params: Readonly<Record<string, unknown>>): string {
  const values = Object.entries(params).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return values.length > 0 ? `${title}; ${values.join(", ")}` : title;
}
