#!/usr/bin/env node
/*
 * Launcher. Written in the JavaScript of 2009 (no arrow, const, template, import or comma at the end of a call),
 * because its first duty is to tell a user of an old Node what to do, and a syntax error tells nothing. It must know
 * nothing of the program: start.cjs goes on from here. bin/package.json makes this folder CommonJS, which every Node
 * can load.
 */
// biome-ignore-all lint/style/useNodejsImportProtocol: old Node has no node: protocol
// biome-ignore-all lint/style/useTemplate: old Node has no templates
'use strict';

var path = require('path');
var fs = require('fs');

var REQUIRED_MAJOR = 24;
var major = parseInt(process.versions.node.split('.')[0], 10);
var inCheckout = fs.existsSync(path.join(__dirname, '..', 'src', 'cli', 'main.ts'));

function refusal() {
  var needs = 'Conexus needs Node.js ' + REQUIRED_MAJOR + ' or newer.';
  var lines = ['conexus: Node.js ' + process.versions.node + ' is too old; ' + needs, ''];
  if (inCheckout) {
    lines = lines.concat([
      'In this checkout, npm brings its own Node and puts it first on the path of its scripts:',
      '  npm run conexus -- ' + process.argv.slice(2).join(' '),
      'Otherwise install it:',
    ]);
  } else {
    lines.push('Install it:');
  }
  return lines.concat([
    '  nvm install ' + REQUIRED_MAJOR + '                    (https://github.com/nvm-sh/nvm)',
    '  https://nodejs.org/en/download    (installers for every system)',
  ]);
}

if (major < REQUIRED_MAJOR) {
  process.stderr.write(refusal().join('\n') + '\n');
  process.exitCode = 3;
} else {
  require('./start.cjs').start(inCheckout);
}
