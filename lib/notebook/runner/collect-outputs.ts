import type { Message } from "../wire";
import { toLines, type Cell, type Output } from "./notebook-file";

/** Writes a kernel's messages into cells, as a front end would. */
export interface OutputCollector {
  take(cell: Cell, message: Message): void;
}

/** One for each notebook: a display is updated wherever it was shown. */
export function createOutputCollector(): OutputCollector {
  const displays = new Map<string, Output[]>();
  return {
    take(cell, { header, content }) {
      const outputs = (cell.outputs ??= []);
      const { transient, ...rest } = content as { transient?: { display_id?: string } } & Record<string, unknown>;
      const id = transient?.display_id;
      if (header.msg_type === "stream") {
        takeStream(outputs, String(content.name), String(content.text));
      } else if (
        header.msg_type === "display_data" ||
        header.msg_type === "execute_result" ||
        header.msg_type === "error"
      ) {
        const output: Output = { output_type: header.msg_type, ...rest };
        outputs.push(output);
        if (id) displays.set(id, [...(displays.get(id) ?? []), output]);
      } else if (header.msg_type === "update_display_data" && id) {
        for (const output of displays.get(id) ?? [])
          Object.assign(output, { data: rest.data, metadata: rest.metadata });
      }
    },
  };
}

/** Neighbouring pieces of one stream are one output. */
function takeStream(outputs: Output[], name: string, text: string): void {
  const last = outputs[outputs.length - 1];
  if (last?.output_type === "stream" && last.name === name)
    last.text = toLines((last.text as string[]).join("") + text);
  else outputs.push({ output_type: "stream", name, text: toLines(text) });
}
