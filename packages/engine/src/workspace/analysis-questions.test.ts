/** Questions in words, through the public door: which definition leads, what is told of it, and what of the other places. */
import { describe, expect, it } from 'vitest';
import type { AnalysisAnswer } from '../model/analysis.ts';
import { indexed } from '../testing/open-workspace.ts';

const placesOf = ({ subjects }: AnalysisAnswer) =>
  subjects.map(({ path, start, end, name, kind }) => `${path}:${start}-${end} ${kind} ${name}`);

const overviewOf = ({ sections }: AnalysisAnswer) =>
  sections
    .find(({ name }) => name === 'overview')
    ?.claims.map(
      ({ text, evidence }) => `${text} ${evidence.map(({ start, end }) => `${start}-${end}`).join(' ')}`,
    );

const RETRYING = `/** Sends requests to the server. */
export class Sender {
  limit = 3;

  /**
   * A request that failed is tried again until the limit is reached.
   */
  async retryRequest(request: string): Promise<string> {
    for (let attempt = 0; attempt < this.limit; attempt++) {
      const answer = await this.send(request);
      if (answer !== undefined) return answer;
    }
    throw new Error('gave up');
  }

  /** One request, once. */
  async send(request: string): Promise<string | undefined> {
    return request;
  }
}
`;

describe('a question', () => {
  it('is answered by the definition that search has first, also where its comment stands in a class', async () => {
    const workspace = await indexed({
      'src/sender.ts': RETRYING,
      'src/other.ts': 'export const colour = 1;\n',
    });
    const question = 'how is a failed request tried again';
    const answer = await workspace.analyze({ target: question });
    const { hits } = await workspace.search({ query: question, filter: { kinds: ['code'] } });
    expect(hits[0]?.symbol).toBe('Sender.retryRequest');
    expect(answer.route).toBe('question');
    expect(placesOf(answer)[0]).toBe('src/sender.ts:8-14 method Sender.retryRequest');
    expect(new Set(placesOf(answer)).size).toBe(answer.subjects.length);
    expect(overviewOf(answer)?.[0]).toBe(
      '`Sender.retryRequest` is a method of 7 lines in `src/sender.ts`. 8-14',
    );
    expect(overviewOf(answer)?.[1]).toBe(
      'Nearest to the question in `Sender.retryRequest`: `async retryRequest(request: string): Promise<string> {`. 8-8',
    );
    const errors = answer.sections.find(({ name }) => name === 'error_handling');
    expect(errors?.claims.map(({ text }) => text)).toEqual(['`Sender.retryRequest` throws `Error`.']);
  });

  it('reports on the first place alone and names the others once each, with a line', async () => {
    const workspace = await indexed({ 'src/sender.ts': RETRYING });
    const answer = await workspace.analyze({ target: 'how is a request sent or tried again' });
    expect(answer.subjects.length).toBeGreaterThan(1);
    const [lead, ...others] = answer.subjects;
    const told = overviewOf(answer)?.filter((claim) => claim.startsWith('Fits the question, too: ')) ?? [];
    expect(told).toHaveLength(others.length);
    for (const [i, { name, start, end }] of others.entries()) {
      expect(told[i]).toContain(`\`${name}\``);
      expect(told[i]).toContain(`${start}-${end}`);
    }
    for (const { name, claims } of answer.sections)
      if (name === 'data_flow') for (const { text } of claims) expect(text).toContain(lead?.name);
  });

  it('that writes out the name of a setting is led by code that reads it, wherever the words stand', async () => {
    const noise = Array.from(
      { length: 12 },
      (_, i) =>
        `def build_schema_${i}(model):\n    """Builds a schema. Building may be deferred."""\n    return model\n\n`,
    ).join('');
    const workspace = await indexed({
      'config.py': 'class Config:\n    defer_build = False\n    strict = True\n',
      'schema.py': noise,
      'model.py':
        'class Model:\n    def complete(self, config):\n        if config.defer_build:\n            return None\n        return self\n',
    });
    const answer = await workspace.analyze({ target: 'where is it decided whether defer_build applies' });
    expect(placesOf(answer)[0]).toBe('model.py:2-5 method Model.complete');
    expect(overviewOf(answer)?.[1]).toBe(
      'Nearest to the question in `Model.complete`: `if config.defer_build:`. 3-3',
    );
    expect(placesOf(answer)).toContain('config.py:2-2 field Config.defer_build');
  });

  it('that names a setting is led by code that uses it, not by what gives or takes it', async () => {
    const workspace = await indexed({
      'client.py':
        'class Client:\n    def __init__(self, trust_env):\n        self._trust_env = trust_env\n        self.proxies = None\n\n    @property\n    def trust_env(self):\n        return self._trust_env\n\n    def with_trust_env(self, value):\n        return Client(value)\n\n    def proxy_map(self, environment):\n        proxies = {}\n        if self._trust_env:\n            for scheme in ("http", "https"):\n                proxies[scheme] = environment.get(scheme)\n        return proxies\n',
    });
    const answer = await workspace.analyze({
      target: 'where does trust_env lead to proxies of the environment',
    });
    expect(placesOf(answer)[0]).toBe('client.py:13-18 method Client.proxy_map');
    expect(placesOf(answer).slice(1, 3)).toContain('client.py:7-8 method Client.trust_env');
    // A short function is no accessor of its own name.
    const other = await indexed({
      'store.ts':
        'export class Store {\n  publishRow(row: string) {\n    return this.write(row);\n  }\n  write(row: string) { return row; }\n}\n',
      'use.ts':
        "import { Store } from './store.js';\nexport function saveAll(rows: string[]) {\n  const store = new Store();\n  for (const row of rows) store.publishRow(row);\n}\n",
    });
    expect(placesOf(await other.analyze({ target: 'how does publishRow work' }))[0]).toBe(
      'store.ts:2-4 method Store.publishRow',
    );
  });

  it('that writes out an option with hyphens is led by code that has it as a string, not by prose', async () => {
    const workspace = await indexed({
      'pane.c':
        'int keep_dead(struct options *o)\n{\n\treturn get_number(o, "remain-on-exit");\n}\n\n/* Whether the pane applies remain-on-exit is decided end-to-end. */\nint decide_pane_exit(int pane)\n{\n\t/* applies remain-on-exit, end-to-end */\n\treturn pane;\n}\n',
    });
    const answer = await workspace.analyze({
      target: 'where is decided whether remain-on-exit applies to a pane end-to-end',
    });
    expect(placesOf(answer)[0]).toBe('pane.c:1-4 function keep_dead');
  });

  it('that names a function is led by it', async () => {
    const workspace = await indexed({
      'lib/rows.js':
        'export function splitRows(rows, size) {\n  return [rows.slice(0, size), rows.slice(size)];\n}\n',
      'lib/insert.js':
        "import { splitRows } from './rows.js';\n/** Inserts rows in chunks; rows are split by the size of a chunk. */\nexport function insertInChunks(rows, chunkSize) {\n  return splitRows(rows, chunkSize).map((chunk) => chunk.length);\n}\n",
    });
    const answer = await workspace.analyze({
      target: 'how does splitRows make chunks of rows by chunk size',
    });
    expect(placesOf(answer).slice(0, 2)).toEqual([
      'lib/rows.js:1-3 function splitRows',
      'lib/insert.js:3-5 function insertInChunks',
    ]);
  });

  it('leads to the body of what has signatures of overloads', async () => {
    const workspace = await indexed({
      'prompt.py':
        'from typing import overload\n\n@overload\ndef prompt(text: str) -> str: ...\n\n@overload\ndef prompt(text: int) -> int: ...\n\ndef prompt(text, hide_input=False):\n    """Asks for text; hide_input keeps it off the terminal."""\n    reader = hidden if hide_input else visible\n    return reader(text)\n',
    });
    const answer = await workspace.analyze({
      target: 'how does prompt keep text off the terminal with hide_input',
    });
    expect(placesOf(answer)[0]).toBe('prompt.py:9-12 function prompt');
    expect(answer.subjects.filter(({ name }) => name === 'prompt')).toHaveLength(1);
  });

  it('for tests leads to tests', async () => {
    const workspace = await indexed({
      'rows.py': 'def split_rows(rows, size):\n    return [rows[:size], rows[size:]]\n',
      'test_rows.py':
        'from rows import split_rows\n\ndef test_split_rows():\n    assert split_rows([1], 1)\n',
    });
    const answer = await workspace.analyze({ target: 'where are the tests for split_rows' });
    expect(placesOf(answer)[0]).toBe('test_rows.py:3-4 function test_split_rows');
  });

  it('leads to constants, and to code outside all definitions, by their lines', async () => {
    const workspace = await indexed({
      'limits.ts':
        'export const UPLOAD_LIMITS = {\n  megabytes: 20,\n};\nexport function area(w: number) { return w * w; }\n',
      'deploy.sh': 'echo starting\nrsync --archive build/ server:/var/www\n',
    });
    const limits = await workspace.analyze({ target: 'how many megabytes may an upload have' });
    expect(placesOf(limits)[0]).toMatch(/^limits\.ts:1-3 (constant|variable) UPLOAD_LIMITS$/);
    const deploy = await workspace.analyze({ target: 'where is the build copied to the server by rsync' });
    expect(placesOf(deploy)[0]).toBe('deploy.sh:1-2 module deploy.sh');
    expect(overviewOf(deploy)?.[0]).toBe('`deploy.sh` has 2 lines of code outside its definitions here. 1-2');
  });

  it('that nothing fits is said to be that', async () => {
    const workspace = await indexed({ 'a.ts': 'export const a = 1;\n' });
    const answer = await workspace.analyze({ target: 'zzqx wvvk' });
    expect(answer.subjects).toEqual([]);
    expect(answer.notes).toContain('Nothing that fits was found.');
  });
});
