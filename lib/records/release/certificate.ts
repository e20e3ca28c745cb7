import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { releaseFolder } from "./manifest";

const check = z.strictObject({
  job: z.string(),
  /** `rounds 1 to 2`, `a short run`, `whole`. */
  what: z.string(),
  outcome: z.enum(["equal", "within tolerance", "different"]),
  /** The largest difference of a loss or a Dice coefficient; null where one side had none. */
  worst: z.number().nullable(),
});
export type Check = z.infer<typeof check>;

const method = z.strictObject({
  /** Hash of its code that was tried. */
  code: z.string(),
  checks: z.array(check),
});
export type CertifiedMethod = z.infer<typeof method>;

/** What recomputing a part of a release came to. */
export const certificateSchema = z.strictObject({
  certificate: z.literal(1),
  profile: z.string(),
  engine: z.string(),
  arithmetic: z.string(),
  commit: z.string(),
  date: z.string(),
  minutes: z.number(),
  /** By `<experiment>/<method and variant>`. */
  methods: z.record(z.string(), method),
});
export type Certificate = z.infer<typeof certificateSchema>;

export const certificatePath = (profile: string, engine: string): string =>
  join(releaseFolder(profile), "certificates", `${engine}.json`);

/** @returns the certificates of a release, the latest first; one that cannot be read certifies nothing */
export function readCertificates(profile: string): Certificate[] {
  const folder = join(releaseFolder(profile), "certificates");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      try {
        return [certificateSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8")))];
      } catch {
        return [];
      }
    })
    .sort((a, b) => (a.date < b.date ? 1 : -1));
}

interface Named {
  readonly kind: string;
  readonly method: string;
  readonly variant?: string;
}

/** @returns a method's name within an experiment: a federation and what adapts its models may share an id */
export const certifiedMethod = ({ kind, method, variant }: Named): string =>
  `${kind} ${method}${variant === undefined ? "" : ` (${variant})`}`;

/** @returns under which name a record's method stands in certificates */
export const certifiedName = (experiment: string, record: Named): string => `${experiment}/${certifiedMethod(record)}`;
