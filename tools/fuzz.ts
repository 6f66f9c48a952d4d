/**
 * Hostile messages against `conexus serve` and `conexus mcp`: nine tenths over HTTP, the rest over standard input and output.
 * Every message is made from the seed and its number, so that a run can be cut into parts (`--from`) and a fault be sent again
 * (`--from N --messages 1`). Fails at a crash, a hang, an answer that is none, or an error of ours ("internal").
 * Usage: npm run fuzz -- [--messages 10000] [--seed 1] [--from 0] [--out FILE]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { FuzzReport } from '../packages/server/src/testing/fuzz/run-fuzz.ts';
import { runFuzzOverHttp, runFuzzOverStdio } from '../packages/server/src/testing/fuzz/run-fuzz.ts';

const PART = 50_000;
const PATIENCE_MS = 60_000;

interface Total {
  seed: number;
  messages: number;
  crashes: number;
  faults: string[];
  faultCount: number;
  seconds: number;
  outcomes: Record<string, Record<string, number>>;
}

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    out: { type: 'string' },
  },
});
const [messages, seed, from] = [values.messages, values.seed, values.from].map(Number) as [
  number,
  number,
  number,
];

const total: Total = { seed, messages: 0, crashes: 0, faults: [], faultCount: 0, seconds: 0, outcomes: {} };
const before = performance.now();

function add(report: FuzzReport, count: number): void {
  total.messages += count;
  total.faultCount += report.faultCount;
  total.faults.push(...report.faults.map((fault) => `${report.door}, ${fault}`));
  if (!report.isAlive) {
    total.crashes++;
    total.faults.push(`${report.door}: after message ${from + total.messages - 1} it answers no more`);
  }
  const outcomes = (total.outcomes[report.door] ??= {});
  for (const [name, times] of Object.entries(report.outcomes)) outcomes[name] = (outcomes[name] ?? 0) + times;
  total.seconds = Math.round((performance.now() - before) / 1_000);
}

for (let at = from; at < from + messages; at += PART) {
  const count = Math.min(PART, from + messages - at);
  const overHttp = Math.ceil(count * 0.9);
  const plan = { seed, patienceMs: PATIENCE_MS };
  add(await runFuzzOverHttp({ ...plan, from: at, count: overHttp }), overHttp);
  if (count > overHttp)
    add(await runFuzzOverStdio({ ...plan, from: at + overHttp, count: count - overHttp }), count - overHttp);
  const { crashes, faultCount, seconds } = total;
  console.log(`${total.messages} messages in ${seconds} s: ${crashes} crashes, ${faultCount} faults`);
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(total, null, 1)}\n`);
}
for (const fault of total.faults) console.log(fault);
console.log(JSON.stringify(total.outcomes));
process.exitCode = total.faultCount + total.crashes === 0 ? 0 : 1;
