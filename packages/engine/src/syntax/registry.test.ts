import { expect, test } from 'vitest';
import { languageById, languageByName, languageOf, languages } from './registry.ts';

test.each([
  ['src/index.ts', 'typescript'],
  ['src/index.d.mts', 'typescript'],
  ['App.TSX', 'tsx'],
  ['a.jsx', 'javascript'],
  ['a/b.py', 'python'],
  ['types.pyi', 'python'],
  ['main.go', 'go'],
  ['lib.rs', 'rust'],
  ['A.java', 'java'],
  ['server.c', 'c'],
  ['server.h', 'cpp'],
  ['a.b.hpp', 'cpp'],
  ['A.cs', 'c_sharp'],
  ['Rakefile', 'ruby'],
  ['a.gemspec', 'ruby'],
  ['index.php', 'php'],
  ['build.gradle.kts', 'kotlin'],
  ['build.sbt', 'scala'],
  ['A.swift', 'swift'],
  ['.bashrc', 'bash'],
  ['run.sh', 'bash'],
  ['noextension', 'text'],
  ['.hidden', 'text'],
  ['archive.unknown', 'text'],
  ['', 'text'],
])('%s is %s', (path, language) => {
  expect(languageOf(path)).toBe(language);
});

test.each([
  ['#!/bin/sh', 'bash'],
  ['#!/usr/bin/env python3', 'python'],
  ['#! /usr/bin/python2.7 -u', 'python'],
  ['#!/usr/bin/env -S node --no-warnings', 'javascript'],
  ['#!/usr/bin/env LANG=C ruby', 'ruby'],
  ['#!/usr/bin/env', 'text'],
  ['#!', 'text'],
  ['print(1)', 'text'],
])('a file without extension that begins with %s is %s', (firstLine, language) => {
  expect(languageOf('bin/tool', firstLine)).toBe(language);
});

test.each([
  ['src/commands.def', '/* Generated. */', 'c'],
  ['lib/Opcodes.def', '#ifndef OPCODE', 'c'],
  ['lib/Opcodes.def', '//===- opcodes ---===//', 'c'],
  ['win/exports.def', 'LIBRARY tool', 'text'],
  ['win/exports.def', '; exports', 'text'],
  ['src/notes.txt', '/* no piece */', 'text'],
])('%s that begins with %s is %s', (path, firstLine, language) => {
  expect(languageOf(path, firstLine)).toBe(language);
});

test('the name decides before the shebang', () => {
  expect(languageOf('tool.rb', '#!/bin/sh')).toBe('ruby');
});

test('every language is found by id, name and alias', () => {
  for (const language of languages) {
    expect(languageById(language.id)).toBe(language);
    for (const name of [language.id, language.name.toUpperCase(), ...language.aliases]) {
      expect(languageByName(name)?.id, name).toBe(language.id);
    }
  }
});

test('no two languages claim the same extension, file name or shebang', () => {
  const claims = languages.flatMap(({ extensions, filenames = [], shebangs = [] }) => [
    ...new Set([
      ...extensions,
      ...filenames.map((name) => name.toLowerCase()),
      ...shebangs.map((name) => `#!${name}`),
    ]),
  ]);
  expect(claims.filter((claim, index) => claims.indexOf(claim) !== index)).toEqual([]);
});

test('a language has what its reader needs', () => {
  for (const language of languages) {
    expect(language.reader === 'tree', language.id).toBe(language.tree !== undefined);
    expect(language.reader === 'structure', language.id).toBe(language.structure !== undefined);
    for (const extension of language.extensions) expect(extension).toMatch(/^\.[^A-Z]+$/);
  }
});
