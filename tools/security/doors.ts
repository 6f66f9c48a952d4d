/**
 * What the product may do to a machine, and in which files: a table, each line with its reason. Everything else computes.
 * `check-security.ts` refuses a use outside of it, and a line that nothing uses any more.
 */

export type Capability =
  /** Starts a process. */
  | 'process'
  /** Sends something to an address. */
  | 'network'
  /** Takes connections. */
  | 'listen'
  /** Changes files. */
  | 'write'
  /** Loads code by a name made at run time. */
  | 'code'
  /** Makes a regular expression at run time. */
  | 'pattern'
  /** Random numbers that can be guessed. */
  | 'guessable';

export interface Door {
  readonly file: string;
  readonly may: readonly Capability[];
  readonly why: string;
}

const engine = 'packages/engine/src/';
const adapters = `${engine}adapters/`;
const server = 'packages/server/src/';
const sdk = 'packages/sdk/src/';

export const DOORS: readonly Door[] = [
  {
    file: `${adapters}processes/start-process.ts`,
    may: ['process'],
    why: 'ripgrep of our own package, for grep/ripgrep.ts; git plumbing with an empty configuration, for history/run-git.ts',
  },
  {
    file: `${adapters}processes/starting.ts`,
    may: ['network'],
    why: 'sockets that it inherits from the server; opens no connection',
  },
  { file: `${adapters}processes/starter.ts`, may: ['process'], why: 'our own process that starts those two' },
  { file: `${adapters}processes/script-process.ts`, may: ['process'], why: 'our own learning process' },
  {
    file: `${server}operations/doctor.ts`,
    may: ['process', 'write'],
    why: 'asks git for its version; probes the cache folder',
  },
  { file: `${sdk}stdio-connection.ts`, may: ['process'], why: 'starts the program that its user names' },

  { file: `${adapters}network/http-door.ts`, may: ['network'], why: 'configured embedders and rerankers' },
  { file: `${adapters}network/service.ts`, may: ['guessable'], why: 'jitter of pauses between attempts' },
  { file: `${server}http/jwks-fetch.ts`, may: ['network'], why: 'keys of the configured issuer' },
  { file: `${server}observe/otel.ts`, may: ['network'], why: 'traces to the configured collector' },
  {
    file: `${server}observe/error-reports.ts`,
    may: ['network'],
    why: 'defects to the configured collector',
  },
  { file: `${sdk}http-connection.ts`, may: ['network'], why: 'a client asks its server' },
  { file: `${server}http/listener.ts`, may: ['listen'], why: 'conexus serve' },
  {
    file: `${server}observe/metrics-listener.ts`,
    may: ['listen'],
    why: 'metrics, on an address of their own',
  },

  { file: `${adapters}embedders/vector-cache.ts`, may: ['write'], why: 'vectors in the cache folder' },
  {
    file: `${adapters}history/write-tree.ts`,
    may: ['write'],
    why: 'past trees for conexus eval, in a scratch folder',
  },
  { file: `${adapters}stores/cache-home.ts`, may: ['write'], why: 'the cache folder' },
  { file: `${adapters}stores/eviction.ts`, may: ['write'], why: 'indexes that are long unused go' },
  { file: `${adapters}stores/file-lock.ts`, may: ['write'], why: 'locks beside the index' },
  { file: `${adapters}stores/recovery.ts`, may: ['write'], why: 'a damaged index is put aside' },
  { file: `${adapters}stores/scratch-folder.ts`, may: ['write'], why: 'folders of conexus eval' },
  { file: `${adapters}stores/sqlite-store.ts`, may: ['write'], why: 'the index' },
  {
    file: `${adapters}stores/sqlite/connection.ts`,
    may: ['write', 'guessable'],
    why: 'rights of the index file; jitter while it is locked',
  },
  { file: `${engine}open-evaluation.ts`, may: ['write'], why: 'folders of conexus eval' },
  { file: `${server}access/audit-files.ts`, may: ['write'], why: 'the audit log' },
  { file: `${server}access/audit-log.ts`, may: ['write'], why: 'the audit log' },
  { file: `${server}access/key-store.ts`, may: ['write'], why: 'the key store' },
  { file: `${server}cli/host.ts`, may: ['write'], why: 'the log of a server to its standard output' },
  { file: `${server}cli/batch.ts`, may: ['write'], why: 'answers to the file that its user names' },
  {
    file: `${adapters}sources/regular-file.ts`,
    may: ['write'],
    why: 'opens by descriptor; for reading alone',
  },

  {
    file: 'packages/server/bin/conexus.js',
    may: ['write'],
    why: 'looks whether it is a checkout; reads alone, in the syntax of any Node',
  },
  { file: 'packages/server/bin/start.cjs', may: ['code'], why: 'our own sources or build, beside it' },
  { file: `${engine}syntax/tree-sitter-runtime.ts`, may: ['code'], why: 'the parser of our own package' },
  {
    file: `${adapters}embedders/onnx-embedder.ts`,
    may: ['code'],
    why: 'an optional package, by a fixed name',
  },

  { file: `${engine}evaluation/clean-message.ts`, may: ['pattern'], why: 'joined from fixed texts' },
  { file: `${engine}query/find-word.ts`, may: ['pattern'], why: 'a word of letters, digits and $' },
  { file: `${engine}related/mentions.ts`, may: ['pattern'], why: 'escaped names' },
  { file: `${engine}related/ticket-references.ts`, may: ['pattern'], why: 'fixed texts and an escaped id' },
  {
    file: `${engine}analysis/implementation/effect-passes.ts`,
    may: ['pattern'],
    why: 'a name out of letters',
  },
];
