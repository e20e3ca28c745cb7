import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { withoutGit } from "../support/git";
import { projectRoot } from "../../lib/core/project-root";

const inDocs = readdirSync(join(projectRoot, "docs")).filter((name) => name.endsWith(".md"));
const pages = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".github/PULL_REQUEST_TEMPLATE.md"],
  ...["notebooks/README.md", "dataset/README.md", "configs/cluster/README.md", "configs/verify/README.md"],
  ...inDocs.map((name) => `docs/${name}`),
];

/** A page without its fenced code. */
const proseOf = (page: string) => readFileSync(join(projectRoot, page), "utf8").replace(/^```[\s\S]*?^```$/gm, "");

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(page: string): string[] {
  const headings = proseOf(page).matchAll(/^#+ (.+)$/gm);
  return Array.from(headings, ([, text]) => anchorOf(text));
}

const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

/** What of a page's links leads nowhere. */
function broken(page: string): string[] {
  const links = Array.from(proseOf(page).matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target);
  return links.filter((target) => {
    if (/^(https:|mailto:)/.test(target)) return false;
    const [path, anchor] = target.split("#");
    const file = path === "" ? page : join(dirname(page), path);
    if (!existsSync(resolve(projectRoot, file))) return true;
    return anchor !== undefined && !anchorsOf(file).includes(anchor);
  });
}

for (const page of pages)
  test(`${page}: every link resolves`, () => {
    assert.deepEqual(broken(page), []);
  });

test("links go through https, and to files that are committed", { skip: withoutGit }, () => {
  const committed = execFileSync("git", ["ls-files"], { cwd: projectRoot, encoding: "utf8" }).split("\n");
  for (const page of pages) {
    assert.doesNotMatch(proseOf(page), /\]\(http:/, page);
    for (const [, target] of proseOf(page).matchAll(/\]\(((?!https:|#)[^)\s#]+)/g)) {
      const file = join(dirname(page), target);
      assert.ok(
        committed.some((each) => each === file || each.startsWith(`${file}/`)),
        `${page} links ${file}, which is not committed`,
      );
    }
  }
});

test("GitHub's anchors", () => {
  assert.equal(anchorOf("What a change must show, `before` it lands"), "what-a-change-must-show-before-it-lands");
  assert.equal(anchorOf("A job's life"), "a-jobs-life");
});
