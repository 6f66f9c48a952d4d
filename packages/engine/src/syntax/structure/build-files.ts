/** Dockerfiles and Makefiles -> stages, targets and variables, line by line with their continuations. */
import type { SymbolDef } from '../../model/parsed-file.ts';
import type { Draft } from './draft.ts';
import { draft, lastTextLine, maxSymbols, readerLines, takeCommentAbove } from './draft.ts';

const isHashComment = (line: string): boolean => line.startsWith('#');

/** Stages reach to the next FROM; ARG and ENV are variables in them. */
export function dockerfileStages(text: string): SymbolDef[] {
  const lines = readerLines(text);
  const symbols: Draft[] = [];
  let stage = -1;
  let isContinued = false;
  for (const [index, line] of lines.entries()) {
    if (symbols.length >= maxSymbols) break;
    const wasContinued = isContinued;
    isContinued = line.trimEnd().endsWith('\\');
    if (wasContinued) continue;
    const words = line.trim().slice(0, 500).split(/\s+/);
    const instruction = words[0]?.toUpperCase();
    if (instruction === 'FROM') {
      endStage(symbols[stage], lines, index);
      stage = symbols.length;
      symbols.push(commented(draft('target', stageName(words), index + 1), lines));
    } else if ((instruction === 'ARG' || instruction === 'ENV') && words[1] !== undefined) {
      symbols.push(commented(draft('variable', words[1].split('=')[0] ?? '', index + 1, stage), lines));
    }
  }
  endStage(symbols[stage], lines, lines.length);
  return symbols;
}

/** The name after AS, otherwise the image. */
function stageName(words: readonly string[]): string {
  const as = words.findIndex((word) => word.toUpperCase() === 'AS');
  return (
    words[as === -1 ? words.findIndex((word, index) => index > 0 && !word.startsWith('--')) : as + 1] ??
    'FROM'
  );
}

function endStage(stage: Draft | undefined, lines: readonly string[], next: number): void {
  if (stage === undefined) return;
  let end = next;
  while (end > stage.start && /^\s*(?:#.*)?$/.test(lines[end - 1] ?? '')) end -= 1;
  stage.end = lastTextLine(lines, end, stage.start);
}

function commented(symbol: Draft, lines: readonly string[]): Draft {
  takeCommentAbove(symbol, lines, isHashComment);
  return symbol;
}

/** Rules with their recipes, variables, `define` blocks. Also justfiles, whose recipes look alike. */
export function makefileTargets(text: string): SymbolDef[] {
  const lines = readerLines(text);
  const symbols: Draft[] = [];
  let index = 0;
  while (index < lines.length && symbols.length < maxSymbols) {
    const line = lines[index] ?? '';
    const end = logicalEnd(lines, index);
    const symbol = readDefinition(line, index + 1);
    if (symbol === undefined) {
      index = end + 1;
      continue;
    }
    symbol.headEnd = end + 1;
    const last =
      symbol.kind === 'target'
        ? recipeEnd(lines, end)
        : symbol.kind === 'macro'
          ? defineEnd(lines, end)
          : end;
    symbol.end = last + 1;
    symbols.push(commented(symbol, lines));
    index = last + 1;
  }
  return symbols;
}

/** Index of the last line of a line continued by backslashes. */
function logicalEnd(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length - 1 && (lines[at] ?? '').endsWith('\\')) at += 1;
  return at;
}

function readDefinition(line: string, number: number): Draft | undefined {
  if (line === '' || line[0] === '\t' || line[0] === ' ' || line[0] === '#') return undefined;
  const define = /^define\s+([\w.-]+)/.exec(line);
  if (define !== null) return draft('macro', define[1] ?? '', number);
  const assign = /^(?:export\s+|override\s+)*([\w.-]+)\s*(?:::?:?=|\?=|\+=|!=|=)/.exec(line.slice(0, 300));
  if (assign !== null) return draft('variable', assign[1] ?? '', number);
  const colon = line.indexOf(':');
  if (colon <= 0 || line[colon + 1] === '=') return undefined;
  const name = line.slice(0, colon).trim();
  if (
    name === '.PHONY' ||
    name === '.SUFFIXES' ||
    name.includes('=') ||
    /^(?:ifn?eq|ifn?def|include|-include)\b/.test(name)
  )
    return undefined;
  return draft('target', name, number);
}

/** Recipe lines begin with a tab (or blanks, in a justfile); blank lines and comments may stand between them. */
function recipeEnd(lines: readonly string[], from: number): number {
  let last = from;
  for (let at = from + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.startsWith('\t') || line.startsWith('  ')) last = at;
    else if (line.trim() !== '' && !line.startsWith('#')) break;
  }
  return last;
}

function defineEnd(lines: readonly string[], from: number): number {
  for (let at = from + 1; at < lines.length; at += 1) if ((lines[at] ?? '').startsWith('endef')) return at;
  return from;
}
