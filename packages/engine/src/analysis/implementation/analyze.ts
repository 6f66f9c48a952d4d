/**
 * Runs an analysis: route, locate, read, passes, check. Every step is timed and told; one that fails leaves its part out and the
 * report says so. Knows no store and no query: what it needs is handed in.
 */

import {
  ANALYSIS_SECTIONS,
  type AnalysisGate,
  type AnalysisReport,
  type AnalysisRequest,
  type AnalysisSection,
  type AnalysisSectionName,
  type AnalysisStep,
} from '../../model/analysis.ts';
import type { CodeGraph } from '../../model/code-graph.ts';
import { counted } from '../../model/counted.ts';
import { ConexusError } from '../../model/errors.ts';
import type { FilePath } from '../../model/file.ts';
import { behaviourLanguages } from '../../syntax/behaviour/read-behaviour.ts';
import { inTurns } from '../turns.ts';
import { concurrency, configuration, dataFlow, errorHandling, patterns, state } from './behaviour-passes.ts';
import { callGraph, ownIds } from './call-passes.ts';
import { type CheckedClaims, checkClaims, type ReadCurrent } from './check-claims.ts';
import type { Analysis, AnalyzedFile, Folder, Passes, Statement } from './context.ts';
import { dependencies, sideEffects } from './effect-passes.ts';
import { entryPoints } from './entry-points-pass.ts';
import { folderPasses } from './folder-passes.ts';
import { limitations, openQuestions } from './limit-passes.ts';
import { overview } from './overview-pass.ts';
import { type Routed, route } from './route.ts';
import { type FoundPlace, locate, type Place, subjectsOf } from './subjects.ts';
import { tests } from './tests-pass.ts';

export interface AnalysisParts {
  /** `why`: there is none yet. */
  graph(): Promise<{ readonly graph: CodeGraph } | { readonly graph: undefined; readonly why: string }>;
  isFile(path: FilePath): boolean;
  /** Undefined where no indexed file lies below the path. */
  folderAt(path: FilePath): Folder | undefined;
  /** Places for words, best first, each once. */
  locate(question: string): Promise<readonly FoundPlace[]>;
  /** Undefined: gone, or nothing that can be read. */
  read(path: FilePath): Promise<AnalyzedFile | undefined>;
  /** Reads the disk again. */
  readonly current: ReadCurrent;
  readonly signal: AbortSignal | undefined;
}

export type MadeReport = AnalysisReport & { readonly stale: readonly FilePath[] };

const passes: Passes = {
  overview,
  entry_points: entryPoints,
  call_graph: callGraph,
  data_flow: dataFlow,
  state,
  side_effects: sideEffects,
  error_handling: errorHandling,
  configuration,
  concurrency,
  patterns,
  dependencies,
  tests,
  limitations,
  open_questions: openQuestions,
};

/** Sections that are read from the graph of calls alone, and those that are read from it in part. */
const ofGraph: readonly AnalysisSectionName[] = ['entry_points', 'call_graph', 'tests', 'limitations'];
const partlyOfGraph: readonly AnalysisSectionName[] = ['side_effects', 'dependencies', 'open_questions'];

const maxDepth = 5;
const defaultDepth = 2;
/** Claims of one section; more are counted. */
const maxClaims = 200;

class Steps {
  readonly #turns = inTurns();
  readonly list: AnalysisStep[] = [];
  readonly notes = new Set<string>();

  /** What a step gives; undefined after it failed, which the report says. Errors of the caller pass through. */
  async run<T>(
    name: string,
    work: () => Promise<T> | T,
    outcome: (made: T) => string,
  ): Promise<T | undefined> {
    await this.#turns.pause();
    const started = performance.now();
    const done = (text: string, failed: boolean) =>
      this.list.push({ name, ms: performance.now() - started, outcome: text, failed });
    try {
      const made = await work();
      done(outcome(made), false);
      return made;
    } catch (error) {
      if (error instanceof ConexusError) throw error;
      done('failed', true);
      this.notes.add(`The step "${name}" failed; its part of the report is missing.`);
      return undefined;
    }
  }
}

/** @throws ConexusError invalid_argument, path_not_found, cancelled */
export async function analyze(parts: AnalysisParts, request: AnalysisRequest): Promise<MadeReport> {
  const steps = new Steps();
  const stopIfAborted = () => {
    if (parts.signal?.aborted)
      throw new ConexusError('cancelled', 'The analysis was cancelled.', 'Ask again.');
  };
  const known = await steps.run(
    'graph',
    () => parts.graph(),
    (made) => (made.graph ? counted(made.graph.symbolCount, 'definition') : 'being built'),
  );
  const graph = known?.graph;
  if (known && 'why' in known) sayMissing(steps.notes, known.why, request.include ?? ANALYSIS_SECTIONS);
  stopIfAborted();
  const routed = await steps.run(
    'route',
    () => route(request, graph, parts.isFile, parts.folderAt),
    ({ route: way, symbols, paths, folder }) =>
      `${way}: ${folder?.fileCount ?? symbols.length + paths.length} named`,
  );
  if (routed === undefined) throw new Error('an analysis without a route');
  const places =
    (await steps.run(
      'locate',
      () => locate(parts.locate, routed, graph),
      (found) => `${found.length} found`,
    )) ?? [];
  const files = await readFiles(parts, steps, places);
  stopIfAborted();
  const analysis: Analysis = {
    graph,
    ...subjectsOf(routed, places, files, graph),
    files,
    depth: Math.min(maxDepth, Math.max(1, request.depth ?? defaultDepth)),
    notes: steps.notes,
  };
  const made = new Map<AnalysisSectionName, readonly Statement[]>();
  for (const name of ANALYSIS_SECTIONS) {
    if (request.include && !request.include.includes(name)) continue;
    stopIfAborted();
    const pass = routed.folder === undefined ? passes[name] : folderPasses[name];
    if (pass === undefined) continue;
    const claims = await steps.run(
      name,
      () => pass(analysis),
      (found) => counted(found.length, 'claim'),
    );
    made.set(name, claims ?? []);
  }
  sayLimits(analysis, routed);
  const isBuilding = known !== undefined && graph === undefined;
  const report = await steps.run(
    'check',
    () => checkAll(made, analysis, parts.current, isBuilding),
    ({ gates }) => gates.map(({ name, state: is }) => `${name} ${is}`).join(', '),
  );
  if (report === undefined) throw new Error('a report that was not checked');
  return {
    route: routed.route,
    subjects: analysis.asked?.map(({ subject }) => subject) ?? analysis.subjects,
    candidates: routed.candidates.map(({ id, path, start }) => ({ id, path, start })),
    ...report,
    steps: steps.list,
    notes: [...steps.notes],
  };
}

async function readFiles(
  parts: AnalysisParts,
  steps: Steps,
  places: readonly Place[],
): Promise<ReadonlyMap<FilePath, AnalyzedFile>> {
  const files = new Map<FilePath, AnalyzedFile>();
  await steps.run(
    'read',
    async () => {
      for (const path of new Set(places.map((one) => one.path))) {
        const file = await parts.read(path);
        if (file !== undefined) files.set(path, file);
        else steps.notes.add(`${path} cannot be read: nothing is said of it.`);
      }
    },
    () => counted(files.size, 'file'),
  );
  return files;
}

function sayMissing(notes: Set<string>, why: string, asked: readonly AnalysisSectionName[]): void {
  const named = (sections: readonly AnalysisSectionName[]) =>
    sections.filter((name) => asked.includes(name)).map((name) => name.replaceAll('_', ' '));
  const [whole, part] = [named(ofGraph), named(partlyOfGraph)];
  notes.add(why);
  if (whole.length > 0) notes.add(`Being built, and not in this report: ${whole.join(', ')}.`);
  if (part.length > 0) notes.add(`Without what is known from calls: ${part.join(', ')}.`);
}

/** Limits of the whole report, which no line shows. */
function sayLimits({ subjects, asked, files, graph, notes }: Analysis, routed: Routed): void {
  if (asked !== undefined && asked.length > 0)
    notes.add(
      /\s/.test(routed.question)
        ? 'The report is about the first place, which fits the question best; to go on with another, analyze its name or path:line.'
        : `The target is no ${graph === undefined ? 'file, and calls are not known yet' : 'definition and no file'}: the report is about the place that fits its words best.`,
    );
  if (routed.folder !== undefined) {
    notes.add(
      'Of a folder its files, users, dependencies and tests are told; how it works, of a definition or a file: analyze one of those named.',
    );
    return;
  }
  if (subjects.length === 0) notes.add('Nothing that fits was found.');
  for (const path of new Set(subjects.map((one) => one.path))) {
    const file = files.get(path);
    if (file && !behaviourLanguages.includes(file.language))
      notes.add(`Behaviour is not read from ${file.language}.`);
    else if (file && file.behaviour === undefined)
      notes.add(`${path} could not be parsed: only its place is known.`);
    else if (file?.behaviour && file.behaviour.errorCount > 0)
      notes.add(`${path} has syntax errors: what stands around them is missing.`);
    if (graph && graph.firstIn(path) === undefined) notes.add(`Calls are not followed in ${path}.`);
  }
  if (graph === undefined) return;
  if (graph.isPartial)
    notes.add('The graph of calls reached its bound of work: calls may be missing that are not listed.');
  if (graph.unread.length > 0)
    notes.add(
      `${counted(graph.unread.length, 'file of the repository is', 'files of the repository are')} not in the graph of calls, or not whole, e.g. ${graph.unread[0]?.path}.`,
    );
}

function checkAll(
  made: ReadonlyMap<AnalysisSectionName, readonly Statement[]>,
  analysis: Analysis,
  current: ReadCurrent,
  isBuilding: boolean,
): {
  readonly sections: readonly AnalysisSection[];
  readonly gates: readonly AnalysisGate[];
  readonly stale: readonly FilePath[];
} {
  const sections: AnalysisSection[] = [];
  const checks: CheckedClaims[] = [];
  for (const [name, claims] of made) {
    const check = checkClaims(claims.slice(0, maxClaims), current);
    checks.push(check);
    sections.push({ name, claims: check.kept, omitted: Math.max(0, claims.length - maxClaims) });
  }
  return {
    sections,
    gates: [...claimGates(checks), unresolvedGate(made, analysis, isBuilding)],
    stale: [...new Set(checks.flatMap((check) => check.stale))],
  };
}

function claimGates(checks: readonly CheckedClaims[]): AnalysisGate[] {
  const sum = (of: (check: CheckedClaims) => number) => checks.reduce((total, check) => total + of(check), 0);
  const checked = sum((check) => check.checked);
  const bare = sum((check) => check.withoutEvidence);
  const changed = sum((check) => check.changed);
  const notShown = sum((check) => check.notShown);
  return [
    {
      name: 'evidence',
      state: bare === 0 ? 'passed' : 'repaired',
      checked,
      dropped: bare,
      detail:
        bare === 0
          ? 'every claim has evidence'
          : `${counted(bare, 'claim without evidence was', 'claims without evidence were')} dropped`,
    },
    {
      name: 'citations',
      state: changed + notShown === 0 ? 'passed' : 'repaired',
      checked,
      dropped: changed + notShown,
      detail:
        changed + notShown === 0
          ? 'every cited line was read again and is as analyzed'
          : `dropped: ${counted(changed, 'claim')} whose files changed meanwhile, ${notShown} whose lines do not show what they name`,
    },
  ];
}

/** Sites inside the subjects that lead nowhere known are all told or counted. */
function unresolvedGate(
  made: ReadonlyMap<AnalysisSectionName, readonly Statement[]>,
  analysis: Analysis,
  isBuilding: boolean,
): AnalysisGate {
  const { graph } = analysis;
  const sites =
    graph === undefined
      ? 0
      : [...ownIds(analysis)].reduce((sum, id) => sum + graph.unresolvedIn(id).length, 0);
  const listed = made.has('limitations');
  const unknown = graph === undefined;
  return {
    name: 'unresolved',
    state: unknown ? 'failed' : 'passed',
    checked: sites,
    dropped: 0,
    detail: unknown
      ? `the graph of calls ${isBuilding ? 'is still being built' : 'could not be made'}`
      : `${counted(sites, 'unresolved call')} inside${listed ? ', listed' : '; include limitations to see them'}`,
  };
}
