/** A folder as the target, through the public door. */
import { describe, expect, it } from 'vitest';
import type { AnalysisAnswer, AnalysisSectionName } from '../model/analysis.ts';
import { indexed } from '../testing/open-workspace.ts';

const FILES = {
  'src/store/store.ts': `import { write } from '../disk/write.js';
import { key } from './keys.js';
export class Store {
  constructor(private root: string) {}
  save(row: string) { return write(this.root, key(row)); }
}
function hidden() { return 1; }
export const later = () => hidden();
`,
  'src/store/keys.ts': 'export function key(row: string) { return row.length; }\n',
  'src/store/deep/index.sql': 'create table rows (id int);\n',
  'src/disk/write.ts': 'export function write(root: string, n: number) { return root + n; }\n',
  'src/main.ts': `import { Store } from './store/store.js';
export function main() { return new Store('a').save('b'); }
`,
  'src/other.ts': `import { Store } from './store/store.js';
export const other = () => new Store('b');
`,
  'test/store.test.ts': `import { Store } from '../src/store/store.js';
it('saves', () => { new Store('t').save('x'); });
`,
  'notes.md': '# Notes\n',
};

function claims(answer: AnalysisAnswer, name: AnalysisSectionName): string[] {
  const section = answer.sections.find((one) => one.name === name);
  return (section?.claims ?? []).map(
    ({ text, evidence }) => `${text} ${evidence.map(({ path, start }) => `${path}:${start}`).join(' ')}`,
  );
}

describe('a folder', () => {
  it.each(['src/store', 'src/store/'])(
    '%s: what it holds, who uses it, what it uses, its tests',
    async (target) => {
      const workspace = await indexed(FILES);
      const answer = await workspace.analyze({ target });
      expect(answer.route).toBe('folder');
      expect(answer.subjects.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
        'file src/store/deep/index.sql',
        'file src/store/keys.ts',
        'file src/store/store.ts',
      ]);
      expect(claims(answer, 'overview')).toEqual([
        '`src/store` holds 3 files: 2 of typescript, 1 of sql. src/store/deep/index.sql:1 src/store/keys.ts:1 src/store/store.ts:1',
        '`src/store/store.ts` defines class `Store`, function `later` and 1 more; 3 files outside `src/store` use it. src/store/store.ts:3 src/store/store.ts:8',
        '`src/store/keys.ts` defines function `key`. src/store/keys.ts:1',
        '`src/store/deep` holds 1 file. src/store/deep/index.sql:1',
      ]);
      expect(claims(answer, 'entry_points')).toEqual([
        '`Store` of `src/store/store.ts` is used from 2 files outside `src/store`. src/main.ts:2 src/other.ts:2',
        '`Store.save` of `src/store/store.ts` is used from `src/main.ts` outside `src/store`. src/main.ts:2',
      ]);
      expect(claims(answer, 'dependencies')).toEqual([
        '`src/store` uses `write` of `src/disk/write.ts`. src/store/store.ts:1',
      ]);
      expect(claims(answer, 'tests')).toEqual([
        'Test: `test/store.test.ts` uses `Store`, `Store.save`. test/store.test.ts:1 test/store.test.ts:2',
      ]);
      expect(answer.gates.every(({ state }) => state === 'passed')).toBe(true);
      expect(answer.notes.join()).toContain('analyze one of those named');
    },
  );

  it('of other things than code is told by its files', async () => {
    const workspace = await indexed({
      'docs/a.md': '# A\n',
      'docs/b.md': '',
      'a.ts': 'export const a = 1;\n',
    });
    const answer = await workspace.analyze({ target: 'docs' });
    expect(claims(answer, 'overview')).toEqual([
      '`docs` holds 2 files of markdown. docs/a.md:1 docs/b.md:1',
      '`docs/a.md` is a doc file in markdown. docs/a.md:1',
      '`docs/b.md` is a doc file in markdown. docs/b.md:1',
    ]);
    expect(answer.sections.map(({ name }) => name)).toEqual([
      'overview',
      'entry_points',
      'dependencies',
      'tests',
    ]);
  });

  it('gives way to a definition of that name, which no slash follows', async () => {
    const workspace = await indexed({
      'save/a.ts': 'export function save() {}\n',
      'b.ts': 'export const b = 1;\n',
    });
    expect((await workspace.analyze({ target: 'save' })).route).toBe('symbol');
    expect((await workspace.analyze({ target: 'save/' })).route).toBe('folder');
    expect((await workspace.analyze({ target: 'what does save do' })).route).toBe('question');
    await expect(workspace.analyze({ target: 'save/none.ts' })).rejects.toMatchObject({
      code: 'path_not_found',
    });
  });
});
