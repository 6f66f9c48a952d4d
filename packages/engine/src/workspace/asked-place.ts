/** A place that was asked about and is not there: said as such, before anything else is made of its text. */
import { ConexusError } from '../model/errors.ts';
import { namesFile, readPlace } from '../model/place.ts';
import { documentedLine } from '../query/documented-line.ts';
import { filesAlike } from '../query/files-alike.ts';
import type { LocateIndex } from '../query/run-locate.ts';

type Files = Pick<LocateIndex, 'view' | 'read'>;

/** @throws ConexusError invalid_argument for lines that an indexed file does not have */
export function refuseMissingLines({ view, read }: Files, text: string): void {
  const { path, lines } = readPlace(text);
  if (lines === undefined || !view.file(path)) return;
  const count = read(path)?.lines.length ?? 0;
  if (lines.start >= 1 && lines.start <= Math.max(1, count) && lines.end >= lines.start) return;
  throw new ConexusError(
    'invalid_argument',
    `${path} has no line${lines.end === lines.start ? ` ${lines.start}` : `s ${lines.start}-${lines.end}`}: it has ${count}.`,
    'Give lines that the file has.',
  );
}

/** A line of a comment that stands right above a definition is about that. Other text is given back as it is. */
export function documentedPlace({ view, read }: Files, text: string): string {
  const { path, lines } = readPlace(text);
  if (lines === undefined || lines.start !== lines.end || !view.file(path)) return text;
  return `${path}:${documentedLine(read(path)?.lines ?? [], lines.start)}`;
}

/** Of what is no definition: what is to be said where it can only be a file, and none of that path is indexed. */
export function missingFile({ view }: Pick<Files, 'view'>, text: string): MissingFile | undefined {
  const { path, lines } = readPlace(text);
  if (view.file(path) || /\s/.test(path) || !namesFile(path) || !(lines || path.includes('/')))
    return undefined;
  const alike = filesAlike(view, path);
  return {
    message: `There is no indexed file ${path.slice(0, 200)}.`,
    advice:
      alike.length > 0
        ? `Perhaps ${alike.join(', ')}? Paths are relative to the root.`
        : 'Give a path relative to the root, as search shows it; what is ignored or skipped is not indexed.',
  };
}

interface MissingFile {
  readonly message: string;
  readonly advice: string;
}
