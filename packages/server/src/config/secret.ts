/** A key from the environment or from a file. What it holds appears in no message. */

import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SecretSource } from '@conexus/engine';
import { readText, type SettingReader } from './problems.ts';

const MAX_KEY_BYTES = 4_096;

/** From `NAME`, or from the file that `NAME_FILE` names; problems go into the reader. */
export function readKey(reader: SettingReader, name: string): SecretSource | undefined {
  const value = readText(reader, name);
  const file = readText(reader, `${name}_FILE`);
  const refuse = (message: string, fix: string): undefined => {
    reader.problems.push({ message, fix });
  };
  if (value !== undefined && file !== undefined)
    return refuse(`Both ${name} and ${name}_FILE are set`, 'Unset one of them.');
  if (file === undefined) return value === undefined ? undefined : checked(value, name, refuse);
  const path = resolve(reader.raw.cwd, file);
  const text = readKeyFile(path);
  if (text === undefined)
    return refuse(
      `The file that ${name}_FILE names cannot be read, or is larger than ${MAX_KEY_BYTES} bytes: ${path}`,
      `Make it readable, or correct ${name}_FILE.`,
    );
  return checked(text, `${name}_FILE`, refuse);
}

function checked(
  text: string,
  from: string,
  refuse: (message: string, fix: string) => undefined,
): SecretSource | undefined {
  const key = text.trim();
  // Anything else could not be sent, or would end the header and begin another.
  if (/^[\x21-\x7e]{1,4096}$/.test(key)) return { from, reveal: () => key };
  const what =
    key === '' ? 'is empty' : 'is no key: it has blanks, line ends or other characters that keys do not have';
  return refuse(`What ${from} gives ${what}`, `Put the key alone into ${from}.`);
}

function readKeyFile(path: string): string | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= MAX_KEY_BYTES ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
