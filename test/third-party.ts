import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..");
export const pagePath = join(root, "THIRD-PARTY.md");

export interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
}

/** Packages whose own package.json names no licence, read in their LICENSE file. */
const readByHand: Readonly<Record<string, string>> = { "typed-function": "MIT" };

/** @returns every package of the lock by its place below node_modules, less those that lie in this repository */
export function lockedPackages(): [place: string, locked: LockedPackage][] {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  return Object.entries(lock.packages).filter(([place, { link }]) => place.startsWith("node_modules/") && !link);
}

export const nameOf = (place: string): string => place.slice(place.lastIndexOf("node_modules/") + 13);
export const licenceOf = (place: string, { license }: LockedPackage): string =>
  license ?? readByHand[nameOf(place)] ?? "none";

/** The list of everything that is installed, by licence. */
export function thirdPartyPage(): string {
  const byLicence = new Map<string, string[]>();
  for (const [place, locked] of lockedPackages()) {
    const licence = licenceOf(place, locked);
    const known = byLicence.get(licence) ?? [];
    byLicence.set(licence, [...known, `${nameOf(place)} ${locked.version}${locked.dev ? " (to develop)" : ""}`]);
  }
  const sections = [...byLicence]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([licence, packages]) =>
        `## ${licence}\n\n${[...new Set(packages)]
          .sort()
          .map((name) => `- ${name}`)
          .join("\n")}\n`,
    );
  const head =
    "# Packages of others\n\nEverything that `npm ci` installs, by licence. Made by `npm run licences` from the lock; a test compares the two.\n";
  return [head, ...sections].join("\n");
}

if (require.main === module) writeFileSync(pagePath, thirdPartyPage());
