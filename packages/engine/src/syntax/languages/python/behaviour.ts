/** Python for the reader of behaviour: node types, and what names of its library and of common packages do. A table. */

import { textTable } from '../../../model/text-table.ts';
import { type BehaviourLanguage, types } from '../../behaviour/behaviour-language.ts';
import type { BehaviourReader } from '../../behaviour/behaviour-reader.ts';
import type { Scope } from '../../behaviour/scopes.ts';
import { childOf, childrenOf, type PlainNode } from '../../references/plain-tree.ts';

export const pythonBehaviour: BehaviourLanguage = {
  id: 'python',
  separator: '.',
  functions: types('function_definition lambda'),
  constructors: (name) => name === '__init__' || name === '__new__' || name === '__post_init__',
  resultFields: ['return_type'],
  classes: types('class_definition'),
  bases: types('superclasses'),
  parameters: types(
    'identifier typed_parameter default_parameter typed_default_parameter list_splat_pattern dictionary_splat_pattern',
  ),
  receivers: types('self'),
  identifiers: types('identifier'),
  declares: {
    assignment: ['left'],
    augmented_assignment: ['left'],
    for_statement: ['left'],
    for_in_clause: ['left'],
    as_pattern: ['alias'],
    named_expression: ['name'],
    class_definition: ['name'],
  },
  fields: { assignment: 'left' },
  members: { attribute: ['object', 'attribute'] },
  elements: { subscript: 'value' },
  calls: { call: { callee: 'function' } },
  creations: {},
  wrappers: types('parenthesized_expression await'),
  assigns: { assignment: ['left', 'right'], augmented_assignment: ['left', 'right'] },
  updates: { delete_statement: '' },
  raises: types('raise_statement'),
  returns: types('return_statement'),
  yields: types('yield'),
  continues: types('continue_statement'),
  breaks: types('break_statement'),
  loops: types('for_statement while_statement'),
  tries: { try_statement: types('except_clause except_group_clause') },
  handlerBody: (handler) => handler.children.find((child) => child.type === 'block'),
  caughtTypes: (handler, reader) => {
    let value: PlainNode | undefined = childOf(handler, 'value');
    if (value?.type === 'as_pattern') value = value.children[0];
    if (value === undefined) return [];
    return value.type === 'tuple'
      ? value.children.map((child) => reader.short(child, 80))
      : [reader.short(value, 80)];
  },
  noops: types('pass_statement'),
  comments: types('comment'),
  strings: types('string concatenated_string'),
  concurrencyNodes: { await: 'awaits' },
  concurrencyCalls: {
    spawns: `asyncio.create_task asyncio.ensure_future asyncio.run asyncio.to_thread threading.Thread.start threading.Timer.start
      multiprocessing.Process.start multiprocessing.Pool
      concurrent.futures.ThreadPoolExecutor.submit concurrent.futures.ProcessPoolExecutor.submit concurrent.futures.ThreadPoolExecutor.map
      anyio.create_task_group.start_soon trio.open_nursery.start_soon`,
    joins:
      'asyncio.gather asyncio.wait asyncio.wait_for asyncio.as_completed concurrent.futures.wait concurrent.futures.as_completed',
    creates: `threading.Lock threading.RLock threading.Condition threading.Event threading.Semaphore threading.local asyncio.Lock asyncio.Event
      asyncio.Semaphore asyncio.Queue queue.Queue multiprocessing.Lock multiprocessing.Queue`,
    locks: 'threading.Lock.acquire threading.RLock.acquire threading.Condition.acquire asyncio.Lock.acquire',
  },
  effects: {
    network: `requests.* httpx.* urllib.request.* http.client.* socket.* aiohttp.* urllib3.* smtplib.* smtplib.SMTP smtplib.SMTP_SSL ftplib.* ftplib.FTP paramiko.* websockets.* grpc.*
      asyncio.open_connection asyncio.start_server boto3.*`,
    files: `open open.* io.open os.remove os.unlink os.rename os.replace os.mkdir os.makedirs os.rmdir os.listdir os.scandir os.walk os.stat os.chmod os.chown
      os.symlink os.link os.open os.write os.read os.utime os.truncate os.path.exists os.path.isfile os.path.isdir os.path.getsize os.path.getmtime
      os.path.islink os.path.realpath shutil.* tempfile.* tempfile.NamedTemporaryFile tempfile.TemporaryFile tempfile.TemporaryDirectory glob.glob glob.iglob fileinput.* zipfile.ZipFile tarfile.open gzip.open bz2.open
      pathlib.Path.open pathlib.Path.read_text pathlib.Path.read_bytes pathlib.Path.write_text pathlib.Path.write_bytes pathlib.Path.exists
      pathlib.Path.is_file pathlib.Path.is_dir pathlib.Path.mkdir pathlib.Path.unlink pathlib.Path.rmdir pathlib.Path.iterdir pathlib.Path.glob
      pathlib.Path.rglob pathlib.Path.stat pathlib.Path.touch pathlib.Path.rename pathlib.Path.replace pathlib.Path.resolve aiofiles.open`,
    processes: `subprocess.* subprocess.Popen os.system os.popen os.fork os.execv os.execvp os.execve os.kill os.killpg os.waitpid os.spawnl os.spawnv
      asyncio.create_subprocess_exec asyncio.create_subprocess_shell sys.exit os._exit os.abort`,
    database:
      'sqlite3.* psycopg2.* psycopg.* pymysql.* asyncpg.* redis.* pymongo.* pymongo.MongoClient sqlalchemy.create_engine',
    logs: 'logging.* structlog.* loguru.* warnings.warn warnings.warn_explicit',
    metrics: 'prometheus_client.* statsd.* opentelemetry.metrics.*',
    output:
      'print sys.stdout.write sys.stdout.writelines sys.stdout.flush sys.stdout.buffer.write sys.stderr.write sys.stderr.writelines sys.stderr.flush click.echo click.secho',
    input:
      'input sys.stdin.read sys.stdin.readline sys.stdin.readlines sys.stdin.buffer.read getpass.getpass click.prompt click.confirm',
    time: 'time.time time.sleep time.monotonic time.perf_counter time.time_ns time.localtime time.gmtime datetime.datetime.now datetime.datetime.utcnow datetime.date.today asyncio.sleep',
    randomness: 'random.* secrets.* os.urandom uuid.uuid4 uuid.uuid1 numpy.random.*',
    none: `logging.getLogger logging.Formatter logging.StreamHandler logging.FileHandler logging.NullHandler logging.getLevelName logging.Handler
      logging.LogRecord logging.getLoggerClass logging.Logger logging.getLogger.isEnabledFor logging.getLogger.setLevel logging.getLogger.addHandler
      logging.getLogger.getChild logging.getLogger.handlers.* logging.getLogger.removeHandler logging.Filter
      subprocess.CalledProcessError subprocess.TimeoutExpired subprocess.SubprocessError subprocess.list2cmdline socket.error socket.timeout
      socket.gaierror requests.exceptions.* httpx.URL httpx.Headers httpx.Timeout socket.inet_aton socket.inet_pton socket.inet_ntoa requests.utils.*
      requests.compat.* requests.structures.* requests.Response requests.Request requests.models.* requests.adapters.* tempfile.gettempdir
      urllib.request.pathname2url urllib.request.url2pathname urllib3.util.* urllib3.exceptions.* http.client.HTTPMessage http.client.responses.*
      sqlite3.Row shutil.which shutil.get_terminal_size random.Random aiohttp.ClientTimeout
      sys.stdout.encoding sys.stdout.isatty sys.stderr.isatty sys.stdin.isatty sys.stdout.fileno sys.stdin.fileno sys.stdout.reconfigure
      redis.exceptions.* urllib.request.Request urllib.request.getproxies urllib.request.getproxies.* urllib.request.proxy_bypass structlog.get_logger
      grpc.StatusCode.* shutil.Error shutil.SameFileError logging.Formatter.* logging.Filter.* logging.Handler.setFormatter logging.Handler.setLevel
      logging.StreamHandler.setFormatter logging.StreamHandler.setLevel logging.FileHandler.setFormatter logging.FileHandler.setLevel logging.addLevelName
      logging.setLoggerClass logging.captureWarnings logging.makeLogRecord logging.basicConfig logging.disable logging.config.*
      logging.getLogger.getEffectiveLevel logging.getLogger.hasHandlers logging.getLogger.addFilter logging.getLevelNamesMapping
      http.client.HTTPException secrets.compare_digest socket.htons socket.ntohs socket.htonl socket.ntohl socket.getdefaulttimeout
      socket.setdefaulttimeout socket.socket.settimeout socket.socket.setblocking socket.socket.fileno socket.socket.getsockname`,
  },
  configCalls: {
    environment: 'os.getenv os.environ.get os.environ.pop os.environ.setdefault os.getenvb',
    flag: 'argparse.ArgumentParser.add_argument click.option click.argument typer.Option typer.Argument optparse.OptionParser.add_option',
    setting:
      'configparser.ConfigParser.get configparser.ConfigParser.getboolean configparser.ConfigParser.getint',
  },
  configObjects: { environment: 'os.environ', setting: 'django.conf.settings' },
  configMembers: false,
  ends: 'sys.exit os._exit os.abort exit quit',
  panics: '',
  naming: { assignment: 'left', keyword_argument: 'name' },
  imports,
  extra(node, reader) {
    if (node.type === 'with_item') readWith(node, reader);
    if (node.type === 'decorator') readDecorator(node, reader);
    if (node.type === 'for_statement' && node.children.some(({ type }) => type === 'async'))
      reader.add(node, { kind: 'concurrency', what: 'awaits', text: reader.short(node, 60) }, node.line);
    if (node.type === 'attribute') readDjangoSetting(node, reader);
  },
  hasTailResult: false,
};

function imports(node: PlainNode, reader: BehaviourReader, scope: Scope): boolean {
  if (node.type === 'global_statement' || node.type === 'nonlocal_statement') {
    for (const name of node.children) scope.outer.add(reader.text(name));
    return false;
  }
  if (node.type === 'import_statement') {
    for (const one of childrenOf(node, 'name')) {
      const alias = childOf(one, 'alias');
      const module = reader.text(alias ? (childOf(one, 'name') ?? one) : one);
      const head = module.split('.')[0] as string;
      scope.imports.set(alias ? reader.text(alias) : head, alias ? module : head);
      reader.imports.push({ module, start: node.line, end: node.endLine });
    }
    return true;
  }
  if (node.type !== 'import_from_statement' && node.type !== 'future_import_statement') return false;
  const from = childOf(node, 'module_name');
  const module = from ? reader.text(from) : '__future__';
  reader.imports.push({ module, start: node.line, end: node.endLine });
  for (const one of childrenOf(node, 'name')) {
    const name = reader.text(childOf(one, 'name') ?? one);
    scope.imports.set(reader.text(childOf(one, 'alias') ?? one), `${module}.${name}`);
  }
  return true;
}

const lockNames = /(^|[._])(r?lock|mutex|semaphore|condition|cond)$/i;

/** `with self._lock:` */
function readWith(node: PlainNode, reader: BehaviourReader): void {
  let value: PlainNode | undefined = childOf(node, 'value') ?? node.children[0];
  if (value?.type === 'as_pattern') value = value.children[0];
  const named = value && reader.nameOf(value);
  if (!named || !value) return;
  const isLock =
    /^(threading|asyncio|multiprocessing)\.(R?Lock|Condition|Semaphore)$/.test(named.name ?? '') ||
    lockNames.test(named.written);
  if (isLock) reader.add(node, { kind: 'concurrency', what: 'locks', text: named.written });
}

function readDecorator(node: PlainNode, reader: BehaviourReader): void {
  const [given] = node.children;
  const named = given && (reader.calleeOf(given) ?? reader.nameOf(given));
  const pattern = named?.name === undefined ? undefined : decorators[named.name];
  const holder = reader.parent();
  const definition = holder && childOf(holder, 'definition');
  const name = definition && childOf(definition, 'name');
  const scope = definition && reader.scopes.get(definition);
  if (!pattern || !named || !name) return;
  const subject = scope?.path ?? reader.text(name);
  const at = scope?.index ?? reader.scope.index;
  reader.facts.push({
    kind: 'pattern',
    pattern,
    subject,
    why: `it is decorated with \`${named.written}\``,
    at,
    start: node.line,
    end: node.endLine,
  });
}

const decorators = textTable<string>({
  'functools.lru_cache': 'memoization',
  'functools.cache': 'memoization',
  'functools.cached_property': 'memoization',
  'contextlib.contextmanager': 'context manager',
  'contextlib.asynccontextmanager': 'context manager',
  'functools.wraps': 'wrapper of another function',
  'functools.singledispatch': 'dispatch by type',
  'functools.total_ordering': 'total ordering',
  'dataclasses.dataclass': 'data class',
  'abc.abstractmethod': 'abstract method',
  property: 'computed property',
});

/** `settings.NAME`, where settings are Django's. */
function readDjangoSetting(node: PlainNode, reader: BehaviourReader): void {
  const named = reader.nameOf(node);
  const setting = /^django\.conf\.settings\.([A-Z][A-Z0-9_]*)$/.exec(named?.name ?? '')?.[1];
  if (setting && named)
    reader.add(node, { kind: 'config', source: 'setting', name: setting, callee: named.written });
}
