/**
 * Import rules: the code map of ARCHITECTURE.md as something a machine refuses to break.
 * Each comment says what a violation means. There is no list of known violations: it would begin empty and stay so.
 */

const engine = '^packages/engine/src/';
const server = '^packages/server/src/';
const middle = ['syntax', 'chunking', 'lexical', 'vectors', 'embedding', 'graph'];
const test = '\\.test(-kit)?\\.ts$|/testing/|/test-support/|^packages/[^/]+/test/';
const under = (...folders) => `${engine}(${folders.join('|')})/`;

/** The files that put the parts together, and may look at the machine to do so: the engine, its evaluation, its threads. */
const compositionRoots = `${engine}(open-engine|open-evaluation|index-worker|question-worker|scan-worker|walk-worker|learning-process|starting-process)\\.ts$`;

/** Reads the grammars that ship in the package; never a file of a workspace. */
const ownFiles = `${engine}syntax/grammar-files\\.ts$`;

/** Node's doors to the outside world. `node:path` and `node:crypto` are computation and allowed everywhere. */
const outsideWorld =
  '^(node:)?(fs|fs/promises|child_process|net|http|http2|https|tls|dgram|dns|dns/promises|sqlite|inspector|cluster)$';

const direction = [
  {
    name: 'model-is-the-bottom',
    comment:
      'model/ holds readonly data that everything shares; if it imports anything, everything depends on that too.',
    severity: 'error',
    from: { path: under('model'), pathNot: test },
    to: { pathNot: under('model') },
  },
  {
    name: 'ports-know-only-model',
    comment:
      'A port that imports an implementation or a stage is no contract any more: it cannot be implemented anew.',
    severity: 'error',
    from: { path: under('ports'), pathNot: test },
    to: { pathNot: under('ports', 'model') },
  },
  ...middle.map((folder) => ({
    name: `${folder}-meets-no-sibling`,
    comment:
      `${folder}/ imports another middle folder (or something above): what two of them share belongs in model/, ` +
      'and who combines them is indexing/ or query/.',
    severity: 'error',
    from: { path: under(folder), pathNot: test },
    to: { path: engine, pathNot: under(folder, 'ports', 'model') },
  })),
  {
    name: 'indexing-and-query-stay-apart',
    comment:
      'The two flows meet only in the store and in open-engine.ts; an import makes a change of one break the other.',
    severity: 'error',
    from: { path: under('indexing'), pathNot: test },
    to: { path: under('query', 'analysis', 'adapters') },
  },
  {
    name: 'query-knows-no-indexing',
    comment:
      'A query that runs indexing code can no longer be reasoned about as a pure function of one snapshot.',
    severity: 'error',
    from: { path: under('query'), pathNot: test },
    to: { path: under('indexing', 'analysis', 'adapters') },
  },
  {
    name: 'adapters-know-only-ports',
    comment:
      'An adapter that knows a stage cannot be replaced by another; it implements a port and nothing else.',
    severity: 'error',
    from: { path: under('adapters'), pathNot: test },
    to: { path: engine, pathNot: under('adapters', 'ports', 'model') },
  },
  {
    name: 'only-composition-roots-choose-adapters',
    comment: 'Choosing an adapter anywhere else hides a dependency on the machine from open-engine.ts.',
    severity: 'error',
    from: { path: engine, pathNot: `${under('adapters')}|${compositionRoots}|${test}` },
    to: { path: under('adapters') },
  },
  {
    name: 'nothing-knows-evaluation',
    comment:
      'Evaluation measures the engine from above, as a user of it; a part that imports it would be measured by itself.',
    severity: 'error',
    from: { path: engine, pathNot: `${under('evaluation')}|${engine}(open-evaluation|index)\\.ts$|${test}` },
    to: { path: under('evaluation') },
  },
  {
    name: 'workspace-is-the-top',
    comment: 'workspace/ puts the parts together; a part that imports it knows everything at once.',
    severity: 'error',
    from: { path: engine, pathNot: `${under('workspace', 'evaluation')}|${compositionRoots}|${test}` },
    to: { path: under('workspace') },
  },
  {
    name: 'engine-knows-no-server',
    comment: 'The engine is a library: it must install and work without MCP, HTTP or the wire contract.',
    severity: 'error',
    from: { path: '^packages/engine/', pathNot: test },
    to: { path: '^packages/(server|sdk)/|^node_modules/(@modelcontextprotocol|zod)/' },
  },
  {
    name: 'sdk-knows-nothing-of-ours',
    comment: 'Users of the SDK must not pull in the engine, its grammars or the server.',
    severity: 'error',
    from: { path: '^packages/sdk/' },
    to: { path: '^packages/(engine|server)/' },
  },
  {
    name: 'server-uses-public-doors',
    comment:
      'The server reaches into a package past its public door: what it needs must be exported on purpose.',
    severity: 'error',
    from: { path: '^packages/server/', pathNot: test },
    to: {
      path: '^packages/(engine|sdk)/src/',
      pathNot: '^packages/engine/src/index\\.ts$|^packages/sdk/src/(contract/)?index\\.ts$',
    },
  },
  {
    name: 'operations-know-no-rendering',
    comment: 'An operation that imports MCP, HTTP or the command line works in one of them only.',
    severity: 'error',
    from: { path: `${server}operations/`, pathNot: test },
    to: { path: `${server}(mcp|http|cli)/` },
  },
];

const late = [
  {
    name: 'http-is-loaded-late',
    comment:
      'A server over standard input and output, or a command, that loads http/ starts later, for a door it does not open.',
    severity: 'error',
    from: { path: server, pathNot: `${server}(http/|cli/serve\\.ts$)|${test}` },
    to: { path: `${server}http/`, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'access-knows-no-door',
    comment: 'Keys and the audit log serve every door; one that knows HTTP cannot be used by the next.',
    severity: 'error',
    from: { path: `${server}access/`, pathNot: test },
    to: { path: `${server}(mcp|http|cli|workspaces)/` },
  },
];

const doors = [
  {
    name: 'outside-world-only-in-adapters',
    comment:
      'The engine touches files, processes, databases or the network outside adapters/: no port, so no test without a machine.',
    severity: 'error',
    from: { path: engine, pathNot: `${under('adapters')}|${compositionRoots}|${ownFiles}|${test}` },
    to: { path: outsideWorld, dependencyTypes: ['core'] },
  },
  {
    name: 'threads-only-in-indexing-and-adapters',
    comment: 'A thread started anywhere else escapes the memory bound and the cancellation of indexing.',
    severity: 'error',
    from: { path: engine, pathNot: `${under('indexing', 'adapters')}|${compositionRoots}|${test}` },
    to: { path: '^(node:)?worker_threads$', dependencyTypes: ['core'] },
  },
  {
    name: 'tree-sitter-only-in-syntax',
    comment:
      'Trees hold memory outside the heap and must be freed where they are made; only ParsedFile leaves syntax/.',
    severity: 'error',
    from: { path: engine, pathNot: `${under('syntax')}|${test}` },
    to: { path: '^node_modules/web-tree-sitter/' },
  },
];

const hygiene = [
  {
    name: 'no-cycles',
    comment:
      'Two modules that import each other are one module in two files: neither can be read or tested alone.',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-imports-of-tests',
    comment: 'Code that users run imports test code: it would be shipped, or break when the test moves.',
    severity: 'error',
    // Sends the tests' hostile messages, for hours.
    from: { pathNot: [test, '^tools/fuzz[.]ts$'].flat() },
    to: { path: test },
  },
  {
    name: 'no-unresolvable',
    comment: 'The import does not resolve: a typing error, or a package that package.json does not name.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-undeclared-packages',
    comment:
      'The package comes along by accident of another one; name it in the package.json of the workspace that uses it.',
    severity: 'error',
    from: { path: '^packages/[^/]+/(src|bin)/', pathNot: test },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-dev-packages-in-product',
    comment: 'A development dependency is not installed at the user: the product would fail to start.',
    severity: 'error',
    from: { path: '^packages/[^/]+/(src|bin)/', pathNot: test },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
  },
];

export default {
  forbidden: [...direction, ...late, ...doors, ...hygiene],
  options: {
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/fixtures/|/dist/|/testdata/|^packages/engine/kernels/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
    skipAnalysisNotInRules: true,
  },
};
