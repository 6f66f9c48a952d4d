/** Questions for the tests of something, as people write them in English. */

/** "where are the", "find me any", "which": what may stand before "tests". */
const ASKS = /^(?:find|show|list|give)(?: me)? |^where (?:is|are) |^which |^what |^(?:is|are) there /i;
const SUCH =
  /^(?:the |any |all |an? )?(?:(?:unit|integration|regression|end-to-end|e2e|existing) )*(?:tests?|specs?|test cases?) /i;
/** "for X", "that check X". */
const OF =
  /^(?:(?:that |which )?(?:check|verify|verifies|verifying|cover|exercise|exercising|assert)(?:s|ing)?|for|of) (.+)$/i;
/** After no asking word this is how a test or an assertion is described. */
const THAT = /^(?:that|which|whether|when|if) (.+)$/i;
const IS_TESTED = /^(?:where|how) (?:is|are) (.+) tested(?: \w+)?$/i;
const MAX_TEXT = 500;

/** What the tests are of, when a question is for tests; undefined: it is for something else. */
export function testsAskedOf(query: string): string | undefined {
  const text = query
    .slice(0, MAX_TEXT)
    .replace(/\s+/g, ' ')
    .replace(/[ ?.!]+$/, '');
  const isTested = IS_TESTED.exec(text)?.[1];
  if (isTested !== undefined) return isTested;
  const asked = text.replace(ASKS, '');
  const about = asked.replace(SUCH, '');
  if (about === asked) return undefined;
  return (OF.exec(about) ?? (asked === text ? null : THAT.exec(about)))?.[1];
}
