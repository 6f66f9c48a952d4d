/** Completion scripts from the command table. Static text: completing never starts the engine. */
import type { Command } from './commands.ts';
import { COMMAND_TABLE } from './commands.ts';
import type { Flag } from './options.ts';

export function completionScript(shell: 'bash' | 'zsh' | 'fish'): string {
  switch (shell) {
    case 'bash':
      return bash();
    case 'zsh':
      return zsh();
    case 'fish':
      return fish();
  }
}

function bash(): string {
  const names = COMMAND_TABLE.map((command) => command.name).join(' ');
  const cases = COMMAND_TABLE.map(
    (command) =>
      `    ${command.name}) words="${[...(command.words ?? []), ...flagWords(command)].join(' ')}" ;;`,
  );
  const choices = allChoices().map(
    (flag) =>
      `    --${flag.name}) COMPREPLY=($(compgen -W "${flag.choices.join(' ')}" -- "$current")); return ;;`,
  );
  return `# conexus completions for bash
_conexus() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names}" -- "$current")); return
  fi
  case "$previous" in
    --root) COMPREPLY=($(compgen -d -- "$current")); return ;;
    --in|--out|--active-file|--open-file) COMPREPLY=($(compgen -f -- "$current")); return ;;
${choices.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _conexus conexus
`;
}

function zsh(): string {
  const names = COMMAND_TABLE.map((command) => `    '${command.name}:${quoted(command.summary)}'`);
  const cases = COMMAND_TABLE.map((command) => {
    const specs = command.flags().map((flag) => `'${zshFlag(flag)}'`);
    const first =
      command.words === undefined
        ? "'*:file:_files'"
        : `'1:what:(${command.words.join(' ')})' '*:file:_files'`;
    return `    ${command.name}) _arguments ${specs.join(' ')} ${first} ;;`;
  });
  return `#compdef conexus
_conexus() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$name" in
${cases.join('\n')}
  esac
}
compdef _conexus conexus
`;
}

function zshFlag(flag: Flag): string {
  const repeat = flag.multiple ? '*' : '';
  const about = `[${quoted(flag.help).replace(/[[\]]/g, '')}]`;
  if (flag.valueName === undefined) return `${repeat}--${flag.name}${about}`;
  const values =
    flag.choices.length > 0
      ? `(${flag.choices.join(' ')})`
      : flag.name === 'root'
        ? '_files -/'
        : flag.valueName === 'FILE'
          ? '_files'
          : ' ';
  return `${repeat}--${flag.name}${about}:${flag.valueName}:${values}`;
}

function fish(): string {
  const lines = ['# conexus completions for fish', 'complete -c conexus -f'];
  for (const command of COMMAND_TABLE) {
    lines.push(
      `complete -c conexus -n __fish_use_subcommand -a ${command.name} -d '${quoted(command.summary)}'`,
    );
    const when = `-n '__fish_seen_subcommand_from ${command.name}'`;
    if (command.words !== undefined)
      lines.push(`complete -c conexus ${when} -a '${command.words.join(' ')}'`);
    for (const flag of command.flags()) {
      const values =
        flag.choices.length > 0
          ? ` -x -a '${flag.choices.join(' ')}'`
          : flag.valueName === undefined
            ? ''
            : flag.valueName === 'DIR' || flag.valueName === 'FILE'
              ? ' -r -F'
              : ' -x';
      lines.push(
        `complete -c conexus ${when} -l ${flag.name}${flag.short === undefined ? '' : ` -s ${flag.short}`}${values} -d '${quoted(flag.help)}'`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function flagWords(command: Command): readonly string[] {
  return command.flags().map((flag) => `--${flag.name}`);
}

/** Flags of one name may differ in choices between commands; a shell is offered all. */
function allChoices(): readonly { readonly name: string; readonly choices: readonly string[] }[] {
  const choices = new Map<string, Set<string>>();
  for (const flag of COMMAND_TABLE.flatMap((command) => command.flags())) {
    const known = choices.get(flag.name) ?? new Set<string>();
    for (const choice of flag.choices) known.add(choice);
    if (known.size > 0) choices.set(flag.name, known);
  }
  return [...choices].map(([name, known]) => ({ name, choices: [...known] }));
}

/** Safe inside single quotes, and inside the colon lists of zsh. */
function quoted(text: string): string {
  return text.replace(/'/g, '').replace(/:/g, ' -');
}
