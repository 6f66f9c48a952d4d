/** Writes hostile lines to `conexus mcp` and asks every few whether it still answers; each line that it writes must be a message. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { FuzzPlan, FuzzResult } from './fuzz-http.ts';
import { hostileMessage } from './hostile-messages.ts';

const ASK_EVERY = 50;
const SHOWN_FAULTS = 20;

export async function fuzzStdio(child: ChildProcessWithoutNullStreams, plan: FuzzPlan): Promise<FuzzResult> {
  const outcomes: Record<string, number> = {};
  const faults: string[] = [];
  let faultCount = 0;
  const fault = (text: string): void => {
    faultCount++;
    if (faults.length < SHOWN_FAULTS) faults.push(text);
  };
  let alive: ((isThere: boolean) => void) | undefined;
  let at = plan.from;
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const kind = kindOf(line);
      outcomes[kind] = (outcomes[kind] ?? 0) + 1;
      if (kind === 'alive') alive?.(true);
      if (kind === 'no message' || kind === 'a defect of ours')
        fault(`before message ${at}: ${kind}: ${line.slice(0, 300)}`);
    }
  });
  const ended = new Promise<boolean>((resolve) => child.once('exit', () => resolve(false)));
  child.stdin.on('error', () => undefined);
  for (; at < plan.from + plan.count; at++) {
    const { body } = hostileMessage(plan.seed, at);
    child.stdin.write(Buffer.concat([body, Buffer.from('\n')]));
    if ((at + 1) % ASK_EVERY !== 0 && at + 1 < plan.from + plan.count) continue;
    const answered = new Promise<boolean>((resolve) => {
      alive = resolve;
    });
    child.stdin.write(PING);
    const isThere = await Promise.race([answered, ended, after(plan.patienceMs)]);
    if (isThere === true) continue;
    fault(`before message ${at + 1}: ${isThere === false ? 'the process ended' : 'no answer in time'}`);
    break;
  }
  return { outcomes, faults, faultCount };
}

const ALIVE = 'are you there';
const PING = `${JSON.stringify({ jsonrpc: '2.0', id: ALIVE, method: 'ping' })}\n`;

function kindOf(line: string): string {
  let value: { jsonrpc?: unknown; id?: unknown; result?: unknown; error?: { code?: number } };
  try {
    value = JSON.parse(line) as typeof value;
  } catch {
    return 'no message';
  }
  if (value.jsonrpc !== '2.0') return 'no message';
  if (value.id === ALIVE) return 'alive';
  if (value.error?.code === -32_603) return 'a defect of ours';
  return value.error === undefined ? 'result' : String(value.error.code);
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
}
