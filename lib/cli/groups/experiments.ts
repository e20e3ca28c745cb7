import { Option, type Command } from "commander";
import { commands } from "../modules";
import {
  adjustmentOptions,
  engineOption,
  jsonOption,
  onlyOption,
  positiveNumber,
  profileOption,
  quietOption,
  workersOption,
} from "../options";

/** Commands that release results, and prove that they still hold. */
export function addReleaseCommands(program: Command): void {
  program
    .command("release <profile> [experiments...]")
    .description("take finished records to the form that is committed and stands: results/released/<profile>")
    .addOption(engineOption())
    .option("--mixed", "allow tables of what different engines computed; they say so", false)
    .option("--partial", "release what is finished; the rest is computed later", false)
    .action((profile, experiments, options) => commands("release").releaseProfile(profile, experiments, options));
  program
    .command("certify [profile]")
    .description("recompute a part of a release with today's code and write what came out beside it")
    .addOption(engineOption())
    .option("--minutes <n>", "for whole jobs, after the first rounds of every method", positiveNumber, 20)
    .option(
      "--at-most <n>",
      "minutes after which the first rounds stop, too; says what was not reached",
      positiveNumber,
    )
    .option("--experiments <id...>", "these alone", [])
    .addOption(jsonOption())
    .action((profile = "phantom", options) => commands("release").certifyRelease(profile, options));
}

/** Commands that run experiments and show how they stand. */
export function addExperimentCommands(program: Command): void {
  const run = program
    .command("run [experiment]")
    .description("run what is missing of an experiment, or with --all of all")
    .addOption(profileOption())
    .addOption(engineOption())
    .addOption(workersOption())
    .addOption(onlyOption())
    .option(
      "--snapshots <folder>",
      "run an outside experiment from published PyTorch snapshots, snapshots/<site>/, in place of training",
    )
    .option(
      "--task <id>",
      "with inside or outside: on the sites of this task, such as one of your own (docs/own-data.md)",
    )
    .option("--fresh", "compute here what is released, too; own records stand beside the released ones", false)
    .option("--all", "every configured experiment, the first seed of all before the second", false)
    .option("--hours <n>", "with --all: stop cleanly after so many hours; the same command goes on", positiveNumber)
    .option("--slurm", "submit it to the Slurm cluster; --workers is then the number of tasks at most", false)
    .option("--dry-run", "only say which jobs would be computed, and write nothing", false)
    .addOption(quietOption())
    .addOption(jsonOption())
    .action((experiment: string | undefined, options) =>
      options.all || options.hours !== undefined
        ? commands("run-all").runAll(experiment, options)
        : commands("run").run(experiment, options),
    );
  for (const option of adjustmentOptions()) run.addOption(option);
  program
    .command("tune <experiment>")
    .description("choose the free parameters of an inside experiment's methods by validation: configs/tuned")
    .addOption(profileOption())
    .addOption(engineOption())
    .addOption(workersOption())
    .option("--methods <id...>", "these methods alone, also ones that the profile leaves out")
    .addOption(quietOption())
    .addOption(jsonOption())
    .action((experiment, options) => commands("tune").tune(experiment, options));
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
    .option("--release", "only see that what is released is what was released", false)
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
