import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { LAUNCHER } from '../testing/run-command.ts';

describe('the launcher', () => {
  const source = readFileSync(LAUNCHER, 'utf8');
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\/\/.*$/gm, '').replace(/'[^']*'/g, "''");

  it('can be read by any Node', () => {
    expect(code).not.toMatch(
      /=>|`|\b(?:const|let|class|import|export|async|await)\b|\.\.\.|\?\.|\?\?|,\s*\)/,
    );
  });

  it.each(['0.12.18', '8.17.0', '20.20.2', '23.11.1'])('tells the user of Node %s what to do', (version) => {
    const errors: string[] = [];
    const process = {
      versions: { node: version },
      argv: ['node', 'conexus', 'search', 'x'],
      stderr: { write: (text: string) => errors.push(text) },
      exitCode: 0,
    };
    const require = (name: string) => (name === 'fs' ? { existsSync: () => false } : { join: () => '' });
    runInContext(source.replace(/^#!.*/, ''), createContext({ process, require, __dirname: '', parseInt }));
    expect(process.exitCode).toBe(3);
    expect(errors.join('')).toContain(`Node.js ${version} is too old; Conexus needs Node.js 24 or newer.`);
    expect(errors.join('')).toContain('nvm install 24');
  });
});
