import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { COMMAND_TABLE } from './commands.ts';
import { completionScript } from './completions.ts';

describe('completions', () => {
  it('are scripts that the shell can read, with every command', () => {
    for (const shell of ['bash', 'zsh', 'fish'] as const)
      for (const { name } of COMMAND_TABLE) expect(completionScript(shell)).toContain(name);
    execFileSync('bash', ['-n'], { input: completionScript('bash') });
    const offered = execFileSync('bash', [], {
      input: `${completionScript('bash')}\nCOMP_WORDS=(conexus search --lim); COMP_CWORD=2; _conexus; echo "\${COMPREPLY[@]}"\nCOMP_WORDS=(conexus search --detail f); COMP_CWORD=3; _conexus; echo "\${COMPREPLY[@]}"`,
    });
    expect(String(offered)).toBe('--limit\nfull\n');
  });
});
