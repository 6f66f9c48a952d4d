import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { keywordsOf } from './baselines/ripgrep-count.ts';
import { splitTerms } from './baselines/terms.ts';
import { parseVariant, withoutMachinePaths } from './run-suite.ts';
import { fillCommand, planJobs, queryLine, runJob, splitCommand, toRepositoryPath } from './suite/invoke.ts';
import { writeReport } from './suite/report.ts';
import type { Row } from './truth.ts';

const row: Row = {
  id: 'r1',
  repo: 'o/r',
  commit: '0123456789abcdef',
  source: 'docstring',
  lang: 'C',
  query: 'open the socket',
  relevant: [{ path: 'src/net.c', start: 1, end: 2 }],
  name: 'open_socket',
};

describe('queries', () => {
  it('pass on the text and nothing that holds the answer', () => {
    expect(JSON.parse(queryLine(row))).toEqual({ id: 'r1', query: 'open the socket' });
    const { query: _query, ...rest } = row;
    const task: Row = { ...rest, task: 'fix it', gold: ['a.c'], functions: ['a.c:f'], fix: 'abc' };
    expect(JSON.parse(queryLine(task))).toEqual({ id: 'r1', task: 'fix it' });
  });

  it('are grouped by what is indexed', () => {
    const jobs = planJobs([row, { ...row, id: 'r2', root: 'src/' }, { ...row, id: 'r3' }]);
    expect(jobs.map(({ target, rows }) => [target.root, rows.length])).toEqual([
      ['', 2],
      ['src', 1],
    ]);
  });
});

describe('paths', () => {
  const exists = (files: string[]) => (file: string) => files.includes(file);

  it('below a root get it in front', () => {
    expect(toRepositoryPath('./a\\b.py', '', exists([]))).toBe('a/b.py');
    expect(toRepositoryPath('fields.py', 'pydantic', exists(['pydantic/fields.py']))).toBe(
      'pydantic/fields.py',
    );
  });

  it('that are relative to the repository already stay, unless the root holds such a path too', () => {
    expect(toRepositoryPath('pydantic/fields.py', 'pydantic', exists(['pydantic/fields.py']))).toBe(
      'pydantic/fields.py',
    );
    const twice = exists(['pydantic/pydantic/v1.py']);
    expect(toRepositoryPath('pydantic/v1.py', 'pydantic', twice)).toBe('pydantic/pydantic/v1.py');
  });
});

describe('commands', () => {
  const values = { root: '/a b', in: 'q', out: 'o', limit: '20' };

  it('get their values as options, or where the template says', () => {
    expect(fillCommand('node x.js batch', values).slice(0, 5)).toEqual([
      'node',
      'x.js',
      'batch',
      '--root',
      '/a b',
    ]);
    expect(fillCommand("sh -c 'echo {out}' {root}", values)).toEqual(['sh', '-c', 'echo o', '/a b']);
    expect(splitCommand(`a "b c" 'd "e"'`)).toEqual(['a', 'b c', 'd "e"']);
  });

  it('vary by environment or by command', () => {
    expect(parseVariant('no vectors:CONEXUS_X=a=b Y="1 2"', 'run')).toEqual({
      label: 'no vectors',
      command: 'run',
      env: { CONEXUS_X: 'a=b', Y: '1 2' },
    });
    expect(parseVariant('base:', 'run')).toEqual({ label: 'base', command: 'run', env: {} });
    expect(parseVariant('other=node a.ts --b c:d=e', 'run')).toMatchObject({
      command: 'node a.ts --b c:d=e',
    });
    expect(() => parseVariant('nothing', 'run')).toThrow(/LABEL=COMMAND/);
    expect(withoutMachinePaths('/opt/bin/tool --a b/c')).toBe('tool --a b/c');
  });
});

describe('baseline terms', () => {
  it('are the parts of identifiers', () => {
    expect(splitTerms('parseHTTPResponse_v2 isOpen')).toEqual(['parse', 'http', 'response', 'open']);
    expect(keywordsOf('How does parse_args read an INI file?')).toEqual([
      'parse_args',
      'read',
      'ini',
      'file',
    ]);
  });
});

describe('a suite run', () => {
  let dir: string;
  const script = (name: string): string => path.join(import.meta.dirname, 'baselines', `${name}.ts`);

  beforeAll(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'conexus-suite-'));
    const src = path.join(dir, 'corpora', 'o+r@0123456789ab', 'src');
    mkdirSync(src, { recursive: true });
    writeFileSync(path.join(src, 'net.c'), 'int open_socket(void);\nvoid closeSocket();\n');
    writeFileSync(path.join(src, 'disk.c'), 'int openDisk(void);\n');
  });

  afterAll(() => rmSync(dir, { recursive: true }));

  it('runs the baselines, maps paths, and reports what failed', async () => {
    const rows: Row[] = [
      { ...row, root: 'src/' },
      { ...row, id: 'r2', commit: 'ffffffffffffffff' },
    ];
    const places = {
      corpora: path.join(dir, 'corpora'),
      work: path.join(dir, 'work'),
      checkout: dir,
      limit: 20,
    };
    for (const name of ['bm25-lines', 'ripgrep-count']) {
      const system = { label: name, command: `node ${script(name)}`, env: {} };
      const [good, missing] = await Promise.all(planJobs(rows).map((job) => runJob(system, job, places)));
      expect(good?.results.get('r1')?.[0]).toEqual({ path: 'src/net.c', start: 1, end: 3 });
      expect(missing?.error).toMatch(/prepare-corpora/);
    }
  });

  it('writes tables, the JSON and the run', () => {
    const run = new Map([['r1', [{ path: 'src/net.c', start: 1, end: 3 }]]]);
    const jobs = [{ target: 't', queries: 1, seconds: 1, error: 'ended with 1', results: run }];
    const provenance = { date: 'd', cpu: 'c', cores: 1, memoryGiB: 1, node: 'v', commit: 'abc', dirty: true };
    const results = path.join(dir, 'results');
    const text = writeReport(results, {
      label: 'test',
      rows: [row],
      selection: { only: [], half: 'all' },
      limit: 20,
      systems: [{ label: 'ours', command: 'x', env: { A: '1' }, jobs, run }],
      baselines: [{ label: 'nothing', run: new Map() }],
      provenance,
    });
    expect(text).toContain('FAILED t: ended with 1');
    expect(text).toContain('| docstring | nDCG@10 | 1 | +1.000 |');
    const summary = JSON.parse(readFileSync(path.join(results, 'summary.json'), 'utf8'));
    expect(summary.systems[0]).toMatchObject({
      label: 'ours',
      env: { A: '1' },
      bySource: [{ group: 'docstring', n: 1 }],
    });
    expect(readFileSync(path.join(results, 'run.jsonl.gz')).length).toBeGreaterThan(0);
  });
});
