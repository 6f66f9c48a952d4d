/**
 * A model for feature extraction small enough to write by hand: each word has a vector of its own, and that is all it does.
 * The graph is one Gather, encoded as the protocol buffers of ONNX (onnx.proto3, IR 8). Not part of the engine.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FLOAT = 1;
const INT64 = 7;

/** Words by id; the first three are the model's own. Row `i` of the table is the vector of word `i`. */
export function writeTinyModel(
  folder: string,
  words: readonly string[],
  table: readonly (readonly number[])[],
): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  const write = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), JSON.stringify(content));
  const dims = table[0]?.length ?? 0;
  writeFileSync(join(folder, 'onnx', 'model.onnx'), graphOf(table.flat(), words.length, dims));
  write('config.json', { model_type: 'bert', architectures: ['BertModel'], hidden_size: dims });
  write('tokenizer_config.json', {
    tokenizer_class: 'PreTrainedTokenizerFast',
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    model_max_length: 16,
  });
  write('tokenizer.json', {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(words.map((word, i) => [word, i])),
      unk_token: '[UNK]',
    },
  });
}

function graphOf(values: readonly number[], words: number, dims: number): Buffer {
  const table = message(
    number(1, words),
    number(1, dims),
    number(2, FLOAT),
    text(8, 'table'),
    bytes(9, Buffer.from(Float32Array.from(values).buffer)),
  );
  const gather = message(
    text(1, 'table'),
    text(1, 'input_ids'),
    text(2, 'last_hidden_state'),
    text(3, 'look_up'),
    text(4, 'Gather'),
  );
  const graph = message(
    bytes(1, gather),
    text(2, 'tiny'),
    bytes(5, table),
    bytes(11, port('input_ids', INT64, ['batch', 'tokens'])),
    bytes(11, port('attention_mask', INT64, ['batch', 'tokens'])),
    bytes(12, port('last_hidden_state', FLOAT, ['batch', 'tokens', dims])),
  );
  return message(number(1, 8), bytes(7, graph), bytes(8, message(text(1, ''), number(2, 13))));
}

function port(name: string, type: number, shape: readonly (string | number)[]): Buffer {
  const dimensions = shape.map((size) =>
    bytes(1, message(typeof size === 'number' ? number(1, size) : text(2, size))),
  );
  return message(
    text(1, name),
    bytes(2, bytes(1, message(number(1, type), bytes(2, message(...dimensions))))),
  );
}

const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);
const number = (field: number, value: number): Buffer =>
  Buffer.from([...varint(field << 3), ...varint(value)]);
const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value));
const bytes = (field: number, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(value.length)]), value]);

function varint(value: number): number[] {
  const out: number[] = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) out.push((left % 128) | 128);
  return [...out, left];
}
