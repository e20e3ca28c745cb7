/** The door for scripts: one eye by the bytes of its two pictures, read and checked exactly as the import does it. */
export { readFundusCase, type FundusCase } from "./sets/fundus/cases";
