import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `#!/usr/bin/env bash
set -euo pipefail

# Prints help.
# To stdout.
usage() {
  local x=1
  echo "usage"
}

function deploy {
  usage
}

readonly VERSION=1
export TARGET_DIR="x"
NAME=3
declare -A map
alias ll='ls -l'

if [ -n "$CI" ]; then
  in_ci() { true; }
fi
`;

test('Bash: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('bash', sample)).toMatchInlineSnapshot(`
    "
    function usage 6-9 head 6 doc 4-5
    function deploy 11-13 head 11
    constant VERSION 15-15
    variable TARGET_DIR 16-16
    variable NAME 17-17
    variable map 18-18
    function ll 19-19
    function in_ci 22-22
    "
  `);
});
