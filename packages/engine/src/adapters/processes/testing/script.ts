/** A script for the tests of `runScript`: does what the first word of its input says. */
import { writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { readInput, writeOutput } from '../script-process.ts';

const input = await readInput();
const [task, file = ''] = new TextDecoder().decode(input.subarray(0, 200)).split('\n');
if (task === 'echo') writeOutput(input);
else if (task === 'tell')
  writeOutput(
    new TextEncoder().encode(
      JSON.stringify({
        env: Object.keys(process.env),
        argv: process.argv.length,
        priority: getPriority(),
      }),
    ),
  );
else if (task === 'fail') throw new Error('no');
else {
  writeFileSync(file, String(process.pid));
  // Works for ever, and looks up now and then.
  for (;;) await new Promise(setImmediate);
}
