import { Option, type Command } from "commander";
import { commands } from "../modules";
import {
  adjustmentOptions,
  engineOption,
  jsonOption,
  onlyOption,
  profileOption,
  quietOption,
  workersOption,
} from "../options";

/** Commands that run experiments and show how they stand. */
export function addExperimentCommands(program: Command): void {
  const run = program
    .command("run <experiment>")
    .description("run what is missing of an experiment")
    .addOption(profileOption())
    .addOption(engineOption())
    .addOption(workersOption())
    .addOption(onlyOption())
    .option(
      "--snapshots <folder>",
      "run an outside experiment from published PyTorch snapshots, snapshots/<site>/, in place of training",
    )
    .option("--slurm", "submit it to the Slurm cluster; --workers is then the number of tasks at most", false)
    .option("--dry-run", "only say which jobs would be computed, and write nothing", false)
    .addOption(quietOption())
    .addOption(jsonOption())
    .action((experiment, options) => commands("run").run(experiment, options));
  for (const option of adjustmentOptions()) run.addOption(option);
  const work = program
    .command("work [experiments...]")
    .description("one worker on the job list of some experiments or of all; several, on many machines, share it")
    .addOption(profileOption())
    .addOption(engineOption())
    .addOption(workersOption())
    .option("--shard <i/n>", "begin with this part of the jobs (default: what Slurm or Kubernetes says)")
    .addOption(onlyOption())
    .option("--snapshots <folder>", "as for run; with one outside experiment")
    .addOption(quietOption())
    .action((experiments, options) => commands("work").work(experiments, options));
  for (const option of adjustmentOptions()) work.addOption(option);
  program
    .command("verify [experiments...]")
    .description("compute a very small profile anew and compare every number with the committed hashes")
    .option("--profile <id>", "profile whose hashes are committed", "tiny")
    .addOption(new Option("--engine <name>", "what computes").choices(["wasm", "tensorflow"]).default("wasm"))
    .option("--update", "write the committed hashes anew", false)
    .addOption(quietOption())
    .addOption(jsonOption())
    .action((experiments, options) => commands("verify").verify(experiments, options));
  program
    .command("status")
    .description("show what is done and what is left of every experiment")
    .addOption(profileOption())
    .addOption(engineOption())
    .addOption(jsonOption())
    .action((options) => commands("status").status(options));
  program
    .command("list")
    .description("list experiments, profiles, methods with their parameters, tasks with their sites, and notebooks")
    .addOption(jsonOption())
    .action((options) => commands("list").list(options));
}
