/** The commands of a shared server: `serve`, `keys`, `audit`. A table, read with the others in commands.ts. */
import type { Command } from './commands.ts';
import type { Flag } from './options.ts';
import { HELP_FLAG, JSON_FLAG, ROOT_FLAG } from './options.ts';

export const KEY_WORDS = ['create', 'list', 'revoke'] as const;

const AUTH_MODES = ['keys', 'none'] as const;

const one = (name: string, valueName: string, help: string, choices: readonly string[] = []): Flag => ({
  name,
  valueName,
  multiple: false,
  choices,
  help,
});
const many = (name: string, valueName: string, help: string): Flag => ({
  name,
  valueName,
  multiple: true,
  choices: [],
  help,
});

const SERVE_FLAGS: readonly Flag[] = [
  many(
    'repo',
    'NAME=DIR',
    'A repository and its name for askers. Default: the one of --root, named after its folder.',
  ),
  one('host', 'ADDRESS', 'Address to listen on. Default 127.0.0.1.'),
  one('port', 'N', 'Port to listen on; 0 takes a free one. Default 7979.'),
  one('auth', 'MODE', 'Who may ask. Default keys; none on 127.0.0.1 while no key exists.', AUTH_MODES),
  many('allow-host', 'NAME', 'Name under which clients reach the server, beside the address.'),
  many('allow-origin', 'URL', 'Web page that may ask, e.g. https://app.example.org.'),
  one(
    'metrics-port',
    'N',
    'Offer Prometheus metrics at this port of 127.0.0.1, at /metrics; 0: any free one.',
  ),
  one(
    'query-threads',
    'N',
    'Threads that answer searches beside the one that speaks HTTP, each with memory of its own. Default: by cores and memory, 0 with one core or below 8 GB.',
  ),
  one('log', 'FORMAT', 'Default: text at a terminal, else json, one event a line.', ['json', 'text']),
  one('config', 'FILE', 'Configuration as JSON; flags say more than it. Default CONEXUS_SERVE_CONFIG.'),
];

export const SERVER_COMMANDS: readonly Command[] = [
  {
    name: 'serve',
    usage: 'conexus serve [--repo NAME=DIR]... [options]',
    summary: 'Serve MCP and REST over HTTP, for a team or several agents.',
    details: [
      'MCP is at /mcp (every repository, chosen by "repo") and /mcp/NAME (one), REST at /v1/OPERATION, its description at',
      '/openapi.json, health at /livez and /readyz. Listens on this machine alone unless told otherwise, and refuses to',
      'listen beyond it without keys. SIGTERM ends it after the requests in work. docs/guides/serve.md has the rest.',
    ],
    examples: [
      { command: 'conexus serve', says: 'this repository, for agents on this machine' },
      { command: 'conexus keys create --name ci', says: 'the first key; from then on the server wants one' },
      {
        command:
          'conexus serve --repo api=~/src/api --repo web=~/src/web --host 0.0.0.0 --allow-host code.example.org',
        says: 'two repositories for a team',
      },
      { command: 'claude mcp add --transport http conexus http://127.0.0.1:7979/mcp', says: 'a client' },
    ],
    flags: () => [...SERVE_FLAGS, ROOT_FLAG, HELP_FLAG],
  },
  {
    name: 'keys',
    usage: 'conexus keys create --name NAME [options], conexus keys list, conexus keys revoke ID',
    summary: 'Make, list and revoke the keys of a shared server.',
    details: [
      'A key is shown once; only its hash is kept, in CONEXUS_HOME/state. Revoking takes effect at the next request.',
      'Scopes: read (search, files, status) and index (start, stop, rebuild or clear an index).',
    ],
    examples: [
      { command: 'conexus keys create --name ci', says: 'may read everything, for ever' },
      {
        command: 'conexus keys create --name ada --repo api --scope read,index --expires 90d',
        says: 'one repository, and its index, for 90 days',
      },
      { command: 'conexus keys revoke 4kq7m2x9w3ab', says: 'an ID of "conexus keys list"' },
    ],
    words: KEY_WORDS,
    flags: () => [
      one('name', 'NAME', 'Whom the key is for.'),
      many('scope', 'SCOPE', 'What it may do: read, index. Default read.'),
      many('repo', 'NAME', 'Repositories it may read. Default: all, also those added later.'),
      one('expires', 'TIME', 'When it ends: 12h, 90d or a date such as 2027-01-31. Default never.'),
      JSON_FLAG,
      HELP_FLAG,
    ],
  },
  {
    name: 'audit',
    usage: 'conexus audit verify [--json]',
    summary: 'Prove that the audit log of a shared server was not changed.',
    details: [
      'Each record holds the hash of the one before. Prints the head of each file: note heads elsewhere, and a file that',
      'was cut or written anew shows too. Exit code 3 when something does not hold.',
    ],
    examples: [{ command: 'conexus audit verify', says: 'of CONEXUS_HOME/state/audit' }],
    words: ['verify'],
    flags: () => [JSON_FLAG, HELP_FLAG],
  },
];
