export const isFrame = (v: unknown): v is never => false;
export const table = (v: unknown) => { throw v; };
