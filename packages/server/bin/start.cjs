/*
 * Starts the built code, or the sources in a checkout. Runs only on a Node that is new enough. Knows where the
 * code is and how to make it start fast; knows nothing of commands.
 */
'use strict';

const { enableCompileCache, registerHooks } = require('node:module');
const { homedir } = require('node:os');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { setFlagsFromString } = require('node:v8');

/** The same folder as config/settings.ts resolves, which is code of the program and cannot be asked before it is loaded. */
function compileCacheFolder() {
  const env = process.env;
  if (env.CONEXUS_HOME) return join(env.CONEXUS_HOME, 'cache', 'v8');
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'conexus', 'cache', 'v8');
  if (process.platform === 'win32' && env.LOCALAPPDATA)
    return join(env.LOCALAPPDATA, 'conexus', 'cache', 'v8');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'conexus', 'cache', 'v8');
  return join(homedir(), '.cache', 'conexus', 'cache', 'v8');
}

/** node:sqlite and type stripping announce themselves as experimental on stderr at every start; users cannot act on it. */
function silenceExperimentalWarnings() {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    const type = typeof rest[0] === 'object' && rest[0] !== null ? rest[0].type : rest[0];
    if (type === 'ExperimentalWarning' || warning?.name === 'ExperimentalWarning') return;
    emitWarning.call(process, warning, ...rest);
  };
}

/** In a checkout `@conexus/engine` means its sources: the `source` condition of its package.json. */
function resolveOwnPackagesToSources() {
  registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith('@conexus/')) return next(specifier, context);
      return next(specifier, { ...context, conditions: [...context.conditions, 'source'] });
    },
  });
}

/**
 * Grammars are WebAssembly with functions of tens of thousands of instructions. V8's optimising compiler takes over a
 * gigabyte a thread for a moment to speed them up (3.4 GB for 2,000 files, against 0.6); the baseline code costs some
 * time and keeps memory bounded.
 */
function keepBaselineWebAssembly() {
  // What `--liftoff-only` implies at the start of a process, it does not imply later.
  for (const flag of ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'])
    setFlagsFromString(flag);
}

function start(inCheckout) {
  keepBaselineWebAssembly();
  silenceExperimentalWarnings();
  enableCompileCache(compileCacheFolder());
  if (inCheckout) resolveOwnPackagesToSources();
  const entry = inCheckout ? ['src', 'cli', 'main.ts'] : ['dist', 'cli', 'main.js'];
  import(pathToFileURL(join(__dirname, '..', ...entry)).href).then(
    (program) => program.main(process.argv.slice(2)),
    (error) => {
      process.stderr.write(`conexus: the program could not be loaded: ${error?.message ?? error}\n`);
      process.exitCode = 3;
    },
  );
}

module.exports = { start };
