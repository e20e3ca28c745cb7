/** The protocol counts a cursor in Unicode characters, the compiler in UTF-16 units. */
export function toUnits(text: string, characters: number): number {
  return Array.from(text).slice(0, characters).join("").length;
}

export function toCharacters(text: string, units: number): number {
  return Array.from(text.slice(0, units)).length;
}
