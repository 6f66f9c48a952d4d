/**
 * Installs the packed packages into an empty folder and uses them as a stranger would: command, MCP, library.
 * Usage: npm run test:package. Slow and needs the registry, so apart from `npm run check`.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { build } from './build.ts';
import { root } from './checks/files.ts';
import { npm, packAll, sizeTable } from './packed.ts';

async function main(): Promise<void> {
  build();
  const scratch = mkdtempSync(join(tmpdir(), 'conexus-installed-'));
  try {
    const packages = packAll(scratch);
    console.log(sizeTable(packages));
    const app = join(scratch, 'app');
    mkdirSync(app);
    writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true, "type": "module" }\n');
    const started = performance.now();
    npm(
      ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages.map((each) => each.tarball)],
      app,
    );
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(
      `installed in ${seconds} s: ${Math.round(folderBytes(join(app, 'node_modules')) / 2 ** 20)} MiB with all dependencies`,
    );
    useCommand(app, scratch);
    await useMcp(app, scratch);
    useLibrary(app, scratch);
    console.log('the installed packages work');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function useCommand(app: string, scratch: string): void {
  const repository = join(scratch, 'repository');
  cpSync(join(root, 'eval/golden/fixtures/slate'), repository, { recursive: true });
  const before = listing(repository);
  const env = { ...process.env, CONEXUS_HOME: join(scratch, 'home'), NO_COLOR: '1' };
  const conexus = (...args: string[]): string => {
    return execFileSync(process.execPath, [installedCommand(app), ...args], {
      cwd: app,
      env,
      encoding: 'utf8',
    });
  };
  expect('--version', conexus('--version'), /^(conexus )?\d+\.\d+\.\d+/);
  expect('index', conexus('index', repository), /./);
  const answer = JSON.parse(
    conexus('search', 'append a record to the log', '--root', repository, '--json'),
  ) as {
    readonly results: readonly { readonly path: string }[];
  };
  expect('search --json', answer.results[0]?.path ?? 'no result', /^src\/wal\.rs$/);
  expect('repository untouched', listing(repository) === before ? 'same' : 'changed', /^same$/);
}

function installedCommand(app: string): string {
  return join(app, 'node_modules', '.bin', 'conexus');
}

async function useMcp(app: string, scratch: string): Promise<void> {
  const args = [installedCommand(app), 'mcp', '--root', join(scratch, 'repository')];
  const env = { PATH: process.env['PATH'] ?? '', CONEXUS_HOME: join(scratch, 'home') };
  const client = new Client({ name: 'package-test', version: '1.0.0' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd: app, env }));
  const { tools } = await client.listTools();
  expect('mcp: tools', tools.map((tool) => tool.name).join(' '), /\bsearch_codebase\b/);
  const answer = await client.callTool({ name: 'search_codebase', arguments: { query: 'Bloom filter' } });
  expect('mcp: search_codebase', JSON.stringify(answer.content), /src\/bloom\.rs/);
  await client.close();
}

function useLibrary(app: string, scratch: string): void {
  const script = [
    "import { openEngine } from '@conexus/engine';",
    "import { SearchInput } from '@conexus/sdk/contract';",
    `const engine = await openEngine({ home: ${JSON.stringify(join(scratch, 'library-home'))} });`,
    `const workspace = await engine.openWorkspace(${JSON.stringify(join(scratch, 'repository'))});`,
    'await workspace.index();',
    "const { hits } = await workspace.search({ query: SearchInput.parse({ query: 'BloomFilter' }).query });",
    'console.log(hits[0].path);',
    'await engine.close();',
  ];
  writeFileSync(join(app, 'use.js'), script.join('\n'));
  const printed = execFileSync(process.execPath, ['--no-warnings', 'use.js'], { cwd: app, encoding: 'utf8' });
  expect('library', printed.trim(), /^src\/bloom\.rs$/);
}

function expect(what: string, got: string, wanted: RegExp): void {
  if (!wanted.test(got))
    throw new Error(`${what}: got ${JSON.stringify(got.slice(0, 500))}, wanted ${wanted}`);
  console.log(`ok  ${what}`);
}

function listing(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort().join('\n');
}

function folderBytes(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return entries.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

await main();
