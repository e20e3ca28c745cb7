import { z } from "zod";

/** @returns the keys that a schema knows at a path: of an object its own, of a union those of all its objects */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const plain = unwrapped(schema);
  if (plain instanceof z.ZodUnion) return plain.options.flatMap((option) => keysAt(option, path));
  if (path.length === 0) return plain instanceof z.ZodObject ? Object.keys(plain.shape) : [];
  const [key, ...rest] = path;
  if (plain instanceof z.ZodObject) {
    const field: unknown = Object.hasOwn(plain.shape, key) ? plain.shape[String(key)] : undefined;
    return field instanceof z.ZodType ? keysAt(field, rest) : [];
  }
  if (plain instanceof z.ZodArray) return keysAt(plain.element, rest);
  if (plain instanceof z.ZodRecord) return keysAt(plain.valueType, rest);
  return [];
}

/** Without what stands around a schema: optional, default, readonly, transformed. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodPrefault
  )
    return unwrapped(schema.unwrap());
  return schema;
}
