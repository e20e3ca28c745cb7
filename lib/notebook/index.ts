/** The only door that notebooks use: `import { show, table, figure } from "../lib/notebook";` */
export { createBundle, type Bundle } from "./bundle";
export { dataset, type Dataset } from "./dataset";
export { experiment, type ExperimentResult } from "./experiment";
export { figure } from "./figure";
export { frame } from "./frame";
export { image } from "./image";
export { live, type Live, type LiveOptions } from "./live";
export { markdown } from "./markdown";
export { onInterrupt } from "./on-interrupt";
export { plotly, type PlotlyFigure } from "./plotly";
export { show } from "./show";
export { slices, stackOfCase, type SliceStack } from "./slices";
export { source } from "./source";
export { table, type TableOptions } from "./table";
export { compareMethods, type Comparison } from "../report/compare-methods";
export { convergence } from "../report/figures/convergence";
export { diceBySite } from "../report/figures/dice-by-site";
export { gateMap } from "../report/figures/gate-map";
