/** `conexus://file/{+path}{?lines}` to and from path and line range. No exploded template: those are matched by a slow expression. */

export const FILE_PREFIX = 'conexus://file/';
export const FILE_TEMPLATE = 'conexus://file/{+path}{?lines}';
export const STATUS_URI = 'conexus://status';
export const MAP_URI = 'conexus://map';

export interface FileReference {
  readonly path: string;
  readonly start?: number;
  readonly end?: number;
}

const URI_CHARS = 4_096;

export function fileUri(path: string, start?: number, end?: number): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `${FILE_PREFIX}${encoded}${start === undefined ? '' : `?lines=${start}-${end ?? ''}`}`;
}

/** undefined: not the address of a file, or its encoding or range is broken. Also takes `#L10-L40`, as people copy it. */
export function parseFileUri(uri: string): FileReference | undefined {
  if (!uri.startsWith(FILE_PREFIX) || uri.length > URI_CHARS) return undefined;
  const rest = uri.slice(FILE_PREFIX.length);
  const match = /^([^?#]+)(?:\?lines=([^&#]*))?(?:#(.*))?$/.exec(rest);
  if (match === null) return undefined;
  const path = decode(match[1] ?? '');
  const range = match[2] ?? match[3];
  if (path === undefined || path.includes('\0')) return undefined;
  if (range === undefined) return { path };
  const lines = /^L?(\d{1,9})(?:(-)L?(\d{1,9})?)?$/.exec(range);
  if (lines === null) return undefined;
  const start = Number(lines[1]);
  const end = lines[3] !== undefined ? Number(lines[3]) : lines[2] === undefined ? start : undefined;
  if (start < 1 || (end !== undefined && end < start)) return undefined;
  return { path, start, ...(end !== undefined && { end }) };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
