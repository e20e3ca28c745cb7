import { Diverged } from "../../core/diverged";
import type { ClientSpec } from "../client/client-work";

/** Says of a training that diverged whose it was, and when. */
export async function tellingWhere<Result>(
  { clients, method }: Pick<ClientSpec, "clients" | "method">,
  client: number,
  round: number,
  train: () => Promise<Result>,
): Promise<Result> {
  try {
    return await train();
  } catch (error) {
    if (error instanceof Diverged) throw error.in({ method: method.id, client: clients[client].site, round });
    throw error;
  }
}
