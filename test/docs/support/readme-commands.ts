/** How a test runs a command of README. */
export type How =
  /** Here, in a copy of the project. */
  | { readonly here: string; readonly says: RegExp }
  /** By another test, which is there under this name. */
  | { readonly file: string; readonly test: string }
  /** By the script that CI runs. */
  | { readonly ci: string }
  /** By `npm test`, as one of its steps. */
  | { readonly step: string };

const by = (file: string, test: string): How => ({ file: `test/${file}`, test });
const tiny = "--profile tiny --engine wasm";

/**
 * Every command of README and how it is run. Those that run here are README's own but for the size (the profile tiny), the engine that every
 * machine has, and what would install programs; in this order, as one finds what another made.
 */
export const readmeCommands: Readonly<Record<string, How>> = {
  "npm ci": { ci: ".ci/run" },
  "npm start": {
    here: `npm start -- ${tiny} --no-setup`,
    says: /Outside, prostate: Dice[^]*^report: file:.*report\.html/m,
  },
  "npx iopfl run outside-prostate --profile phantom": {
    here: `npx iopfl run outside-prostate ${tiny} --quiet`,
    says: /^iop-fl +0\.\d/m,
  },
  "npx iopfl run controls-prostate --profile phantom --seeds 0": {
    here: `npx iopfl run controls-prostate ${tiny} --quiet --seeds 0 --methods local-only`,
    says: /^local-only +/m,
  },
  "npx iopfl status --profile phantom": { here: `npx iopfl status ${tiny}`, says: /inside-prostate/ },
  "npx iopfl doctor": { here: "npx iopfl doctor", says: /Node/ },
  "npx iopfl notebooks 01-data --profile quick": { step: "notebook" },
  "npx iopfl report": { here: "npx iopfl report --profile tiny", says: /report\.html/ },
  "npx iopfl paper check": { here: "npx iopfl paper check", says: /not transcribed/ },
  "npx iopfl pack --profile phantom": { here: "npx iopfl pack --profile tiny", says: /^packed: \d+ runs/m },
  "npx iopfl export inside-prostate --site HK --to model.safetensors": {
    here: "npx iopfl export inside-prostate --site HK --to model.safetensors --profile tiny",
    says: /model\.safetensors/,
  },
  "npx iopfl compare seed=0 seed=1 --profile phantom": by(
    "report/compare/compare-sides.test.ts",
    "seeds, commits and engines are sides, too",
  ),
  "npm run lab": by(
    "notebook/lab-home.test.ts",
    "npm run lab starts, also as root, and neither it nor a kernel writes to the home directory",
  ),
  "npx iopfl tune inside-prostate --profile phantom": by(
    "lab/execute/tune.test.ts",
    "validation chooses among the points of a grid, in runs as long as the grids say, with a seed that nobody reports",
  ),
  "npm run site": by(
    "report/site.test.ts",
    "page, notebook and index are there, and every link between them leads somewhere",
  ),
  "npx iopfl data import prostate <folder-or-zip>": by(
    "cli/data-import.test.ts",
    "a whole set passes: 116 cases, no fault, the official split",
  ),
  "npx iopfl data new <task> --from <folder>": by(
    "docs/own-data.test.ts",
    "the guide leads from a raw folder of three sites and three classes to the page, and no name of a file goes with it",
  ),
  "npx iopfl snapshot <file>": by(
    "cli/snapshot.test.ts",
    "iopfl snapshot says what a file is, converts it beside it and prints the hash of what it wrote",
  ),
  "npx iopfl adapt --models inside-prostate --method iop-fl --images <folder> --out <folder>": by(
    "cli/hospital.test.ts",
    "images without masks become masks, a sheet, a page and a record; what is damaged costs itself alone",
  ),
  "npx iopfl run outside-prostate --snapshots <folder>": by(
    "lab/jobs/run-snapshots.test.ts",
    "six files of torch.save in the official folder run as they are; a file that does not fit is named",
  ),
  "npx iopfl run outside-prostate --profile phantom --slurm": by(
    "lab/cluster/submit.test.ts",
    "--only goes to the cluster: the array works off the jobs that were asked for, to the same bytes",
  ),
  "npx iopfl release phantom": by(
    "lab/release/release.test.ts",
    "a release is made of finished records, and stands without them, their data and their models",
  ),
  "npx iopfl certify phantom": by(
    "lab/release/release.test.ts",
    "a sign in the aggregation is found in the methods that average, by certificate and in the line of every run",
  ),
  "npx iopfl certify": by(
    "lab/release/release.test.ts",
    "a sign in the aggregation is found in the methods that average, by certificate and in the line of every run",
  ),
  "npx iopfl run <id> --fresh": by(
    "lab/release/release.test.ts",
    "own runs stand beside the release and never touch it; another default is another question",
  ),
  "npx iopfl compare phantom": by(
    "lab/release/release.test.ts",
    "own runs stand beside the release and never touch it; another default is another question",
  ),
  "npx iopfl run --all --profile phantom --hours 2.5": by(
    "lab/release/run-all.test.ts",
    "all experiments stop cleanly when the time is over, and the same command goes on, seed 0 of all first",
  ),
  "npx iopfl verify": by(
    "lab/status/verify.test.ts",
    "this machine computes the committed numbers of the tiny profile, bit by bit",
  ),
  "npm test": { ci: ".ci/run" },
  "npm run golden": by("golden-runner.test.ts", "a right case passes, and the cases that the folder lacks are named"),
  "npm run bench": by(
    "bench/run-bench.test.ts",
    "iopfl bench measures a case, prints valid JSON and writes both files",
  ),
  "npm run arrows": { step: "arrows" },
  "npm run docs": by(
    "docs/api.test.ts",
    "the documentation of the notebooks' door and of the method contract is written, and its links lead somewhere",
  ),
};
