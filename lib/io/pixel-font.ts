/** Height and width of a letter, and the step to the next one, in its own pixels. */
export const letter = { height: 5, width: 3, step: 4 } as const;

/** Each letter's five rows of three pixels, as octal digits from top to bottom (4 left, 2 middle, 1 right). */
const letters: Readonly<Record<string, string>> = {
  A: "25755",
  B: "65656",
  C: "34443",
  D: "65556",
  E: "74647",
  F: "74644",
  G: "34553",
  H: "55755",
  I: "72227",
  J: "11152",
  K: "55655",
  L: "44447",
  M: "57755",
  N: "65555",
  O: "25552",
  P: "65644",
  Q: "25573",
  R: "65655",
  S: "34216",
  T: "72222",
  U: "55557",
  V: "55552",
  W: "55775",
  X: "55255",
  Y: "55222",
  Z: "71247",
  "0": "75557",
  "1": "26227",
  "2": "71747",
  "3": "71717",
  "4": "55711",
  "5": "74717",
  "6": "74757",
  "7": "71222",
  "8": "75757",
  "9": "75717",
  ".": "00002",
  ",": "00024",
  "-": "00700",
  _: "00007",
  ":": "02020",
  "/": "11244",
  "(": "24442",
  ")": "21112",
  "%": "51245",
  "+": "02720",
  "=": "07070",
};

/** Calls `paint` for every dark pixel of a text in capitals; letters without a shape are left blank. */
export function drawText(text: string, paint: (x: number, y: number) => void): void {
  [...text.toUpperCase()].forEach((character, place) => {
    const rows = letters[character] ?? "00000";
    for (let y = 0; y < letter.height; y++) {
      for (let x = 0; x < letter.width; x++) if (Number(rows[y]) & (4 >> x)) paint(place * letter.step + x, y);
    }
  });
}

/** @param width letters of a line, at least 1 @returns lines of whole words; a word that is longer goes on in the next */
export const wrapped = (text: string, width: number): string[] =>
  text.match(new RegExp(`\\S.{0,${width - 1}}(?=\\s|$)|\\S{1,${width}}`, "g")) ?? [];
