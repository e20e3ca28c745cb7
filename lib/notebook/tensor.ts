export const isTensor = (v: unknown): v is never => false;
export const tensorBundle = (v: unknown) => { throw v; };
