/** Threads that end, hang or cannot open a root: what was asked of them fails at once and says why, and others are hired. */
import { expect, it, onTestFinished } from 'vitest';
import type { QuestionThreads } from '../../ports/question-threads.ts';
import { createQuestionThreads } from './question-threads.ts';

/** A thread that does what the question says. */
const SCRIPT = `
  import { parentPort, threadId } from 'node:worker_threads';
  parentPort.on('message', ({ open, id, question }) => {
    if (open === 'closed') parentPort.postMessage({ gone: open });
    else if (open) parentPort.postMessage({ ready: open });
    else if (question?.request.query === 'end') process.exit(1);
    else if (question?.request.query === 'throw') setImmediate(() => { throw new Error('unexpected'); });
    else if (question?.request.query === 'name') parentPort.postMessage({ id, answer: { threadId }, stages: [{ stage: 'lexical', ms: 1, startedAt: 2 }] });
  });
`;

const staged: unknown[] = [];

function open(
  count: number,
  entry = new URL(`data:text/javascript,${encodeURIComponent(SCRIPT)}`),
  callerHelps = true,
): QuestionThreads {
  const threads = createQuestionThreads(
    entry,
    count,
    { home: '' },
    { staged: (...stage) => void staged.push(stage), callerHelps },
  );
  onTestFinished(() => threads.close());
  return threads;
}

const question = (query: string, root = 'root') => ({
  root,
  kind: 'search' as const,
  request: { query },
  rests: { commits: undefined, model: undefined, missing: 0 },
});

const name = async (threads: QuestionThreads) =>
  ((await threads.ask(question('name'))) as { threadId: number } | undefined)?.threadId;

const untilReady = (threads: QuestionThreads) =>
  expect.poll(() => name(threads), { timeout: 20_000 }).toBeDefined();

it.each(['end', 'throw'])(
  'a thread that ends (%s) fails what it was asked, says so, and is replaced',
  async (how) => {
    const threads = open(1);
    await untilReady(threads);
    const before = await name(threads);
    const waiting = threads.ask(question('wait'));
    const ending = threads.ask(question(how));
    await expect(ending).rejects.toMatchObject({
      code: 'thread_lost',
      advice: expect.stringContaining('Ask'),
    });
    await expect(waiting).rejects.toMatchObject({ code: 'thread_lost' });
    // For a while nobody can be asked, and nobody waits.
    expect(await threads.ask(question('name'))).toBeUndefined();
    await untilReady(threads);
    expect(await name(threads)).not.toBe(before);
  },
  60_000,
);

it('others answer meanwhile', async () => {
  const threads = open(2);
  const names = new Set<number | undefined>();
  await expect
    .poll(async () => {
      for (const each of await Promise.all([name(threads), name(threads)])) names.add(each);
      names.delete(undefined);
      return names.size;
    })
    .toBe(2);
  await expect(threads.ask(question('end'))).rejects.toMatchObject({ code: 'thread_lost' });
  expect(names).toContain(await name(threads));
  expect(staged).toContainEqual(['lexical', 1, 2]);
});

it('a root that no thread can open is answered by the caller, as is everything after the end', async () => {
  const threads = open(1);
  await untilReady(threads);
  for (let i = 0; i < 3; i++) expect(await threads.ask(question('name', 'closed'))).toBeUndefined();
  const waiting = threads.ask(question('wait'));
  const told = expect(waiting).rejects.toMatchObject({ code: 'thread_lost' });
  await threads.close();
  await told;
  expect(await threads.ask(question('name'))).toBeUndefined();
});

it('a root that does not exist ends no thread', async () => {
  const threads = open(1, new URL('../../question-worker.ts', import.meta.url));
  for (let i = 0; i < 20; i++) {
    expect(await threads.ask(question('name', '/nowhere'))).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

it('one that is behind is asked no more than two at a time: the caller answers, and it is asked again when it is free', async () => {
  const threads = open(1);
  await untilReady(threads);
  const controller = new AbortController();
  const waiting = [1, 2].map(() => threads.ask(question('wait'), controller.signal));
  for (let i = 0; i < 3; i++) expect(await name(threads)).toBeUndefined();
  controller.abort();
  for (const each of waiting) await expect(each).rejects.toMatchObject({ code: 'cancelled' });
  expect(await name(threads)).toBeDefined();
});

it('one is asked all there is where the caller has no processor for it', async () => {
  const threads = open(1, undefined, false);
  await untilReady(threads);
  const controller = new AbortController();
  const waiting = [1, 2, 3].map(() => threads.ask(question('wait'), controller.signal));
  expect(await name(threads)).toBeDefined();
  controller.abort();
  for (const each of waiting) await expect(each).rejects.toMatchObject({ code: 'cancelled' });
});

it('who gives up is told at once, with his own reason, whatever the thread does', async () => {
  const threads = open(1);
  await untilReady(threads);
  const controller = new AbortController();
  const waiting = threads.ask(question('wait'), controller.signal);
  const late = Object.assign(new Error('Too late.'), { name: 'ConexusError' });
  controller.abort(late);
  await expect(waiting).rejects.toBe(late);
  expect(await name(threads)).toBeDefined();
});

it('a question that cannot be sent fails alone, and its signal stops nothing later', async () => {
  const threads = open(1);
  await untilReady(threads);
  const asker = new AbortController();
  const bad = { ...question('name'), request: { query: Object as unknown as string } };
  await expect(threads.ask(bad, asker.signal)).rejects.toThrow('could not be cloned');
  asker.abort(new Error('left'));
  await new Promise(setImmediate);
  expect(await name(threads)).toBeDefined();
});
