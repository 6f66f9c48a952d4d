import { describe, expect, it } from 'vitest';

import { licenceOfText } from '../eval/corpora/licence.ts';
import { type CorpusEntry, EXCLUDED_FILE, faultsOf, isPermissive, readExcluded, readLock } from './lock.ts';

const good: CorpusEntry = {
  repo: 'o/r',
  commit: 'a'.repeat(40),
  role: 'train',
  language: 'Go',
  licence: 'MIT',
  licenceFile: 'LICENSE',
  licenceSha256: 'b'.repeat(64),
};

describe('the lock', () => {
  it('holds no fault, 70 repositories or more and twelve languages to train on, and tunes on each of them', () => {
    const entries = readLock();
    expect(faultsOf(entries, readExcluded(EXCLUDED_FILE))).toEqual([]);
    const languagesOf = (role: string) =>
      new Set(entries.filter((entry) => entry.role === role).map((entry) => entry.language));
    expect(entries.filter((entry) => entry.role === 'train').length).toBeGreaterThanOrEqual(70);
    expect(languagesOf('train').size).toBeGreaterThanOrEqual(12);
    expect(languagesOf('tune')).toEqual(languagesOf('train'));
  });
});

describe('faultsOf', () => {
  it('names what may not be trained on, whatever the case of its name', () => {
    expect(faultsOf([good], new Set())).toEqual([]);
    expect(faultsOf([{ ...good, repo: 'O/R' }], new Set(['o/r']))).toEqual(['O/R is excluded from training']);
    expect(faultsOf([good, { ...good, repo: 'O/R' }], new Set())).toEqual(['O/R is listed twice']);
    expect(faultsOf([{ ...good, licence: 'GPL-3.0-only' }], new Set())[0]).toMatch(/not permissive/);
    expect(faultsOf([{ ...good, commit: 'main' }], new Set())[0]).toMatch(/not pinned/);
    expect(faultsOf([{ ...good, licenceSha256: '' }], new Set())[0]).toMatch(/checksum/);
  });

  it('takes the permissive one of a choice of licences', () => {
    expect(isPermissive('Apache-2.0 OR GPL-2.0-or-later')).toBe(true);
    expect(isPermissive('GPL-2.0-only')).toBe(false);
    expect(isPermissive('MIT AND GPL-2.0-only')).toBe(false);
  });
});

describe('licenceOfText', () => {
  it('tells apart licences that begin alike', () => {
    expect(
      licenceOfText('Boost Software License - Version 1.0\nPermission is hereby granted, free of charge,'),
    ).toBe('BSL-1.0');
    expect(
      licenceOfText(
        'Permission to use, copy, modify, and distribute this software for any purpose, without fee, and without a written agreement',
      ),
    ).toBe('PostgreSQL');
    expect(
      licenceOfText("This software is provided 'as-is', without any express or implied\nwarranty."),
    ).toBe('Zlib');
  });
});
