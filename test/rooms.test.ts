import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import rooms from "../lib/rooms.json";

const root = join(__dirname, "..");

test("README's list of rooms, the folders of lib and the table of arrows are the same", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const section = readme.slice(readme.indexOf("| room"), readme.indexOf("Engines: `tensorflow`"));
  const listed = [...section.matchAll(/^\| `(\w+)` +\| (.*?) +\|$/gm)].map(([, room, is]) => [room, is]);
  const written = Object.entries(rooms).map(([room, { is }]) => [room, is]);
  assert.deepEqual(listed, written);
  const folders = readdirSync(join(root, "lib"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(folders.map(({ name }) => name).sort(), Object.keys(rooms).sort());
});

test("arrows only point upwards: a room imports rooms that stand above it", () => {
  const order = Object.keys(rooms);
  for (const [room, { imports }] of Object.entries(rooms) as [string, { imports: string[] }][])
    for (const other of imports) assert.ok(order.indexOf(other) < order.indexOf(room), `${room} imports ${other}`);
});
