import type { PlanInput } from "../../../lib/lab/plan/jobs";

/** Three sites of a few 16 x 16 slices, three rounds: jobs of a moment. */
export const smallPlan: PlanInput = {
  experiment: {
    id: "outside",
    question: "Outside?",
    kind: "outside",
    task: "discs",
    federation: { id: "iop-fl", params: {} },
    methods: [{ id: "global", params: {} }],
  },
  profile: {
    id: "moment",
    purpose: "a test",
    data: { source: "phantom", seed: 0, side: 16, casesPerSite: 3, slices: 3, reading: "intended" },
    net: { features: 2 },
    training: { rounds: 3, batch: 2, localEpochs: 1, optimiser: { kind: "adam-amsgrad", learningRate: 0.01 } },
    adaptation: { batch: 2, epochs: 1 },
    seeds: [0],
  },
  task: { id: "discs", title: "Discs", sites: ["A", "B", "C"], classes: 2, inChannels: 3 },
  engine: "wasm",
  dataHash: "made in memory",
  slices: { A: 2, B: 2, C: 2 },
} as unknown as PlanInput;
