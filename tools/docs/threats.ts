/** The threat table of docs/security.md: every row has a proof, and every test that a row names is there. */

/** Title in a row as it stands in the source: `it('…'`, `test("…"`, `it.each(…)('…'`, at any line break. */
const PROOF = /`([^`]+\.test\.ts)` "([^"]+)"/g;
const TABLE = /<!-- threats -->\n([\s\S]*?)<!-- end: threats -->/;

/** `read`: the text of a test file, undefined where there is none. One problem a line. */
export function threatProblems(
  file: string,
  text: string,
  read: (path: string) => string | undefined,
): readonly string[] {
  const table = TABLE.exec(text)?.[1];
  if (table === undefined) return [`${file}: there is no threat table`];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .flatMap((row) => rowProblems(row, read).map((problem) => `${file}: ${problem}`));
}

function rowProblems(row: string, read: (path: string) => string | undefined): string[] {
  const [threat = ''] = row.split('|').slice(1, 2);
  const proofs = [...row.matchAll(PROOF)];
  if (proofs.length === 0) return [`"${threat.trim()}" has no proof`];
  return proofs.flatMap(([, path = '', title = '']) => {
    const source = read(path);
    if (source === undefined) return [`"${threat.trim()}": ${path} does not exist`];
    return isTested(source, title) ? [] : [`"${threat.trim()}": ${path} has no test "${title}"`];
  });
}

/** As a title, not in a comment or another text: right after the bracket of a call. */
function isTested(source: string, title: string): boolean {
  const quoted = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll("'", "\\\\?'");
  return new RegExp(
    `(?:^|[\\s;])(?:it|test)(?:\\.each[\\s\\S]{0,8000}?\\)|\\.skipIf\\([^)]*\\))?\\(\\s*['"\`]${quoted}['"\`]`,
    'm',
  ).test(source);
}
