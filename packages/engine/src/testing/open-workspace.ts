/** Workspaces on temporary trees, with everything real: disk, git, store, threads. Not part of the engine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { git, tempTree, writeTree } from '../adapters/sources/testing/temp-tree.ts';
import type { Engine, EngineOptions, Workspace } from '../engine.ts';
import type { SearchAnswer, SearchRequest } from '../model/search.ts';
import { openEngine } from '../open-engine.ts';

/** A folder for indexes, removed after the test. */
export function tempHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'conexus-home-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/** An engine that is closed after the test, before its folder goes. */
export async function testEngine(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = await openEngine({ home: options.home ?? tempHome(), workers: 1, ...options });
  onTestFinished(() => engine.close());
  return engine;
}

/** A repository with these files in one commit. */
export function repository(files: Readonly<Record<string, string>>, message = 'first'): string {
  const root = tempTree();
  git(root, 'init', '-q');
  commit(root, files, message);
  return root;
}

export function commit(root: string, files: Readonly<Record<string, string>>, message: string): void {
  writeTree(root, files);
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '--allow-empty', '-m', message);
}

/** An indexed workspace on a repository of these files. */
export async function indexed(files: Readonly<Record<string, string>>, engine?: Engine): Promise<Workspace> {
  const workspace = await (engine ?? (await testEngine())).openWorkspace(repository(files));
  await workspace.index();
  return workspace;
}

/** `path:start-end symbol` of each hit, in order. */
export function places({ hits }: Pick<SearchAnswer, 'hits'>): string[] {
  return hits.map(
    ({ path, start, end, symbol }) => `${path}:${start}-${end}${symbol === undefined ? '' : ` ${symbol}`}`,
  );
}

/** Paths of the hits, each once. */
export async function pathsFor(
  workspace: Workspace,
  query: string,
  request: Partial<SearchRequest> = {},
): Promise<string[]> {
  const { hits } = await workspace.search({ query, ...request });
  return [...new Set(hits.map(({ path }) => path))];
}
