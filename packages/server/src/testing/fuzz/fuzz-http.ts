/** Sends hostile requests to a server over a few connections and finds what did not get one sound answer in time. */
import { connect, type Socket } from 'node:net';
import type { HostileMessage } from './hostile-messages.ts';
import { headOf, hostileMessage } from './hostile-messages.ts';

export interface FuzzPlan {
  readonly seed: number;
  /** Number of the first message: a run can be continued, and one message be sent again. */
  readonly from: number;
  readonly count: number;
  /** Without an answer or an end of the connection for so long is a hang. */
  readonly patienceMs: number;
}

export interface FuzzResult {
  /** Status -> how often; `closed`: the connection ended without an answer. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Each names the message's number and what was wrong; the first twenty. */
  readonly faults: readonly string[];
  readonly faultCount: number;
}

const CONNECTIONS = 16;
const SHOWN_FAULTS = 20;

export async function fuzzHttp(port: number, plan: FuzzPlan): Promise<FuzzResult> {
  const outcomes: Record<string, number> = {};
  const faults: string[] = [];
  let faultCount = 0;
  let next = plan.from;
  const end = plan.from + plan.count;
  const one = async (): Promise<void> => {
    const client = makeClient(port, plan.patienceMs);
    while (next < end) {
      const message = hostileMessage(plan.seed, next++);
      const { outcome, fault } = await client.send(message);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (fault === undefined) continue;
      faultCount++;
      if (faults.length < SHOWN_FAULTS) faults.push(`message ${message.number} (${message.kind}): ${fault}`);
    }
    client.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  return { outcomes, faults, faultCount };
}

interface Sent {
  readonly outcome: string;
  readonly fault?: string;
}

function makeClient(port: number, patienceMs: number) {
  let socket: Socket | undefined;
  return {
    async send(message: HostileMessage): Promise<Sent> {
      socket ??= await open(port);
      const answer = await exchange(socket, message, patienceMs);
      // What a broken request left behind must not be taken for an answer to the next.
      if (message.isCut || answer.ended) {
        socket.destroy();
        socket = undefined;
      }
      return judge(message, answer);
    },
    close: () => void socket?.destroy(),
  };
}

interface Answer {
  readonly text: string;
  readonly ended: boolean;
  readonly late: boolean;
}

function exchange(socket: Socket, message: HostileMessage, patienceMs: number): Promise<Answer> {
  const { method, path, headers, body, raw, isCut } = message;
  return new Promise((resolve) => {
    let text = '';
    const finish = (ended: boolean, late = false): void => {
      clearTimeout(timer);
      socket.removeAllListeners('data').removeAllListeners('close');
      resolve({ text, ended, late });
    };
    const timer = setTimeout(() => finish(true, true), patienceMs);
    socket.on('data', (part: string) => {
      text += part;
      if (isCut ? false : isWhole(text, method)) finish(/\r\nconnection: close/i.test(text));
    });
    socket.on('close', () => finish(true));
    if (socket.destroyed) return finish(true);
    socket.write(
      raw ?? Buffer.concat([Buffer.from(headOf(method, path, headers, body.length), 'latin1'), body]),
    );
    if (isCut) socket.end();
  });
}

/** A listening stream has no end of its own: its first event is the answer. */
function isWhole(text: string, method: string): boolean {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return false;
  const start = text.slice(0, head);
  if (/^HTTP\/1.1 100/.test(start)) return isWhole(text.slice(head + 4), method);
  if (method === 'HEAD' || /^HTTP\/1.1 (202|204|304)/.test(start)) return true;
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(start) ?? [];
  if (length !== undefined) return text.length >= head + 4 + Number(length);
  if (/text\/event-stream/i.test(start) && text.includes('notifications/subscriptions/acknowledged'))
    return true;
  return /\r\ntransfer-encoding: chunked/i.test(start) && text.endsWith('\r\n0\r\n\r\n');
}

/** 503 would be a server that is full; with one asker and no limits there is no reason for it, but a graph that is not there yet. */
const SOUND_STATUS = new Set([200, 202, 400, 403, 404, 405, 406, 408, 411, 413, 415, 417, 429, 431]);

function judge({ isCut }: HostileMessage, { text, ended, late }: Answer): Sent {
  if (late) return { outcome: 'late', fault: 'no answer in time' };
  const [, code] = /^HTTP\/1.1 (\d{3})/.exec(text.replace(/^HTTP\/1.1 100[\s\S]*?\r\n\r\n/, '')) ?? [];
  if (code === undefined)
    return { outcome: 'closed', ...(!isCut && ended && { fault: 'the connection ended without an answer' }) };
  if (isNotReady(code, text)) return { outcome: 'not_ready' };
  if (!SOUND_STATUS.has(Number(code))) return { outcome: code, fault: `status ${code}: ${text.slice(-300)}` };
  if (text.includes('-32603') || text.includes('"code":"internal"') || text.includes('internal error'))
    return { outcome: code, fault: `a defect of ours: ${text.slice(-300)}` };
  return { outcome: code };
}

/** Calls are asked about before they are read: the answer says when to come again. */
function isNotReady(code: string, text: string): boolean {
  return code === '503' && text.includes('"code":"not_ready"') && /\r\nretry-after: \d+\r\n/i.test(text);
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
    socket.setEncoding('latin1');
    socket.once('error', reject);
    socket.on('error', () => socket.destroy());
  });
}
