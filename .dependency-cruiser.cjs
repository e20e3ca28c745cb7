// The arrows between the rooms of lib/: a room may import the rooms named for it and nothing else of lib/.
const arrows = {
  core: [],
  io: ["core"],
  engine: ["core", "io"],
  data: ["core", "io"],
  nets: ["core", "engine"],
  metrics: ["core"],
  stats: ["core"],
  methods: ["core", "nets"],
  federation: ["core", "io", "data", "nets", "metrics", "methods"],
  records: ["core", "io", "data"],
  lab: ["core", "io", "engine", "data", "nets", "methods", "federation", "records"],
  report: ["core", "io", "data", "stats", "metrics", "records"],
  notebook: [
    "core",
    "io",
    "engine",
    "data",
    "metrics",
    "stats",
    "lab",
    "federation",
    "methods",
    "nets",
    "report",
    "records",
  ],
  bench: ["core", "io", "engine", "data", "nets", "methods", "federation", "records", "lab", "report", "notebook"],
  cli: ["core", "io", "engine", "data", "records", "lab", "report", "notebook", "bench"],
};
// Rooms that a reader can use with no tensor library loaded.
const withoutTensors = ["core", "io", "data", "metrics", "stats", "records", "report"];

module.exports = {
  forbidden: [
    ...Object.entries(arrows).map(([room, allowed]) => ({
      name: `${room}-imports-only-${allowed.join("-") || "itself"}`,
      severity: "error",
      from: { path: `^lib/${room}/` },
      to: { path: "^lib/", pathNot: `^lib/(${[room, ...allowed].join("|")})/` },
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
