/** Questions for the tests of something, as people write them in English. */

const SUCH = `(?:(?:unit|integration|regression|end-to-end|e2e|existing) )*(?:tests?|specs?|test cases?)`;
const ASKS = `(?:(?:find|show|list|give)(?: me)?|where (?:is|are)|which|what|(?:is|are) there)`;
const CHECKS = `(?:check|verify|verif(?:ies|ying)|cover|exercise|exercising|assert)(?:s|ing)?`;
const PATTERNS = [
  // "tests for X", "where are the unit tests that check X".
  new RegExp(
    `^(?:${ASKS} )?(?:the |any |all |an? )?${SUCH} (?:(?:that |which )?${CHECKS}|for|of) (.+)$`,
    'i',
  ),
  // "which tests that X": after no such word it is how a test or an assertion is described.
  new RegExp(`^${ASKS} (?:the |any |all |an? )?${SUCH} (?:that|which|whether|when|if) (.+)$`, 'i'),
  /^(?:where|how) (?:is|are) (.+) tested(?: \w+)?$/i,
];
const MAX_TEXT = 500;

/** What the tests are of, when a question is for tests; undefined: it is for something else. */
export function testsAskedOf(query: string): string | undefined {
  const text = query
    .slice(0, MAX_TEXT)
    .replace(/\s+/g, ' ')
    .replace(/[ ?.!]+$/, '');
  for (const pattern of PATTERNS) {
    const about = pattern.exec(text)?.[1];
    if (about !== undefined) return about;
  }
  return undefined;
}
