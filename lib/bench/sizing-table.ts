import type { Profile } from "../records/config";
import type { Hardware } from "./hardware";
import type { Sizing, SliceCounts, UnitCosts } from "./sizing";
import type { SizingConfig } from "./sizing-config";
import { markdownTable } from "./table";

interface SizingPage {
  readonly config: SizingConfig;
  readonly profile: Profile;
  readonly counts: Readonly<Record<string, SliceCounts>>;
  readonly units: UnitCosts;
  readonly sizing: Sizing;
  readonly hardware: Hardware;
  readonly engine: string;
  readonly commit: string;
}

/** How long the committed results take, as a page: what was measured, and what it comes to. */
export function sizingMarkdown({
  config,
  profile,
  counts,
  units,
  sizing,
  hardware,
  engine,
  commit,
}: SizingPage): string {
  const { training, adaptation, data, net, seeds } = profile;
  const groups = [...new Set(sizing.rows.map(({ group }) => group))];
  const of = (group: string) => sizing.rows.filter((row) => row.group === group);
  const sum = (group: string, pick: (row: Sizing["rows"][number]) => number) =>
    of(group).reduce((total, row) => total + pick(row), 0);
  const hours = (value: number) => value.toFixed(2);
  const milliseconds = (seconds: number) => (1000 * seconds).toFixed(1);
  const slices = (part: "train" | "validation" | "test", task: string) =>
    Object.values(counts[task]).reduce((total, site) => total + site[part], 0);
  return [
    `# How long the committed results take: profile ${profile.id}`,
    "",
    `**${sizing.hours.toFixed(1)} hours on ${config.cores} cores** (allowed: ${config.hours}), in ${sizing.rows.reduce((total, { jobs }) => total + jobs, 0)} jobs that can be stopped and resumed.`,
    "",
    `Sizes: ${data.side}x${data.side} pixels, ${net.features} features, ${training.rounds} rounds of ${training.localEpochs} epoch, batch ${training.batch}; ${adaptation.epochs} passes at test time, batch ${adaptation.batch}; ${seeds.length} seeds; every site held out once. ` +
      config.tasks
        .map(
          (task) =>
            `${task}: ${slices("train", task)} training, ${slices("validation", task)} validation and ${slices("test", task)} test slices`,
        )
        .join("; ") +
      ".",
    `Measured on ${hardware.processor}, ${hardware.cores} cores, Node.js ${hardware.node}, engine ${engine} with one thread, commit ${commit}. Made by \`npx iopfl bench --sizing\` from [configs/bench/sizing.yaml](../../configs/bench/sizing.yaml).`,
    "",
    ...markdownTable(
      ["unit", "milliseconds"],
      [
        [`training step, batch ${training.batch}`, milliseconds(units.step)],
        [`training step, batch ${adaptation.batch}`, milliseconds(units.smallStep)],
        [`routing step, batch ${adaptation.batch}`, milliseconds(units.routing)],
        ["prediction of a slice", milliseconds(units.predict)],
        ["the same with Dice", milliseconds(units.validate)],
        ["the same with surface distances", milliseconds(units.evaluate)],
        ["a round over the sum of its parts", units.overhead.toFixed(2)],
        [`${config.cores} processes at once over one`, units.contention.toFixed(2)],
      ],
      1,
    ),
    "",
    ...markdownTable(
      ["part", "jobs", `hours on ${config.cores} cores`],
      [
        ...groups.map((group) => [
          group,
          String(sum(group, ({ jobs }) => jobs)),
          hours((sum(group, (row) => row.hours) * units.contention) / config.cores),
        ]),
        ["**all**", "", `**${hours(sizing.hours)}**`],
      ],
      1,
    ),
    "",
    ...markdownTable(
      ["part", "method", "jobs", "core hours"],
      sizing.rows.map(({ group, id, jobs, hours: each }) => [group, id, String(jobs), hours(each)]),
    ),
    "",
  ].join("\n");
}
