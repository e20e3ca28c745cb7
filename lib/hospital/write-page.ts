import type { Panel } from "../io/contact-sheet";
import { openSource } from "../data/set/source";
import { colourOf } from "../data/task/classes";
import { imageKindOf, kindRules } from "./kinds";
import type { FoundModels } from "./models";
import type { Outcome } from "./outcome";
import type { OwnFolder } from "./own-folder";
import { maskPlace } from "./results";
import { mostPanels, panelOf, sheetOf } from "./sheet";
import { summaryPage } from "./summary";

/** Writes what a run came to: a contact sheet of the masks as they lie on the disk, a page, and a record that holds all of it. */
export function writePage(out: OwnFolder, images: string, outcome: Outcome, models: FoundModels): void {
  const { task, shape, side, reading, orientations } = models;
  const kind = imageKindOf(kindRules(task));
  const source = openSource(images);
  const colours = kind.labels?.map((rule, place) => colourOf(rule, Math.max(1, place)));
  const panels = outcome.images.slice(0, mostPanels).map(({ name }): Panel => {
    const image = kind.open(source.read(name), name, shape.classes, { side, reading, orientations });
    return panelOf(name, image, image.decode(out.read(maskPlace(name)) as Uint8Array), colours);
  });
  const sheet = sheetOf(panels);
  out.write("contact-sheet.png", sheet);
  out.write("summary.html", summaryPage(outcome, sheet));
  out.write("record.json", `${JSON.stringify(outcome, null, 1)}\n`);
}
