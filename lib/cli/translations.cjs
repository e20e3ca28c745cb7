// What TypeScript files were compiled to, kept on the disk. The command line, its workers and the tests start many processes that load the
// same hundred files; compiling them anew costs each one or two seconds, and loading the compiler alone a fifth of one.
const { createHash, randomBytes } = require("node:crypto");
const { readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join, relative } = require("node:path");
const { trustedFolder } = require("./trusted-folder.cjs");

const root = join(__dirname, "..", "..");
const folder = join(root, ".workbench", "cache", "transpiled-3");
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const trusted = trustedFolder(folder);
// Another compiler, or the same with other options, gives other code.
const compiler = `${require("typescript/package.json").version}\0${readFileSync(join(root, "tsconfig.json"), "utf8")}`;

/** By its place in the project, not the project's: a copy, or a clone that moved, compiles nothing anew. */
const pathOf = (text, fileName) => join(folder, `${sha256(`${compiler}\0${relative(root, fileName)}\0${text}`)}.json`);

/**
 * The name says what a translation is of, its first line what it holds.
 * @returns `outputText` and `sourceMapText`; undefined where there is none, or a damaged one
 */
exports.recall = (text, fileName) => {
  if (!trusted) return undefined;
  let kept;
  try {
    kept = readFileSync(pathOf(text, fileName), "utf8");
  } catch {
    return undefined;
  }
  const [sum, content] = [kept.slice(0, 64), kept.slice(65)];
  if (sum === sha256(content)) return JSON.parse(content);
  process.stderr.write(`the kept translation of ${relative(root, fileName)} is damaged; it is made again\n`);
  return undefined;
};

/** Whole or not at all, since workers run side by side; a folder that cannot be written costs time and nothing else. */
exports.remember = (text, fileName, translation) => {
  if (!trusted) return;
  const path = pathOf(text, fileName);
  const content = JSON.stringify(translation);
  const temporary = `${path}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, `${sha256(content)}\n${content}`);
    renameSync(temporary, path);
  } catch {
    try {
      rmSync(temporary, { force: true }); // The next process compiles it again.
    } catch {
      // Of another user, whose installation this is: nothing was written.
    }
  }
};
