import { Option, type Command } from "commander";
import { commands } from "../modules";
import { countOrReal, positiveInteger, profileOption } from "../options";

/** Commands on images and on models that others trained. */
export function addDataCommands(program: Command): void {
  const data = program.command("data").description("phantoms and real data");
  data
    .command("phantom [task]")
    .description(
      "write the phantom of a task (default: prostate) as the real set is laid out, at the size of a profile or any other",
    )
    .addOption(profileOption())
    .option("--out <folder>", "where to write it (default: below .workbench)")
    .option("--side <pixels>", "pixels per side; the real sets have 384 and 800", positiveInteger)
    .option("--slices <n|real>", "slices of a volume, or as many as the site's resolution needs", countOrReal)
    .option("--cases <n|real>", "cases of each site, or as many as the real set has", countOrReal)
    .action((task, options) => commands("data").phantom(task ?? "prostate", options));
  data
    .command("import <set> <folder-or-zip>")
    .description(
      "check a real set (prostate or fundus), copy it to dataset/<set> and prepare it for both readings; repeats and resumes",
    )
    .option("--to <folder>", "where to put it (default: dataset/<set>)")
    .option("--side <pixels>", "size to prepare", positiveInteger, 384)
    .addOption(
      new Option("--split <mode>", "show this split")
        .choices(["auto", "official", "seeded", "kfold", "ratio"])
        .default("auto"),
    )
    .option("--folds <n>", "folds of the kfold split", positiveInteger, 5)
    .option("--ratio <shares>", "training:validation:test of the ratio split", "7:1:2")
    .option("--workers <n>", "processes (default: one for each core, at most four)", positiveInteger)
    .action((set, from, options) => commands("data-import").importData(set, from, options));
  data
    .command("verify <folder>")
    .description("read every case of a folder and report everything that is missing or odd")
    .action((folder) => commands("data").verify(folder));

  data
    .command("new <task>")
    .description("look at a folder of images and masks, and write the first draft of a task: configs/tasks/<task>.yaml")
    .requiredOption("--from <folder>", "where the images of all sites lie; nothing is copied")
    .option("--pseudonyms", "cases go by numbers in place of the names of their files", false)
    .action((task, options) => commands("data-new").newTask(task, options));
  data
    .command("check <task>")
    .description("read every case of a task of your own, and show all that is wrong or odd at once, with a page")
    .option("--profile <id>", "prepare cases at the size of this profile (default: small, to be shown)")
    .option("--out <file>", "where the page is written (default: below .workbench)")
    .option("--names", "tell which files the cases are, also behind pseudonyms", false)
    .action((task, options) => commands("data-check").check(task, options));

  program
    .command("snapshot <file>")
    .description("read a PyTorch snapshot without executing it, check every key and shape, convert it to safetensors")
    .option("--out <file>", "where to write it (default: beside the file)")
    .option("--key <name>", "of several state dicts in it the one to read: what stands before its keys")
    .action((file, options) => commands("snapshot").snapshot(file, options));
}
