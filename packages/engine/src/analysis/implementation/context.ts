/** What the passes of an analysis read: the graph, the files of the subjects with their facts, and the subjects themselves. */
import type { AnalysisSectionName, AnalysisSubject, Claim, Evidence } from '../../model/analysis.ts';
import type { BehaviourFact, BehaviourFacts, FactLines } from '../../model/behaviour.ts';
import type { CodeGraph, GraphEdge } from '../../model/code-graph.ts';
import type { ContentHash, FileKind, FilePath, LanguageId } from '../../model/file.ts';

/** A file as it was read for this analysis. */
export interface AnalyzedFile {
  readonly path: FilePath;
  readonly hash: ContentHash;
  readonly language: LanguageId;
  readonly kind: FileKind;
  readonly lines: readonly string[];
  /** undefined: the behaviour of its language, or of this text, cannot be read. */
  readonly behaviour: BehaviourFacts | undefined;
}

export interface FolderFile {
  readonly path: FilePath;
  readonly hash: ContentHash;
  readonly language: LanguageId;
  readonly kind: FileKind;
}

export interface Folder {
  /** Without a slash at its end. */
  readonly path: FilePath;
  /** In order of path. */
  readonly files: readonly FolderFile[];
  /** Of these files only the first are looked at. */
  readonly fileCount: number;
}

/** What must stand in the cited lines for the claim to hold. */
export interface Cited extends Evidence {
  readonly anchor?: string;
}

export interface Statement extends Claim {
  readonly evidence: readonly Cited[];
}

/** Undefined where the graph could not be made: the passes that need it give nothing then. */
export interface Analysis {
  readonly graph: CodeGraph | undefined;
  readonly subjects: readonly AnalysisSubject[];
  /** Of a question: all places that were found for it, best first; the first is the subject. With the lines that say most of what was asked. */
  readonly asked?: readonly AskedPlace[] | undefined;
  /** Of a folder: it. The subjects are its first files, and none is read. */
  readonly folder?: Folder | undefined;
  readonly files: ReadonlyMap<FilePath, AnalyzedFile>;
  readonly depth: number;
  /** Said once for the whole report. */
  readonly notes: Set<string>;
}

export interface AskedPlace {
  readonly subject: AnalysisSubject;
  readonly lines: readonly number[];
}

export type Pass = (analysis: Analysis) => readonly Statement[];
export type Passes = Readonly<Record<AnalysisSectionName, Pass>>;

export const code = (text: string) => `\`${text.replaceAll('`', "'")}\``;

export function cite(
  file: AnalyzedFile,
  { start, end }: FactLines,
  anchor?: string,
  resolution: Evidence['resolution'] = 'exact',
): Cited {
  return {
    path: file.path,
    start,
    end,
    hash: file.hash,
    resolution,
    ...(anchor !== undefined && { anchor }),
  };
}

export function citeEdge({ path, line, hash, resolution }: GraphEdge): Cited {
  return { path, start: line, end: line, hash, resolution };
}

export function citeSubject({ path, start, end, hash }: AnalysisSubject): Cited {
  return { path, start, end, hash, resolution: 'exact' };
}

/** Facts of the subjects, each with the name of the function it belongs to. */
export interface OwnFact<Kind extends BehaviourFact['kind']> {
  readonly file: AnalyzedFile;
  readonly fact: Extract<BehaviourFact, { readonly kind: Kind }>;
  /** e.g. `Store.load`, `a nested function of Store.load`, `the module`. */
  readonly owner: string;
}

export function ownFacts<Kind extends BehaviourFact['kind']>(
  analysis: Analysis,
  kind: Kind,
): OwnFact<Kind>[] {
  const found: OwnFact<Kind>[] = [];
  const seen = new Set<BehaviourFact>();
  for (const subject of analysis.subjects) {
    const file = analysis.files.get(subject.path);
    if (file?.behaviour === undefined) continue;
    for (const fact of file.behaviour.facts) {
      if (fact.kind !== kind || seen.has(fact) || !isInside(subject, fact)) continue;
      if (!belongsTo(subject, file.behaviour, fact)) continue;
      seen.add(fact);
      found.push({
        file,
        fact: fact as Extract<BehaviourFact, { readonly kind: Kind }>,
        owner: ownerName(file.behaviour, fact),
      });
    }
  }
  return found;
}

export const isInside = (outer: FactLines, inner: FactLines) =>
  outer.start <= inner.start && inner.end <= outer.end;

/** A fact on the line where a function begins may be of the code around it. */
function belongsTo(subject: AnalysisSubject, behaviour: BehaviourFacts, fact: BehaviourFact): boolean {
  if (subject.kind === 'file' || subject.kind === 'module') return true;
  const own = behaviour.functions[fact.at];
  return own !== undefined && (own.path === '' ? subject.kind === 'class' : isInside(subject, own));
}

function ownerName(behaviour: BehaviourFacts, fact: BehaviourFact): string {
  const own = behaviour.functions[fact.at];
  if (own === undefined || own.path === '') return outerName(behaviour, fact);
  if (!own.name.startsWith('<')) return code(own.path);
  const named = own.path.replace(/(\.?<anonymous:\d+>)+$/, '');
  return named === '' || named.endsWith('>')
    ? `The function at line ${own.start}`
    : `A nested function of ${code(named)}`;
}

/** Fields and what else stands in a class beside its methods: the innermost class says where. */
function outerName({ classes }: BehaviourFacts, fact: BehaviourFact): string {
  const holder = classes
    .filter((one) => one.path !== '' && !one.path.includes('<') && isInside(one, fact))
    .reduce<(FactLines & { readonly path: string }) | undefined>(
      (best, one) => (best === undefined || isInside(best, one) ? one : best),
      undefined,
    );
  return holder === undefined ? 'The top-level code' : `The body of ${code(holder.path)}`;
}

/** Facts that say the same, together: one claim with several lines. Order of first appearance. */
export function together<Kind extends BehaviourFact['kind']>(
  facts: readonly OwnFact<Kind>[],
  textOf: (own: OwnFact<Kind>) => string,
  anchorOf: (own: OwnFact<Kind>) => string | undefined,
  resolutionOf: (own: OwnFact<Kind>) => Evidence['resolution'] = () => 'exact',
): Statement[] {
  const found = new Map<string, Cited[]>();
  for (const own of facts) {
    const text = textOf(own);
    const cited = cite(own.file, own.fact, anchorOf(own), resolutionOf(own));
    const known = found.get(text);
    if (known === undefined) found.set(text, [cited]);
    else if (
      !known.some(({ path, start, end }) => path === cited.path && start === cited.start && end === cited.end)
    )
      known.push(cited);
  }
  return [...found].map(([text, evidence]) => ({ text, evidence }));
}
