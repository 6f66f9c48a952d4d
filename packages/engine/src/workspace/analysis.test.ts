/** Reports through the public door: files in, claims with their lines out. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Workspace } from '../engine.ts';
import type { AnalysisAnswer, AnalysisSectionName } from '../model/analysis.ts';
import { indexed } from '../testing/open-workspace.ts';

const FILES = {
  'src/store.ts': `import { readFileSync } from 'node:fs';
import { track } from './track.js';
export class Store {
  private rows = new Map<string, string>();
  load(path: string): string {
    try {
      const text = readFileSync(path, 'utf8');
      this.rows = parse(text);
      track('load');
      return text;
    } catch {}
    // TODO: tell the caller
    throw new Error('gone');
  }
  unused() { return process.env.HOME; }
}
function parse(text: string) { return new Map([[text, text]]); }
`,
  'src/track.ts': `export async function track(name: string) { await fetch('https://x.example/' + name); }
`,
  'src/main.ts': `import { Store } from './store.js';
export function main(handler: () => void) { new Store().load('a'); handler(); }
export function start() { main(() => {}); }
`,
  'test/store.test.ts': `import { Store } from '../src/store.js';
new Store().load('b');
`,
};

/** \`text path:start-end\` of each claim of a section. */
function claims(answer: AnalysisAnswer, name: AnalysisSectionName): string[] {
  const section = answer.sections.find((one) => one.name === name);
  return (section?.claims ?? []).map(
    ({ text, evidence }) =>
      `${text} ${evidence
        .map(
          ({ path, start, end, resolution }) =>
            `${path}:${start}${end > start ? `-${end}` : ''}${resolution === 'exact' ? '' : ` ${resolution}`}`,
        )
        .join(' ')}`,
  );
}

async function proven(workspace: Workspace, answer: AnalysisAnswer): Promise<number> {
  let count = 0;
  for (const { claims: list } of answer.sections)
    for (const { evidence } of list) {
      expect(evidence.length).toBeGreaterThan(0);
      for (const { path, end, hash } of evidence) {
        const file = await workspace.readLines(path);
        expect(file.hash).toBe(hash);
        expect(end).toBeLessThanOrEqual(file.lineCount);
        count += 1;
      }
    }
  return count;
}

describe('analyze', () => {
  it('tells what a method does, each claim with its lines', async () => {
    const workspace = await indexed(FILES);
    const answer = await workspace.analyze({ target: 'Store.load' });
    expect(answer.route).toBe('symbol');
    expect(answer.gates.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'evidence passed',
      'citations passed',
      'unresolved passed',
    ]);
    expect(claims(answer, 'call_graph')).toEqual([
      '`main` calls `Store.load`. src/main.ts:2',
      '`start` calls `main`. src/main.ts:3',
      '`Store.load` calls `parse`. src/store.ts:8',
      '`Store.load` calls `track`. src/store.ts:9',
    ]);
    expect(claims(answer, 'entry_points')).toEqual([
      '`start` calls `main`, which calls `Store.load`. src/main.ts:3 src/main.ts:2',
    ]);
    expect(claims(answer, 'state')).toEqual(['`Store.load` writes the field `this.rows`. src/store.ts:8']);
    expect(claims(answer, 'side_effects')).toEqual([
      '`Store.load` works with files by `readFileSync`. src/store.ts:7',
      '`Store.load` calls `track`, which uses the network by `fetch`. src/store.ts:9 src/track.ts:1',
    ]);
    expect(claims(answer, 'error_handling')).toEqual([
      '`Store.load` throws `Error`. src/store.ts:13',
      '`Store.load` catches anything thrown and swallows it: the handler does nothing. src/store.ts:11',
    ]);
    expect(claims(answer, 'tests')).toEqual([
      'Test: the top-level code of `test/store.test.ts` calls `Store.load`. test/store.test.ts:2',
    ]);
    expect(claims(answer, 'open_questions')).toEqual([
      'Is it meant that `Store.load` does nothing about anything thrown? src/store.ts:11',
      'A note is left: `TODO: tell the caller`. src/store.ts:12',
    ]);
    expect(await proven(workspace, answer)).toBeGreaterThan(10);
  });

  it('names functions without a name by their lines, and tells what is possible at the same place once', async () => {
    const workspace = await indexed({
      'src/shapes.ts': ['One', 'Two', 'Three', 'Four']
        .map((name) => `export class ${name} { draw() { return '${name}'; } }\n`)
        .join(''),
      'src/paint.ts': `import { Four, One, Three, Two } from './shapes.js';
const shapes = [new One(), new Two(), new Three(), new Four()];
export function paint(i: number) { return shapes[i].draw(); }
export const later = [(() => new One().draw())];
export function unknown(x: any) { x.draw(); }
`,
      'test/one.test.ts': `import { One } from '../src/shapes.js';
it('draws', () => { new One().draw(); });
`,
    });
    const answer = await workspace.analyze({ target: 'src/shapes.ts' });
    expect(claims(answer, 'call_graph').filter((claim) => claim.includes('draw'))).toEqual([
      'The function at line 4 of `src/paint.ts` calls `One.draw`. src/paint.ts:4',
      'One more place calls one of many definitions named `draw`, `One.draw`, `Two.draw`, `Three.draw` and `Four.draw` among them. src/paint.ts:3 inferred',
    ]);
    expect(claims(answer, 'tests')).toContain(
      'Test: the function at line 2 of `test/one.test.ts` calls `One`. test/one.test.ts:2',
    );
  });

  it('says that nothing calls a definition only where no site could', async () => {
    const quiet = await indexed({
      'a.ts': 'export function lonely() {}\nexport function used() {}\nused();\n',
    });
    expect(claims(await quiet.analyze({ target: 'lonely' }), 'call_graph')[0]).toContain(
      'No call of `lonely` was found',
    );
    const open = await indexed({
      'a.ts': 'export function lonely() {}\nexport function f(x: any) { x.lonely(); }\n',
    });
    const answer = await open.analyze({ target: 'lonely' });
    expect(claims(answer, 'call_graph').join()).not.toContain('No call');
    expect(claims(answer, 'limitations')).toEqual([
      'One call of something named `lonely` could not be followed: if it means `lonely`, its callers are more than are listed. a.ts:2 unresolved',
    ]);
  });

  it('takes files, a line, a question, and refuses nothing at all', async () => {
    const workspace = await indexed(FILES);
    const file = await workspace.analyze({
      target: 'src/store.ts',
      include: ['overview', 'configuration', 'dependencies'],
    });
    expect(file.route).toBe('file');
    expect(file.sections.map(({ name }) => name)).toEqual(['overview', 'configuration', 'dependencies']);
    expect(claims(file, 'configuration')).toEqual([
      '`Store.unused` reads the environment variable `HOME` by `process.env`. src/store.ts:15',
    ]);
    expect(claims(file, 'dependencies')[0]).toBe('`src/store.ts` imports `node:fs`. src/store.ts:1');
    expect((await workspace.analyze({ target: 'src/store.ts:8' })).subjects[0]?.name).toBe('Store.load');
    expect((await workspace.analyze({ files: ['src/main.ts', 'src/track.ts'] })).route).toBe('files');
    const question = await workspace.analyze({ target: 'where are rows loaded from a file' });
    expect(question.route).toBe('question');
    expect(question.subjects.map(({ path }) => path)).toContain('src/store.ts');
    await expect(workspace.analyze({ target: '  ' })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(workspace.analyze({ files: ['src/none.ts'] })).rejects.toMatchObject({
      code: 'path_not_found',
    });
    await expect(workspace.analyze({ files: ['../x'] })).rejects.toMatchObject({ code: 'path_not_found' });
  });

  it('follows edits, and says nothing of files that went', async () => {
    const workspace = await indexed(FILES);
    await workspace.analyze({ target: 'Store.load' });
    writeFileSync(join(workspace.root, 'src/store.ts'), `// one more line\n${FILES['src/store.ts']}`);
    const moved = await workspace.analyze({ target: 'Store.load' });
    expect(claims(moved, 'state')).toEqual(['`Store.load` writes the field `this.rows`. src/store.ts:9']);
    rmSync(join(workspace.root, 'src/store.ts'));
    const gone = await workspace.analyze({ target: 'Store.load' });
    expect(gone.subjects.some(({ path }) => path === 'src/store.ts')).toBe(false);
  });

  it('says what it cannot do in languages and files that it cannot read', async () => {
    const workspace = await indexed({
      'a.rb': 'def f\n  raise X\nend\n',
      'b.py': 'def f(:\n  pass\ndef g():\n  raise Y\n',
    });
    expect((await workspace.analyze({ target: 'a.rb' })).notes.join()).toContain(
      'Behaviour is not read from ruby',
    );
    expect((await workspace.analyze({ target: 'b.py' })).notes.join()).toContain('b.py has syntax errors');
  });

  it.each([
    [
      'Python',
      'app/store.py',
      'import os\nclass Store:\n    def load(self, key):\n        try:\n            self.text = open(key).read()\n        except OSError:\n            raise KeyError(key)\n        return os.getenv("HOME")\ndef main():\n    Store().load("a")\n',
      [
        '`main` calls `Store.load`. app/store.py:10',
        '`Store.load` works with files by `open`. app/store.py:5',
        '`Store.load` catches `OSError` and throws at the end of the handler. app/store.py:6-7',
      ],
    ],
    [
      'Go',
      'store.go',
      'package store\nimport "os"\ntype Store struct{ text string }\nfunc (s *Store) Load(key string) error {\n\tdata, err := os.ReadFile(key)\n\tif err != nil {\n\t\treturn err\n\t}\n\ts.text = string(data)\n\treturn nil\n}\nfunc run() { s := &Store{}; s.Load("a") }\n',
      [
        '`run` calls `Store.Load`. store.go:12',
        '`Store.Load` works with files by `os.ReadFile`. store.go:5',
        '`Store.Load`: where `err` is not nil, it returns. store.go:6-8',
        '`Store.Load` writes the field `s.text`. store.go:9',
      ],
    ],
    [
      'Java',
      'src/Store.java',
      'import java.nio.file.Files;\nclass Store {\n  private String text;\n  void Load(java.nio.file.Path key) {\n    try {\n      text = Files.readString(key);\n    } catch (java.io.IOException error) {\n      throw new IllegalStateException(error);\n    }\n  }\n  void run() { Load(null); }\n}\n',
      [
        '`Store.run` calls `Store.Load`. src/Store.java:11',
        '`Store.Load` works with files by `Files.readString`. src/Store.java:6',
        '`Store.Load` writes the field `text`. src/Store.java:6',
      ],
    ],
    [
      'Rust',
      'src/store.rs',
      'use std::fs;\npub struct Store { text: String }\nimpl Store {\n    pub fn Load(&mut self, key: &str) -> Result<(), std::io::Error> {\n        self.text = fs::read_to_string(key)?;\n        Ok(())\n    }\n}\npub fn run(store: &mut Store) { store.Load("a").unwrap(); }\n',
      [
        '`run` calls `Store.Load`. src/store.rs:9',
        '`Store.Load` works with files by `fs::read_to_string`. src/store.rs:5',
        '`Store.Load` gives on the error of `fs::read_to_string`. src/store.rs:5',
      ],
    ],
  ])('reads %s', async (_language, path, text, expected) => {
    const workspace = await indexed({ [path]: text });
    const answer = await workspace.analyze({ target: 'Store.load' });
    const all = answer.sections.flatMap(({ name }) => claims(answer, name));
    for (const claim of expected) expect(all).toContain(claim);
    expect(await proven(workspace, answer)).toBeGreaterThan(5);
  });
});
