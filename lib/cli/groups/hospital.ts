import { Option, type Command } from "commander";
import { commands } from "../modules";
import { engineOption, jsonOption, profileOption, quietOption, wholeNumber } from "../options";

/** Commands that use trained models on images without masks, and take them elsewhere. */
export function addHospitalCommands(program: Command): void {
  const adapt = program
    .command("adapt")
    .description(
      "adapt models to unlabelled images and write a mask of each, a contact sheet and a page on what to distrust",
    )
    .requiredOption("--method <id>", "the test-time method: npx iopfl list shows all")
    .option("--set <parameter=value...>", "another value of a parameter of the method")
    .action((options) => commands("adapt").adapt(options));
  const predict = program
    .command("predict")
    .description("write a mask of each image by one model as it was trained; otherwise as adapt")
    .option("--site <name>", "the model of this training client (default: the global model)")
    .action((options) => commands("predict").predict(options));
  for (const command of [adapt, predict])
    command
      .requiredOption("--models <what>", "an experiment, a training-time method, or a file or folder of snapshots")
      .requiredOption(
        "--images <folder>",
        "a folder or zip of .nii, .nii.gz or .png (a task of your own: docs/own-data.md); masks are neither needed nor read",
      )
      .requiredOption("--out <folder>", "where masks, contact-sheet.png, summary.html and record.json go")
      .option("--train <method>", "of an experiment the training-time method whose models are meant")
      .addOption(engineOption())
      .addOption(quietOption());
  const exporting = program
    .command("export <experiment>")
    .description(
      "write one model as the state dict of the official network, for PyTorch, or whole as ONNX: docs/hospital.md",
    )
    .option("--method <id>", "the training-time method (default: the experiment's reference)")
    .requiredOption("--site <name>", "the model of this training client, or global")
    .requiredOption("--to <file>", "model.safetensors, or model.onnx; the ending chooses the form")
    .action((experiment, options) => commands("export").exportTo(experiment, options));
  for (const command of [adapt, predict, exporting])
    command
      .addOption(profileOption())
      .option("--without <site>", "of an outside experiment the federation without this site")
      .option("--seed <n>", "of several federations that of this seed; of a method its draws", wholeNumber)
      .addOption(new Option("--task <id>", "of snapshots what they segment, where their shape fits several tasks"))
      .addOption(jsonOption());
}
