import { describe, expect, test } from 'vitest';
import { securityProblems } from './check-security.ts';
import type { Capability } from './security/doors.ts';

const FILE = 'packages/server/src/a.ts';
const problemsOf = (text: string, ...may: Capability[]) =>
  securityProblems(new Map([[FILE, text]]), may.length === 0 ? [] : [{ file: FILE, may, why: 'a test' }]).map(
    (problem) => problem.replace(`${FILE}:`, ''),
  );

describe('what nobody may do', () => {
  test.each([
    ['eval("1")', 'eval()'],
    ['const f = new Function("return 1")', 'new Function()'],
    ['Function("return 1")()', 'Function()'],
    ['setTimeout("go()", 1)', 'setTimeout of text'],
    ["import { exec } from 'node:child_process'", 'exec of child_process'],
    ["import { execSync as run } from 'child_process'", 'execSync of child_process'],
    ["import * as processes from 'node:child_process'", '* of child_process'],
    ["const { exec } = await import('node:child_process')", '* of child_process'],
    ["const { spawn } = require('node:child_process')", '* of child_process'],
    ["export { exec } from 'node:child_process'", '* of child_process'],
    ["import vm from 'node:vm'", '* of vm'],
    ["spawn('x', [], { shell: true })", 'a shell'],
    ["spawn('x', [], { shell: process.platform === 'win32' })", 'a shell'],
    ['request({ rejectUnauthorized: false })', 'certificates that are not verified'],
    ['request({ rejectUnauthorized: isStrict })', 'certificates that are not verified'],
    ["process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'", 'NODE_TLS_REJECT_UNAUTHORIZED'],
    ["createHash('md5')", 'the weak hash md5'],
    ['process.dlopen(module, file)', 'process.dlopen'],
  ])('%s', (text, what) => {
    expect(problemsOf(`\n${text}`, 'process', 'code').filter((problem) => problem.startsWith('2:'))).toEqual([
      `2: ${what}: not in this product`,
    ]);
  });
});

describe('what a door may do', () => {
  test.each<[string, Capability]>([
    ["import { spawn } from 'node:child_process'", 'process'],
    ["import { connect } from 'node:net'", 'network'],
    ["import { request } from 'node:https'", 'network'],
    ["await import('node:tls')", 'network'],
    ['await fetch(url)', 'network'],
    ['await globalThis.fetch(url)', 'network'],
    ['new WebSocket(url)', 'network'],
    ["import { createServer } from 'node:http'", 'listen'],
    ["import { writeFileSync } from 'node:fs'", 'write'],
    ["import fs from 'node:fs'", 'write'],
    ["import * as files from 'fs/promises'", 'write'],
    ["import { rm as remove } from 'node:fs/promises'", 'write'],
    ["import { DatabaseSync } from 'node:sqlite'", 'write'],
    ['await import(name)', 'code'],
    ["import { createRequire } from 'node:module'", 'code'],
    ['new RegExp(text)', 'pattern'],
    ['RegExp(start + text)', 'pattern'],
    ['Math.random()', 'guessable'],
  ])('%s: %s', (text, capability) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(`"${capability}" only where`)]);
    expect(problemsOf(text, capability)).toEqual([]);
  });

  test('a door that nothing goes through is closed', () => {
    expect(problemsOf('export const a = 1;', 'network')).toEqual([
      `tools/security/doors.ts: ${FILE} does not use "network" any more; take it out`,
    ]);
  });
});

test.each([
  "import type { IncomingMessage } from 'node:http'",
  "import { type Stats, readFileSync, existsSync } from 'node:fs'",
  "import { isIP } from 'node:net'",
  'handler.fetch(request)',
  'new RegExp("^a+$")',
  'const evaluate = 1; evaluate.eval',
  "const LANGUAGES = { shell: 'bash' }",
  "const text = 'eval(1); new Function()'",
  '// eval("1")',
  "createHash('sha256')",
])('computation is free: %s', (text) => {
  expect(problemsOf(text)).toEqual([]);
});
