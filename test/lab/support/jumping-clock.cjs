// Loaded before a program: every look at the wall clock finds it somewhere within two years of the truth.
const RealDate = Date;
const jump = () => Math.round((Math.random() - 0.5) * 4 * 365 * 86_400_000);
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length > 0 ? args : [RealDate.now() + jump()]));
  }
  static now() {
    return RealDate.now() + jump();
  }
};
