import { resolve } from "node:path";
import { knownToPage } from "../known-to-page";
import { packFolder, writePack } from "../../report/pack/write-pack";
import { printJson } from "../streams";

interface PackCommand {
  readonly profile: string;
  readonly out?: string;
  readonly json: boolean;
}

/** `iopfl pack`: everything of a profile that can be taken away, in one folder that describes itself. */
export async function pack({ profile, out, json }: PackCommand): Promise<void> {
  const folder = out === undefined ? packFolder(profile) : resolve(out);
  const packed = await writePack(profile, folder, knownToPage(profile));
  for (const line of packed.damaged) process.stderr.write(`left out: ${line}\n`);
  if (json) return printJson(packed);
  const { files, bytes, runs } = packed;
  process.stdout.write(`packed: ${runs} runs in ${files} files, ${(bytes / 1e6).toFixed(1)} MB, in ${folder}\n`);
}
