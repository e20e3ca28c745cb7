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
    .command("compare <a> [b] [experiments...]")
    .description(
      "set two results side by side: folders, profiles, engines, seeds (seed=0), commits, released, mine; one profile alone: mine beside the released",
    )
    .addOption(profileOption())
    .addOption(jsonOption())
    .action((a, b, experiments, options) => commands("compare").compare([a, b, ...experiments], options));
  program
    .command("pack")
    .description("write everything of a profile to take away: CSV, JSON, LaTeX, figures and the page, as an RO-Crate")
    .addOption(profileOption())
    .option("--out <folder>", "where to (default: results/pack/<profile>)")
    .addOption(jsonOption())
    .action((options) => commands("pack").pack(options));
  program
    .command("site")
    .description(
      "write the page, executed notebooks and API documentation as a static site, with nothing to load from elsewhere",
    )
    .option("--profile <id>", "whose report (default: the one released last, else quick)")
    .option("--out <folder>", "where to (default: site)")
    .option("--no-execute", "show the notebooks that are executed already, and run none")
    .option("--no-api", "leave the API documentation out")
    .action((options) => commands("site").site(options));
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
