/** One module's text -> what it may do to a machine, and what nobody may do. Reads syntax alone: no types, so that all modules take seconds. */
import ts from 'typescript';
import type { Capability } from './doors.ts';

export interface Use {
  /** undefined: forbidden everywhere. */
  readonly capability: Capability | undefined;
  readonly line: number;
  readonly what: string;
}

type Report = (capability: Capability | undefined, node: ts.Node, what: string) => void;

/** Names imported of a module -> what they can do; `*`: all others, and the whole module. */
const IMPORTS: Readonly<Record<string, Readonly<Record<string, Capability | 'forbidden' | 'harmless'>>>> = {
  child_process: { spawn: 'process', execFile: 'process', fork: 'process', '*': 'forbidden' },
  net: { isIP: 'harmless', '*': 'network' },
  http: { createServer: 'listen', '*': 'network' },
  https: { createServer: 'listen', '*': 'network' },
  http2: { '*': 'network' },
  tls: { createSecureContext: 'harmless', '*': 'network' },
  dgram: { '*': 'network' },
  dns: { '*': 'network' },
  'dns/promises': { '*': 'network' },
  '@opentelemetry/exporter-trace-otlp-http': { '*': 'network' },
  vm: { '*': 'forbidden' },
  repl: { '*': 'forbidden' },
  inspector: { '*': 'forbidden' },
  cluster: { '*': 'forbidden' },
  wasi: { '*': 'forbidden' },
  sqlite: { '*': 'write' },
  module: { findPackageJSON: 'harmless', '*': 'code' },
};

const WRITES =
  /^(write|append|mkdir|mkdtemp|rm|rename|unlink|symlink|link|chmod|lchmod|fchmod|chown|truncate|ftruncate|utimes|lutimes|copyFile|cp|createWriteStream|open)/;
const CLIENTS = new Set(['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']);
const WEAK_HASHES = /^(md4|md5|sha1|rmd160)$/i;

export function findUses(file: string, text: string): readonly Use[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const uses: Use[] = [];
  const report: Report = (capability, node, what) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    uses.push({ capability, line: line + 1, what });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) ofImport(node, report);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier)
      ofModule(node.moduleSpecifier, ['*'], node, report);
    else if (ts.isCallExpression(node)) ofCall(node, report);
    else if (ts.isNewExpression(node)) ofNew(node, report);
    else if (ts.isPropertyAssignment(node)) ofProperty(node, report);
    else if (ts.isStringLiteralLike(node) && node.text === 'NODE_TLS_REJECT_UNAUTHORIZED')
      report(undefined, node, node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}

function ofImport({ importClause, moduleSpecifier }: ts.ImportDeclaration, report: Report): void {
  if (importClause?.isTypeOnly === true) return;
  const bindings = importClause?.namedBindings;
  const names =
    bindings !== undefined && ts.isNamedImports(bindings)
      ? bindings.elements
          .filter(({ isTypeOnly }) => !isTypeOnly)
          .map(({ name, propertyName }) => (propertyName ?? name).text)
      : ['*'];
  ofModule(moduleSpecifier, names, moduleSpecifier, report);
}

function ofModule(specifier: ts.Expression, names: readonly string[], node: ts.Node, report: Report): void {
  if (!ts.isStringLiteralLike(specifier)) return;
  const module = specifier.text.replace(/^node:/, '');
  for (const name of names) {
    if (module === 'fs' || module === 'fs/promises') {
      if (name === '*' || WRITES.test(name)) report('write', node, `${name} of ${module}`);
      continue;
    }
    const known = IMPORTS[module];
    const found = known?.[name] ?? known?.['*'];
    if (found === undefined || found === 'harmless') continue;
    report(found === 'forbidden' ? undefined : found, node, `${name} of ${module}`);
  }
}

function ofCall({ expression, arguments: args }: ts.CallExpression, report: Report): void {
  const [first] = args;
  if (expression.kind === ts.SyntaxKind.ImportKeyword) {
    if (first !== undefined && !ts.isStringLiteralLike(first))
      report('code', expression, 'import() of a made name');
    else if (first !== undefined) ofModule(first, ['*'], expression, report);
    return;
  }
  const name = nameOf(expression);
  if (name === 'require' && first !== undefined) ofModule(first, ['*'], expression, report);
  if (ts.isIdentifier(expression)) {
    if (name === 'eval' || name === 'Function') report(undefined, expression, `${name}()`);
    if (CLIENTS.has(name)) report('network', expression, `${name}()`);
    if (
      /^set(Timeout|Interval|Immediate)$/.test(name) &&
      first !== undefined &&
      ts.isStringLiteralLike(first)
    )
      report(undefined, expression, `${name} of text`);
    if (name === 'RegExp') ofPattern(first, expression, report);
    if (
      name === 'createHash' &&
      first !== undefined &&
      ts.isStringLiteralLike(first) &&
      WEAK_HASHES.test(first.text)
    )
      report(undefined, expression, `the weak hash ${first.text}`);
  }
  const whole = expression.getText();
  if (whole === 'globalThis.fetch') report('network', expression, 'fetch()');
  if (whole === 'Math.random') report('guessable', expression, 'Math.random()');
  if (/^process\.(dlopen|binding|_linkedBinding)$/.test(whole)) report(undefined, expression, whole);
}

function ofNew({ expression, arguments: args }: ts.NewExpression, report: Report): void {
  const name = nameOf(expression);
  if (name === 'Function') report(undefined, expression, 'new Function()');
  if (CLIENTS.has(name)) report('network', expression, `new ${name}()`);
  if (name === 'RegExp') ofPattern(args?.[0], expression, report);
}

/** Text that is not fixed here may be a user's; the engine for users' patterns is ripgrep. */
function ofPattern(pattern: ts.Expression | undefined, node: ts.Node, report: Report): void {
  if (pattern !== undefined && !ts.isStringLiteralLike(pattern) && !ts.isRegularExpressionLiteral(pattern))
    report('pattern', node, 'RegExp of a made text');
}

function ofProperty({ name, initializer }: ts.PropertyAssignment, report: Report): void {
  const key = ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : '';
  const isOff = initializer.kind === ts.SyntaxKind.FalseKeyword;
  if (key === 'rejectUnauthorized' && initializer.kind !== ts.SyntaxKind.TrueKeyword)
    report(undefined, initializer, 'certificates that are not verified');
  // `shell: true`, and one that decides at run time. A table of words may have the key.
  if (
    key === 'shell' &&
    !isOff &&
    !ts.isStringLiteralLike(initializer) &&
    !ts.isObjectLiteralExpression(initializer)
  )
    report(undefined, initializer, 'a shell');
}

function nameOf(expression: ts.Expression): string {
  return ts.isIdentifier(expression) ? expression.text : '';
}
