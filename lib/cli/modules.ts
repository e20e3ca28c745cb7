/** The commands' modules. Each is loaded when its command runs, so that `--help` answers at once. */
interface CommandModules {
  start: typeof import("./commands/start");
  setup: typeof import("./commands/setup");
  doctor: typeof import("./commands/doctor");
  list: typeof import("./commands/list");
  run: typeof import("./commands/run");
  work: typeof import("./commands/work");
  verify: typeof import("./commands/verify");
  release: typeof import("./commands/release");
  tune: typeof import("./commands/tune");
  "run-all": typeof import("./commands/run-all");
  status: typeof import("./commands/status");
  notebooks: typeof import("./commands/notebooks");
  report: typeof import("./commands/report");
  compare: typeof import("./commands/compare");
  pack: typeof import("./commands/pack");
  paper: typeof import("./commands/paper");
  site: typeof import("./commands/site");
  lab: typeof import("./commands/lab");
  data: typeof import("./commands/data");
  "data-new": typeof import("./commands/data-new");
  "data-check": typeof import("./commands/data-check");
  "data-import": typeof import("./commands/data-import");
  bench: typeof import("./commands/bench");
  check: typeof import("./commands/check");
  snapshot: typeof import("./commands/snapshot");
  adapt: typeof import("./commands/adapt");
  predict: typeof import("./commands/predict");
  export: typeof import("./commands/export");
}

export function commands<Name extends keyof CommandModules>(name: Name): CommandModules[Name] {
  return require(`./commands/${name}`) as CommandModules[Name];
}
