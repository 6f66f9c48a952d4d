/**
 * Runs the official MCP conformance suite (a development dependency with a fixed version, so nothing is fetched), twice:
 * - all that revisions 2025-11-25 and 2026-07-28 require, against our HTTP server with the suite's fixtures added to it;
 * - the scenarios that need no fixtures, against `conexus serve` as users start it.
 * Fails when fewer checks pass or more fail than stated here: the suite itself ends well while a server is down.
 * Usage: npm run check:conformance
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './checks/files.ts';
import { startServer } from './conformance/start-server.ts';
import { type Counts, type Revision, runRequirements, runScenario } from './conformance/suite.ts';

interface Expected extends Counts {
  /** Why checks fail, where they do. */
  readonly because?: string;
}

/** Server-to-client requests of 2025-11-25 need a session, which we have none of (ADR 0013); 2026-07-28 removed them. */
const NEEDS_SESSION: Expected = { passed: 1, failed: 1, because: 'asks the client: needs a session' };

/** What a revision requires; `passed` is the least over all its scenarios, those named in `fails` included. */
const REQUIREMENTS: Readonly<
  Record<Revision, { readonly passed: number; readonly fails: Readonly<Record<string, Expected>> }>
> = {
  '2025-11-25': {
    passed: 55,
    fails: {
      'tools-call-sampling': NEEDS_SESSION,
      'tools-call-elicitation': NEEDS_SESSION,
      'elicitation-sep1034-defaults': NEEDS_SESSION,
      'elicitation-sep1330-enums': NEEDS_SESSION,
    },
  },
  '2026-07-28': { passed: 118, fails: {} },
};

interface PlainScenario extends Expected {
  readonly scenario: string;
  readonly version: Revision;
}

const PLAIN: readonly PlainScenario[] = [
  { scenario: 'server-initialize', version: '2025-11-25', passed: 2, failed: 0 },
  { scenario: 'ping', version: '2025-11-25', passed: 2, failed: 0 },
  { scenario: 'tools-list', version: '2025-11-25', passed: 3, failed: 0 },
  { scenario: 'resources-list', version: '2025-11-25', passed: 2, failed: 0 },
  { scenario: 'prompts-list', version: '2025-11-25', passed: 2, failed: 0 },
  { scenario: 'dns-rebinding-protection', version: '2025-11-25', passed: 2, failed: 0 },
  {
    scenario: 'server-stateless',
    version: '2026-07-28',
    passed: 24,
    failed: 4,
    because: 'not testable without fixtures',
  },
  { scenario: 'tools-list', version: '2026-07-28', passed: 4, failed: 0 },
  { scenario: 'caching', version: '2026-07-28', passed: 8, failed: 0 },
  { scenario: 'sep-2164-resource-not-found', version: '2026-07-28', passed: 4, failed: 0 },
  { scenario: 'http-header-validation', version: '2026-07-28', passed: 14, failed: 0 },
  { scenario: 'dns-rebinding-protection', version: '2026-07-28', passed: 2, failed: 0 },
];

/** Each returns how many of its lines are worse than expected. */
async function checkRequirements(url: string, work: string): Promise<number> {
  let worse = 0;
  for (const [revision, { passed, fails }] of Object.entries(REQUIREMENTS) as [
    Revision,
    (typeof REQUIREMENTS)[Revision],
  ][]) {
    const results = await runRequirements(url, revision, work);
    const sum = Object.values(results).reduce((total, counts) => total + counts.passed, 0);
    if (
      !says(
        sum >= passed,
        `${revision} required: ${sum} checks passed in ${Object.keys(results).length} scenarios, at least ${passed}`,
      )
    )
      worse++;
    for (const [scenario, counts] of Object.entries(results)) {
      const expected = fails[scenario];
      if (counts.failed > 0 || expected !== undefined)
        if (
          !judge(`${revision} required ${scenario}`, counts, expected ?? { passed: counts.passed, failed: 0 })
        )
          worse++;
    }
  }
  return worse;
}

async function checkPlain(url: string, work: string): Promise<number> {
  let worse = 0;
  for (const expected of PLAIN) {
    const { scenario, version } = expected;
    if (!judge(`${version} ${scenario}`, await runScenario(url, scenario, version, work), expected)) worse++;
  }
  return worse;
}

function judge(what: string, { passed, failed }: Counts, expected: Expected): boolean {
  const holds = passed >= expected.passed && failed <= expected.failed;
  const why = failed > 0 && holds ? ` (${expected.because})` : '';
  return says(holds, `${what}: ${passed} passed, ${failed} failed${why}`);
}

function says(holds: boolean, line: string): boolean {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${line}`);
  return holds;
}

async function main(): Promise<number> {
  const work = mkdtempSync(join(tmpdir(), 'conexus-conformance-'));
  const folder = join(root, 'packages/sdk');
  const launcher = join(root, 'packages/server/bin/conexus.js');
  const fixtureServer = ['--conditions=source', join(root, 'tools/conformance/fixture-server.ts'), folder];
  const plainServer = [launcher, 'serve', '--port', '0', '--repo', `sdk=${folder}`];
  try {
    let worse = 0;
    for (const [args, check] of [
      [fixtureServer, checkRequirements],
      [plainServer, checkPlain],
    ] as const) {
      const server = await startServer(args, work);
      try {
        worse += await check(server.url, work);
      } finally {
        await server.stop();
      }
    }
    return worse === 0 ? 0 : 1;
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

if (import.meta.main) process.exitCode = await main();
