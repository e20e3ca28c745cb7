import { relative } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { describeSeconds } from "../../core/duration";
import type { EngineChoice } from "../../engine";
import { certify, isDifferent } from "../../lab/release/certify";
import { release } from "../../lab/release/release";
import { resolveEngine } from "../../lab/plan/resolve-engine";
import { projectRoot } from "../../records/paths";
import { certificatePath } from "../../records/release/certificate";
import { releaseFolder } from "../../records/release/manifest";
import { interruptible } from "../interrupt";
import { printJson } from "../streams";

interface ReleaseCommand {
  readonly engine: EngineChoice;
  readonly mixed: boolean;
  readonly partial: boolean;
}

const say = (line: string) => void process.stderr.write(`${line}\n`);
const place = (path: string) => (path.startsWith(projectRoot) ? relative(projectRoot, path) : path);

/** `iopfl release <profile> [experiment...]` */
export async function releaseProfile(
  profile: string,
  experiments: readonly string[],
  options: ReleaseCommand,
): Promise<void> {
  const manifest = await interruptible((signal) => release({ profile, experiments, ...options, signal, log: say }));
  const all = Object.values(manifest.experiments);
  const records = all.reduce((sum, each) => sum + each.records.length, 0);
  process.stdout.write(
    `released: ${records} records of ${all.length} experiments, ${manifest.hours} hours of processor time, in ${place(releaseFolder(profile))}; commit that folder\n`,
  );
}

interface CertifyCommand {
  readonly engine: EngineChoice;
  readonly minutes: number;
  readonly atMost?: number;
  readonly experiments: readonly string[];
  readonly json: boolean;
}

/** `iopfl certify [profile]` @throws WorkbenchError when a number is another than the released one */
export async function certifyRelease(profile: string, options: CertifyCommand): Promise<void> {
  const started = performance.now();
  const { name } = await resolveEngine(options.engine);
  const { certificate, unreached, written } = await interruptible((signal) =>
    certify({ ...options, profile, engine: name, signal, log: say }),
  );
  const checks = Object.values(certificate.methods).flatMap((method) => method.checks);
  const bad = checks.filter(isDifferent);
  const equal = checks.filter(({ outcome }) => outcome === "equal");
  if (options.json) printJson(certificate);
  else
    process.stdout.write(
      `${checks.length} recomputed with engine ${name}: ${equal.length} equal to the byte, ${checks.length - equal.length - bad.length} within tolerance, ${bad.length} different; ${Object.keys(certificate.methods).length} methods, ${describeSeconds((performance.now() - started) / 1000)}; ${unreached.length > 0 ? `${unreached.length} more were not reached; ` : ""}${written ? `written: ${place(certificatePath(profile, name))}` : "the certificate that is there stays"}\n`,
    );
  if (bad.length > 0)
    throw new WorkbenchError(
      `${bad.length} released results no longer hold, the first ${bad[0].job}`,
      `npx iopfl compare ${profile} shows old beside new, once the new ones are computed with --fresh`,
    );
}
