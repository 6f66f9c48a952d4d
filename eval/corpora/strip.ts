// Blanking of the doc comments that became queries: lines are emptied, never deleted, so that line numbers stay.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { StripRange } from '../truth.ts';

export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** Empties the lines of `ranges` (1-based, both ends included). A carriage return stays: it is part of the line end. */
export function blankLines(text: string, ranges: readonly LineRange[]): string {
  const lines = text.split('\n');
  for (const { start, end } of ranges) {
    if (start < 1 || end < start || end > lines.length) {
      throw new RangeError(`range ${start}-${end} lies outside a file of ${lines.length} lines`);
    }
    for (let line = start; line <= end; line++) {
      lines[line - 1] = lines[line - 1]?.endsWith('\r') ? '\r' : '';
    }
  }
  return lines.join('\n');
}

export function groupByPath(ranges: readonly StripRange[]): Map<string, StripRange[]> {
  return Map.groupBy(ranges, (range) => range.path);
}

/** Blanks the ranges in a working tree. Files are read as Latin-1: every byte survives, whatever the encoding. */
export function stripTree(treeDir: string, ranges: readonly StripRange[]): void {
  for (const [file, inFile] of groupByPath(ranges)) {
    const absolute = path.join(treeDir, file);
    const text = readFileSync(absolute, 'latin1');
    writeFileSync(absolute, blankLines(text, inFile), 'latin1');
  }
}
