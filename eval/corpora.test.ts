import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parsePool, poolPath, removeDocstring } from './corpora/cosqa-pool.ts';
import { checkOut, findMirror, git, hasCommit, trackedFiles } from './corpora/git-tree.ts';
import { licenceOfText } from './corpora/licence.ts';
import { corpusName, targetOf } from './corpora/names.ts';
import { blankLines, stripTree } from './corpora/strip.ts';
import { wantedCorpora } from './prepare-corpora.ts';
import type { Row } from './truth.ts';

describe('blankLines', () => {
  it('empties lines and keeps their number and their ends', () => {
    expect(blankLines('a\nb\nc\nd\n', [{ start: 2, end: 3 }])).toBe('a\n\n\nd\n');
    expect(
      blankLines('a\r\nb\r\nc', [
        { start: 1, end: 2 },
        { start: 3, end: 3 },
      ]),
    ).toBe('\r\n\r\n');
  });

  it('refuses a range outside the file: the wrong commit would go unnoticed', () => {
    expect(() => blankLines('a\nb', [{ start: 2, end: 3 }])).toThrow(/2-3 .* 2 lines/);
    expect(() => blankLines('a\nb', [{ start: 0, end: 1 }])).toThrow(RangeError);
  });
});

describe('removeDocstring', () => {
  it('removes it with its lines', () => {
    expect(removeDocstring('def f(a):\n    """One.\n\n    Two."""\n    return a')).toBe(
      'def f(a):\n    return a',
    );
    expect(removeDocstring("def f(a):\n    r'one'\n    return a")).toBe('def f(a):\n    return a');
    expect(removeDocstring('@d("""x""")\ndef f(a="):", *, b={1: 2}):  # "no\n    """One."""\n    pass')).toBe(
      '@d("""x""")\ndef f(a="):", *, b={1: 2}):  # "no\n    pass',
    );
  });

  it('leaves other strings alone', () => {
    for (const code of [
      'def f():\n    x = """no"""\n    return x',
      'def f():\n    return 1\n    """no"""',
      'def f():\n    "a %s" % 1\n    return 1',
      'not python at all "x"',
    ]) {
      expect(removeDocstring(code)).toBe(code);
    }
  });

  it('survives a text that is cut off', () => {
    expect(removeDocstring('def f(a):\n    """never closed')).toBe('def f(a):\n');
    expect(removeDocstring('def f(a, ')).toBe('def f(a, ');
  });
});

describe('names', () => {
  it('numbers the pool in folders of a hundred', () => {
    expect(poolPath(7)).toBe('pool/000/f7.py');
    expect(poolPath(6266)).toBe('pool/062/f6266.py');
    expect(parsePool('{"def f(): pass": 3}')).toEqual(new Map([[3, 'def f(): pass']]));
  });

  it('keeps one folder per repository and commit, and roots apart', () => {
    const row: Row = {
      id: 'a',
      repo: 'o/r',
      commit: '0123456789abcdef',
      source: 's',
      lang: 'C',
      root: 'src/',
    };
    expect(corpusName('o/r', '0123456789abcdef')).toBe('o+r@0123456789ab');
    expect(targetOf(row)).toEqual({ corpus: 'o+r@0123456789ab', root: 'src' });
    const wanted = wantedCorpora([row, { ...row, id: 'b' }, { ...row, id: 'c', root: 'lib/' }]);
    expect(wanted.map(({ root, queries }) => [root, queries])).toEqual([
      ['lib/', 1],
      ['src/', 2],
    ]);
  });

  it('knows the common licences by their text', () => {
    expect(licenceOfText('Permission is hereby granted, free of charge, to any person')).toBe('MIT');
    expect(licenceOfText('Apache License\n   Version 2.0, January 2004')).toBe('Apache-2.0');
    expect(licenceOfText('all rights reserved')).toBeUndefined();
  });
});

describe('checkOut', () => {
  let dir: string;
  let mirror: string;
  const commits: string[] = [];

  beforeAll(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'conexus-corpora-'));
    mirror = path.join(dir, 'o', 'r');
    mkdirSync(mirror, { recursive: true });
    git(mirror, ['init', '--quiet', '--template=']);
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid'];
    for (const text of ['/* doc */\nint f;\n', 'later\n']) {
      writeFileSync(path.join(mirror, 'f.c'), text);
      writeFileSync(path.join(mirror, '.gitattributes'), '*.c text eol=crlf\n');
      git(mirror, ['-c', 'core.safecrlf=false', ...identity, 'add', '.']);
      git(mirror, [...identity, 'commit', '--quiet', '-m', text.trim()]);
      commits.push(git(mirror, ['rev-parse', 'HEAD']).trim());
    }
  });

  afterAll(() => rmSync(dir, { recursive: true }));

  it('has the base commit alone in reach, with the ranges blanked', () => {
    const tree = path.join(dir, 'out', 'tree');
    const [first = '', second = ''] = commits;
    expect(findMirror(dir, 'o/r')).toBe(mirror);
    expect(findMirror(dir, 'o/none')).toBeUndefined();
    expect(hasCommit(mirror, second)).toBe(true);
    expect(hasCommit(mirror, second.replaceAll(/./g, '0'))).toBe(false);
    checkOut(mirror, first, tree, (part) =>
      stripTree(part, [{ repo: 'o/r', commit: first, path: 'f.c', start: 1, end: 1 }]),
    );
    expect(git(tree, ['log', '--all', '--format=%H']).trim()).toBe(first);
    expect(git(tree, ['for-each-ref'])).toBe('');
    expect(trackedFiles(tree)).toEqual(['.gitattributes', 'f.c']);
    expect(readFileSync(path.join(tree, 'f.c'), 'latin1')).toBe('\nint f;\n');
    expect(() => execFileSync('git', ['-C', tree, 'fsck'], { stdio: 'pipe' })).not.toThrow();
  });
});
