#!/usr/bin/env node
/*
 * Launcher. Written in the JavaScript of 2009 (no arrow, const, template or import), because its first duty is to
 * tell a user of an old Node what to do, and a syntax error tells nothing. It must know nothing of the program:
 * start.cjs goes on from here. bin/package.json makes this folder CommonJS, which every Node can load.
 */
'use strict';

var REQUIRED_MAJOR = 24;
var path = require('path');
var fs = require('fs');

var major = parseInt(process.versions.node.split('.')[0], 10);
var inCheckout = fs.existsSync(path.join(__dirname, '..', 'src', 'cli', 'main.ts'));

if (major < REQUIRED_MAJOR) {
  var lines = [
    'conexus: Node.js ' +
      process.versions.node +
      ' is too old; Conexus needs Node.js ' +
      REQUIRED_MAJOR +
      ' or newer.',
    '',
  ];
  if (inCheckout) {
    lines.push(
      'In this checkout, npm brings its own Node ' +
        REQUIRED_MAJOR +
        ' and puts it first on the path of its scripts:',
      '  npm run conexus -- ' + process.argv.slice(2).join(' '),
      'Otherwise install Node ' + REQUIRED_MAJOR + ':',
    );
  } else {
    lines.push('Install it:');
  }
  lines.push(
    '  nvm install ' + REQUIRED_MAJOR + '                    (https://github.com/nvm-sh/nvm)',
    '  https://nodejs.org/en/download    (installers for every system)',
  );
  process.stderr.write(lines.join('\n') + '\n');
  process.exitCode = 3;
} else {
  require('./start.cjs').start(inCheckout);
}
