/** Every command that README shows is run by a test: here, at the profile tiny, or by the one that the list names. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Command } from "commander";
import { buildProgram } from "../../lib/cli/program";
import { projectRoot } from "../../lib/core/project-root";
import { scripts } from "../../package.json";
import { readmeCommands, type How } from "./support/readme-commands";
import { createScratchProject } from "./support/scratch-project";

const read = (path: string) => readFileSync(join(projectRoot, path), "utf8");

/** What stands in blocks of a shell, line by line, and between backticks. */
function commandsOf(markdown: string): string[] {
  const blocks = Array.from(markdown.matchAll(/^```sh\n([^]*?)^```$/gm), ([, text]) => text.trim().split("\n")).flat();
  const text = markdown.replace(/^```[^]*?^```$/gm, "");
  const inline = Array.from(text.matchAll(/`((?:npx|npm|node) [^`]+)`/g), ([, command]) => command);
  return [...new Set([...blocks, ...inline])];
}

const found = commandsOf(read("README.md"));

test("README shows no command that no test runs, and the list has none that README does not show", () => {
  assert.ok(found.length > 25);
  assert.deepEqual([...found].sort(), Object.keys(readmeCommands).sort());
});

/** The command line without what its commands do. */
function idle(program: Command): Command {
  const still = (command: Command): void => {
    command.action(() => undefined).exitOverride();
    command.commands.forEach(still);
  };
  program.commands.forEach(still);
  return program;
}

for (const command of found)
  test(`there is "${command}"`, () => {
    const [, script] = /^npm (?:run )?(\S+)/.exec(command) ?? [];
    if (script !== undefined) return assert.ok(script === "ci" || script in scripts, script);
    assert.match(command, /^npx iopfl /);
    idle(buildProgram()).parse(command.split(" ").slice(2), { from: "user" });
  });

/** @returns the file that runs a command, and what in it says so */
function placeOf(command: string, how: Exclude<How, { readonly here: string }>): [file: string, line: string] {
  if ("ci" in how) return [how.ci, `\n${command}\n`];
  return "step" in how ? ["lib/cli/commands/check.ts", `id: "${how.step}"`] : [how.file, `"${how.test}"`];
}

for (const [command, how] of Object.entries(readmeCommands))
  if (!("here" in how))
    test(`what runs "${command}" is there`, () => {
      const [file, line] = placeOf(command, how);
      assert.ok(read(file).includes(line), `${file} has no ${line}`);
    });

const scratch = createScratchProject();
after(scratch.remove);

/** Of the experiments three, of the notebooks one: what all of them give is for others to test. */
function shrink(): void {
  const kept = ["inside-prostate", "outside-prostate", "controls-prostate"].map((id) => `${id}.yaml`);
  const experiments = join(scratch.root, "configs", "experiments");
  for (const file of readdirSync(experiments)) if (!kept.includes(file)) rmSync(join(experiments, file));
  mkdirSync(join(scratch.root, "notebooks"));
  const notebook = "00-start-here.ipynb";
  cpSync(join(projectRoot, "notebooks", notebook), join(scratch.root, "notebooks", notebook));
}
shrink();

for (const [command, how] of Object.entries(readmeCommands))
  if ("here" in how) test(`"${command}" does what README says`, () => assert.match(scratch.run(how.here), how.says));
