/** `conexus callgraph`: who calls whom in the whole root, for programs that measure or draw it. */
import type { CallGraphReport } from '@conexus/engine';
import { CallGraphInput, CallGraphOutput } from '@conexus/sdk/contract';
import type { Style } from '../render/style.ts';
import { formatCount, inline, plural } from '../render/text.ts';
import type { Outcome } from './operation.ts';
import { defineOperation } from './operation.ts';

export const callgraph = defineOperation({
  name: 'callgraph',
  title: 'Print the call graph',
  description:
    'Prints every call that can be resolved in the root, with path and line, and every one that cannot. Python, TypeScript, JavaScript.',
  input: CallGraphInput,
  output: CallGraphOutput,
  aliases: {},
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  channel: 'structured',
  tool: false,
  help: {
    command: 'callgraph',
    summary: 'Print who calls whom, with the line of each call. Experimental.',
    details: [
      'Python, TypeScript and JavaScript, read from the working tree without an index. Names are the path with dots, then',
      'classes and functions; built-ins and packages are "<builtin>.name" and "<external>.package.name". Calls whose target',
      'is not known are listed as unresolved. With --json everything is one object.',
    ],
    examples: [{ command: 'conexus callgraph --root ../api --json', says: 'for a program' }],
  },
  async handler(workspaces, _args, ctx) {
    const workspace = await workspaces.open();
    return workspace.callGraph({ signal: ctx.signal });
  },
  outcome: (graph): Outcome => ({
    empty: graph.nodes.length === 0,
    markdown: () => lines(graph).join('\n'),
    structured: () => structured(graph),
    terminal: (style) => terminal(graph, style),
  }),
});

function lines(graph: CallGraphReport): string[] {
  return [
    ...graph.edges.map(
      ({ from, to, path, line, resolution }) =>
        `${inline(from)} -> ${inline(to)} ${inline(path)}:${line}${resolution === 'exact' ? '' : ` ${resolution}`}`,
    ),
    ...graph.unresolved.map(
      ({ from, text, path, line }) =>
        `${inline(from)} -> ? ${inline(text)} ${inline(path)}:${line} unresolved`,
    ),
    ...graph.unread.map(({ path, reason }) => `(${reason}) ${inline(path)}`),
  ];
}

function structured(graph: CallGraphReport): Record<string, unknown> {
  const { nodes, edges, unresolved, unread, isPartial } = graph;
  return { nodes, edges, unresolved, unread, partial: isPartial };
}

function terminal(graph: CallGraphReport, style: Style): string {
  const sum = [
    plural(graph.nodes.length, 'function'),
    plural(graph.edges.length, 'call'),
    `${formatCount(graph.unresolved.length)} unresolved`,
    `${plural(graph.files, 'file')}${graph.isPartial ? ', not complete: too much to follow' : ''}`,
  ];
  return [...lines(graph), style.dim(sum.join(' · '))].join('\n');
}
