/**
 * A server process to load: `conexus serve` as it starts, over several repositories, with or without kept answers and limits. Also answers the
 * same calls without any server, and tells what it used. Started by `servers.ts` with one JSON argument.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { resolveServeSettings } from '../../packages/server/src/config/serve-settings.ts';
import { resolveSettings } from '../../packages/server/src/config/settings.ts';
import { openServer } from '../../packages/server/src/http/open-server.ts';
import { SHARED } from '../../packages/server/src/operations/registry.ts';
import { loadEngine } from '../../packages/server/src/workspaces/load-engine.ts';
import { openRepositories } from '../../packages/server/src/workspaces/repositories.ts';
import { serverWorkspaces } from '../../packages/server/src/workspaces/server-workspaces.ts';
import { openBareSdkServer } from '../support/bare-sdk-server.ts';
import type { ChildOptions, ChildReply, ChildRequest } from './servers.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as ChildOptions;
const { roots, home } = options;
const [first = ''] = Object.values(roots);
const env = { CONEXUS_HOME: home, CONEXUS_EMBEDDER: 'builtin', CONEXUS_ADAPT: '0' };
const settings = resolveSettings({ env, cwd: first, platform: process.platform, root: first });
const log = (): void => undefined;
const send = (reply: ChildReply): void => void process.send?.(reply);
const serve = resolveServeSettings({
  cwd: first,
  file: undefined,
  port: '0',
  repositories: Object.entries(roots).map(([name, root]) => `${name}=${root}`),
  allowedHosts: [],
  allowedOrigins: [],
  root: first,
});
/** What a measurement of speed must not meet. */
const UNLIMITED = {
  in_flight: 10_000,
  principal_in_flight: 10_000,
  principal_rate: 1_000_000,
  principal_burst: 1_000_000,
  connections: 10_000,
  wait_ms: 600_000,
};
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

if (options.inProcess) {
  const repositories = openRepositories(settings, serve.repositories, loadEngine, { log });
  await repositories.warmUp();
  const workspaces = repositories.viewOf({ mayRead: () => true });
  const { signal } = new AbortController();
  process.on('message', async (request: ChildRequest) => {
    if (request.do !== 'calls') return send(usage());
    const started = performance.now();
    const end = started + request.ms;
    let asked = 0;
    let count = 0;
    const caller = async (): Promise<void> => {
      while (performance.now() < end) {
        const call = request.calls[asked++ % request.calls.length];
        const operation = SHARED.find(({ name }) => name === call?.name);
        if (call === undefined || operation === undefined) throw new Error('a call of nothing');
        (await operation.call(workspaces, call.arguments, { signal })).markdown();
        count++;
      }
    };
    await Promise.all(Array.from({ length: request.callers }, caller));
    send({ perSecond: (count / (performance.now() - started)) * 1_000 });
  });
  send({ url: '' });
} else if (options.bare) {
  const bare = await openBareSdkServer(serverWorkspaces(settings, loadEngine, log));
  process.on('message', () => send(usage()));
  send({ url: new URL(bare.url).origin });
} else {
  const limits = options.limited ? serve.limits : { ...serve.limits, ...UNLIMITED };
  const server = await openServer({
    settings,
    serve: {
      ...serve,
      limits,
      cacheBytes: options.cacheBytes ?? serve.cacheBytes,
      queryThreads: options.queryThreads ?? serve.queryThreads,
    },
    loadEngine,
    log,
  });
  process.on('message', () => send(usage()));
  send({ url: server.url });
}
process.on('disconnect', () => process.exit(0));

/** Since it was asked before: delay of the event loop; of the process: memory. */
function usage(): ChildReply {
  // Of the main thread: what else the process does in the background costs no call.
  const { user, system } = process.threadCpuUsage();
  const [p99, max] = [delay.percentile(99), delay.max].map((ns) => Math.max(0, ns / 1e6 - 5));
  delay.reset();
  return {
    cpuMs: (user + system) / 1_000,
    mb: process.memoryUsage().rss / 2 ** 20,
    delayP99Ms: p99 ?? 0,
    delayMaxMs: max ?? 0,
  };
}
