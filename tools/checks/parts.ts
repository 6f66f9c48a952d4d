/**
 * The parts of `npm run check`: one command each, with a line that says how it went.
 * Holds no check of its own: a check is a program that exits non-zero and explains itself.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './files.ts';

export interface Part {
  readonly name: string;
  /** First word: a command of node_modules/.bin. */
  readonly command: readonly string[];
  /** What is true when it passes. */
  readonly says: string;
  /** Runs when nothing else does. */
  readonly alone?: boolean;
  /** Reads counts from what the command left behind. */
  readonly read?: () => Pick<PartResult, 'summary' | 'tests'>;
}

export interface PartResult {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly summary: string;
  /** Everything the command printed. */
  readonly output: string;
  readonly tests?: { readonly passed: number; readonly failed: number };
}

/** A part that takes longer hangs. The longest, the tests, takes five minutes on two idle cores, and three times that on busy ones. */
const timeoutMs = 20 * 60_000;

const testReport = join(root, 'coverage', 'tests.json');
const coverageSummary = join(root, 'coverage', 'coverage-summary.json');
// Scripts that import our packages: the `source` condition leads their exports to src/. Not for scripts that import
// others' packages, of which some have such a condition, too.
const script = (file: string): readonly string[] => ['node', '--conditions=source', file];

export const parts: readonly Part[] = [
  { name: 'types', command: ['tsc', '-p', 'tsconfig.json'], says: 'strict TypeScript' },
  {
    name: 'lint',
    command: ['biome', 'check', '--diagnostic-level=warn', '--max-diagnostics=40', '--error-on-warnings'],
    says: 'lint and format',
  },
  {
    name: 'imports',
    command: [
      'depcruise',
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'err-long',
      'packages',
      'eval',
      'training',
      'bench',
      'tools',
    ],
    says: 'imports keep the direction of the map',
  },
  { name: 'dead', command: ['knip', '--no-config-hints'], says: 'no dead file, export or dependency' },
  { name: 'docs', command: script('tools/check-docs.ts'), says: 'documents say what the code says' },
  {
    name: 'security',
    command: ['node', 'tools/check-security.ts'],
    says: 'processes, network, writes and made code only in their doors',
  },
  {
    name: 'supply',
    command: ['node', 'tools/check-supply.ts'],
    says: 'what ships is licensed, checksummed and named',
  },
  {
    name: 'kernels',
    command: ['node', 'tools/build-kernels.ts', '--check'],
    says: 'compiled kernels are what their sources say',
  },
  {
    name: 'lock',
    command: script('tools/check-lock.ts'),
    says: 'lock file complete; no host, no path of a machine',
  },
  {
    name: 'tests',
    command: [
      'vitest',
      'run',
      '--coverage',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${testReport}`,
    ],
    says: 'tests, coverage floor',
    alone: true,
    read: readTests,
  },
  {
    name: 'protocol',
    command: script('tools/conformance.ts'),
    says: 'official MCP conformance suite, both revisions',
    alone: true,
  },
  { name: 'golden', command: script('eval/golden/run.ts'), says: 'golden ranks unchanged', alone: true },
];

/** Runs one part to its end; never throws. */
export async function runPart(part: Part): Promise<PartResult> {
  const started = performance.now();
  if (part.read !== undefined) rmSync(testReport, { force: true });
  const { code, output } = await run(part.command);
  const ms = performance.now() - started;
  const read = part.read?.();
  const ok = code === 0;
  const summary = ok ? (read?.summary ?? part.says) : `${read?.summary ?? part.says}: exit code ${code}`;
  return {
    name: part.name,
    ok,
    ms,
    summary,
    output: ok ? '' : output.trim(),
    ...(read?.tests ? { tests: read.tests } : {}),
  };
}

function run(command: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const [name = '', ...args] = command;
  const file = name === 'node' ? process.execPath : join(root, 'node_modules', '.bin', name);
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const child = spawn(file, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
    child.on('error', (error) => resolve({ code: 127, output: `${name}: ${error.message}` }));
    child.on('close', (code, signal) => {
      const output = Buffer.concat(pieces).toString('utf8');
      const cut = signal === null ? '' : `\n${name} was ended by ${signal} (limit: ${timeoutMs / 1000} s)`;
      resolve({ code: code ?? 1, output: output + cut });
    });
  });
}

function readTests(): Pick<PartResult, 'summary' | 'tests'> {
  if (!existsSync(testReport)) return { summary: 'vitest left no report', tests: { passed: 0, failed: 0 } };
  const report = JSON.parse(readFileSync(testReport, 'utf8')) as {
    readonly numPassedTests: number;
    readonly numFailedTests: number;
    readonly numPendingTests: number;
    readonly numFailedTestSuites: number;
  };
  // A file that does not load has no tests; it counts as one failure.
  const failed = Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0);
  const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : '';
  return {
    summary: `${report.numPassedTests} tests passed, ${failed} failed${skipped}${coverage()}`,
    tests: { passed: report.numPassedTests, failed },
  };
}

/** Lines covered, by package, from vitest's summary. */
function coverage(): string {
  if (!existsSync(coverageSummary)) return '';
  const files = JSON.parse(readFileSync(coverageSummary, 'utf8')) as Record<
    string,
    { readonly lines: { readonly total: number; readonly covered: number } }
  >;
  const shares = ['engine', 'server'].map((name) => {
    const own = Object.entries(files).filter(([file]) => file.includes(join('packages', name, 'src')));
    const total = own.reduce((sum, [, file]) => sum + file.lines.total, 0);
    const covered = own.reduce((sum, [, file]) => sum + file.lines.covered, 0);
    return `${name} ${total === 0 ? '-' : ((100 * covered) / total).toFixed(1)} %`;
  });
  return `; lines covered: ${shares.join(', ')}`;
}
