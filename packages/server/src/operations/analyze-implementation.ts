/** `analyze_implementation` / `conexus analyze`: how code works, as claims with their lines. Knows the engine's request, not its passes. */
import type { AnalysisRequest } from '@conexus/engine';
import { AnalyzeInput, AnalyzeOutput } from '@conexus/sdk/contract';
import { invalidArgument } from '../errors.ts';
import { analysisOutcome } from './analysis-outcome.ts';
import { cursorScope, readCursor } from './cursor.ts';
import { callOptions, defineOperation } from './operation.ts';
import { normalizePath, targetOf } from './paths.ts';
import { generationNotes } from './ranked.ts';
import { RANKED_CLI_DEFAULTS } from './ranked-arguments.ts';

const NAME = 'analyze_implementation';

export const analyzeImplementation = defineOperation({
  name: NAME,
  title: 'Analyze code',
  description: `Explains how code works: callers, callees, data flow, state, side effects, errors, settings, concurrency, tests. Each claim cites lines that were read again; what is unknown is listed.
Use it before you change code that you do not know. To find places: search_codebase.`,
  input: AnalyzeInput,
  output: AnalyzeOutput,
  aliases: {
    symbol: 'target',
    name: 'target',
    path: 'target',
    file: 'target',
    folder: 'target',
    file_path: 'target',
    question: 'target',
    query: 'target',
    function: 'target',
    paths: 'files',
    sections: 'include',
    max_depth: 'depth',
    tokens: 'max_tokens',
    token_budget: 'max_tokens',
    budget: 'max_tokens',
    page_token: 'cursor',
    next_cursor: 'cursor',
    debug: 'explain',
  },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  channel: 'markdown',
  tool: true,
  unlisted: ['files', 'cursor', 'depth', 'explain'],
  help: {
    command: 'analyze',
    summary:
      'Explain how a definition or a file works, or what answers a question, each claim with its lines.',
    details: [
      'TARGET is a definition (Store.load), a file, a folder, path:line, or a question in words. Every claim names the',
      'lines that prove it; they are read again before the answer leaves. Calls are followed in the languages of the call',
      'graph, behaviour is read from Python, TypeScript, JavaScript, Go, Java and Rust; what is not known is listed.',
    ],
    positional: { argument: 'target', valueName: 'TARGET', required: false },
    flags: { files: 'file' },
    defaults: RANKED_CLI_DEFAULTS,
    examples: [
      { command: 'conexus analyze Store.load', says: 'a definition' },
      {
        command: 'conexus analyze src/store.ts --include side_effects --include error_handling',
        says: 'two sections',
      },
      { command: 'conexus analyze "how are sessions refreshed" --json', says: 'a question, for a program' },
    ],
  },
  async handler(workspaces, args, ctx) {
    const scope = cursorScope(NAME, workspaces);
    const position = args.cursor === undefined ? undefined : readCursor(scope, args, args.cursor);
    const files = args.files ?? [];
    if ((args.target === undefined) === (files.length === 0))
      throw invalidArgument(
        'Give either target or files',
        'Name a definition, a path or a question, or list files.',
      );
    const workspace = await workspaces.ready(ctx);
    const sections = args.include?.filter((name) => name !== 'evidence');
    const request: AnalysisRequest = {
      ...(args.target !== undefined && { target: targetOf(workspace.root, args.target) }),
      ...(files.length > 0 && { files: files.map((path) => normalizePath(workspace.root, path)) }),
      // The list of evidence alone is a list of all of it.
      ...(sections !== undefined && sections.length > 0 && { include: sections }),
      depth: args.depth,
    };
    const answer = await workspace.analyze(request, callOptions(workspaces, ctx));
    const notes = [...workspaces.notes(), ...generationNotes(position, answer.freshness)];
    return { scope, answer, offset: position?.offset ?? 0, args, notes };
  },
  outcome: (result) => analysisOutcome(result),
});
