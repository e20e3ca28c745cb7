/** The only door that notebooks use: `import { show, table, figure } from "../lib/notebook";` */
export { createBundle, type Bundle } from "./bundle";
export { figure } from "./figure";
export { frame } from "./frame";
export { image } from "./image";
export { live, type Live, type LiveOptions } from "./live";
export { markdown } from "./markdown";
export { onInterrupt } from "./on-interrupt";
export { plotly, type PlotlyFigure } from "./plotly";
export { show } from "./show";
export { table, type TableOptions } from "./table";
