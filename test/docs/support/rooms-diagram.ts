export type Rooms = Readonly<Record<string, { readonly is: string; readonly imports: readonly string[] }>>;

/**
 * The rooms as a mermaid diagram: what imports nothing stands at the top. An arrow that follows from others is left out, as a drawing
 * with all of them could not be read.
 */
export function roomsDiagram(rooms: Rooms): string {
  const reach = (room: string): string[] => rooms[room].imports.flatMap((other) => [other, ...reach(other)]);
  const nodes = Object.entries(rooms).map(([room, { is }]) => `  ${room}["<b>${room}</b><br/>${is}"]`);
  const arrows = Object.entries(rooms).flatMap(([room, { imports }]) =>
    imports
      .filter((other) => !imports.some((between) => reach(between).includes(other)))
      .map((other) => `  ${room} --> ${other}`),
  );
  return ["flowchart BT", ...nodes, ...arrows, ""].join("\n");
}
