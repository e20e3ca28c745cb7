import { CommanderError } from "commander";
import { describeError, Interrupted, isDefect } from "../core/errors";
import { buildProgram, refuseUnknownCommand } from "./program";
import { toleratePipes } from "./streams";

/** Runs the command line; every failure ends in one line on stderr and a non-zero exit code (130 when interrupted). */
export async function main(argv: readonly string[]): Promise<void> {
  toleratePipes();
  try {
    const program = buildProgram();
    refuseUnknownCommand(program, argv.slice(2));
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode;
      return;
    }
    process.stderr.write(`iopfl: ${describeError(error)}${isDefect(error) ? whereKept(error) : ""}\n`);
    process.exitCode = error instanceof Interrupted ? 130 : 1;
  }
}

/** Loaded only for a defect: a command line that works has no use for it. */
const whereKept = (error: Error): string => (require("./defect-log") as typeof import("./defect-log")).logDefect(error);
