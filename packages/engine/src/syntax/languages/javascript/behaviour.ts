/** JavaScript and TypeScript for the reader of behaviour: node types, and what names of the platform, Node and common packages do. A table. */

import { type BehaviourLanguage, types } from '../../behaviour/behaviour-language.ts';
import type { BehaviourReader } from '../../behaviour/behaviour-reader.ts';
import { boundNames, type Scope } from '../../behaviour/scopes.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';

export function scriptBehaviour(id: 'javascript' | 'typescript' | 'tsx'): BehaviourLanguage {
  return { ...shared, id };
}

const shared: BehaviourLanguage = {
  id: 'javascript',
  separator: '.',
  functions: types(
    `function_declaration function_expression generator_function generator_function_declaration arrow_function method_definition
    function_signature method_signature abstract_method_signature`,
  ),
  constructors: (name) => name === 'constructor',
  resultFields: ['return_type'],
  classes: types('class_declaration class abstract_class_declaration interface_declaration'),
  bases: types('class_heritage extends_type_clause'),
  parameters: types(
    'identifier required_parameter optional_parameter assignment_pattern object_pattern array_pattern rest_pattern',
  ),
  receivers: types('this'),
  identifiers: types('identifier shorthand_property_identifier_pattern type_identifier'),
  declares: {
    variable_declarator: ['name'],
    for_in_statement: ['left'],
    catch_clause: ['parameter'],
    enum_declaration: ['name'],
  },
  fields: { public_field_definition: 'name', field_definition: 'property', property_signature: 'name' },
  members: { member_expression: ['object', 'property'] },
  elements: { subscript_expression: 'object' },
  calls: { call_expression: { callee: 'function' } },
  creations: { new_expression: 'constructor' },
  wrappers: types(
    'parenthesized_expression await_expression non_null_expression as_expression satisfies_expression',
  ),
  assigns: { assignment_expression: ['left', 'right'], augmented_assignment_expression: ['left', 'right'] },
  updates: { update_expression: 'argument', unary_expression: 'argument' },
  raises: types('throw_statement'),
  returns: types('return_statement'),
  yields: types('yield_expression'),
  continues: types('continue_statement'),
  breaks: types('break_statement'),
  loops: types('for_statement for_in_statement while_statement do_statement'),
  tries: { try_statement: types('catch_clause') },
  handlerBody: (handler) => childOf(handler, 'body'),
  caughtTypes: () => [],
  noops: types('empty_statement'),
  comments: types('comment'),
  strings: types('string template_string'),
  concurrencyNodes: { await_expression: 'awaits' },
  concurrencyCalls: {
    joins: 'Promise.all Promise.allSettled Promise.any Promise.race',
    spawns: 'Worker worker_threads.Worker cluster.fork SharedWorker',
    schedules:
      'setTimeout setInterval setImmediate queueMicrotask process.nextTick requestAnimationFrame requestIdleCallback',
    sends: 'worker_threads.parentPort.postMessage',
    creates: 'BroadcastChannel MessageChannel async-mutex.Mutex',
  },
  effects: {
    network: `fetch XMLHttpRequest WebSocket EventSource http.* https.* http2.* net.* tls.* dgram.* dns.* dns/promises.* axios axios.* undici.* got got.* node-fetch node-fetch.*
      ws ws.* superagent.* navigator.sendBeacon`,
    files:
      'fs.* fs/promises.* fs-extra.* graceful-fs.* fdir.* glob glob.* rimraf rimraf.* Deno.readTextFile Deno.writeTextFile Deno.readFile Deno.writeFile Bun.file Bun.write',
    processes:
      'child_process.* execa execa.* cross-spawn cross-spawn.* process.exit process.kill process.abort Deno.run Deno.Command Bun.spawn',
    database:
      'pg.* mysql.* mysql2.* mongodb.* redis.* ioredis.* better-sqlite3 better-sqlite3.* sqlite3.* node:sqlite.* sqlite.* knex knex.* indexedDB.*',
    storage: 'localStorage.* sessionStorage.* caches.open document.cookie',
    logs: 'console.* winston.* pino.* bunyan.* log4js.* debug.* consola.* npmlog.*',
    metrics: 'prom-client.* @opentelemetry/api.metrics.* performance.mark performance.measure',
    output: 'process.stdout.* process.stderr.*',
    input: 'process.stdin.* readline.* readline/promises.* inquirer.* prompts prompts.*',
    time: 'Date.now performance.now process.hrtime process.hrtime.bigint',
    randomness:
      'Math.random crypto.randomBytes crypto.randomUUID crypto.getRandomValues crypto.randomInt nanoid.nanoid uuid.v4',
    none: `http.STATUS_CODES http.METHODS http.Agent https.Agent net.isIP net.isIPv4 net.isIPv6 fs.constants.* winston.createLogger pino.pino winston.format.*
      axios.isCancel axios.isAxiosError axios.AxiosError axios.AxiosHeaders.* axios.CanceledError axios.CancelToken.* axios.toFormData axios.spread
      undici.Agent undici.Headers undici.FormData undici.Pool process.stdout.isTTY process.stdout.columns process.stdout.fd process.stdout.on process.stdout.once process.stdout.getWindowSize process.stderr.on
      fs.Stats fs.Dirent net.Socket.on http.ServerResponse.* http.IncomingMessage.*`,
  },
  configCalls: {
    environment: 'Deno.env.get',
    setting: 'config.get',
    flag: 'yargs.option commander.option commander.Command.option',
  },
  configObjects: { environment: 'process.env import.meta.env Bun.env' },
  configMembers: true,
  ends: 'process.exit process.abort Deno.exit',
  panics: '',
  naming: {
    variable_declarator: 'name',
    assignment_expression: 'left',
    pair: 'key',
    public_field_definition: 'name',
    field_definition: 'property',
  },
  imports,
  extra(node, reader) {
    if (node.type === 'for_in_statement' && node.children.some(({ type }) => type === 'await'))
      reader.add(node, { kind: 'concurrency', what: 'awaits', text: reader.short(node, 60) }, node.line);
    if (node.type === 'variable_declarator') readDestructured(node, reader);
  },
  hasTailResult: false,
};

function imports(node: PlainNode, reader: BehaviourReader, scope: Scope): boolean {
  if (node.type === 'import_statement') {
    const source = childOf(node, 'source');
    if (source === undefined) return true;
    const module = moduleName(reader, source);
    reader.imports.push({ module: reader.stringOf(source) ?? module, start: node.line, end: node.endLine });
    bindImports(reader, node, module, scope);
    return true;
  }
  if (node.type === 'variable_declarator') bindRequire(node, reader, scope);
  return false;
}

/** `node:fs` is `fs`. */
function moduleName(reader: BehaviourReader, source: PlainNode): string {
  return (reader.stringOf(source) ?? '').replace(/^node:(?!sqlite|test)/, '');
}

function bindImports(reader: BehaviourReader, node: PlainNode, module: string, scope: Scope): void {
  for (const child of node.children) {
    if (child.type === 'import_clause' || child.type === 'named_imports')
      bindImports(reader, child, module, scope);
    else if (child.type === 'identifier') scope.imports.set(reader.text(child), module);
    else if (child.type === 'namespace_import' && child.children[0])
      scope.imports.set(reader.text(child.children[0]), module);
    else if (child.type === 'import_specifier') {
      const name = childOf(child, 'name');
      const local = childOf(child, 'alias') ?? name;
      if (name && local) scope.imports.set(reader.text(local), `${module}.${reader.text(name)}`);
    }
  }
}

/** `const fs = require('fs')`, `const { exec } = require('child_process')`. */
function bindRequire(node: PlainNode, reader: BehaviourReader, scope: Scope): void {
  const name = childOf(node, 'name');
  const call = childOf(node, 'value');
  const callee = call && childOf(call, 'function');
  if (!name || !call || !callee || reader.text(callee) !== 'require') return;
  const required = reader.firstText(call);
  if (required === undefined) return;
  const module = required.replace(/^node:(?!sqlite|test)/, '');
  reader.imports.push({ module: required, start: node.line, end: node.endLine });
  if (name.type === 'identifier') scope.imports.set(reader.text(name), module);
  for (const part of name.children) {
    const key = childOf(part, 'key') ?? part;
    for (const local of boundNames(reader.language, part, reader.source))
      scope.imports.set(local, `${module}.${reader.text(key)}`);
  }
}

/** `const { TOKEN } = process.env`. */
function readDestructured(node: PlainNode, reader: BehaviourReader): void {
  const name = childOf(node, 'name');
  const value = childOf(node, 'value');
  const from = value && reader.nameOf(value);
  if (
    name?.type !== 'object_pattern' ||
    !from ||
    (from.name !== 'process.env' && from.name !== 'import.meta.env')
  )
    return;
  for (const part of name.children) {
    const key = childOf(part, 'key') ?? childOf(part, 'left') ?? part;
    if (part.type !== 'comment' && part.type !== 'rest_pattern')
      reader.add(part, {
        kind: 'config',
        source: 'environment',
        name: reader.text(key),
        callee: from.written,
      });
  }
}
