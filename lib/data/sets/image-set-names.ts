/** The collections of images that there are: see `imageSets`. */
export const imageSetNames = ["prostate", "fundus"] as const;
export type ImageSetName = (typeof imageSetNames)[number];
