/**
 * `iopfl status | head -1` closes our output before we have written it all. What reads has what it wanted: nothing is said, and work that
 * only reports its progress to a closed stderr goes on.
 */
export function toleratePipes(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(process.exitCode ?? 0);
  });
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

/** Writes the result of a command as JSON. */
export const printJson = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 1)}\n`);
