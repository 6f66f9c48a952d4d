/** A model that is not decoded before its first use: a query for a name needs none. Knows no file: bytes in. */
import { decodeModel, modelId } from './model-format.ts';
import type { StaticModel } from './static-model.ts';

export interface ModelFile {
  /** The id its model has. */
  readonly id: string;
  readonly bytes: Uint8Array;
  /** @throws ModelFormatError */
  model(): StaticModel;
}

/** @throws ModelFormatError when not even the header is one of ours */
export function openModel(bytes: Uint8Array): ModelFile {
  let decoded: StaticModel | undefined;
  return { id: modelId(bytes), bytes, model: () => (decoded ??= decodeModel(bytes)) };
}
