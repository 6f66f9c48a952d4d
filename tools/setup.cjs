/**
 * First step of every root command: makes sure that dependencies are installed and that Node 24 runs what follows.
 * Usage: node tools/setup.cjs [SCRIPT [ARGUMENT...]]
 * Plain old CommonJS on purpose: on a fresh machine an older Node runs this file, before anything is installed.
 * Must not import anything of ours, nor any package.
 */
'use strict';
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const bin = path.join(root, 'node_modules', '.bin');
const isWindows = process.platform === 'win32';
const installedNode = path.join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');
const isNewEnough = Number(process.versions.node.split('.')[0]) >= 24;

main(process.argv.slice(2));

function main(args) {
  const reason = whyInstall();
  if (reason !== undefined) {
    process.stderr.write(`setup: npm ci (${reason})\n`);
    const stillWrong = install() || whyInstall();
    if (stillWrong) fail(stillWrong);
  }
  if (args.length === 0) return;
  const script = path.join(root, args[0]);
  const node = fs.existsSync(installedNode) ? installedNode : process.execPath;
  const result = spawnSync(node, [script, ...args.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, PATH: bin + path.delimiter + (process.env.PATH || '') },
  });
  if (result.error) fail(result.error.message);
  process.exit(result.status === null ? 1 : result.status);
}

/** Compares what npm says it installed with the lock file; a reinstall takes a minute, so it must be needed. */
function whyInstall() {
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  const installed = readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return 'nothing is installed yet';
  for (const [name, entry] of Object.entries(wanted || {})) {
    if (name === '' || entry.link || !name.includes('node_modules/')) continue;
    const found = installed[name];
    // Packages for other platforms are never installed.
    if (found === undefined && (entry.optional || entry.peer || entry.devOptional)) continue;
    if (found === undefined) return `${name} is missing`;
    if (found.version !== entry.version)
      return `${name} is ${found.version}, the lock file says ${entry.version}`;
  }
  if (!fs.existsSync(installedNode) && !isNewEnough) return 'the package "node" did not install its binary';
  return undefined;
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Returns what went wrong, undefined when nothing did. */
function install() {
  const result = spawnSync(
    isWindows ? 'npm.cmd' : 'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: isWindows,
    },
  );
  if (result.error) return result.error.message;
  return result.status === 0 ? undefined : `npm ci ended with exit code ${result.status}`;
}

function fail(reason) {
  process.stderr.write(
    `setup: could not install the dependencies: ${reason}\n` +
      'Needed: npm, and its registry within reach; install scripts must be allowed (no --ignore-scripts),\n' +
      'because the package "node" fetches Node 24 with one. Then run the same command again.\n',
  );
  process.exit(1);
}
