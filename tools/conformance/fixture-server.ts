/**
 * `conexus serve` with the fixtures of the conformance suite in addition, as a process: prints where it is, like the real one.
 * Listens on a loopback address alone. Usage: fixture-server.ts FOLDER (CONEXUS_HOME set)
 */
import { resolveServeSettings } from '../../packages/server/src/config/serve-settings.ts';
import { resolveSettings } from '../../packages/server/src/config/settings.ts';
import { openServer } from '../../packages/server/src/http/open-server.ts';
import { loadEngine } from '../../packages/server/src/workspaces/load-engine.ts';
import { fixtures } from './fixtures.ts';

const [folder = ''] = process.argv.slice(2);
const { env, platform } = process;
const server = await openServer({
  settings: resolveSettings({ env, cwd: folder, platform, root: folder }),
  serve: resolveServeSettings({
    cwd: folder,
    file: undefined,
    port: '0',
    repositories: [`sdk=${folder}`],
    allowedHosts: [],
    allowedOrigins: [],
    root: folder,
  }),
  loadEngine,
  log: console.error,
  extension: fixtures,
});
console.error(`MCP at ${server.url}/mcp`);
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
