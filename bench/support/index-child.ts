/**
 * A process of its own around one workspace, driven by messages: indexes, writes, searches. The scenarios kill it, or run
 * several on one store.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEngine } from '@conexus/engine';

export type ChildRequest =
  | { readonly do: 'index' }
  | { readonly do: 'watch' }
  | { readonly do: 'status' }
  | { readonly do: 'write'; readonly path: string; readonly text: string }
  | { readonly do: 'remove'; readonly path: string }
  | { readonly do: 'search'; readonly query: string }
  | { readonly do: 'close' };

export interface ChildReply {
  readonly error?: string;
  readonly files?: number;
  readonly chunks?: number;
  readonly state?: string;
  readonly storeFile?: string;
  readonly indexed?: number;
  /** Paths of hits whose text has the query. */
  readonly paths?: readonly string[];
  readonly ms?: number;
}

const [root = '', home = ''] = process.argv.slice(2);
const engine = await openEngine({ home });
const workspace = await engine.openWorkspace(root);

async function handle(request: ChildRequest): Promise<ChildReply> {
  switch (request.do) {
    case 'index':
      return { indexed: (await workspace.index()).indexed };
    case 'watch':
      await workspace.watch();
      return {};
    case 'status': {
      const { files, chunks, state, storeFile } = await workspace.status();
      return { files, chunks, state, storeFile };
    }
    case 'write':
      writeFileSync(join(root, request.path), request.text);
      return {};
    case 'remove':
      rmSync(join(root, request.path), { force: true });
      return {};
    case 'search': {
      const started = performance.now();
      const { hits } = await workspace.search({ query: request.query, limit: 5 });
      const paths = hits.filter(({ text }) => text?.includes(request.query)).map(({ path }) => path);
      return { paths, ms: performance.now() - started };
    }
    case 'close':
      await engine.close();
      return {};
  }
}

process.on('message', (request: ChildRequest) => {
  handle(request)
    .catch(
      (error: unknown): ChildReply => ({
        error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      }),
    )
    .then((reply) => {
      process.send?.(reply);
      if (request.do === 'close') process.disconnect();
    });
});
process.send?.({ state: 'open' } satisfies ChildReply);
