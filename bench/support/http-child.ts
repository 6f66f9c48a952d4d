/**
 * A server process to load: `ours` (`conexus serve` as it starts, with limits that a measurement does not meet) or `bare` (the SDK's own
 * handler over the same operations). Also answers how fast the same calls are without any server.
 * Started by `http-load.ts` with arguments: kind, root, home.
 */
import { resolveServeSettings } from '../../packages/server/src/config/serve-settings.ts';
import { resolveSettings } from '../../packages/server/src/config/settings.ts';
import { openServer } from '../../packages/server/src/http/open-server.ts';
import { callTool } from '../../packages/server/src/mcp/tools.ts';
import type { WorkspaceProvider } from '../../packages/server/src/operations/operation.ts';
import { TOOLS } from '../../packages/server/src/operations/registry.ts';
import { loadEngine } from '../../packages/server/src/workspaces/load-engine.ts';
import { serverWorkspaces } from '../../packages/server/src/workspaces/server-workspaces.ts';
import { openBareSdkServer } from './bare-sdk-server.ts';

export interface ToolCall {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

export type HttpChildRequest =
  | { readonly do: 'calls'; readonly calls: readonly ToolCall[]; readonly ms: number }
  | { readonly do: 'usage' };
export type HttpChildReply = { readonly url: string } | { readonly perSecond: number } | Usage;

export interface Usage {
  /** Processor time of the process so far. */
  readonly cpuMs: number;
  readonly mb: number;
}

const [kind = '', root = '', home = ''] = process.argv.slice(2);
const settings = resolveSettings({
  env: { CONEXUS_HOME: home, CONEXUS_EMBEDDER: 'builtin' },
  cwd: root,
  platform: process.platform,
  root,
});
const log = (): void => undefined;
const send = (reply: HttpChildReply): void => void process.send?.(reply);
let workspaces: WorkspaceProvider | undefined;

if (kind === 'ours') {
  const unlimited = {
    in_flight: 10_000,
    principal_in_flight: 10_000,
    principal_rate: 1_000_000,
    principal_burst: 1_000_000,
  };
  const serve = resolveServeSettings({
    cwd: root,
    file: undefined,
    port: '0',
    repositories: [`repo=${root}`],
    allowedHosts: [],
    allowedOrigins: [],
    root,
  });
  const server = await openServer({
    settings,
    serve: { ...serve, cacheBytes: 0, limits: { ...serve.limits, ...unlimited, connections: 10_000 } },
    loadEngine,
    log,
  });
  send({ url: `${server.url}/mcp/repo` });
} else {
  workspaces = serverWorkspaces(settings, loadEngine, log);
  send({ url: (await openBareSdkServer(workspaces)).url });
}

process.on('message', async (request: HttpChildRequest) => {
  if (request.do === 'usage') {
    const { user, system } = process.cpuUsage();
    return send({ cpuMs: (user + system) / 1_000, mb: Math.round(process.memoryUsage().rss / 2 ** 20) });
  }
  workspaces ??= serverWorkspaces(settings, loadEngine, log);
  const surface = { tools: TOOLS, workspaces, log };
  const { signal } = new AbortController();
  const end = performance.now() + request.ms;
  let count = 0;
  const started = performance.now();
  for (; performance.now() < end; count++) {
    const call = request.calls[count % request.calls.length];
    if (call !== undefined)
      JSON.stringify(
        await callTool(surface, call, { signal, meta: undefined, notify: async () => undefined }),
      );
  }
  send({ perSecond: (count / (performance.now() - started)) * 1_000 });
});
process.on('disconnect', () => process.exit(0));
