/**
 * The tools, prompts and resources that the official conformance suite calls by name, as an extension of our protocol server:
 * what they go through is our own listener, guard, endpoint and error mapper. What each must answer stands in the suite's
 * `SDK_INTEGRATION.md` and in the descriptions of its scenarios.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type {
  CallToolResult,
  GetPromptResult,
  InputRequests,
  InputRequiredResult,
  Server,
  ServerContext,
} from '@modelcontextprotocol/server';
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import type { ProtocolExtension, ProtocolHandler } from '../../packages/server/src/mcp/protocol-extension.ts';

type Answer = CallToolResult | InputRequiredResult;
type Arguments = Readonly<Record<string, unknown>>;
type FixtureTool = (args: Arguments, ctx: ServerContext) => Answer | Promise<Answer>;

/** One red pixel; a wave file without samples. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';
const STEP_MS = 50;

const state = createRequestStateCodec<{ readonly of: string }>({ key: randomBytes(32) });
const mint = (of: string): Promise<string> => state.mint({ of: `${of} ${randomUUID()}` });

const text = (value: string): CallToolResult => ({ content: [{ type: 'text', text: value }] });
const image = { type: 'image', data: PNG, mimeType: 'image/png' } as const;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, STEP_MS));
const invalid = (message: string): Error => new ProtocolError(ProtocolErrorCode.InvalidParams, message);

const TEXT = { type: 'string' } as const;
const YES_OR_NO = { type: 'boolean' } as const;
const ask = (message: string, name: string, field: typeof TEXT | typeof YES_OR_NO = TEXT) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [name]: field }, required: [name] },
  });
const sample = (question: string, maxTokens = 100) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: question } }],
    maxTokens,
  });

const answers = (ctx: ServerContext) => ctx.mcpReq.inputResponses ?? {};
const accepted = (ctx: ServerContext, key: string) => acceptedContent(ctx.mcpReq.inputResponses, key);

/** Asks the client for `inputRequests` until `done` finds what it needs in its responses. */
function until(
  inputRequests: InputRequests,
  done: (ctx: ServerContext) => string | undefined,
  of?: string,
): FixtureTool {
  return async (_args, ctx) => {
    const said = done(ctx);
    if (said !== undefined && (of === undefined || ctx.mcpReq.requestState() !== undefined))
      return text(said);
    return inputRequired({ inputRequests, ...(of !== undefined && { requestState: await mint(of) }) });
  };
}

async function elicited(ctx: ServerContext, requestedSchema: object): Promise<CallToolResult> {
  const message = 'Please answer';
  const { action, content = {} } = await ctx.mcpReq.elicitInput({
    message,
    requestedSchema: requestedSchema as never,
  });
  return text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`);
}

const CHOICES = ['1', '2', '3'].map((each) => ({ const: `value${each}`, title: `Choice ${each}` }));
const OPTIONS = ['option1', 'option2', 'option3'];

const TOOLS: Readonly<Record<string, FixtureTool>> = {
  test_simple_text: () => text('This is a simple text response for testing.'),
  test_image_content: () => ({ content: [image] }),
  test_audio_content: () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }),
  test_embedded_resource: () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  }),
  test_multiple_content_types: () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      image,
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: '{"test":"data","value":123}',
        },
      },
    ],
  }),
  test_error_handling: () => ({
    ...text('This tool intentionally returns an error for testing'),
    isError: true,
  }),
  async test_tool_with_logging(_args, { mcpReq }) {
    for (const message of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data: message } });
      await pause();
    }
    return text('Logged three times.');
  },
  async test_tool_with_progress(_args, { mcpReq }) {
    const token = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (token !== undefined)
        await mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken: token, progress, total: 100 },
        });
      await pause();
    }
    return text('Progressed in three steps.');
  },
  async test_sampling({ prompt }, { mcpReq }) {
    const { content } = await mcpReq.requestSampling({
      messages: [{ role: 'user', content: { type: 'text', text: String(prompt) } }],
      maxTokens: 100,
    });
    return text(`LLM response: ${JSON.stringify(content)}`);
  },
  test_elicitation: (_args, ctx) =>
    elicited(ctx, {
      type: 'object',
      properties: { username: { type: 'string' }, email: { type: 'string' } },
      required: ['username', 'email'],
    }),
  test_elicitation_sep1034_defaults: (_args, ctx) =>
    elicited(ctx, {
      type: 'object',
      properties: {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      },
    }),
  test_elicitation_sep1330_enums: (_args, ctx) =>
    elicited(ctx, {
      type: 'object',
      properties: {
        untitledSingle: { type: 'string', enum: OPTIONS },
        titledSingle: { type: 'string', oneOf: CHOICES },
        legacyEnum: { type: 'string', enum: OPTIONS, enumNames: ['One', 'Two', 'Three'] },
        untitledMulti: { type: 'array', items: { type: 'string', enum: OPTIONS } },
        titledMulti: { type: 'array', items: { anyOf: CHOICES } },
      },
    }),
  test_missing_capability: until({ answer: sample('Say pong') }, (ctx) =>
    'answer' in answers(ctx) ? 'sampled' : undefined,
  ),
  test_streaming_elicitation: () => text('Nothing but this result is in the stream.'),
  async test_logging_tool(_args, { mcpReq }) {
    await mcpReq.log('info', 'sent only to a request that names a level');
    return text('Logged where the request asked for it.');
  },
  test_input_required_result_elicitation: until({ user_name: ask('What is your name?', 'name') }, (ctx) =>
    greeting(ctx, 'user_name'),
  ),
  test_input_required_result_sampling: until(
    { capital_question: sample('What is the capital of France?') },
    (ctx) => ('capital_question' in answers(ctx) ? JSON.stringify(answers(ctx)) : undefined),
  ),
  test_input_required_result_list_roots: until({ client_roots: inputRequired.listRoots() }, (ctx) =>
    'client_roots' in answers(ctx) ? JSON.stringify(answers(ctx)) : undefined,
  ),
  test_input_required_result_request_state: until(
    { confirm: ask('Please confirm', 'ok', YES_OR_NO) },
    (ctx) => (accepted(ctx, 'confirm') === undefined ? undefined : 'state-ok'),
    'confirmation',
  ),
  test_input_required_result_multiple_inputs: until(
    {
      user_name: ask('What is your name?', 'name'),
      greeting: sample('Generate a greeting', 50),
      client_roots: inputRequired.listRoots(),
    },
    (ctx) =>
      'greeting' in answers(ctx) && 'client_roots' in answers(ctx) ? greeting(ctx, 'user_name') : undefined,
    'three inputs',
  ),
  async test_input_required_result_multi_round(_args, ctx) {
    const color = accepted(ctx, 'step2')?.['color'];
    if (typeof color === 'string') return text(`Your colour is ${color}.`);
    const isSecond = accepted(ctx, 'step1') !== undefined && ctx.mcpReq.requestState() !== undefined;
    return inputRequired({
      inputRequests: isSecond
        ? { step2: ask('Step 2: What is your favorite color?', 'color') }
        : { step1: ask('Step 1: What is your name?', 'name') },
      requestState: await mint(isSecond ? 'second' : 'first'),
    });
  },
  test_input_required_result_tampered_state: until(
    { confirm: ask('Please confirm', 'ok', YES_OR_NO) },
    (ctx) => (accepted(ctx, 'confirm') === undefined ? undefined : 'untouched'),
    'tampering',
  ),
  test_input_required_result_capabilities(_args, { mcpReq }) {
    const envelope = mcpReq.envelope as Arguments | undefined;
    const declared = (envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {}) as object;
    const inputRequests: InputRequests = {
      ...('elicitation' in declared && { user_name: ask('What is your name?', 'name') }),
      ...('sampling' in declared && { greeting: sample('Generate a greeting') }),
      ...('roots' in declared && { client_roots: inputRequired.listRoots() }),
    };
    return Object.keys(inputRequests).length === 0
      ? text('Nothing to ask.')
      : inputRequired({ inputRequests });
  },
};

function greeting(ctx: ServerContext, key: string): string | undefined {
  const name = accepted(ctx, key)?.['name'];
  return typeof name === 'string' ? `Hello, ${name}!` : undefined;
}

const TOOL_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  test_sampling: ['prompt'],
  test_elicitation: ['message'],
};

const LISTED_TOOLS = Object.keys(TOOLS).map((name) => ({
  name,
  description: `Fixture of the conformance suite: ${name.replaceAll('_', ' ')}.`,
  inputSchema: {
    type: 'object' as const,
    properties: Object.fromEntries((TOOL_ARGUMENTS[name] ?? []).map((key) => [key, { type: 'string' }])),
    required: [...(TOOL_ARGUMENTS[name] ?? [])],
  },
}));

interface FixturePrompt {
  readonly args: readonly string[];
  get(args: Arguments, ctx: ServerContext): GetPromptResult | InputRequiredResult;
}

const said = (...content: readonly unknown[]): GetPromptResult => ({
  messages: content.map((each) => ({ role: 'user', content: each })) as GetPromptResult['messages'],
});
const words = (value: string) => ({ type: 'text', text: value });

const PROMPTS: Readonly<Record<string, FixturePrompt>> = {
  test_simple_prompt: { args: [], get: () => said(words('This is a simple prompt for testing.')) },
  test_prompt_with_arguments: {
    args: ['arg1', 'arg2'],
    get: ({ arg1, arg2 }) => said(words(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  },
  test_prompt_with_embedded_resource: {
    args: ['resourceUri'],
    get: ({ resourceUri }) =>
      said(
        {
          type: 'resource',
          resource: {
            uri: resourceUri,
            mimeType: 'text/plain',
            text: 'Embedded resource content for testing.',
          },
        },
        words('Please process the embedded resource above.'),
      ),
  },
  test_prompt_with_image: { args: [], get: () => said(image, words('Please analyze the image above.')) },
  test_input_required_result_prompt: {
    args: [],
    get: (_args, ctx) => {
      const context = accepted(ctx, 'user_context')?.['context'];
      return typeof context === 'string'
        ? said(words(`With the context ${context}.`))
        : inputRequired({
            inputRequests: { user_context: ask('What context should the prompt use?', 'context') },
          });
    },
  },
};

const LISTED_PROMPTS = Object.entries(PROMPTS).map(([name, { args }]) => ({
  name,
  description: `Fixture of the conformance suite: ${name.replaceAll('_', ' ')}.`,
  arguments: args.map((arg) => ({ name: arg, description: `Any ${arg}.`, required: true })),
}));

const RESOURCES: Readonly<Record<string, { readonly mimeType: string; readonly [part: string]: string }>> = {
  'test://static-text': {
    mimeType: 'text/plain',
    text: 'This is the content of the static text resource.',
  },
  'test://static-binary': { mimeType: 'image/png', blob: PNG },
  'test://watched-resource': { mimeType: 'text/plain', text: 'Watched.' },
};
const LISTED_RESOURCES = Object.entries(RESOURCES).map(([uri, { mimeType }]) => ({
  uri,
  name: uri,
  description: 'Fixture of the conformance suite.',
  mimeType,
}));

function contentsOf(uri: string): object | undefined {
  const known = RESOURCES[uri];
  if (known !== undefined) return { uri, ...known };
  const [, id] = /^test:\/\/template\/([^/]+)\/data$/.exec(uri) ?? [];
  return id === undefined
    ? undefined
    : {
        uri,
        mimeType: 'application/json',
        text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
      };
}

/** Adds what is listed of the fixtures to what we list. */
function adding(own: ProtocolHandler, key: string, listed: readonly object[]): ProtocolHandler {
  return async (request, ctx) => {
    const result = await own(request, ctx);
    return { ...result, [key]: [...(result[key] as readonly object[]), ...listed] };
  };
}

type Params = Readonly<Record<string, unknown>>;

/** By method: the handler with the fixtures, out of our own. */
const AROUND: Readonly<Record<string, (own: ProtocolHandler) => ProtocolHandler>> = {
  'tools/list': (own) => adding(own, 'tools', LISTED_TOOLS),
  'prompts/list': (own) => adding(own, 'prompts', LISTED_PROMPTS),
  'resources/list': (own) => adding(own, 'resources', LISTED_RESOURCES),
  'tools/call': (own) => async (request, ctx) => {
    const { name, arguments: args = {} } = (request.params ?? {}) as Params;
    const tool = TOOLS[String(name)];
    return tool === undefined ? own(request, ctx) : tool(args as Arguments, ctx);
  },
  'prompts/get': (own) => async (request, ctx) => {
    const { name, arguments: args = {} } = (request.params ?? {}) as Params;
    const prompt = PROMPTS[String(name)];
    return prompt === undefined ? own(request, ctx) : prompt.get(args as Arguments, ctx);
  },
  'resources/read': (own) => async (request, ctx) => {
    const contents = contentsOf(String(((request.params ?? {}) as Params)['uri']));
    return contents === undefined ? own(request, ctx) : { contents: [contents] };
  },
  'completion/complete': (own) => async (request, ctx) => {
    const { ref } = (request.params ?? {}) as { ref?: { name?: string } };
    return PROMPTS[ref?.name ?? ''] === undefined
      ? own(request, ctx)
      : { completion: { values: ['paris', 'park', 'party'], total: 3, hasMore: false } };
  },
};

export const fixtures: ProtocolExtension = {
  capabilities: { logging: {}, resources: { subscribe: true } },
  requestState: { verify: state.verify },
  around: (method, own) => AROUND[method]?.(own) ?? own,
  extend(server: Server) {
    for (const method of ['resources/subscribe', 'resources/unsubscribe'] as const)
      server.setRequestHandler(method, ({ params }) => {
        if (contentsOf(params.uri) === undefined) throw invalid('There is no such resource');
        return {};
      });
  },
};
