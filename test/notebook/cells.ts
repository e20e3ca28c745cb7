import type { KernelClient, Reply } from "../../lib/notebook/runner/kernel-client";
import type { Message } from "../../lib/notebook/wire";

/** What came of one cell. */
export interface Ran {
  readonly reply: Reply;
  readonly messages: readonly Message[];
  /** The text form of the cell's result. */
  readonly result: string | undefined;
  readonly stdout: string;
  readonly traceback: string;
}

/** Runs a cell. @param onMessage told of every message as it arrives */
export async function runCell(
  kernel: KernelClient,
  code: string,
  onMessage: (message: Message) => void = () => undefined,
): Promise<Ran> {
  const messages: Message[] = [];
  const reply = await kernel.request("execute_request", { code, silent: false, stop_on_error: true }, (message) => {
    messages.push(message);
    onMessage(message);
  });
  const contents = (type: string) =>
    messages.filter(({ header }) => header.msg_type === type).map(({ content }) => content);
  const [result] = contents("execute_result") as { data?: Record<string, string> }[];
  const stdout = contents("stream")
    .filter(({ name }) => name === "stdout")
    .map(({ text }) => text)
    .join("");
  return {
    reply,
    messages,
    result: result?.data?.["text/plain"],
    stdout,
    traceback: ((reply.traceback ?? []) as string[]).join("\n"),
  };
}
