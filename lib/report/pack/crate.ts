import { sha256 } from "../../core/hash";

/** A file of the pack. */
export interface PackedFile {
  /** Below the pack's folder, with forward slashes. */
  readonly path: string;
  readonly description: string;
  readonly content: string | Uint8Array;
}

export interface CrateFacts {
  readonly profile: string;
  readonly purpose: string;
  /** The day on which the last run finished: `2026-11-28`. */
  readonly date: string;
  readonly commits: readonly string[];
  readonly engines: readonly string[];
  readonly phantom: boolean;
}

const formats: Readonly<Record<string, string>> = {
  csv: "text/csv",
  json: "application/json",
  tex: "text/x-tex",
  svg: "image/svg+xml",
  png: "image/png",
  html: "text/html",
  yaml: "application/yaml",
};

const paper = "https://doi.org/10.1109/TMI.2023.3263072";
const license = "https://spdx.org/licenses/MIT";

/**
 * Describes a pack as an RO-Crate 1.1 (https://w3id.org/ro/crate/1.1): the data set, its files with sizes and hashes, the software and the
 * paper. @returns the text of `ro-crate-metadata.json`; equal files give equal text
 */
export function crateMetadata(facts: CrateFacts, files: readonly PackedFile[]): string {
  const { profile, purpose, date, phantom } = facts;
  const id = (name: string) => ({ "@id": name });
  const graph = [
    {
      ...id("ro-crate-metadata.json"),
      "@type": "CreativeWork",
      conformsTo: id("https://w3id.org/ro/crate/1.1"),
      about: id("./"),
    },
    {
      ...id("./"),
      "@type": "Dataset",
      name: `IOP-FL, rerun: profile ${profile}`,
      description: `Every number, table and figure of the experiments at the profile ${profile} (${purpose}).${phantom ? " Measured on a phantom: not comparable with numbers that were measured on patients." : ""}`,
      datePublished: date,
      license: id(license),
      citation: id(paper),
      hasPart: files.map(({ path }) => id(encodeURI(path))),
      mentions: id("#run"),
    },
    {
      ...id("#run"),
      "@type": "CreateAction",
      name: "Running the experiments",
      endTime: date,
      instrument: id("#workbench"),
      result: id("./"),
    },
    {
      ...id("#workbench"),
      "@type": "SoftwareApplication",
      name: "IOP-FL Workbench",
      version: facts.commits.join(", ") || "unknown",
      softwareRequirements: facts.engines.join(", "),
    },
    {
      ...id(paper),
      "@type": "ScholarlyArticle",
      name: "IOP-FL: Inside-Outside Personalization for Federated Medical Image Segmentation",
      identifier: "doi:10.1109/TMI.2023.3263072",
    },
    { ...id(license), "@type": "CreativeWork", name: "MIT License" },
    ...files.map(fileEntity),
  ];
  return `${JSON.stringify({ "@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph }, null, 1)}\n`;
}

function fileEntity({ path, description, content }: PackedFile) {
  const extension = path.slice(path.lastIndexOf(".") + 1);
  return {
    "@id": encodeURI(path),
    "@type": "File",
    name: path.slice(path.lastIndexOf("/") + 1),
    description,
    encodingFormat: formats[extension] ?? "application/octet-stream",
    contentSize: String(Buffer.byteLength(content)),
    sha256: sha256(content),
  };
}
