import { resolve } from "node:path";

/** The folder that holds package.json: everything the workbench reads and writes lies below it. */
export const projectRoot = resolve(__dirname, "..", "..");
