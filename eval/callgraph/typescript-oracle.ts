/**
 * Callers in a real TypeScript repository, judged by the TypeScript compiler.
 *
 *   node eval/callgraph/typescript-oracle.ts --root DIR [--only REGEX] [--out DIR] [--verbose N]
 *
 * For each call, `new`, tagged template and JSX element the compiler names the declaration it resolves to. Counted are those that resolve
 * to a function, method, constructor or declared method of the repository, as (path, line, callee). Ours are right when the compiler names
 * the same declaration on that line, one that implements the declared method or is assigned to it, or what the JavaScript beside a `.d.ts`
 * exports under its name. Lines where it knows no declaration (`any`, a parameter of function type, a member of something of a package that
 * is not installed) are not judged, nor is the call of a callback by what it is handed to, nor `f.call(…)` and `f.apply(…)`, for which it
 * names the library.
 */
import { existsSync, globSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { callGraphOf, compare, type Site, tell } from './oracle.ts';

const { values } = parseArgs({
  options: {
    root: { type: 'string' },
    only: { type: 'string', default: '' },
    out: { type: 'string' },
    verbose: { type: 'string', default: '0' },
  },
});
if (values.root === undefined) throw new Error('--root DIR is missing');
const root = resolve(values.root);
const only = new RegExp(values.only);

const graph = callGraphOf(root);

const files = globSync('**/*.{ts,tsx,mts,cts}', { cwd: root, exclude: (name) => name === 'node_modules' })
  .filter((path) => only.test(path))
  .map((path) => join(root, path));
const program = ts.createProgram(files, {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  jsx: ts.JsxEmit.Preserve,
  allowImportingTsExtensions: true,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
});
const checker = program.getTypeChecker();
/** The JavaScript that stands beside declarations. */
const scripts = ts.createProgram(
  globSync('**/*.d.{ts,mts,cts}', { cwd: root, exclude: (name) => name === 'node_modules' })
    .map((path) => join(root, path.replace(/\.d\.([cm]?)ts$/, '.$1js')))
    .filter((path) => existsSync(path)),
  { allowJs: true, noEmit: true, types: [], module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext },
);
const scriptChecker = scripts.getTypeChecker();
const inRepository = (file: ts.SourceFile) =>
  file.fileName.startsWith(root + sep) && !file.fileName.includes('/node_modules/');
const pathOf = (file: ts.SourceFile) => relative(root, file.fileName).split(sep).join('/');
const lineOf = (node: ts.Node) =>
  node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
const keyOf = (node: ts.Node) => `${pathOf(node.getSourceFile())}:${lineOf(node)}`;

function isCallee(node: ts.Node): boolean {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    ts.isMethodSignature(node) ||
    ts.isAccessor(node)
  );
}

/** All declarations of what a call resolves to: the overloads and the definition. */
function declarationsOf(declaration: ts.Node): readonly ts.Node[] {
  if (ts.isConstructorDeclaration(declaration))
    return declaration.parent.members.filter((member) => ts.isConstructorDeclaration(member));
  const name = (declaration as ts.FunctionDeclaration).name;
  const symbol = name && checker.getSymbolAtLocation(name);
  const all = symbol?.declarations?.filter(isCallee) ?? [];
  return all.length === 0 ? [declaration] : all;
}

/** What the JavaScript beside a `.d.ts` exports under the name of a declaration: a stub stands for its source. */
function sourceOf(declaration: ts.Node): readonly ts.Node[] {
  const file = declaration.getSourceFile();
  const name = (declaration as ts.FunctionDeclaration).name?.getText();
  if (!file.isDeclarationFile) return [];
  const stem = file.fileName.replace(/\.d\.([cm]?)ts$/, '.$1');
  const source = scripts.getSourceFile(`${stem}js`) ?? scripts.getSourceFile(`${stem}jsx`);
  const module = source && scriptChecker.getSymbolAtLocation(source);
  if (source === undefined || module === undefined) return [];
  const whole = module.exports?.get(ts.InternalSymbolName.ExportEquals);
  return [...scriptChecker.getExportsOfModule(module), ...(whole === undefined ? [] : [whole])]
    .filter((symbol) => [name, 'default', ts.InternalSymbolName.ExportEquals].includes(symbol.name))
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? scriptChecker.getAliasedSymbol(symbol) : symbol))
    .flatMap((symbol) => symbol.declarations ?? [])
    .filter((one) => isCallee(one) && ((one as ts.FunctionDeclaration).name?.getText() ?? name) === name);
}

/** `class -> classes and interfaces it names`, to accept what implements a declared method. */
const implementers = new Map<ts.Symbol, Set<ts.ClassLikeDeclaration>>();

const sites: Site[] = [];
/** Lines of calls whose declaration is not known. */
const unjudged = new Set<string>();
const accepted = new Map<string, Set<string>>();
let callsInSource = 0;

function accept(node: ts.Node, key: string): void {
  const at = keyOf(node);
  const known = accepted.get(at);
  if (known === undefined) accepted.set(at, new Set([key]));
  else known.add(key);
}

/** Functions that are assigned to what declares them: `mock.reset = function () {}`. */
const assigned = new Map<ts.Node, ts.Node[]>();

function visitAssignment(node: ts.Node): void {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
  if (!ts.isPropertyAccessExpression(node.left) || !isCallee(node.right)) return;
  for (const declaration of checker.getSymbolAtLocation(node.left.name)?.declarations ?? [])
    assigned.set(declaration, [...(assigned.get(declaration) ?? []), node.right]);
}

function visitClasses(node: ts.Node): void {
  visitAssignment(node);
  if (ts.isClassLike(node)) {
    for (const clause of node.heritageClauses ?? [])
      for (const type of clause.types) {
        const symbol = checker.getTypeAtLocation(type).symbol as ts.Symbol | undefined;
        if (symbol === undefined) continue;
        const known = implementers.get(symbol);
        if (known === undefined) implementers.set(symbol, new Set([node]));
        else known.add(node);
      }
  }
  ts.forEachChild(node, visitClasses);
}

function implementationsOf(declaration: ts.Node): ts.Node[] {
  const name = (declaration as ts.MethodSignature).name?.getText();
  const found: ts.Node[] = [...(assigned.get(declaration) ?? [])];
  if (!ts.isInterfaceDeclaration(declaration.parent) && !ts.isClassLike(declaration.parent)) return found;
  const open = [checker.getTypeAtLocation(declaration.parent).symbol as ts.Symbol | undefined];
  const seen = new Set<ts.Symbol>();
  for (let next = open.pop(); next !== undefined || open.length > 0; next = open.pop()) {
    if (next === undefined || seen.has(next)) continue;
    seen.add(next);
    for (const cls of implementers.get(next) ?? []) {
      found.push(...cls.members.filter((member) => member.name?.getText() === name));
      open.push(checker.getTypeAtLocation(cls).symbol);
    }
  }
  return found;
}

function visitCalls(node: ts.Node): void {
  if (ts.isPropertyAccessExpression(node)) {
    const symbol = checker.getSymbolAtLocation(node.name);
    if (symbol === undefined) unjudged.add(`${pathOf(node.getSourceFile())}:${lineOf(node.name)}`);
    for (const declaration of symbol?.declarations ?? [])
      if (ts.isAccessor(declaration) && inRepository(declaration.getSourceFile()))
        accept(node.name, keyOf(declaration));
  }
  const isCall =
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isTaggedTemplateExpression(node) ||
    ts.isJsxOpeningLikeElement(node);
  if (isCall && !(ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)) {
    callsInSource += 1;
    judge(node);
  }
  ts.forEachChild(node, visitCalls);
}

/** A call stands on the line of the name that is called: a chain runs over several. */
function calledName(node: ts.CallLikeExpression): ts.Node {
  if (ts.isJsxOpeningLikeElement(node) || !('expression' in node || 'tag' in node)) return node;
  const callee = 'tag' in node ? node.tag : node.expression;
  return ts.isPropertyAccessExpression(callee) ? callee.name : callee;
}

function judge(node: ts.CallLikeExpression): void {
  const declaration = checker.getResolvedSignature(node)?.declaration as ts.Node | undefined;
  const name = calledName(node);
  const at = `${pathOf(node.getSourceFile())}:${lineOf(name)}`;
  if (declaration === undefined || !isCallee(declaration)) {
    unjudged.add(at);
    return;
  }
  if (!inRepository(declaration.getSourceFile())) {
    const name = (declaration as ts.MethodSignature).name?.getText();
    if (name === 'call' || name === 'apply') unjudged.add(at);
    return;
  }
  const all = declarationsOf(declaration);
  const targets = new Set(
    [
      ...all,
      ...all.filter((one) => (one as ts.MethodDeclaration).body === undefined).flatMap(implementationsOf),
      ...all.flatMap(sourceOf),
    ].map(keyOf),
  );
  for (const target of targets) accept(name, target);
  const text = node.getText().split('\n')[0]?.slice(0, 70) ?? '';
  sites.push({ path: pathOf(node.getSourceFile()), line: lineOf(name), text, targets });
}

const judgedFiles = program.getSourceFiles().filter((file) => inRepository(file) && !file.isDeclarationFile);
for (const file of judgedFiles) visitClasses(file);
for (const file of judgedFiles) visitCalls(file);

tell(
  compare(graph, {
    calls: callsInSource,
    sites,
    accepted,
    unjudged,
    paths: new Set(judgedFiles.map(pathOf)),
    keyOf: (node) => `${node.path}:${node.start}`,
  }),
  {
    by: 'eval/callgraph/typescript-oracle.ts',
    oracle: 'the TypeScript compiler',
    version: `TypeScript ${ts.version}`,
  },
  values,
);
