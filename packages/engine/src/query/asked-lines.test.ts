import { describe, expect, it } from 'vitest';
import { indexed, pathsFor } from '../testing/open-workspace.ts';

/** Many functions with the words of a question, none of which names the setting. */
const noise = (words: string, count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `src/noise${i}.ts`,
      `/** ${words} */\nexport function ${words.replace(/\W+/g, '')}${i}(setting: string) {\n  return setting + ${i};\n}\n`,
    ]),
  );

describe('a query that is a quoted text', () => {
  const files = {
    'src/logs.ts': 'export function logsDir() {\n  return env("TS_LOGS_DIR") ?? home();\n}\n',
    'src/other.ts': 'export function otherDir() {\n  return env("TS_LOGS_DIR_OTHER");\n}\n',
    'test/run.ts': 'export function run() {\n  set("TS_LOGS_DIR", tmp());\n  unset("TS_LOGS_DIR");\n}\n',
    ...noise('logs dir of ts', 20),
  };

  it('has no result that lacks it, whole words first, and says how many lines there are', async () => {
    const workspace = await indexed(files);
    const { hits, omitted, notes } = await workspace.search({ query: '"TS_LOGS_DIR"', limit: 200 });
    expect(hits.map(({ path }) => path).sort()).toEqual(['src/logs.ts', 'src/other.ts', 'test/run.ts']);
    expect(hits.at(-1)?.path).toBe('src/other.ts');
    expect(omitted.hits).toBe(0);
    expect(notes).toEqual(['4 lines hold it, in 3 files; no other is a result.']);
  });

  it('that is nowhere gives what its words give, and says so', async () => {
    const workspace = await indexed(files);
    const { hits, notes } = await workspace.search({ query: '"TS_LOGS_FOLDER dir"' });
    expect(hits.length).toBeGreaterThan(0);
    expect(notes).toContain('No indexed line holds this exactly; the hits share its words.');
  });

  it('or of several wants all of them, in one passage before one file', async () => {
    const workspace = await indexed({
      'a.ts': 'export function a() {\n  open("north gate");\n  shut("south gate");\n}\n',
      'b.ts': 'export function b() {\n  open("north gate");\n}\n',
      'c.ts': 'export function c() {\n  shut("south gate");\n}\n',
    });
    expect(await pathsFor(workspace, '"north gate" "south gate"')).toEqual(['a.ts']);
    const { hits, notes } = await workspace.search({ query: '"north gate" "west gate"' });
    expect(hits.length).toBeGreaterThan(0);
    expect(notes).toContain('No indexed line holds “west gate”; the hits share its words.');
  });

  it('of which no file holds all says so', async () => {
    const workspace = await indexed({
      'b.ts': 'export function b() {\n  open("north gate");\n}\n',
      'c.ts': 'export function c() {\n  shut("south gate");\n}\n',
    });
    const { hits, notes } = await workspace.search({ query: '"north gate" "south gate"' });
    expect(hits.map(({ path }) => path).sort()).toEqual(['b.ts', 'c.ts']);
    expect(notes).toContain('No file holds all of these texts; each hit holds one.');
  });
});

describe('the name of a setting', () => {
  const reads = (call: string) =>
    `import { knob } from './knobs.ts';\n\nexport function register() {\n  knob("UNRELATED_ONE");\n  ${call};\n  knob("UNRELATED_TWO");\n}\n`;

  it.each([
    ['TS_DEBUG_DERP', 'where is the TS_DEBUG_DERP setting read and what does it change'],
    ['io.netty.allocator.maxOrder', 'where is the system property io.netty.allocator.maxOrder read'],
    [
      'repl-diskless-sync-delay',
      'where is the repl-diskless-sync-delay setting read and what does it change',
    ],
  ])('%s leads to the string that holds it, within a question and alone', async (name, question) => {
    const workspace = await indexed({
      'src/table.ts': reads(`knob("${name}")`),
      ...noise(question.replaceAll(name, name.replace(/\W|_/g, ' ')), 25),
      'src/max-order.ts':
        'export class Allocator {\n  constructor(maxOrder: number) {\n    this.maxOrder = maxOrder;\n  }\n}\n',
    });
    // Of those that have all the words of the question, in name and comment, ten make a page.
    expect(await pathsFor(workspace, question)).toContain('src/table.ts');
    expect(await pathsFor(workspace, name)).toContain('src/table.ts');
  });

  it('is not taken for one where it is defined: the definition leads', async () => {
    const workspace = await indexed({
      'src/store.ts': 'export class Store {\n  publish(item: string) {\n    this.items.push(item);\n  }\n}\n',
      'src/events.ts': 'export const events = ["publish", "Store.publish", "publish"];\n',
    });
    expect((await pathsFor(workspace, 'publish'))[0]).toBe('src/store.ts');
  });
});
