/** What a change would reach in one workspace: targets or changed lines -> dependents, tests, public names, what may hide more. */

import { type Impact, impactOf } from '../analysis/impact.ts';
import { proveLines } from '../analysis/line-evidence.ts';
import { publicApi } from '../analysis/public-api.ts';
import { missedNamed } from '../analysis/relations.ts';
import { testsToRun } from '../analysis/tests-to-run.ts';
import { inTurns, type Turns } from '../analysis/turns.ts';
import type { CallOptions } from '../engine.ts';
import type { CodeGraph, GraphSymbol } from '../model/code-graph.ts';
import { counted } from '../model/counted.ts';
import type { FilePath } from '../model/file.ts';
import type { ImpactAnswer, ImpactRequest, PublicName } from '../model/impact.ts';
import { testFiles } from '../model/test-files.ts';
import type { Changes } from '../ports/changes.ts';
import type { Source } from '../ports/source.ts';
import type { LocateIndex } from '../query/run-locate.ts';
import { missingFile, refuseMissingLines } from './asked-place.ts';
import { type Change, changesSince } from './changes.ts';
import { coverageOf } from './graph-coverage.ts';
import { meaningOf } from './named-target.ts';
import { MAX_RELATION_DEPTH, namesLike, type RelationsParts } from './relations.ts';
import { uncoveredTests } from './uncovered-tests.ts';

const DEFAULT_DEPTH = 5;
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1_000;
const MAX_CANDIDATES = 20;
const MAX_FILES = 200;
const MAX_PUBLIC = 100;
const MAX_UNRESOLVED = 50;
const MAX_ROUNDS = 4;

export interface ImpactParts extends RelationsParts {
  readonly source: Source;
  readonly changes: Changes;
}

export async function answerImpact(
  parts: ImpactParts,
  request: ImpactRequest,
  options: CallOptions = {},
): Promise<ImpactAnswer> {
  const started = performance.now();
  const { index } = parts;
  for (let round = 1; ; round++) {
    const { graph: resolved, freshness } = await parts.codeGraph(options);
    const { graph, isCut, change } =
      request.since === undefined
        ? await namedChange(parts, resolved, request, options)
        : {
            graph: resolved,
            isCut: false,
            change: await changesSince(parts, request, resolved, options),
          };
    const depth = Math.min(Math.max(1, Math.trunc(request.depth ?? DEFAULT_DEPTH)), MAX_RELATION_DEPTH);
    const turns = inTurns();
    const wholeFiles = request.since === undefined;
    const impact = await impactOf(graph, change.targets, { depth, wholeFiles }, turns);
    const summary = await summaryOf(parts, graph, change, impact, turns);
    const isShort = impact.goesOn && depth < MAX_RELATION_DEPTH && !impact.isCut;
    const beyond = isShort
      ? await beyondSteps(index, graph, change, { impact, depth, wholeFiles, turns })
      : [];
    // Nothing comes between reading the lines and the answer.
    const page = pageOf(index, graph, change, impact, request);
    if (page.stale.length > 0) {
      index.suspect(page.stale);
      if (round < MAX_ROUNDS) continue;
    }
    const { stale: _, ...shown } = page;
    return {
      state: change.state,
      targets: change.targets,
      candidates: change.candidates.slice(0, MAX_CANDIDATES),
      candidateCount: change.candidates.length,
      ...(change.compared !== undefined && { compared: change.compared }),
      changed: change.changed,
      ...shown,
      ...summary,
      isCut: impact.isCut || isCut,
      coverage: coverageOf(index, graph),
      notes: [...summary.notes, ...beyond],
      freshness,
      ms: performance.now() - started,
    };
  }
}

async function namedChange(
  parts: RelationsParts,
  resolved: CodeGraph,
  { target: name = '', path, all }: ImpactRequest,
  { signal }: CallOptions,
): Promise<{ readonly graph: CodeGraph; readonly isCut: boolean; readonly change: Change }> {
  refuseMissingLines(parts.index, name);
  const asked = { name, path, all };
  const wanted = { lines: true, everyKind: false };
  const { target, graph, notes, isCut } = await meaningOf(parts, resolved, asked, wanted, signal);
  const { state, targets, candidates } = target;
  const missing = state === 'none' ? missingFile(parts.index, name) : undefined;
  if (missing) {
    const said = [`${missing.message} ${missing.advice}`];
    return {
      graph,
      isCut,
      change: { state, targets, candidates: [], changed: [], goneNames: [], notes: said },
    };
  }
  const near = state === 'none' ? await namesLike(parts, resolved, asked) : candidates;
  return { graph, isCut, change: { state, targets, candidates: near, changed: [], goneNames: [], notes } };
}

function pageOf(
  index: LocateIndex,
  graph: CodeGraph,
  { goneNames }: Change,
  impact: Impact,
  { limit = DEFAULT_LIMIT, offset = 0 }: ImpactRequest,
) {
  const from = Math.max(0, Math.trunc(offset));
  const to = from + Math.min(Math.max(1, Math.trunc(limit)), MAX_LIMIT);
  const read = (path: FilePath) => index.read(path);
  const claims = impact.dependents.slice(from, to);
  const sites = [...missedNamed(graph, goneNames), ...impact.unresolved];
  const dependents = proveLines(claims, read);
  const unresolved = proveLines(sites.slice(0, MAX_UNRESOLVED), read);
  return {
    dependents: dependents.proven,
    dependentCount: impact.dependents.length,
    directCount: impact.dependents.filter(({ depth }) => depth === 1).length,
    unresolved: unresolved.proven,
    unresolvedCount: sites.length,
    furtherUnresolvedCount: impact.furtherUnresolvedCount,
    droppedCount: claims.length - dependents.proven.length,
    ...(to < impact.dependents.length && { nextOffset: to }),
    stale: [...dependents.stale, ...unresolved.stale],
  };
}

async function summaryOf(
  { index, reading }: RelationsParts,
  graph: CodeGraph,
  change: Change,
  impact: Impact,
  turns: Turns,
) {
  await turns.pause();
  const files = testFiles(index.view.files());
  const reaching = testsOf(index, graph, change, impact, files);
  const uncovered = await reading.read(() => uncoveredTests(index, graph, change.targets, files.isRun));
  const known = new Set(reaching.map(({ path }) => path));
  const tests = [...reaching, ...uncovered.tests.filter(({ path }) => !known.has(path))];
  await turns.pause();
  const publicNames = await publicNamesOf(index, graph, change, impact, turns);
  return {
    files: impact.files.slice(0, MAX_FILES),
    fileCount: impact.files.length,
    tests: tests.slice(0, MAX_FILES),
    testCount: tests.length,
    publicNames: publicNames.slice(0, MAX_PUBLIC),
    publicCount: publicNames.length,
    notes: [...change.notes, ...uncovered.notes],
    ...(impact.exactShare !== undefined && { exactShare: impact.exactShare }),
  };
}

function testsOf(
  index: LocateIndex,
  graph: CodeGraph,
  change: Change,
  impact: Impact,
  files = testFiles(index.view.files()),
) {
  const changedPaths = new Set([
    ...change.changed.map(({ path }) => path),
    ...change.targets.map(({ path }) => path),
  ]);
  return testsToRun(graph, change.targets, impact.dependents, [...changedPaths], {
    ...files,
    changedTogether: (path) => index.changedTogether(path),
    unresolved: impact.unresolved,
  });
}

interface Steps {
  readonly impact: Impact;
  readonly depth: number;
  readonly wholeFiles: boolean;
  readonly turns: Turns;
}

/** What is further away than was asked for: a number that ends nowhere near looks like all there is. */
async function beyondSteps(
  index: LocateIndex,
  graph: CodeGraph,
  change: Change,
  { impact, depth, wholeFiles, turns }: Steps,
): Promise<readonly string[]> {
  const whole = await impactOf(graph, change.targets, { depth: MAX_RELATION_DEPTH, wholeFiles }, turns);
  const files = testFiles(index.view.files());
  const near = new Set(testsOf(index, graph, change, impact, files).map(({ path }) => path));
  const tests = testsOf(index, graph, change, whole, files).filter(({ path }) => !near.has(path)).length;
  const more = whole.dependents.length - impact.dependents.length;
  return [
    `stopped at ${counted(depth, 'step')}: ${tests === 0 ? 'no more test files' : counted(tests, 'more test file')} and ${counted(more, 'more dependent')} within ${MAX_RELATION_DEPTH} steps (depth)`,
  ];
}

async function publicNamesOf(
  index: LocateIndex,
  graph: CodeGraph,
  { targets }: Change,
  { dependents }: Impact,
  turns: Turns,
): Promise<readonly PublicName[]> {
  const paths = new Set([...index.view.files()].map(({ path }) => path));
  const api = publicApi(graph, { paths, text: (path) => index.read(path)?.lines.join('\n') });
  const named = new Map<string, PublicName>();
  const add = (symbol: GraphSymbol | undefined, isChanged: boolean) => {
    if (symbol === undefined || named.has(symbol.id)) return;
    const because = api.reason(symbol);
    if (because !== undefined) named.set(symbol.id, { symbol: symbol.id, because, isChanged });
  };
  for (const target of targets)
    for (const symbol of target.kind === 'module' ? graph.inFile(target.path) : [target]) add(symbol, true);
  for (const { symbol } of dependents) {
    if (turns.isOver()) await turns.pause();
    add(graph.symbol(symbol), false);
  }
  return [...named.values()];
}
