/** Endings of the files that are read, by what they hold. */
const endings = { volume: /\.(nii\.gz|nii|hdr|np[yz])$/i, picture: /\.(png|jpe?g|bmp|tiff?|np[yz])$/i } as const;
export type Modality = keyof typeof endings;

/** @returns the ending of a file that can be an image or a mask; undefined of any other */
export const endingOf = (name: string, modality: Modality): string | undefined => endings[modality].exec(name)?.[0];

/** What is known of and not read, with the mend. */
const others: readonly (readonly [ending: RegExp, is: string, mend: string])[] = [
  [/\.(dcm|dicom|ima)$/i, "DICOM", "convert every series with dcm2niix: dcm2niix -z y -o <folder> <series>"],
  [/\.(hdr\.gz|img\.gz)$/i, "packed pairs of .hdr and .img", "unpack them (gunzip), or save them as .nii.gz"],
  [/\.img$/i, "voxels without their header (.hdr)", "put the header beside them, or save both as .nii.gz"],
  [/\.(mha|mhd|nrrd|nhdr|mgz)$/i, "volumes of another format", "save them as .nii.gz, for example with SimpleITK"],
  [/\.(gif|webp|jp2)$/i, "pictures of another format", "save them as PNG"],
];

/** @returns one line for each format that is known of and not read, with how many files there are and the mend */
export const unreadFormats = (names: readonly string[]): string[] =>
  others.flatMap(([ending, is, mend]) => {
    const found = names.filter((name) => ending.test(name));
    return found.length === 0 ? [] : [`${found.length} files are ${is} (${found[0]}), which is not read; ${mend}`];
  });
