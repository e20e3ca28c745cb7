import { Command } from "commander";
import { version } from "../../package.json";
import { addDataCommands } from "./groups/data";
import { addHospitalCommands } from "./groups/hospital";
import { addExperimentCommands, addReleaseCommands } from "./groups/experiments";
import { addReadingCommands } from "./groups/reading";
import { addWorkbenchCommands } from "./groups/workbench";

type Leftovers = typeof import("../lab/locks/leftovers");
/** Commands that write clear up first after those that were killed; the others only look. */
const atWork = ["start", "run", "work", "verify", "notebooks", "report", "pack"];

/** Builds the command line. */
export function buildProgram(): Command {
  const program = new Command("iopfl")
    .description("IOP-FL Workbench: rerun, watch, question and compare the experiments of the paper.")
    .version(version, "-V, --version", "print the version")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replace(/\s*\n\s*/g, " ")}\n`) });
  program.hook("preAction", (_, command) => {
    if (atWork.includes(command.name())) (require("../lab/locks/leftovers") as Leftovers).removeLeftovers();
  });
  addExperimentCommands(program);
  addReleaseCommands(program);
  addReadingCommands(program);
  addWorkbenchCommands(program);
  addDataCommands(program);
  addHospitalCommands(program);
  return program;
}

/** Help of a command that there is not is no help: commander would show the whole program's and call it a success. */
export function refuseUnknownCommand(program: Command, words: readonly string[]): void {
  const [name, ...rest] = words;
  if (name === undefined || name.startsWith("-") || program.commands.length === 0) return;
  const found = program.commands.find((command) => command.name() === name || command.aliases().includes(name));
  if (found) return refuseUnknownCommand(found, rest);
  if (name !== "help") program.parse([name], { from: "user" });
}
