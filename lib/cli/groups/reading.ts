import type { Command } from "commander";
import { commands } from "../modules";
import { jsonOption, profileOption } from "../options";

/** Commands for whoever reads results: the page, the paper's tables, one result beside another. */
export function addReadingCommands(program: Command): void {
  program
    .command("report")
    .description("build the report page from the records")
    .addOption(profileOption())
    .action((options) => commands("report").report(options));
  program
    .command("compare <profile> [experiments...]")
    .description("show own records beside the released ones of the same questions")
    .addOption(jsonOption())
    .action((profile, experiments, options) => commands("release").compare(profile, experiments, options));
  program
    .command("paper")
    .description("the tables of the paper, which readers transcribe: configs/paper")
    .command("check")
    .description(
      "say what of the paper's tables is not transcribed, how to fill it, and what our results say of the rest",
    )
    .addOption(profileOption().default("paper"))
    .addOption(jsonOption())
    .action((options) => commands("paper").check(options));
}
