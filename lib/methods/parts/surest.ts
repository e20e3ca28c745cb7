import type { Tensor4D } from "@tensorflow/tfjs-core";
import { mean } from "../../core/mean";
import type { Visit } from "../contract";
import { imageEntropies } from "./entropy";
import type { Answering } from "./experts";

/** @returns of every model its mean entropy on every image of a batch */
export async function entropiesOn(images: Tensor4D, models: readonly Answering[]): Promise<number[][]> {
  const found: number[][] = [];
  for (const model of models) {
    const logits = model.predict(images);
    found.push(await imageEntropies(logits));
    logits.dispose();
  }
  return found;
}

/** @returns of every model its mean entropy on all images of the set */
export async function entropiesOver(visit: Visit, models: readonly Answering[]): Promise<number[]> {
  const all: number[][] = models.map(() => []);
  await visit(async (images) => {
    const found = await entropiesOn(images, models);
    found.forEach((own, model) => all[model].push(...own));
  });
  return all.map(mean);
}

/** @returns where the smallest number stands, the first of equals */
export const indexOfLeast = (values: readonly number[]): number => values.indexOf(Math.min(...values));

/** @returns the places of numbers from the smallest to the largest; equals keep their order */
export const risingOrder = (values: readonly number[]): number[] =>
  values.map((_, index) => index).sort((a, b) => values[a] - values[b]);
