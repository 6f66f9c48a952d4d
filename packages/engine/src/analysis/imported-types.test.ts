/** Types of other files are references in each of their forms, however an import brings them. */
import { expect, test } from 'vitest';
import { resolveGraph } from '../graph/resolving/resolve.ts';
import { languageOf } from '../syntax/registry.ts';
import { readFacts } from './call-graph.ts';

test('Rust: a type that `use` brings from another file is a reference in each of its forms', async () => {
  const text = `use crate::kinds::{Mode, Other};
struct Options { mode: Mode }
fn run(mode: Option<Mode>) -> bool {
  match mode { Some(Mode::Fast) => true, _ => Mode::default() == Mode::Slow }
}
`;
  const sources = {
    'src/run.rs': text,
    'src/kinds.rs': 'pub enum Mode { Fast, Slow }\npub struct Other;\n',
    'src/lib.rs': 'mod run;\nmod kinds;\n',
  };
  const files = await Promise.all(
    Object.entries(sources).map(async ([path, source]) => {
      const { facts } = await readFacts(path, new TextEncoder().encode(source), languageOf(path), 2 ** 20);
      if (facts === undefined) throw new Error('no facts');
      return { path, facts };
    }),
  );
  const { ids, edges } = resolveGraph(files);
  const lines = new Set<number>();
  edges.to.forEach((to, i) => {
    if (edges.file[i] === 0 && ids[to] === 'src.kinds.Mode') lines.add(edges.line[i] as number);
  });
  expect([...lines].sort()).toEqual([1, 2, 3, 4]);
});
