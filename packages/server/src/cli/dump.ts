/** `conexus dump`: what the index made of a file or a query. For people who work on Conexus; the format may change. */
import type { OutlineItem, Workspace } from '@conexus/engine';
import type { Settings } from '../config/settings.ts';
import { invalidArgument } from '../errors.ts';
import { normalizePath } from '../operations/paths.ts';
import { commandWorkspaces } from '../workspaces/command-workspaces.ts';
import { DUMPS } from './commands.ts';
import { EXIT } from './exit-codes.ts';
import type { Host } from './host.ts';
import { withLineEnd } from './host.ts';
import type { ParsedFlags } from './options.ts';
import { progressBar } from './progress-bar.ts';

export async function runDump(
  { values, positionals }: ParsedFlags,
  settings: Settings,
  host: Host,
): Promise<number> {
  const [what, ...rest] = positionals;
  if (!DUMPS.some((name) => name === what)) {
    throw invalidArgument(`Unknown dump "${what ?? ''}"`, `Say one of: ${DUMPS.join(', ')}.`);
  }
  const subject = rest.join(' ');
  if (subject === '' && what !== 'symbols')
    throw invalidArgument(
      `dump ${what} needs ${what === 'plan' ? 'a query' : 'a path'}`,
      'See "conexus dump --help".',
    );
  const bar = progressBar(host);
  const signal = host.interruption();
  const workspaces = commandWorkspaces(settings, host.loadEngine, bar.show);
  try {
    const workspace = await workspaces.ready({ signal });
    bar.clear();
    const lines = await dumpLines(
      workspace,
      what as (typeof DUMPS)[number],
      subject,
      values['locate'] === true,
    );
    await host.out(withLineEnd(values['json'] === true ? JSON.stringify(lines.data) : lines.text.join('\n')));
    return lines.text.length === 0 ? EXIT.empty : EXIT.ok;
  } finally {
    bar.clear();
    await workspaces.close();
  }
}

interface Dump {
  readonly text: readonly string[];
  readonly data: unknown;
}

async function dumpLines(
  workspace: Workspace,
  what: (typeof DUMPS)[number],
  subject: string,
  locate: boolean,
): Promise<Dump> {
  switch (what) {
    case 'outline': {
      const items = await workspace.outline(normalizePath(workspace.root, subject));
      return {
        data: items,
        text: items.map(
          (item) => `${'  '.repeat(item.depth)}${item.kind} ${item.name} ${item.start}-${item.end}`,
        ),
      };
    }
    case 'chunks': {
      const chunks = await workspace.chunks(normalizePath(workspace.root, subject));
      const text = chunks.flatMap((chunk) => [
        `== ${chunk.start}-${chunk.end}${chunk.symbol === undefined ? '' : ` ${chunk.symbol}`}`,
        ...Object.entries(chunk.fields)
          .filter(([, value]) => value !== '')
          .map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
      ]);
      return { data: chunks, text };
    }
    case 'symbols':
      return dumpSymbols(workspace, subject === '' ? undefined : normalizePath(workspace.root, subject));
    case 'plan': {
      const plan = await workspace.plan(subject, locate ? 'locate' : 'search');
      const text = [
        `kind: ${plan.kind}`,
        `retrievers: ${plan.retrievers.join(', ')}`,
        `names: ${plan.names.join(', ')}`,
        `paths: ${plan.paths.join(', ')}`,
        ...plan.terms.map((term) => `term ${term.term} weight ${term.weight} documents ${term.documents}`),
      ];
      return { data: plan, text };
    }
  }
}

/** One line a definition: `path:start-end kind qualified.name`. */
async function dumpSymbols(workspace: Workspace, path: string | undefined): Promise<Dump> {
  const paths = path === undefined ? await allPaths(workspace) : [path];
  const data: { path: string; start: number; end: number; kind: string; name: string }[] = [];
  for (const file of paths) {
    for (const symbol of qualified(await workspace.outline(file))) data.push({ path: file, ...symbol });
  }
  return {
    data,
    text: data.map((symbol) => `${symbol.path}:${symbol.start}-${symbol.end} ${symbol.kind} ${symbol.name}`),
  };
}

async function allPaths(workspace: Workspace): Promise<readonly string[]> {
  const paths: string[] = [];
  for (;;) {
    const after = paths.at(-1);
    const page = await workspace.files({ limit: 1_000, ...(after !== undefined && { after }) });
    if (page.length === 0) return paths;
    for (const file of page) paths.push(file.path);
  }
}

function qualified(
  items: readonly OutlineItem[],
): readonly { start: number; end: number; kind: string; name: string }[] {
  const scope: string[] = [];
  return items.map(({ name, kind, start, end, depth }) => {
    scope.length = depth;
    scope.push(name);
    return { start, end, kind, name: scope.join('.') };
  });
}
