// The arrows between the rooms of lib/: a room may import the rooms named for it in lib/rooms.json and nothing else of lib/.
const rooms = require("./lib/rooms.json");

// Rooms that a reader can use with no tensor library loaded.
const withoutTensors = ["core", "io", "data", "metrics", "stats", "records", "report"];

module.exports = {
  forbidden: [
    {
      name: "every-file-in-a-room",
      severity: "error",
      comment: "a room that lib/rooms.json does not name has no arrows",
      from: { path: "^lib/", pathNot: `^lib/(${Object.keys(rooms).join("|")})/|^lib/rooms.json$` },
      to: {},
    },
    ...Object.entries(rooms).map(([room, { imports }]) => ({
      name: `${room}-imports-only-${imports.join("-") || "itself"}`,
      severity: "error",
      from: { path: `^lib/${room}/` },
      to: { path: "^lib/", pathNot: `^lib/(${[room, ...imports].join("|")})/` },
    })),
    {
      name: "no-tensor-library",
      severity: "error",
      comment: "reachable, not only direct; types do not count, they load nothing",
      from: { path: `^lib/(${withoutTensors.join("|")})/` },
      to: { path: "node_modules/@tensorflow", reachable: true },
    },
    {
      name: "engines-only-in-engine",
      severity: "error",
      from: { path: "^lib/", pathNot: "^lib/(engine)/" },
      to: { path: "node_modules/@tensorflow/(tfjs-node|tfjs-backend|tfjs/)" },
    },
    {
      name: "data-set-is-generic",
      severity: "error",
      comment: "what every set shares knows none of them",
      from: { path: "^lib/data/set/" },
      to: { path: "^lib/data/", pathNot: "^lib/data/set/" },
    },
    {
      name: "image-sets-side-by-side",
      severity: "error",
      comment: "a set knows what all share, and no other set; phantoms and measurements alike",
      from: { path: "^lib/data/(sets|phantom|measure)/([^/]+)/" },
      to: { path: "^lib/data/(sets|phantom|measure)/[^/]+/", pathNot: "^lib/data/(sets|phantom|measure)/($2|shared)/" },
    },
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "methods-stay-pure",
      severity: "error",
      from: { path: "^lib/(methods|nets)/" },
      to: { path: "^(node:)?(fs|child_process|worker_threads|os)$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};
