/** Okabe and Ito's eight colours, told apart with every common form of colour blindness (https://jfly.uni-koeln.de/color/). */
export const okabeIto = {
  blue: "#0072B2",
  vermilion: "#D55E00",
  green: "#009E73",
  orange: "#E69F00",
  sky: "#56B4E9",
  purple: "#CC79A7",
  black: "#000000",
  yellow: "#F0E442",
} as const;

/** The order in which categories take their colours: the strongest contrasts first, the palest last. */
export const categoryColours: readonly string[] = Object.values(okabeIto);

/** Light to dark in equal steps of lightness, also in grey: for quantities. */
export const quantityScheme = "viridis";

/** Two sides of a middle, safe with red-green blindness. */
export const signedScheme = "blueorange";

export const inkColours = {
  text: "#222222",
  muted: "#5a5a5a",
  line: "#8a8a8a",
  grid: "#e4e4e4",
  paper: "#ffffff",
} as const;
