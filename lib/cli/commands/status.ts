import type { EngineChoice } from "../../engine";
import { configIds } from "../../lab/paths";
import { experimentStatus } from "../../lab/run-experiment";

/** `iopfl status`: one line for each experiment. */
export async function status(options: { readonly profile: string; readonly engine: EngineChoice }): Promise<void> {
  for (const id of configIds("experiments")) {
    const { done, jobs, engine } = await experimentStatus(id, options);
    process.stdout.write(`${id.padEnd(20)} ${done} of ${jobs} jobs done (profile ${options.profile}, engine ${engine})\n`);
  }
}
