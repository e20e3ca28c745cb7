import { escapeHtml } from "../core/escape-html";
import { mean } from "../core/mean";
import { htmlDefinitions, htmlList, plainPage, scrolling } from "../report/html";
import { htmlTableOf, type HtmlCell } from "../report/html-table";
import { limits } from "./distrust";
import type { Outcome, OutcomeImage } from "./outcome";
import { mostPanels } from "./sheet";

/** The page beside the masks: no script, no request, every name escaped. @param sheet the bytes of the contact sheet */
export function summaryPage(outcome: Outcome, sheet: Uint8Array): string {
  const { command, images, refused, leftOut, method, models } = outcome;
  const title = `${images.length} mask${images.length === 1 ? "" : "s"} by ${method ? method.title : models.from}`;
  const doubtful = images.filter(({ distrust }) => distrust.length > 0).length;
  const unused = [
    ...refused.map(({ problem }) => problem),
    ...(leftOut.length > 0 ? [`left out by their names: ${leftOut.join(", ")}`] : []),
  ];
  return plainPage(
    title,
    [
      `<h1>${escapeHtml(title)}</h1>`,
      `<p class="lead">${command === "adapt" ? "Models adapted to these images without a label." : "One model, as it was trained."} Nobody has compared these masks with what a doctor drew.</p>`,
      `<p class="warning">For research, not for diagnosis or treatment. ${doubtful === 0 ? "No rule below raised a doubt, which proves nothing." : `${doubtful} of ${images.length} are to be distrusted, for the reasons beside them.`}</p>`,
      facts(outcome),
      scrolling("Masks", imageTable(outcome), true),
      rules(command),
      picture(sheet, outcome),
      gates(outcome),
      unused.length > 0 ? `<h2>Not used</h2>${htmlList(unused)}` : "",
    ].join("\n"),
  );
}

function facts({ models, method, network, engine, way }: Outcome): string {
  return htmlDefinitions({
    models: models.from,
    ...(method && { method: `${method.title}; ${JSON.stringify(method.params)}; ${method.passes}` }),
    network: `U-Net of ${network.features} features, images of ${network.side} x ${network.side}, reading "${network.reading}"`,
    engine,
    "there and back": way,
  });
}

function imageTable({ images, command }: Outcome): string {
  const adapted = command === "adapt";
  const both =
    (pick: (certainty: OutcomeImage["after"]) => number | null, digits: number) =>
    (of: OutcomeImage): string[] => {
      const shown = (value: number | null | undefined) =>
        value === null || value === undefined ? "–" : value.toFixed(digits);
      return adapted ? [shown(of.before && pick(of.before)), shown(pick(of.after))] : [shown(pick(of.after))];
    };
  const confidence = both((certainty) => certainty.confidence, 2);
  const entropy = both((certainty) => certainty.entropy, 3);
  const heads = (name: string) => (adapted ? [`${name} before`, "after"] : [name]);
  const rows = images.map((of): HtmlCell[] => [
    { text: of.name },
    { text: of.shape.join(" x ") },
    { text: of.spacing ? `${of.size.toFixed(1)} ml` : `${(100 * of.size).toFixed(1)} %` },
    ...[...confidence(of), ...entropy(of)].map((text) => ({ text })),
    ...(adapted ? [{ text: of.agreement?.toFixed(2) ?? "–" }] : []),
    of.distrust.length === 0
      ? { text: "nothing found" }
      : { text: "distrust", stressed: true, detail: `${of.distrust.join("; ")}.` },
  ]);
  const columns = [
    ...["image", "slices x rows x columns", "marked", ...heads("confidence"), ...heads("entropy")],
    ...(adapted ? ["Dice with before"] : []),
    "what to distrust",
  ];
  const right = (column: number) => column > 0 && column < columns.length - 1;
  return htmlTableOf({ caption: "Every mask", columns, rows, right, named: true });
}

function rules(command: Outcome["command"]): string {
  const { confidence, agreement, largestPiece, size, images } = limits;
  const adapted = `, whose entropy adaptation raised, or that differs much from the one before (Dice below ${agreement})`;
  return `<p class="soft">Confidence: the probability of the class that was taken, averaged over what is marked. Entropy: averaged over all pixels, 0 where one class is certain, 1 where all are equally likely. A mask is to be distrusted that is empty, whose confidence is below ${confidence}${command === "adapt" ? adapted : ""}, whose largest piece holds less than ${100 * largestPiece} %, that touches a side of the picture, or whose size differs by a factor of ${size} from the median of ${images} or more images. These limits are chosen, not measured: a model can be sure and wrong.</p>`;
}

function picture(sheet: Uint8Array, { images, classes = [] }: Outcome): string {
  const shown = images.slice(0, mostPanels);
  const alt = `the slice in which most is marked of ${shown.map(({ name }) => name).join(", ")}, with the outline of the mask`;
  const image = `<img alt="${escapeHtml(alt)}" src="data:image/png;base64,${Buffer.from(sheet).toString("base64")}">`;
  const marks = classes.flatMap(({ name, colour }) =>
    colour ? [`<span style="color:rgb(${colour.join(",")})">&#9632;</span> ${escapeHtml(name)}`] : [],
  );
  const key = marks.length === 0 ? " in blue" : ` (${marks.join(", ")})`;
  const rest = images.length > shown.length ? ` The first ${shown.length} of ${images.length} images.` : "";
  return `<h2>Contact sheet</h2><figure>${scrolling("Contact sheet", image)}<figcaption>Of each image the slice in which most is marked, as the network sees it, with the outline of the mask${key}.${rest}</figcaption></figure>`;
}

/** Which share each model has in a method that mixes them: curves called `gate/<layer>`, one number for each model. */
function gates({ telemetry, models }: Outcome): string {
  const experts = [...Object.keys(models.sha256).slice(1), Object.keys(models.sha256)[0]];
  const layers = Object.entries(telemetry).flatMap(([name, shares]) =>
    name.startsWith("gate/") ? [{ layer: name.slice("gate/".length), shares }] : [],
  );
  if (layers.length === 0) return "";
  const whole = layers.filter(({ shares }) => shares.length === experts.length);
  const means = experts.map((_, index) => mean(whole.map(({ shares }) => shares[index])));
  const cells = (shares: readonly number[]) =>
    experts.map((_, index) => ({ text: shares.length === experts.length ? shares[index].toFixed(3) : "–" }));
  const table = htmlTableOf({
    caption: "Gates, averaged over the batches of the last pass",
    columns: ["layer", ...experts],
    rows: [
      [{ text: "mean", stressed: true }, ...cells(means)],
      ...layers.map(({ layer, shares }) => [{ text: layer }, ...cells(shares)]),
    ],
    right: (column) => column > 0,
    named: true,
  });
  return `<h2>Gates</h2>${scrolling("Gates", table)}<p class="soft">How much of each model's kernels a layer mixes in; a dash where a layer mixes other models than all.</p>`;
}
