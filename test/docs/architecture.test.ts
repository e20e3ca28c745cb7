import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../lib/core/project-root";
import rooms from "../../lib/rooms.json";
import { roomsDiagram, type Rooms } from "./support/rooms-diagram";

const page = readFileSync(join(projectRoot, "docs", "architecture.md"), "utf8");

test("the picture of the rooms is that of lib/rooms.json", () => {
  const [, drawn] = /<!-- rooms -->\n\n```mermaid\n([\s\S]*?)```/.exec(page) ?? [];
  assert.equal(drawn, roomsDiagram(rooms));
});

test("an arrow that follows from others is not drawn", () => {
  const three: Rooms = {
    a: { is: "first", imports: [] },
    b: { is: "second", imports: ["a"] },
    c: { is: "third", imports: ["a", "b"] },
  };
  const arrows = roomsDiagram(three)
    .split("\n")
    .filter((line) => line.includes("-->"));
  assert.deepEqual(arrows, ["  b --> a", "  c --> b"]);
});

test("the sub-rooms of the page are the folders that there are", () => {
  const section = page.slice(page.indexOf("## Sub-rooms"), page.indexOf("## A job's life"));
  const rows = section.matchAll(/^\| (?:`(\w+)`)? +\| `(\w+)` +\|/gm);
  const listed = new Map<string, string[]>();
  let last = "";
  for (const [, room = last, name] of rows) {
    last = room;
    listed.set(room, [...(listed.get(room) ?? []), name]);
  }
  assert.ok(listed.size > 0);
  for (const [room, names] of listed) {
    const folders = readdirSync(join(projectRoot, "lib", room), { withFileTypes: true });
    const found = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    assert.deepEqual([...names].sort(), found.sort(), `sub-rooms of ${room}`);
  }
});
