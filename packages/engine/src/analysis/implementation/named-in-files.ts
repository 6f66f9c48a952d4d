/** Definitions of a name, by what the files themselves say, while no graph can tell. Knows only the files that were found for its words. */
import type { AnalysisSubject } from '../../model/analysis.ts';
import type { BehaviourFacts, FactLines } from '../../model/behaviour.ts';
import type { FilePath } from '../../model/file.ts';
import type { AnalyzedFile } from './context.ts';

const maxHeadLines = 12;
const maxNamed = 3;

/** `Store.load`, `Store::load`, `load()`, `src/store.ts:Store.load`; undefined where no file defines it, as with words in a sentence. */
export function namedInFiles(
  target: string,
  files: ReadonlyMap<FilePath, AnalyzedFile>,
): readonly AnalysisSubject[] | undefined {
  const folder = target.lastIndexOf('/');
  const name = (folder < 0 ? target : target.slice(target.indexOf(':', folder) + 1))
    .replace(/^:/, '')
    .replace(/\(\)$/, '')
    .replaceAll(/::|#/g, '.');
  if (name === '' || /\s/.test(name)) return undefined;
  const found = [...files.values()].flatMap((file) =>
    file.behaviour ? definitionsIn(file, file.behaviour, name) : [],
  );
  return found.length > 0 ? found.slice(0, maxNamed) : undefined;
}

function definitionsIn(file: AnalyzedFile, behaviour: BehaviourFacts, name: string): AnalysisSubject[] {
  const isIt = ({ path }: { readonly path: string }) => path === name || path.endsWith(`.${name}`);
  const classes = behaviour.classes.filter(isIt).map((one) => subject(file, one, 'class', one.start));
  const classPaths = new Set(behaviour.classes.map(({ path }) => path));
  const functions = behaviour.functions.filter(isIt).map((one) => {
    const isMethod = classPaths.has(one.path.slice(0, Math.max(0, one.path.lastIndexOf('.'))));
    return subject(file, one, isMethod ? 'method' : 'function', one.headEnd);
  });
  return [...classes, ...functions];
}

function subject(
  { path, hash, language, lines }: AnalyzedFile,
  { path: name, start, end }: FactLines & { readonly path: string },
  kind: AnalysisSubject['kind'],
  headEnd: number,
): AnalysisSubject {
  const head = lines.slice(start - 1, Math.min(headEnd, start + maxHeadLines - 1, end)).join('\n');
  return { name, kind, path, start, end, hash, language, head };
}
