// Texts to the terms that the index would hold of them: the same counter, the same packing.
import { FIELD_COUNT, FIELDS } from '../../packages/engine/src/lexical/fields.ts';
import { createTermCounter } from '../../packages/engine/src/lexical/term-counter.ts';
import { termsOf } from '../../packages/engine/src/lexical/tokenize.ts';
import type { ChunkFields } from '../../packages/engine/src/model/parsed-file.ts';

/** Fields that are left out are empty. */
export type PartialFields = Partial<ChunkFields>;

export interface Bags {
  /** Term -> packed frequencies by field, as postings have them. */
  docOf(fields: PartialFields): Map<string, number>;
  /** All terms of a query, repeats kept. */
  queryOf(text: string): string[];
}

/** Longer queries are no queries any more. */
const MAX_QUERY_TERMS = 200;

export function createBags(): Bags {
  const counter = createTermCounter();
  return {
    docOf(fields) {
      const doc = new Map<string, number>();
      for (let field = 0; field < FIELD_COUNT; field++) {
        const text = fields[FIELDS[field] as keyof ChunkFields];
        if (text !== undefined && text !== '') counter.addField(text, field);
      }
      counter.takeDocument((term, tf) => doc.set(counter.terms[term] as string, tf));
      return doc;
    },
    queryOf(text) {
      const { words, wholes } = termsOf(text);
      return [...words, ...wholes].slice(0, MAX_QUERY_TERMS);
    },
  };
}
