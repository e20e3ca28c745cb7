import assert from "node:assert/strict";
import { readdirSync, readFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { answer, sentence } from "../../lib/notebook/answer";
import { figure } from "../../lib/notebook/figure";
import { passAnswer } from "../../lib/notebook/pass-answer";
import { passCurves, passPoints } from "../../lib/notebook/pass-curves";
import type { AdaptationRecord } from "../../lib/records/schema";
import { gateColours, gateMap, gateReach } from "../../lib/report/figures/gate-map";
import type { MethodCase } from "../../lib/report/cases";
import { projectRoot } from "./make-notebook";

const textOf = ({ data }: { data: Readonly<Record<string, unknown>> }) => String(data["text/plain"]);

/** Cases of some sites; `ahead` is by how much `ours` is better in a case. */
function cases(sites: number, perSite: number, ahead: (index: number) => number): MethodCase[] {
  return Array.from({ length: sites * perSite }, (_, index) => {
    const common = { site: `S${index % sites}`, seed: 0, id: `C${index}`, hd95: null, assd: null };
    const theirs = 0.5 + (index % 7) / 100;
    return [
      { method: "theirs", dice: theirs, ...common },
      { method: "ours", dice: theirs + ahead(index), ...common },
    ];
  }).flat();
}

test("a question is answered from interval, p and n: better, worse, open, too few", () => {
  const always = answer(
    cases(4, 6, (index) => 0.1 + (index % 5) / 1000),
    "ours",
  );
  assert.match(textOf(always), /^\*\*Here ours is better than theirs\.\*\*/);
  // 24 positive differences of 24: the exact p is 2 / 2^24.
  assert.match(
    textOf(always),
    /ours scores 0\.102 Dice higher than theirs \(95 % interval \+0\.1\d\d to \+0\.10\d, p < 0\.001, n = 24 cases of 4 sites\): better, by more than luck would give\./,
  );
  assert.match(
    textOf(
      answer(
        cases(4, 6, () => -0.1),
        "ours",
      ),
    ),
    /is worse than theirs.*0\.100 Dice lower than/s,
  );
  const luck = textOf(
    answer(
      cases(4, 6, (index) => (index % 2 === 0 ? 0.1 : -0.1)),
      "ours",
    ),
  );
  assert.match(
    luck,
    /^\*\*Here ours is not told apart from theirs\.\*\*.*the same Dice as theirs.*: this may be luck\./s,
  );
  // Four cases on one side: the least p that a two-sided signed-rank test can give is 2 / 2^4.
  const few = textOf(
    answer(
      cases(2, 2, () => 0.2),
      "ours",
    ),
  );
  assert.match(few, /not told apart.*p = 0\.125, n = 4 cases of 2 sites\): 4 cases are too few to show anything/s);
  assert.match(
    textOf(
      answer(
        cases(4, 1, () => 0.2),
        "ours",
      ),
    ),
    /no interval, since a site has a single case/,
  );
  assert.match(textOf(answer([], "ours")), /nothing to compare/);
});

test("where interval and p disagree the answer stays open", () => {
  const comparison = {
    method: "b",
    reference: "a",
    n: 30,
    sites: 3,
    uncorrected: 0.2,
    comparisons: 1,
    better: 20,
    worse: 10,
    improves: { mean: 0.6, low: 0.5, high: 0.7 },
    effect: 0.2,
    student: { mean: 0.05, low: 0.01, high: 0.09, p: 0.2 },
  };
  const told = sentence({ ...comparison, difference: 0.05, low: 0.01, high: 0.09, p: 0.2 });
  assert.equal(
    told,
    "a scores 0.050 Dice higher than b (95 % interval +0.010 to +0.090, p = 0.200, n = 30 cases of 3 sites): interval and test disagree, so it stays open.",
  );
});

/** An adaptation whose cases score `dice` in pass after pass. */
const adaptation = (method: string, heldOut: string, dice: readonly number[], gates = [0.5, 0.5]) =>
  ({
    kind: "adaptation",
    method,
    heldOut,
    federation: "f",
    epochs: dice.map((value, index) => ({
      epoch: index + 1,
      cases: [{ dice: value - 0.1 }, { dice: value + 0.1 }],
      telemetry: method === "global" ? {} : { "loss/entropy": [0.2, 0.4], "gate/conv": gates },
    })),
  }) as unknown as AdaptationRecord;

const learnt = [
  adaptation("global", "HK", [0.5]),
  adaptation("global", "UCL", [0.7]),
  adaptation("iop-fl", "HK", [0.7, 0.6], [0.4, 0.5]),
  adaptation("iop-fl", "UCL", [0.8, 0.9], [0.5, 0.8]),
];
const before = [adaptation("iop-fl", "HK", [0.68]), adaptation("iop-fl", "UCL", [0.82])];

test("passes: before learning is pass 0, what learns nothing is a level, and the sentence says what mixing and what learning gives", async () => {
  const points = passPoints(learnt, before);
  const found = points.filter(({ method, heldOut }) => method === "iop-fl" && heldOut === "HK");
  assert.deepEqual(
    found.map(({ pass, dice }) => [pass, Number(dice.toFixed(6))]),
    [
      [0, 0.68],
      [1, 0.7],
      [2, 0.6],
    ],
  );
  assert.ok(found.every(({ entropy = NaN }) => Math.abs(entropy - 0.3) < 1e-12));
  assert.equal(
    textOf(passAnswer(points, "iop-fl", "global")),
    "**global** scores 0.600 (Dice, mean of 2 held-out sites). **iop-fl** scores 0.750 before anything is learnt, 0.750 after the first pass and 0.750 after the last, pass 2: of the difference of +0.150, mixing the models as they are gives +0.150, and learning the gates +0.000. From the first pass to the last Dice rises at 1 of 2 sites, and by 0.000 in their mean.",
  );
  const drawn = await figure(passCurves(points, "global", "Passes"));
  const [level, line] = (
    drawn.data["application/vnd.vegalite.v5+json"] as { spec: { layer: { mark: { type: string } }[] } }
  ).spec.layer;
  assert.deepEqual([level.mark.type, line.mark.type], ["rule", "line"]);
});

test("gates diverge from one half, on one scale where one is given", () => {
  assert.ok(Math.abs(gateReach(learnt) - 0.3) < 1e-12);
  const scaleOf = (spec: ReturnType<typeof gateMap>) => (spec.encoding as { color: { scale: object } }).color.scale;
  assert.deepEqual(scaleOf(gateMap(before, [], "Start", 0.25)), { domain: [0.25, 0.5, 0.75], range: gateColours });
  assert.deepEqual(scaleOf(gateMap(learnt, [], "End", 0.25)), scaleOf(gateMap(before, [], "Start", 0.25)));
});

test("gates that sum to one diverge from an equal share", () => {
  const of = (gates: number[]) =>
    [{ params: { gate: "softmax" }, epochs: [{ telemetry: { "gate/conv": gates } }] }] as unknown as AdaptationRecord[];
  assert.ok(Math.abs(gateReach(of([0.25, 0.25, 0.4, 0.1])) - 0.15) < 1e-12);
  const { color } = gateMap(of([0, 0, 1, 0]), [], "One").encoding as { color: { scale: object } };
  assert.deepEqual(color.scale, { domain: [0, 0.25, 1], range: gateColours });
});

test("gates are named by the models that were mixed, whichever these were", () => {
  const federations = [{ id: "f", sites: ["HK", "UCL"] }] as never;
  const namesOf = (params: object, gates: number[]) => {
    const record = { ...adaptation("iop-fl", "ISBI", [0.5], gates), params } as AdaptationRecord;
    const { data } = gateMap([record], federations, "Gates") as { data: { values: { expert: string }[] } };
    return data.values.map(({ expert }) => expert);
  };
  assert.deepEqual(namesOf({}, [0.1, 0.2, 0.3]), ["HK", "UCL", "global"]);
  assert.deepEqual(namesOf({ reading: "published" }, [0.1, 0.3]), ["HK", "global"]);
  assert.deepEqual(namesOf({ experts: "global" }, [0.3]), ["global"]);
  assert.deepEqual(namesOf({ experts: "personal" }, [0.1, 0.2]), ["HK", "UCL"]);
  assert.deepEqual(namesOf({ experts: "others" }, [0.2, 0.3]), ["UCL", "global"]);
  assert.deepEqual(namesOf({ experts: "others", leftOut: 1 }, [0.1, 0.3]), ["HK", "global"]);
});

const folder = join(projectRoot, "notebooks");
for (const name of readdirSync(folder).filter((file) => file.endsWith(".ipynb"))) {
  const { cells } = JSON.parse(readFileSync(join(folder, name), "utf8")) as {
    cells: { cell_type: string; source: string[] }[];
  };
  const written = (kind: string) =>
    cells.filter(({ cell_type: type }) => type === kind).map(({ source }) => source.join(""));

  test(`${name}: every link leads to a file, files of the project are named by links, formulas are set`, () => {
    for (const text of written("markdown")) {
      for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g))
        assert.ok(
          /^https:/.test(target) || existsSync(join(dirname(join(folder, name)), target)),
          `${target} in ${name}`,
        );
      const prose = text.replace(/```[\s\S]*?```/g, "").replace(/\[[^\]]*\]\([^)]*\)/g, "");
      assert.doesNotMatch(prose, /\b(lib|configs|dataset|notebooks)\/\S+\.(ts|yaml|md|ipynb)/, "a file without a link");
      assert.doesNotMatch(prose, /[θΣσ←]/u, "a formula that is not set");
    }
  });
  const code = written("code").join("\n");
  // Of those that ask which method is better; the one on cost asks something else.
  if (code.includes("await experiment(") && !name.startsWith("10"))
    test(`${name}: predictions over references, and an answer from the numbers`, () => {
      assert.match(code, /\.sheet\(\)/);
      assert.match(code, /^answer\(/m);
    });
}

test("a bar of a notebook is a mean over seeds: Vega-Lite would stack them, which is their sum", () => {
  const folder = join(projectRoot, "notebooks");
  const bars = readdirSync(folder)
    .filter((file) => file.endsWith(".ipynb"))
    .flatMap((file) => {
      const { cells } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { cells: { source: string[] }[] };
      return cells.map(({ source }) => source.join("")).filter((code) => /(type|mark): "bar"/.test(code));
    });
  assert.ok(bars.length > 0);
  for (const code of bars) assert.match(code, /[xy]: \{ field: "\w+", aggregate: "mean"/);
});
