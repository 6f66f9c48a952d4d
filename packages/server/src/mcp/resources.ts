/**
 * Resources: index status, repository map, indexed files with line ranges; paged list, template and completion.
 * Every file goes through the workspace, which lets nothing outside the root or the index pass.
 */
import type { Workspace } from '@conexus/engine';
import type {
  CompleteResult,
  ListResourcesResult,
  ListResourceTemplatesResult,
  ReadResourceResult,
} from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from '@modelcontextprotocol/server';
import { asSafeError, errorLine } from '../errors.ts';
import type { CallContext, WorkspaceProvider } from '../operations/operation.ts';
import { statusOutput } from '../operations/outputs.ts';
import { inline } from '../render/text.ts';
import { repositoryMap } from './repository-map.ts';
import { FILE_TEMPLATE, fileUri, MAP_URI, parseFileUri, STATUS_URI } from './resource-uri.ts';

const PAGE_FILES = 200;
const COMPLETIONS = 100;
/** A file of more lines is read in parts; the last content says how to go on. */
const MAX_LINES = 2_000;

const FIXED = [
  {
    uri: MAP_URI,
    name: 'Repository map',
    description: 'Folders, languages and main definitions, in about 2,000 tokens.',
    mimeType: 'text/markdown',
  },
  {
    uri: STATUS_URI,
    name: 'Index status',
    description: 'What is indexed, what was skipped and why, how fresh it is.',
    mimeType: 'application/json',
  },
];

export async function listResources(
  workspaces: WorkspaceProvider,
  ctx: CallContext,
  cursor: string | undefined,
): Promise<ListResourcesResult> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  // Addresses name no repository: where there are several, `/mcp/<name>` has the resources of one.
  if (workspaces.repositories !== undefined && workspaces.repositories.all().length !== 1)
    return { resources: [] };
  const workspace = await workspaces.ready(ctx);
  const files = await workspace.files({ limit: PAGE_FILES + 1, ...(after !== undefined && { after }) });
  const page = files.slice(0, PAGE_FILES);
  const last = page.at(-1);
  return {
    resources: [
      ...(after === undefined ? FIXED : []),
      ...page.map((file) => ({
        uri: fileUri(file.path),
        name: inline(file.path),
        mimeType: 'text/plain',
        size: file.bytes,
      })),
    ],
    ...(files.length > PAGE_FILES && last !== undefined && { nextCursor: encodeCursor(last.path) }),
  };
}

/** Opaque to clients; holds the last path of the page, so that a changed index neither repeats nor skips files. */
function encodeCursor(path: string): string {
  return Buffer.from(`f1:${path}`, 'utf8').toString('base64url');
}

function decodeCursor(cursor: string): string {
  const text = /^[\w-]{1,6000}$/.test(cursor) ? Buffer.from(cursor, 'base64url').toString('utf8') : '';
  if (text.startsWith('f1:') && text.length > 3) return text.slice(3);
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    'Invalid cursor — leave it out to list from the start.',
  );
}

export function listResourceTemplates(): ListResourceTemplatesResult {
  return {
    resourceTemplates: [
      {
        name: 'file',
        title: 'Indexed file',
        uriTemplate: FILE_TEMPLATE,
        description: 'Text of an indexed file as on disk now; lines=10-40 for a range.',
        mimeType: 'text/plain',
      },
    ],
  };
}

export async function completePath(
  workspaces: WorkspaceProvider,
  uriTemplate: string,
  argument: { name: string; value: string },
): Promise<CompleteResult> {
  if (uriTemplate !== FILE_TEMPLATE) {
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `Unknown resource template — the only one is ${FILE_TEMPLATE}.`,
    );
  }
  if (argument.name !== 'path') return { completion: { values: [], hasMore: false } };
  const workspace = await workspaces.open();
  const files = await workspace.files({ prefix: argument.value, limit: COMPLETIONS + 1 });
  return {
    completion: {
      values: files.slice(0, COMPLETIONS).map((file) => file.path),
      hasMore: files.length > COMPLETIONS,
    },
  };
}

export async function readResource(
  workspaces: WorkspaceProvider,
  ctx: CallContext,
  uri: string,
): Promise<ReadResourceResult> {
  if (uri === STATUS_URI) {
    const status = statusOutput(await (await workspaces.open()).status());
    return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(status, null, 2) }] };
  }
  if (uri === MAP_URI) {
    return {
      contents: [{ uri, mimeType: 'text/markdown', text: await repositoryMap(await workspaces.ready(ctx)) }],
    };
  }
  const reference = parseFileUri(uri);
  if (reference === undefined) throw new ResourceNotFoundError(inline(uri, 200));
  return readFile(await workspaces.ready(ctx), uri, reference);
}

async function readFile(
  workspace: Workspace,
  uri: string,
  reference: { path: string; start?: number; end?: number },
): Promise<ReadResourceResult> {
  const start = reference.start ?? 1;
  const end = Math.min(reference.end ?? Number.MAX_SAFE_INTEGER, start + MAX_LINES - 1);
  const lines = await readIndexed(workspace, reference.path, start, end).catch((error: unknown) => {
    const safe = asSafeError(error);
    if (safe?.code === 'path_not_found') throw new ResourceNotFoundError(inline(uri, 200), errorLine(safe));
    throw error;
  });
  const contents: ReadResourceResult['contents'] = [{ uri, mimeType: 'text/plain', text: lines.text }];
  const wanted = Math.min(reference.end ?? lines.lineCount, lines.lineCount);
  if (lines.end < wanted) {
    const next = fileUri(reference.path, lines.end + 1, wanted);
    contents.push({
      uri: next,
      mimeType: 'text/plain',
      text: `(lines ${lines.end + 1}-${wanted} of ${lines.lineCount}: read ${next})`,
    });
  }
  return { contents };
}

/** The outline exists for indexed files only: not for secrets, binaries and whatever else was skipped for a reason. */
async function readIndexed(
  workspace: Workspace,
  path: string,
  start: number,
  end: number,
): ReturnType<Workspace['readLines']> {
  await workspace.outline(path);
  return workspace.readLines(path, start, end);
}
