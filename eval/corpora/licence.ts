// The licence of a corpus, guessed from its licence file, for the lock. It decides nothing; it says what is being read.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** First match wins, so that a file with several licences shows its most restrictive one. */
const MARKS: readonly (readonly [RegExp, string])[] = [
  [/Server Side Public License/i, 'RSALv2 or SSPL-1.0'],
  [/Apache License,?\s+Version 2\.0/i, 'Apache-2.0'],
  [/Mozilla Public License/i, 'MPL-2.0'],
  [/Boost Software License/i, 'BSL-1.0'],
  [/Permission is hereby granted, free of charge/i, 'MIT'],
  [/Neither the name |names? of .{0,60}contributors may (not )?be used/is, 'BSD-3-Clause'],
  [/Redistribution and use in source and binary forms/i, 'BSD-2-Clause'],
  [/without fee, and without a written agreement/i, 'PostgreSQL'],
  [/This software is provided 'as-is', without any express or implied\s+warranty/i, 'Zlib'],
  [/Permission to use, copy, modify, and(\/or)? distribute/i, 'ISC'],
];

export function licenceOfText(text: string): string | undefined {
  return MARKS.find(([mark]) => mark.test(text))?.[1];
}

export function licenceOf(dir: string): string {
  const files = readdirSync(dir)
    .filter((name) => /^(licen[cs]e|copying)/i.test(name))
    .sort();
  const found = new Set<string>();
  for (const name of files) {
    try {
      found.add(licenceOfText(readFileSync(path.join(dir, name), 'utf8')) ?? `unknown (${name})`);
    } catch {
      // A folder of licences: the files beside it say enough.
    }
  }
  return found.size === 0 ? 'unknown' : [...found].sort().join(' OR ');
}
