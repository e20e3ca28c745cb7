import { z } from "zod";

/** What becomes part of a file's name: it can leave no folder, hide no file and draw nothing on a terminal. */
export const plainName = z
  .string()
  .max(64, "at most 64 characters")
  .regex(/^[\p{L}\p{N}]([\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u, "letters, digits, - _ and ., first a letter or a digit");
