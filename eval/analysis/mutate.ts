/**
 * Attack on the evidence of `analyze`: files are changed while a report is being made, after it was analyzed and before it is checked, and
 * every claim that leaves is compared with the disk by code of its own.
 *
 *   node --conditions=source eval/analysis/mutate.ts --root DIR [--claims 10000] [--seed 1] [--out FILE]
 *
 * The repository is copied first. A false pass is a claim that leaves although a file it cites has other bytes than its evidence says, or
 * lines beyond its end, or lines that are not those of the analyzed file. Prints one object.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { AnalysisAnswer } from '@conexus/engine';
import { openEngine } from '@conexus/engine';
import {
  checkClaims,
  type ReadCurrent,
} from '../../packages/engine/src/analysis/implementation/check-claims.ts';

const { values } = parseArgs({
  options: {
    root: { type: 'string' },
    claims: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
if (values.root === undefined) throw new Error('--root DIR is missing');

const wanted = Number(values.claims);
let state = Number(values.seed) >>> 0;
/** xorshift32, seeded. */
function next(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}
const below = (count: number) => Math.floor(next() * count);

/** One change of a text: a line more, less, moved or altered, an edit of a character, an emptied file, other ends of lines. */
function mutated(text: string): string {
  const lines = text.split('\n');
  const at = below(lines.length);
  switch (below(8)) {
    case 0:
      lines.splice(at, 0, '# one more line');
      break;
    case 1:
      lines.splice(at, 1);
      break;
    case 2:
      lines[at] = `${lines[at]} `;
      break;
    case 3:
      lines.splice(below(lines.length), 0, ...lines.splice(at, 1 + below(5)));
      break;
    case 4: {
      const place = below(text.length + 1);
      return `${text.slice(0, place)}x${text.slice(place + 1)}`;
    }
    case 5:
      return '';
    case 6:
      return text.replaceAll('\n', '\r\n');
    default:
      return text.slice(0, below(text.length));
  }
  return lines.join('\n');
}

const work = mkdtempSync(join(tmpdir(), 'conexus-mutate-'));
const root = join(work, 'root');
cpSync(resolve(values.root), root, { recursive: true });
const engine = await openEngine({ home: join(work, 'home'), embedder: 'none', workers: 1 });

/** Bytes of a file at the time of its evidence, by hash: what the analysis may have seen. */
const versions = new Map<string, string>();
const hashOf = (text: Buffer) => createHash('sha256').update(text).digest('hex').slice(0, 32);

function remember(path: string): Buffer | undefined {
  try {
    const bytes = readFileSync(join(root, path));
    versions.set(`${path}\0${hashOf(bytes)}`, bytes.toString('utf8'));
    return bytes;
  } catch {
    return undefined;
  }
}

/** Of one report: many reports are to be attacked. */
const claimsEach = 500;

let gated = 0;
let gateFalsePasses = 0;
let falsePasses = 0;
let reports = 0;
let races = 0;
let survived = 0;

/**
 * The gate alone: claims of a finished report, and one of the files they cite changed. Every claim that cites it must go; a change that
 * gives the same bytes is none.
 */
function attackGate(answer: AnalysisAnswer): void {
  const claims = answer.sections.flatMap(({ claims: list }) => list);
  for (let n = 0; n < claimsEach && gated < wanted; n++) {
    const claim = claims[below(claims.length)];
    if (claim === undefined) return;
    const victim = claim.evidence[below(claim.evidence.length)]?.path as string;
    const before = readFileSync(join(root, victim));
    const after = mutated(before.toString('utf8'));
    if (after === before.toString('utf8')) continue;
    gated += 1;
    writeFileSync(join(root, victim), after);
    gateFalsePasses += checkClaims([claim], currentFile).kept.length;
    writeFileSync(join(root, victim), before);
  }
}

const currentFile: ReadCurrent = (path) => {
  const bytes = readFileSync(join(root, path));
  return { hash: hashOf(bytes), lines: bytes.toString('utf8').split(/\r\n|\n|\r/) };
};

/** Compares with the disk as it is when the answer has arrived: nothing is changed between. */
function check(answer: AnalysisAnswer): void {
  for (const { claims: list } of answer.sections)
    for (const { evidence } of list) {
      survived += 1;
      const holds =
        evidence.length > 0 &&
        evidence.every(({ path, start, end, hash }) => {
          const bytes = remember(path);
          if (bytes === undefined || hashOf(bytes) !== hash) return false;
          const count = bytes.toString('utf8').split(/\r\n|\n|\r/).length;
          return start >= 1 && start <= end && end <= count;
        });
      if (!holds) falsePasses += 1;
    }
}

try {
  const workspace = await engine.openWorkspace(root);
  await workspace.index();
  const { graph } = await workspace.codeGraph();
  const files = (await workspace.files({ limit: 100_000 })).filter(
    ({ path }) => graph.inFile(path).length > 1,
  );
  let dropped = 0;
  while (gated < wanted) {
    const { path } = files[below(files.length)]!;
    const original = remember(path);
    if (original === undefined) throw new Error(`${path} is gone`);
    const answer = await workspace.analyze({ target: path });
    attackGate(answer);
    const cited = new Set([path]);
    for (const { claims: list } of answer.sections)
      for (const one of list) for (const { path: other } of one.evidence) cited.add(other);
    // Changed while the next report on it is under way: anywhere between the first read and the last check.
    const victim = [...cited][below(cited.size)] as string;
    const before = remember(victim);
    let isAnswered = false;
    const making = workspace.analyze({ target: path }).finally(() => {
      isAnswered = true;
    });
    const changing = (async () => {
      for (let turns = below(6); turns > 0; turns--) await new Promise((done) => setImmediate(done));
      // After the answer a change proves nothing.
      if (before === undefined || isAnswered) return;
      writeFileSync(join(root, victim), mutated(before.toString('utf8')));
      races += 1;
    })();
    const [made] = await Promise.allSettled([making, changing]);
    reports += 1;
    if (made.status === 'fulfilled') {
      check(made.value);
      dropped += made.value.gates.reduce((sum, gate) => sum + gate.dropped, 0);
    }
    if (before !== undefined) writeFileSync(join(root, victim), before);
  }
  const result = {
    repository: basename(resolve(values.root)),
    seed: Number(values.seed),
    gate: { claims: gated, falsePasses: gateFalsePasses },
    changedWhileAnswering: { reports, changes: races, claims: survived, dropped, falsePasses },
  };
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (values.out !== undefined) writeFileSync(values.out, text);
  process.stdout.write(text);
} finally {
  await engine.close();
  rmSync(work, { recursive: true, force: true });
}
