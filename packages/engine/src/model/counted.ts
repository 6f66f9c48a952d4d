/** Numbers with their nouns, as sentences say them. */

/** `1 line`, `2 lines`, `12,000 lines`; `many` where an s does not do. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
