import { expect, test } from 'vitest';
import { readBuiltinModel } from '../adapters/models/builtin-model.ts';
import { runScript } from '../adapters/processes/script-process.ts';
import { openModel } from '../embedding/model-file.ts';
import { createSegmentBuilder } from '../lexical/segment-builder.ts';
import {
  type Adaptation,
  adaptToRepository,
  encodeOwnPairs,
  learn,
  runLearning,
} from './adapt-to-repository.ts';

const LEARNING = new URL('../learning-process.ts', import.meta.url);
const base = openModel(readBuiltinModel());
type LearnElsewhere = (task: readonly Uint8Array[]) => Promise<Uint8Array>;
const inProcess: LearnElsewhere = (task) => runScript(LEARNING, task);

const adapt = (adaptation: Adaptation, elsewhere: LearnElsewhere, signal = new AbortController().signal) =>
  adaptToRepository(
    adaptation,
    base,
    { pairs: async (own) => encodeOwnPairs(own), learn, elsewhere },
    signal,
  );

function repository(files: number): Adaptation {
  const builder = createSegmentBuilder();
  for (let i = 0; i < files; i++) {
    const fields = {
      name: `purgeLarder${i}`,
      scope: '',
      signature: '',
      doc: `evicts stale jars of shelf ${i % 7}`,
      body: `shelf jar delete age limit loop${i % 5}`,
    };
    builder.addBlob([
      { start: 1, end: 1, symbol: -1, kind: undefined, fields, definitions: [], ownDefinition: true },
    ]);
  }
  const paths = Array.from({ length: files }, (_, i) => `src/larder${i}.ts`);
  return { code: [{ documents: files, pages: builder.finish().pages, paths }], commits: undefined };
}

test('a process and this thread learn the same; a process that cannot is not missed', async () => {
  const away: Uint8Array[] = [];
  const learned = await adapt(repository(200), async (task) => {
    const bytes = await inProcess(task);
    away.push(bytes);
    return bytes;
  });
  expect(learned).toEqual(away[0]);
  expect(openModel(learned as Uint8Array).id).not.toBe(base.id);
  const failing: LearnElsewhere[] = [
    async () => Promise.reject(new Error('EPERM')),
    async (task) => (await inProcess(task)).subarray(0, 9_000),
  ];
  for (const elsewhere of failing)
    expect(Buffer.from((await adapt(repository(200), elsewhere)) ?? []).equals(learned as Uint8Array)).toBe(
      true,
    );
}, 60_000);

test('too little teaches nothing, in a process as here', async () => {
  expect(await adapt(repository(3), inProcess)).toBeUndefined();
  expect(await adapt(repository(0), () => Promise.reject(new Error('no')))).toBeUndefined();
});

test('what is no task is an error', async () => {
  await expect(inProcess([new Uint8Array(3)])).rejects.toThrow('ended with 1');
  await expect(runLearning(new Uint8Array(64))).rejects.toThrow();
});

test('who gives up gets the reason, and nothing is learned here instead', async () => {
  const signal = AbortSignal.abort(new Error('closing'));
  await expect(adapt(repository(200), (task) => runScript(LEARNING, task, signal), signal)).rejects.toThrow(
    'closing',
  );
});
