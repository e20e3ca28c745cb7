import { probeTensorflow, startEngine, type EngineChoice, type EngineName } from "../../engine";

/**
 * Decides which engine the workers will start, without loading TensorFlow here when a look at the folders is enough.
 * @returns the engine's name and, in one line, why it was chosen
 */
export async function resolveEngine(choice: EngineChoice): Promise<{ name: EngineName; why: string }> {
  if (choice === "auto" && probeTensorflow().verified)
    return { name: "tensorflow", why: "the fastest engine, verified on this machine" };
  if (choice !== "auto" && choice !== "tensorflow") return { name: choice, why: "asked for" };
  return startEngine(choice);
}
