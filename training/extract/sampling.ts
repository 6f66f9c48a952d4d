// Choices that look random and are the same in every run: by a hash of what is chosen, never by a generator's state.

/** FNV-1a over UTF-16 code units, then mixed: 0 to 2^32 - 1. */
export function rankOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Whether `text` is among this share of all texts. */
export function isInShare(text: string, share: number): boolean {
  return rankOf(text) < share * 2 ** 32;
}
