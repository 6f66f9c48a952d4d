/**
 * The repositories of a shared server: one engine, one workspace a root, and for each asker a view of those that he may
 * read. The view is all that an operation gets, so that no operation can reach another one. Knows no protocol.
 */
import type { Engine, IndexStatus } from '@conexus/engine';
import { hideSecrets } from '@conexus/engine';
import { LIMITS } from '@conexus/sdk/contract';
import type { Settings } from '../config/settings.ts';
import { type DefectLog, invalidArgument, UserError } from '../errors.ts';
import { fewAtOnce } from '../operations/few-at-once.ts';
import type { NamedProvider, RepositoryChooser, WorkspaceProvider } from '../operations/operation.ts';
import { inline } from '../render/text.ts';
import type { AnswerCache } from './answer-cache.ts';
import { cachedProvider } from './cached-provider.ts';
import type { EngineLoader } from './load-engine.ts';
import { type LaneOptions, lanedProvider, openLanes } from './question-lanes.ts';
import { pathRedaction, remoteProvider } from './remote-provider.ts';
import { serverWorkspaces } from './server-workspaces.ts';

export interface RepositoryRoot {
  readonly name: string;
  readonly root: string;
}

export interface Repositories {
  readonly names: readonly string[];
  viewOf(access: Access): WorkspaceProvider;
  /** Of each; undefined: it is not open, or cannot be asked. */
  statuses(): Promise<readonly { readonly name: string; readonly status: IndexStatus | undefined }[]>;
  /** Each was tried and none could be opened. */
  noneOpens(): boolean;
  /** Opens each, one after the other, and starts building what has no index; tries again what cannot be opened. Never fails. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

/** Of one asker, for one call. */
export interface Access {
  mayRead(name: string): boolean;
  /** Told which repositories the call turned out to be about. */
  onChosen?(names: readonly string[]): void;
}

export interface RepositoriesOptions {
  readonly log: DefectLog;
  /** A secret was hidden in an answer. */
  readonly onHidden?: ((rule: string) => void) | undefined;
  /** undefined: answers are not kept. */
  readonly cache?: AnswerCache | undefined;
  /** See those of the lanes: how many threads, how long questions wait, who is told. */
  readonly lanes?: LaneOptions;
}

const RETRY_MS = 10_000;

export function openRepositories(
  settings: Settings,
  roots: readonly RepositoryRoot[],
  loadEngine: EngineLoader,
  { log, onHidden, cache, lanes: laneOptions = {} }: RepositoriesOptions,
): Repositories {
  const shared = shareEngine(loadEngine);
  const own = roots.map(({ name, root }) => ({
    name,
    workspaces: serverWorkspaces({ ...settings, root }, shared.load, (line, defect) =>
      log(`${name}: ${line}`, defect),
    ),
  }));
  const paths = pathRedaction([
    ...roots.map(({ name, root }) => [root, `<${name}>`] as const),
    [settings.home, '<home>'] as const,
  ]);
  const secrets = (text: string) => hideSecrets(text, onHidden);
  const remote = own.map(({ name, workspaces }) => remoteProvider(name, workspaces, { paths, secrets }));
  const lanes = openLanes(laneOptions);
  let isTried = false;
  let isClosed = false;
  let again: NodeJS.Timeout | undefined;
  const isAway = ({ workspaces }: (typeof own)[number]): boolean => workspaces.current() === undefined;
  const warmUp = async (): Promise<void> => {
    const { signal } = new AbortController();
    for (const { name, workspaces } of own) {
      if (workspaces.current() !== undefined) continue;
      await workspaces.ready({ signal }).catch((error: unknown) => {
        if (!isTried)
          log(`${name} cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
    isTried = true;
    // A volume that is not there yet: nobody asks a server that is not ready.
    if (!isClosed && own.some(isAway)) again = setTimeout(() => void warmUp(), RETRY_MS).unref();
  };
  const laned = remote.map((provider) => lanedProvider(provider, lanes));
  // A kept answer waits for nobody.
  const all = cache === undefined ? laned : laned.map((provider) => cachedProvider(provider, cache));
  return {
    names: all.map(({ name }) => name),
    noneOpens: () => isTried && own.every(isAway),
    viewOf: ({ mayRead, onChosen }) =>
      viewOf(
        settings,
        all.filter(({ name }) => mayRead(name)),
        onChosen,
      ),
    statuses: () =>
      fewAtOnce(own, async ({ name, workspaces }) => ({
        name,
        status: await workspaces
          .current()
          ?.status()
          .catch(() => undefined),
      })),
    warmUp,
    async close() {
      isClosed = true;
      clearTimeout(again);
      await Promise.allSettled(own.map(({ workspaces }) => workspaces.close()));
      await shared.close();
    },
  };
}

/** Each root closes the engine it was given; the real one is closed once, at the end. */
function shareEngine(loadEngine: EngineLoader): { readonly load: EngineLoader; close(): Promise<void> } {
  let engine: Promise<Engine> | undefined;
  return {
    async load(settings) {
      engine ??= loadEngine(settings).catch((error: unknown) => {
        engine = undefined;
        throw error;
      });
      const { openWorkspace } = await engine;
      return { openWorkspace, close: async () => undefined };
    },
    async close() {
      const opened = await engine?.catch(() => undefined);
      await opened?.close();
    },
  };
}

function viewOf(
  settings: Settings,
  allowed: readonly NamedProvider[],
  onChosen: Access['onChosen'],
): WorkspaceProvider {
  const find = (name: string) => allowed.find((one) => one.name === name) ?? notFound(name);
  const choose: RepositoryChooser['choose'] = (name) => {
    const chosen = name === undefined ? only(allowed) : find(name);
    onChosen?.([chosen.name]);
    return chosen;
  };
  const several: RepositoryChooser['several'] = (names) => {
    const chosen = names === undefined ? allowed : [...new Set(names)].map(find);
    if (chosen.length === 0) return [only(allowed)];
    if (chosen.length > LIMITS.repositories) throw tooMany(chosen.length);
    onChosen?.(chosen.map(({ name }) => name));
    return chosen;
  };
  return {
    settings,
    repositories: { all: () => allowed, several, choose },
    ready: async (ctx) => choose(undefined).ready(ctx),
    open: async () => choose(undefined).open(),
    forget: () => undefined,
    notes: () => [],
  };
}

function only([first, second]: readonly NamedProvider[]): NamedProvider {
  if (first !== undefined && second === undefined) return first;
  throw first === undefined
    ? new UserError(
        'repository_not_found',
        'There is no repository here that you may read',
        'Ask whoever runs this server for access.',
      )
    : invalidArgument(
        'There are several repositories, and "repo" names none',
        'Give "repo": a name that the operation repositories lists.',
      );
}

function tooMany(count: number): Error {
  return invalidArgument(
    `These are ${count} repositories, and one call asks at most ${LIMITS.repositories}`,
    'Give "repos": the names of those that matter, as the operation repositories lists them.',
  );
}

/** The same for one that does not exist and one that may not be read: a name must not be found by trying. */
function notFound(name: string): never {
  throw new UserError(
    'repository_not_found',
    `There is no repository "${inline(name, 64)}" that you may read`,
    'The operation repositories lists those that exist for you.',
  );
}
