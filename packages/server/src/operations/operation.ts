/**
 * What an operation is: defined once, rendered to MCP, to the command line and to the documents. Knows neither of
 * them, and not how a workspace is opened.
 */
import type { CallOptions, IndexProgress, Workspace } from '@conexus/engine';
import * as z from 'zod/v4';
import type { Settings } from '../config/settings.ts';
import type { SafeError } from '../errors.ts';
import type { Style } from '../render/style.ts';
import { type ArgumentWords, readArguments } from './arguments.ts';

/** Opens the workspace on first use. How it gets indexed differs: a server builds in the background, a command waits. */
export interface WorkspaceProvider {
  readonly settings: Settings;
  /** Name of the repository on a server of several; binds cursors to it. */
  readonly name?: string;
  /** Present on a server of several: those that the asker may read. */
  readonly repositories?: RepositoryChooser;
  /** Open, and as far indexed as this kind of caller waits for. */
  ready(ctx: CallContext): Promise<Workspace>;
  /** Open only; nothing is built. */
  open(): Promise<Workspace>;
  /** The index was cleared: the next `ready` builds again. */
  forget(): void;
  /** How long a question waits for the first graph of the code; undefined: until there is one. */
  readonly graphPatienceMs?: number;
  /** Things of the index the asker should know, e.g. that its last build failed. */
  notes(): readonly string[];
}

export interface NamedProvider extends WorkspaceProvider {
  readonly name: string;
}

/** The repositories of one asker. What he may not read does not exist for him. */
export interface RepositoryChooser {
  all(): readonly NamedProvider[];
  /**
   * Those that one call asks together; undefined: all.
   * @throws UserError repository_not_found; invalid_argument when they are more than a call may ask
   */
  several(names: readonly string[] | undefined): readonly NamedProvider[];
  /** @throws UserError repository_not_found; also when there are several and none is named */
  choose(name: string | undefined): WorkspaceProvider;
}

/** `read` answers from the index, `index` changes it. */
export type Scope = 'read' | 'index';

export interface CallContext {
  readonly signal: AbortSignal;
  /** Present where askers differ in what they may do. @throws UserError forbidden */
  readonly authorize?: (needed: Scope) => void;
  /** Present where several repositories are: words the failure of one while the others answer; logs what is no user's fault. */
  readonly wordError?: (error: unknown) => SafeError;
  /** Present where arguments are not spelled as in the schema. */
  readonly words?: ArgumentWords;
  /** Present when the caller asked to be told. */
  readonly onProgress?: (progress: IndexProgress) => void;
}

/** What a question of the engine is told of its call. */
export function callOptions(
  { graphPatienceMs }: Pick<WorkspaceProvider, 'graphPatienceMs'>,
  { signal, onProgress }: CallContext,
): CallOptions {
  return {
    signal,
    ...(onProgress !== undefined && { onProgress }),
    ...(graphPatienceMs !== undefined && { graphPatienceMs }),
  };
}

/** One result, as every caller wants it. */
export interface Outcome {
  /** For a model: text that keeps the token bound of the call. */
  markdown(): string;
  /** For a program: matches the operation's `output`, keeps the same bound. */
  structured(): Record<string, unknown>;
  /** For a person at a terminal, within a bound of its own: a screen is no context window. */
  terminal(style: Style, maxTokens: number): string;
  /** Nothing was found: exit code 1 of the command. */
  readonly empty: boolean;
  /** Something was left out to keep `max_tokens`. */
  readonly truncated?: boolean;
  /** The operation worked and found that something is wrong: exit code 3. */
  readonly failed?: boolean;
}

export interface OperationHelp {
  /** Word on the command line. */
  readonly command: string;
  /** One line. */
  readonly summary: string;
  /** Paragraphs of `--help`, each a line to be wrapped by hand. */
  readonly details: readonly string[];
  /** Argument given without a flag. */
  readonly positional?: { readonly argument: string; readonly valueName: string; readonly required: boolean };
  /** Arguments whose flag is not their name with dashes. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Arguments that make no sense on a command line. */
  readonly hidden?: readonly string[];
  /** Defaults of the command line where they differ: a program needs no token bound. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** What a flag means that is given without its value. */
  readonly withoutValue?: Readonly<Record<string, string>>;
  readonly examples: readonly { readonly command: string; readonly says: string }[];
}

export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

export interface OperationDefinition<Input extends z.ZodObject, Output extends z.ZodObject, Result> {
  /** Name of the tool, snake_case. */
  readonly name: string;
  readonly title: string;
  /** For a model: what, when, when not, what comes back. Under 2 KB. */
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  /** Names that agents invent -> names of `input`; letter case, `_` and `-` do not matter. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Arguments that are taken and not shown to models: for editors and for people who look into an answer. */
  readonly unlisted?: readonly string[];
  readonly annotations: ToolAnnotations;
  /** What reaches a model: code is fenced markdown, records are structured with the same facts as text. */
  readonly channel: 'markdown' | 'structured';
  /** A call of an operation that changes something, which changes nothing. */
  reads?(args: z.infer<Input>): boolean;
  /** Offered over MCP by default. */
  readonly tool: boolean;
  readonly help: OperationHelp;
  handler(workspaces: WorkspaceProvider, args: z.infer<Input>, ctx: CallContext): Promise<Result>;
  /** Present where the same can be asked of several repositories at once. */
  across?(repositories: readonly NamedProvider[], args: z.infer<Input>, ctx: CallContext): Promise<Result>;
  outcome(result: Result, args: z.infer<Input>): Outcome;
}

/** An operation whose argument and result types are closed over. */
export interface Operation
  extends Omit<
    OperationDefinition<z.ZodObject, z.ZodObject, never>,
    'handler' | 'outcome' | 'reads' | 'across'
  > {
  /** JSON Schema of the arguments, as callers see it. */
  inputSchema(): Record<string, unknown>;
  /** @throws UserError invalid_argument; whatever the engine throws */
  call(workspaces: WorkspaceProvider, raw: unknown, ctx: CallContext): Promise<Outcome>;
  callAcross?(repositories: readonly NamedProvider[], raw: unknown, ctx: CallContext): Promise<Outcome>;
}

export function defineOperation<Input extends z.ZodObject, Output extends z.ZodObject, Result>(
  definition: OperationDefinition<Input, Output, Result>,
): Operation {
  let schema: Record<string, unknown> | undefined;
  const inputSchema = (): Record<string, unknown> => {
    if (schema === undefined) {
      const { $schema: _, ...rest } = z.toJSONSchema(definition.input, { io: 'input' });
      schema = rest;
    }
    return schema;
  };
  const { across, ...rest } = definition;
  const read = (raw: unknown, ctx: CallContext): z.infer<Input> => {
    const args = readArguments(definition, inputSchema(), raw, ctx.words);
    const reads = definition.annotations.readOnlyHint || definition.reads?.(args) === true;
    ctx.authorize?.(reads ? 'read' : 'index');
    return args;
  };
  return {
    ...rest,
    inputSchema,
    async call(workspaces, raw, ctx) {
      const args = read(raw, ctx);
      return definition.outcome(await definition.handler(workspaces, args, ctx), args);
    },
    ...(across !== undefined && {
      async callAcross(repositories: readonly NamedProvider[], raw: unknown, ctx: CallContext) {
        const args = read(raw, ctx);
        return definition.outcome(await across(repositories, args, ctx), args);
      },
    }),
  };
}
