/** Go for the reader of behaviour: node types, and what names of its library and of common modules do. A table. */

import { type BehaviourLanguage, types } from '../../behaviour/behaviour-language.ts';
import type { BehaviourReader } from '../../behaviour/behaviour-reader.ts';
import { outcomeOf } from '../../behaviour/read-handlers.ts';
import { operands, type Scope } from '../../behaviour/scopes.ts';
import { childOf, childrenOf, type PlainNode } from '../../references/plain-tree.ts';

export const goBehaviour: BehaviourLanguage = {
  id: 'go',
  separator: '.',
  functions: types('function_declaration method_declaration func_literal'),
  constructors: () => false,
  resultFields: ['result'],
  classes: types('type_spec'),
  bases: types(''),
  parameters: types('parameter_declaration variadic_parameter_declaration'),
  receivers: types(''),
  identifiers: types('identifier type_identifier package_identifier'),
  declares: {
    short_var_declaration: ['left'],
    var_spec: ['name'],
    const_spec: ['name'],
    range_clause: ['left'],
    receive_statement: ['left'],
  },
  fields: { field_declaration: 'name' },
  members: { selector_expression: ['operand', 'field'] },
  elements: { index_expression: 'operand' },
  calls: { call_expression: { callee: 'function' } },
  creations: { composite_literal: 'type' },
  wrappers: types('parenthesized_expression unary_expression'),
  assigns: { assignment_statement: ['left', 'right'] },
  updates: { inc_statement: '', dec_statement: '' },
  raises: types(''),
  returns: types('return_statement'),
  yields: types(''),
  continues: types('continue_statement'),
  breaks: types('break_statement'),
  loops: types('for_statement'),
  tries: {},
  handlerBody: (handler) => childOf(handler, 'consequence'),
  caughtTypes: () => [],
  noops: types('empty_statement'),
  comments: types('comment'),
  strings: types('interpreted_string_literal raw_string_literal'),
  concurrencyNodes: { go_statement: 'spawns', send_statement: 'sends', select_statement: 'selects' },
  concurrencyCalls: {
    locks: 'sync.Mutex.Lock sync.RWMutex.Lock sync.RWMutex.RLock sync.Locker.Lock',
    joins: 'sync.WaitGroup.Wait golang.org/x/sync/errgroup.Group.Wait',
    synchronizes: 'sync.Once.Do sync/atomic.*',
    spawns: 'golang.org/x/sync/errgroup.Group.Go sync.WaitGroup.Go',
    schedules: 'time.AfterFunc time.NewTicker time.NewTimer time.After',
    creates: 'context.WithCancel context.WithTimeout context.WithDeadline',
  },
  effects: {
    network: `net.Dial net.DialTimeout net.Listen net.ListenPacket net.ListenTCP net.ListenUDP net.Conn.* net.Listener.* net.Dialer.* net.LookupHost net.LookupIP net.LookupAddr net.DialTCP net.DialUDP
      net/http.Get net/http.Post net/http.PostForm net/http.Head net/http.ListenAndServe net/http.ListenAndServeTLS net/http.Serve net/http.Client.* net/http.DefaultClient.*
      net/http.Server.* net/http.ResponseWriter.Write net/http.ResponseWriter.WriteHeader net/http.Error net/http.Redirect net/rpc.Dial net/smtp.* google.golang.org/grpc.Dial google.golang.org/grpc.NewClient
      crypto/tls.Dial crypto/tls.Listen`,
    files: `os.Open os.OpenFile os.Create os.CreateTemp os.ReadFile os.WriteFile os.Remove os.RemoveAll os.Rename os.Mkdir os.MkdirAll os.MkdirTemp os.ReadDir os.Stat os.Lstat os.Chmod os.Chown
      os.Symlink os.Readlink os.Link os.Truncate os.Chtimes os.File.* os.DirFS io/ioutil.ReadFile io/ioutil.WriteFile io/ioutil.ReadDir io/ioutil.TempDir io/ioutil.TempFile
      path/filepath.Walk path/filepath.WalkDir path/filepath.Glob path/filepath.EvalSymlinks`,
    processes:
      'os/exec.Cmd.* os/exec.Command.* os/exec.CommandContext.* os.Exit os.StartProcess os.Process.* os/signal.Notify syscall.Exec syscall.Kill log.Fatal log.Fatalf log.Fatalln',
    database:
      'database/sql.DB.* database/sql.Open database/sql.OpenDB database/sql.Tx.* database/sql.Stmt.* database/sql.Conn.* database/sql.Rows.* database/sql.Row.* gorm.io/gorm.DB.* github.com/jmoiron/sqlx.* github.com/redis/go-redis/v9.* go.etcd.io/bbolt.DB.*',
    logs: `log.* log/slog.* go.uber.org/zap.Logger.* go.uber.org/zap.SugaredLogger.* github.com/sirupsen/logrus.* k8s.io/klog/v2.*`,
    metrics: 'github.com/prometheus/client_golang/prometheus.* expvar.*',
    output: 'fmt.Print fmt.Println fmt.Printf os.Stdout.* os.Stderr.*',
    input: 'fmt.Scan fmt.Scanln fmt.Scanf os.Stdin.*',
    time: 'time.Now time.Sleep time.Since time.Until',
    randomness: 'math/rand.* math/rand/v2.* crypto/rand.*',
    none: `log.New log.Logger log.Default log.LstdFlags log/slog.New log/slog.String log/slog.Int log/slog.Any log/slog.Group log/slog.Bool log/slog.Duration log/slog.NewJSONHandler log/slog.NewTextHandler
      log/slog.Logger log/slog.Level log/slog.Attr log/slog.LevelVar log/slog.HandlerOptions log/slog.With log/slog.Logger.With log/slog.Default
      os/exec.Cmd os/exec.Cmd.String os/exec.Cmd.ProcessState.* os/exec.Command.ProcessState.* os/exec.Command os/exec.CommandContext
      os/exec.Command.String os/exec.Command.StdinPipe os/exec.Command.StdoutPipe os/exec.Command.StderrPipe os/exec.Command.Environ os/exec.CommandContext.String
      os/exec.CommandContext.StdinPipe os/exec.CommandContext.StdoutPipe os/exec.CommandContext.StderrPipe os/exec.Cmd.StdinPipe os/exec.Cmd.StdoutPipe
      os/exec.Cmd.StderrPipe os/exec.Cmd.Environ log.Logger.SetPrefix log.Logger.SetFlags log.Logger.SetOutput log.Logger.Prefix log.Logger.Flags log.Logger.Writer
      log.Prefix log.Flags log.Writer log/slog.SetDefault log/slog.Logger.Handler log/slog.Logger.WithGroup log/slog.Logger.Enabled log/slog.Time log/slog.Int64 log/slog.Uint64
      log/slog.Float64 log/slog.StringValue log/slog.AnyValue go.uber.org/zap.Logger.With go.uber.org/zap.Logger.Named go.uber.org/zap.Logger.Sugar go.uber.org/zap.Logger.Sync
      github.com/sirupsen/logrus.WithField github.com/sirupsen/logrus.WithFields github.com/sirupsen/logrus.WithError github.com/sirupsen/logrus.SetLevel
      github.com/sirupsen/logrus.SetFormatter github.com/sirupsen/logrus.SetOutput github.com/sirupsen/logrus.GetLevel net/http.Client.CloseIdleConnections
      os.File.Name os.File.Fd os.Process database/sql.DB.SetMaxOpenConns database/sql.DB.SetMaxIdleConns database/sql.DB.SetConnMaxLifetime database/sql.DB.SetConnMaxIdleTime
      database/sql.DB.Stats database/sql.DB.Driver database/sql.DB database/sql.Tx database/sql.Rows database/sql.Rows.Err database/sql.Rows.Columns database/sql.Rows.ColumnTypes
      database/sql.Row.Err database/sql.Stmt database/sql.Conn database/sql.Row os.Process.Pid
      net/http.Client net/http.Server log.SetFlags log.SetPrefix log.SetOutput math/rand.New math/rand.NewSource math/rand/v2.New math/rand.Rand math/rand.Source
      github.com/sirupsen/logrus.New github.com/sirupsen/logrus.Fields github.com/sirupsen/logrus.ParseLevel github.com/prometheus/client_golang/prometheus.Labels net.Dialer net.Conn.RemoteAddr net.Conn.LocalAddr net.Listener.Addr
      net/http.Client.Timeout net/http.Client.Transport github.com/jmoiron/sqlx.In crypto/rand.Reader
      github.com/prometheus/client_golang/prometheus.CounterOpts github.com/prometheus/client_golang/prometheus.GaugeOpts github.com/prometheus/client_golang/prometheus.HistogramOpts github.com/prometheus/client_golang/prometheus.SummaryOpts`,
  },
  configCalls: {
    environment: 'os.Getenv os.LookupEnv',
    flag: `flag.String flag.Int flag.Bool flag.Duration flag.Int64 flag.Uint flag.Float64
      github.com/spf13/pflag.String github.com/spf13/pflag.Bool github.com/spf13/pflag.Int`,
    setting:
      'github.com/spf13/viper.Get github.com/spf13/viper.GetString github.com/spf13/viper.GetInt github.com/spf13/viper.GetBool',
  },
  configObjects: {},
  configMembers: false,
  ends: 'os.Exit log.Fatal log.Fatalf log.Fatalln',
  panics: 'panic log.Panic log.Panicf log.Panicln',
  naming: {},
  imports,
  ownerOf,
  isShared: (type) => type !== undefined && /^(\*|map\[|\[\])/.test(type),
  extra(node, reader) {
    if (node.type === 'unary_expression' && /^<-/.test(reader.text(node)))
      reader.add(node, { kind: 'concurrency', what: 'receives', text: reader.short(node, 60) });
    if (node.type === 'if_statement') readErrorTest(node, reader);
    if (node.type === 'return_statement') readErrorResult(node, reader);
    if (node.type === 'call_expression') readCallForms(node, reader);
  },
  hasTailResult: false,
};

function imports(node: PlainNode, reader: BehaviourReader, scope: Scope): boolean {
  if (node.type !== 'import_spec') return node.type === 'package_clause';
  const path = childOf(node, 'path');
  const module = path && reader.stringOf(path);
  if (!module) return true;
  const alias = childOf(node, 'name');
  const parts = module.split('/').filter((part) => !/^v\d+$/.test(part));
  const last = (parts.at(-1) ?? module).replace(/^go-|[.-]go$|\.v\d+$/g, '');
  scope.imports.set(alias ? reader.text(alias) : last, module);
  reader.imports.push({ module, start: node.line, end: node.endLine });
  return true;
}

function ownerOf(node: PlainNode, reader: BehaviourReader) {
  const receiver = childOf(node, 'receiver')?.children[0];
  let type = receiver && childOf(receiver, 'type');
  const isCopied = type?.type !== 'pointer_type';
  while (type && type.type !== 'type_identifier') type = childOf(type, 'type') ?? type.children[0];
  if (!receiver || !type) return undefined;
  const name = childOf(receiver, 'name');
  return { owner: reader.text(type), isCopied, ...(name && { receiver: reader.text(name) }) };
}

const errorTest = /^(\w*[eE]rr\w*)\s*!=\s*nil$/;

/** `if err != nil { … }`. */
function readErrorTest(node: PlainNode, reader: BehaviourReader): void {
  const condition = childOf(node, 'condition');
  const body = childOf(node, 'consequence');
  const name = condition && errorTest.exec(reader.text(condition))?.[1];
  if (!name || !body) return;
  reader.add(
    node,
    { kind: 'catch', types: [name], outcome: outcomeOf(reader, body), isTest: true },
    body.endLine,
  );
}

const makesError =
  /^(errors\.New|errors\.Join|fmt\.Errorf|errors\.Wrapf?|errors\.Errorf|errors\.WithStack|errors\.WithMessagef?|status\.Errorf?|xerrors\.\w+)$/;

function readErrorResult(node: PlainNode, reader: BehaviourReader): void {
  const result = reader.functions[reader.scope.index]?.result ?? '';
  const last = operands(node)[0]?.children.at(-1);
  if (!/\berror\b/.test(result) || last === undefined) return;
  const callee = last.type === 'call_expression' ? reader.calleeOf(last)?.written : undefined;
  if (callee && makesError.test(callee))
    reader.add(node, { kind: 'raise', way: 'returns', what: reader.short(last, 80) });
  else if (/^(Err[A-Z]\w*|err[A-Z]\w*|\w+\.Err[A-Z]\w*)$/.test(reader.text(last)))
    reader.add(node, { kind: 'raise', way: 'returns', what: reader.text(last) });
  else if (last.type === 'identifier' && /^err\d*$/.test(reader.text(last)))
    reader.add(node, { kind: 'raise', way: 'propagates', what: reader.text(last) });
}

function readCallForms(node: PlainNode, reader: BehaviourReader): void {
  const callee = childOf(node, 'function');
  const list = childOf(node, 'arguments');
  if (callee?.type === 'identifier' && reader.text(callee) === 'recover' && list?.children.length === 0)
    reader.add(node, { kind: 'catch', types: ['panic'], outcome: 'handled', isTest: false });
  if (
    callee?.type === 'identifier' &&
    reader.text(callee) === 'make' &&
    list?.children[0]?.type === 'channel_type'
  )
    reader.add(node, { kind: 'concurrency', what: 'creates', text: reader.short(node, 60) });
  // `flag.StringVar(&x, "name", …)`
  const named = reader.calleeOf(node)?.name;
  if (!named || !/^(flag|github\.com\/spf13\/pflag)\.\w+Var(P)?$/.test(named)) return;
  const name = childrenOf(node, 'arguments')[0]?.children[1];
  const text = name && reader.stringOf(name);
  if (text)
    reader.add(node, {
      kind: 'config',
      source: 'flag',
      name: text,
      callee: reader.calleeOf(node)?.written ?? named,
    });
}
