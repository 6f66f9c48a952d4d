/** Rust for the reader of behaviour: node types, and what names of its library and of common crates do. A table. */

import { type BehaviourLanguage, types } from '../../behaviour/behaviour-language.ts';
import type { BehaviourReader } from '../../behaviour/behaviour-reader.ts';
import { outcomeOf } from '../../behaviour/read-handlers.ts';
import { operands, type Scope } from '../../behaviour/scopes.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';

/** What only says how a process will be started. */
const preparing = ['std.process.Command', 'tokio.process.Command']
  .flatMap((command) => [command, `${command}.new`])
  .flatMap((made) => [
    made,
    ...'arg args env envs env_remove env_clear current_dir stdin stdout stderr get_program get_args kill_on_drop'
      .split(' ')
      .map((name) => `${made}.${name}`),
  ])
  .join(' ');

export const rustBehaviour: BehaviourLanguage = {
  id: 'rust',
  separator: '::',
  functions: types('function_item closure_expression function_signature_item'),
  constructors: () => false,
  resultFields: ['return_type'],
  classes: types('struct_item enum_item trait_item impl_item union_item mod_item'),
  bases: types('trait bounds'),
  parameters: types('parameter identifier'),
  receivers: types('self'),
  identifiers: types('identifier type_identifier'),
  declares: {
    let_declaration: ['pattern'],
    for_expression: ['pattern'],
    let_condition: ['pattern'],
    match_arm: ['pattern'],
    static_item: ['name'],
    const_item: ['name'],
  },
  fields: { field_declaration: 'name' },
  members: { field_expression: ['value', 'field'], scoped_identifier: ['path', 'name'] },
  elements: { index_expression: '' },
  calls: { call_expression: { callee: 'function' }, macro_invocation: { callee: 'macro' } },
  creations: { struct_expression: 'name' },
  wrappers: types(
    'parenthesized_expression await_expression try_expression reference_expression unary_expression',
  ),
  assigns: { assignment_expression: ['left', 'right'], compound_assignment_expr: ['left', 'right'] },
  updates: {},
  raises: types(''),
  returns: types('return_expression'),
  yields: types('yield_expression'),
  continues: types('continue_expression'),
  breaks: types('break_expression'),
  loops: types('loop_expression while_expression for_expression'),
  tries: {},
  handlerBody: () => undefined,
  caughtTypes: () => [],
  noops: types('empty_statement'),
  comments: types('line_comment block_comment'),
  strings: types('string_literal raw_string_literal'),
  concurrencyNodes: { await_expression: 'awaits', async_block: 'async' },
  concurrencyCalls: {
    spawns:
      'std.thread.spawn std.thread.Builder.new.spawn tokio.spawn tokio.task.spawn tokio.task.spawn_blocking tokio.spawn_blocking rayon.spawn async_std.task.spawn actix_rt.spawn',
    joins:
      'tokio.join! futures.join! tokio.try_join! futures.future.join_all tokio.try_join futures.try_join! rayon.join std.thread.spawn.join std.thread.scope',
    selects: 'tokio.select! futures.select!',
    creates: `std.sync.Mutex.new std.sync.RwLock.new std.sync.mpsc.channel std.sync.mpsc.sync_channel tokio.sync.mpsc.channel tokio.sync.mpsc.unbounded_channel tokio.sync.oneshot.channel
      tokio.sync.Mutex.new tokio.sync.RwLock.new tokio.sync.broadcast.channel tokio.sync.watch.channel crossbeam_channel.bounded crossbeam_channel.unbounded std.sync.Condvar.new
      std.sync.atomic.AtomicBool.new std.sync.atomic.AtomicUsize.new std.sync.atomic.AtomicU64.new parking_lot.Mutex.new tokio.sync.Semaphore.new tokio.sync.Notify.new`,
    locks:
      'std.sync.Mutex.lock std.sync.RwLock.read std.sync.RwLock.write std.sync.Mutex.try_lock tokio.sync.Mutex.lock tokio.sync.RwLock.read tokio.sync.RwLock.write parking_lot.Mutex.lock',
  },
  effects: {
    network: `std.net.TcpStream.* std.net.TcpListener.* std.net.UdpSocket.* tokio.net.TcpStream.* tokio.net.TcpListener.* tokio.net.UdpSocket.* reqwest.* hyper.Client.* tokio.net.lookup_host std.os.unix.net.UnixStream.* tokio.net.UnixStream.*`,
    files: `std.fs.* tokio.fs.* std.path.Path.exists std.path.Path.is_file std.path.Path.is_dir std.path.PathBuf.exists std.path.PathBuf.is_file std.path.PathBuf.is_dir std.path.Path.metadata std.path.Path.read_dir
      std.path.Path.canonicalize tempfile.*`,
    processes: 'std.process.Command.* tokio.process.Command.* std.process.exit std.process.abort',
    database:
      'sqlx.query sqlx.query! sqlx.query_as sqlx.query_as! sqlx.query_scalar rusqlite.Connection.* postgres.Client.* tokio_postgres.Client.* redis.Client.* diesel.insert_into diesel.update diesel.delete',
    logs: `log.trace! log.debug! log.info! log.warn! log.error! tracing.trace! tracing.debug! tracing.info! tracing.warn! tracing.error! tracing.event! log.log! trace! debug! info! warn! error!`,
    metrics: 'prometheus.* metrics.counter! metrics.gauge! metrics.histogram!',
    output: `println! print! eprintln! eprint! dbg! std.io.stdout.flush std.io.stdout.write std.io.stdout.write_all std.io.stderr.flush
      std.io.stderr.write std.io.stderr.write_all`,
    input: 'std.io.stdin',
    time: 'std.time.Instant.now std.time.SystemTime.now std.thread.sleep tokio.time.sleep tokio.time.Instant.now chrono.Utc.now chrono.Local.now',
    randomness: 'rand.* fastrand.* getrandom.* uuid.Uuid.new_v4',
    none: `${preparing} reqwest.Error reqwest.Url.* std.fs.OpenOptions.new std.fs.File.options prometheus.proto.* reqwest.header.* tempfile.Builder.new reqwest.StatusCode.* std.net.TcpStream.peer_addr std.fs.Metadata.* std.fs.FileType.* std.fs.Permissions.* std.fs.DirEntry.path std.fs.DirEntry.file_name tempfile.TempDir.path tempfile.NamedTempFile.path tempfile.tempdir.path`,
  },
  configCalls: {
    environment: 'std.env.var std.env.var_os std.env.set_var env! option_env! std.env! std.option_env!',
    feature: '',
  },
  configObjects: {},
  configMembers: false,
  ends: 'std.process.exit std.process.abort',
  panics: 'panic! unreachable! todo! unimplemented! std.panic! core.panic!',
  naming: { let_declaration: 'pattern' },
  imports,
  extra(node, reader) {
    if (node.type === 'try_expression') readPropagation(node, reader);
    if (node.type === 'call_expression') readCallForms(node, reader);
    if (node.type === 'match_arm' || node.type === 'if_expression') readErrArm(node, reader);
    if (node.type === 'attribute_item') readFeature(node, reader);
  },
  isShared: (type) => type !== undefined && /^&\s*('\w+\s+)?mut\b/.test(type),
  hasTailResult: true,
};

function imports(node: PlainNode, reader: BehaviourReader, scope: Scope): boolean {
  if (node.type !== 'use_declaration') return false;
  const argument = childOf(node, 'argument');
  if (argument === undefined) return true;
  bindUse(reader, argument, '', scope);
  const module = reader.short(argument, 80);
  reader.imports.push({ module, start: node.line, end: node.endLine });
  return true;
}

const dotted = (reader: BehaviourReader, node: PlainNode) =>
  reader.text(node).replace(/\s+/g, '').replaceAll('::', '.');

function bindUse(reader: BehaviourReader, node: PlainNode, prefix: string, scope: Scope): void {
  const under = (name: string) => (prefix === '' ? name : `${prefix}.${name}`);
  if (node.type === 'use_list') for (const child of node.children) bindUse(reader, child, prefix, scope);
  else if (node.type === 'scoped_use_list') {
    const path = childOf(node, 'path');
    const list = childOf(node, 'list');
    if (list) bindUse(reader, list, path ? under(dotted(reader, path)) : prefix, scope);
  } else if (node.type === 'use_as_clause') {
    const path = childOf(node, 'path');
    const alias = childOf(node, 'alias');
    if (path && alias) scope.imports.set(reader.text(alias), under(dotted(reader, path)));
  } else if (node.type === 'self') scope.imports.set(prefix.slice(prefix.lastIndexOf('.') + 1), prefix);
  else if (/identifier/.test(node.type)) {
    const path = under(dotted(reader, node));
    scope.imports.set(path.slice(path.lastIndexOf('.') + 1), path);
  }
}

function readPropagation(node: PlainNode, reader: BehaviourReader): void {
  const [inner] = operands(node);
  const named = inner && (reader.calleeOf(inner) ?? reader.nameOf(inner));
  reader.add(node, {
    kind: 'raise',
    way: 'propagates',
    what: named?.written.replace(/\(\)$/, '') ?? (inner ? reader.short(inner, 60) : ''),
  });
}

function readCallForms(node: PlainNode, reader: BehaviourReader): void {
  const callee = childOf(node, 'function');
  if (callee === undefined) return;
  const text = callee.type === 'field_expression' ? reader.text(childOf(callee, 'field') ?? callee) : '';
  const list = childOf(node, 'arguments');
  if (
    (text === 'unwrap' && list?.children.length === 0) ||
    (text === 'expect' && list?.children.length === 1)
  )
    reader.add(node, { kind: 'raise', way: 'panics', what: `.${text}()` }, node.endLine);
  if (callee.type === 'identifier' && reader.text(callee) === 'Err' && isResult(reader, node)) {
    const [given] = list?.children ?? [];
    reader.add(node, { kind: 'raise', way: 'returns', what: given ? reader.short(given, 80) : '' });
  }
}

/** Whether the value is what the function gives back: returned, or last on every step out. */
function isResult(reader: BehaviourReader, node: PlainNode): boolean {
  let inner = node;
  for (let depth = 1; ; depth++) {
    const parent = reader.parent(depth);
    if (parent === undefined) return false;
    if (parent.type === 'return_expression') return true;
    if (parent === reader.scope.node) return inner.field === 'body' && parent.type === 'function_item';
    const isLast = parent.children.at(-1) === inner;
    const passes =
      (parent.type === 'block' && isLast) ||
      parent.type === 'else_clause' ||
      (parent.type === 'if_expression' && inner.field !== 'condition') ||
      (parent.type === 'match_arm' && inner.field === 'value') ||
      parent.type === 'match_block' ||
      (parent.type === 'match_expression' && inner.field === 'body') ||
      (parent.type === 'expression_statement' && isTailStatement(reader, depth, parent));
    if (!passes) return false;
    inner = parent;
  }
}

/** `if … { Err(x) } else { … }` without a semicolon stands in a statement of its own when it is last. */
function isTailStatement(reader: BehaviourReader, depth: number, statement: PlainNode): boolean {
  const block = reader.parent(depth + 1);
  return block?.children.at(-1) === statement && !/;\s*$/.test(reader.text(statement));
}

function readErrArm(node: PlainNode, reader: BehaviourReader): void {
  const isArm = node.type === 'match_arm';
  const condition = childOf(node, 'condition');
  const pattern = isArm
    ? childOf(node, 'pattern')
    : condition?.type === 'let_condition'
      ? childOf(condition, 'pattern')
      : undefined;
  const body = isArm ? childOf(node, 'value') : childOf(node, 'consequence');
  const caught = pattern && /^Err\s*\((.*)\)$/s.exec(reader.text(pattern).replace(/\s+if\s.*$/s, ''))?.[1];
  if (caught === undefined || !body) return;
  reader.add(
    node,
    {
      kind: 'catch',
      types: [`Err(${caught.trim().slice(0, 60)})`],
      outcome: givesError(reader, body) ? 'rethrown' : outcomeOf(reader, body),
      isTest: true,
    },
    body.endLine,
  );
}

/** `Err(x)`, `return Err(x)` or `bail!(x)`, alone or at the end of a block. */
function givesError(reader: BehaviourReader, body: PlainNode): boolean {
  const last = body.type === 'block' ? body.children.findLast((child) => !/comment/.test(child.type)) : body;
  const text = last === undefined ? '' : reader.short(last, 20);
  return /^(return\s+)?(Err\s*\(|((anyhow|eyre)::)?bail!)/.test(text);
}

/** `#[cfg(feature = "x")]`. */
function readFeature(node: PlainNode, reader: BehaviourReader): void {
  for (const [, name] of reader.text(node).matchAll(/\bfeature\s*=\s*"([^"]{1,60})"/g))
    if (name && /^#!?\[\s*cfg/.test(reader.text(node)))
      reader.add(node, { kind: 'config', source: 'feature', name, callee: 'cfg' });
}
