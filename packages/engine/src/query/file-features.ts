/** What speaks for a file as a whole: its path, mentions, past commits, the asker's context. All by file id. */
import type { FileRecord, IndexView } from '../lexical/index-view.ts';
import { stem, termsOf } from '../lexical/tokenize.ts';
import type { FilePath } from '../model/file.ts';
import type { WorkContext } from '../model/search.ts';
import type { FileScores } from './file-scores.ts';
import { mentionScores } from './mention-scores.ts';
import { pathScores } from './path-scores.ts';
import type { QueryPlan } from './plan-query.ts';
import { createTopK } from './top-k.ts';
import type { RankWeights } from './weights.ts';

export interface FileFeatureIndex {
  readonly view: IndexView;
  /** Votes of past commits that resemble the text, by path, best 1. */
  historyVotes(plan: QueryPlan): ReadonlyMap<FilePath, number>;
}

export interface FileFeatures {
  readonly path: FileScores;
  readonly mention: FileScores;
  readonly trace: FileScores;
  readonly history: FileScores;
  readonly context: FileScores;
}

export function fileFeatures(
  index: FileFeatureIndex,
  plan: QueryPlan,
  weights: RankWeights,
  context: WorkContext | undefined,
): FileFeatures {
  const { view } = index;
  const history = new Map<number, number>();
  if (weights.history > 0) {
    for (const [path, vote] of index.historyVotes(plan)) {
      const file = view.file(path);
      if (file) history.set(file.id, vote);
    }
  }
  const { mention, trace } = mentionScores(view, plan.paths, plan.text);
  return {
    path: pathScores(view, plan.terms, weights.pathPlaces),
    mention,
    trace,
    history,
    context: contextScores(view, context, weights.pathPlaces),
  };
}

/** Slot -> file id; of several files with the same bytes the one with most to say for it, then the first. */
export function fileChooser(
  view: IndexView,
  files: FileFeatures,
  accepts: ((file: FileRecord) => boolean) | undefined,
): (slot: number) => number {
  const chosen = new Map<number, number>();
  const maps = [files.path, files.mention, files.trace, files.history, files.context];
  const merit = (id: number) => maps.reduce((sum, scores) => sum + (scores.get(id) ?? 0), 0);
  const passes = (id: number) => {
    const file = view.fileById(id);
    return file !== undefined && (accepts?.(file) ?? true);
  };
  return (slot) => {
    if (!view.isCopied(slot)) return view.fileOfSlot(slot);
    let best = chosen.get(slot);
    if (best === undefined) {
      const ids = view.filesOfSlot(slot).filter(passes);
      best = ids.reduce((a, b) => (merit(b) > merit(a) ? b : a), ids[0] ?? view.fileOfSlot(slot));
      chosen.set(slot, best);
    }
    return best;
  };
}

/** 1 for the active file, 0.6 for open files, 0.3 for files in its folder, up to 0.5 for paths with the branch's words. */
function contextScores(
  view: IndexView,
  context: WorkContext | undefined,
  places: RankWeights['pathPlaces'],
): Map<number, number> {
  const scores = new Map<number, number>();
  if (!context) return scores;
  const { activeFile, openFiles = [], branch } = context;
  if (branch !== undefined) {
    const terms = branchWords(branch).map((term) => ({ term, weight: 1 }));
    for (const [file, score] of pathScores(view, terms, places)) scores.set(file, Math.min(0.5, score / 2));
  }
  if (activeFile !== undefined) {
    const folder = activeFile.slice(0, activeFile.lastIndexOf('/') + 1);
    if (folder !== '') {
      for (const file of view.files()) if (file.path.startsWith(folder)) scores.set(file.id, 0.3);
    }
  }
  for (const path of openFiles) {
    const file = view.file(path);
    if (file) scores.set(file.id, 0.6);
  }
  const active = activeFile === undefined ? undefined : view.file(activeFile);
  if (active) scores.set(active.id, 1);
  return scores;
}

/** Words of a branch name that say what it is about: `fix/cookie-parsing-123` -> cookie, pars. */
export function branchWords(branch: string): string[] {
  return [...new Set(termsOf(branch.slice(0, 200)).words)].filter(
    (word) => !BRANCH_NOISE.has(word) && !/^\d/.test(word),
  );
}

const BRANCH_NOISE = new Set(
  'main master trunk develop dev head release hotfix fix bug feature feat chore wip issue ticket test user'
    .split(' ')
    .map(stem),
);

/** Files that the text names, or whose path alone fits, are candidates even when no chunk of theirs has a term. */
export function addNamedFiles(
  view: IndexView,
  files: FileFeatures,
  docs: Set<number>,
  allowed: Uint8Array | undefined,
): void {
  const best = createTopK(MAX_NAMED_FILES);
  const isAllowed = (id: number) => allowed === undefined || allowed[view.fileById(id)?.slot ?? -1] === 1;
  for (const scores of [files.mention, files.trace, files.history]) {
    for (const [file, score] of scores) if (isAllowed(file)) best.push(file, 1 + score);
  }
  for (const [file, score] of files.path) if (isAllowed(file)) best.push(file, score);
  for (const { item } of best.take()) {
    const file = view.fileById(item);
    if (!file) continue;
    const segment = view.segmentOfSlot(file.slot);
    const ordinal = file.slot - segment.slotBase;
    const first = segment.firstDoc[ordinal] as number;
    if (first < (segment.firstDoc[ordinal + 1] as number)) docs.add(segment.docBase + first);
  }
}

const MAX_NAMED_FILES = 40;
