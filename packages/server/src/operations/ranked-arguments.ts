/** Argument names shared by search and locate: what agents invent, and the flags of the command line. A table. */
import { LIMITS } from '@conexus/sdk/contract';

export const FILTER_ALIASES = {
  path: 'paths',
  glob: 'paths',
  globs: 'paths',
  include: 'paths',
  includes: 'paths',
  file: 'paths',
  files: 'paths',
  folder: 'paths',
  directory: 'paths',
  dir: 'paths',
  filepattern: 'paths',
  file_path: 'paths',
  path_filter: 'paths',
  scope: 'paths',
  lang: 'languages',
  language: 'languages',
  kind: 'kinds',
  file_kind: 'kinds',
  file_kinds: 'kinds',
  max_results: 'limit',
  num_results: 'limit',
  count: 'limit',
  top_k: 'limit',
  k: 'limit',
  n: 'limit',
  size: 'limit',
  tokens: 'max_tokens',
  token_budget: 'max_tokens',
  budget: 'max_tokens',
  max_output_tokens: 'max_tokens',
} as const;

export const RANKED_ALIASES = {
  ...FILTER_ALIASES,
  current_file: 'active_file',
  open_file: 'active_file',
  page_token: 'cursor',
  next_cursor: 'cursor',
  page: 'cursor',
  verbosity: 'detail',
  response_format: 'detail',
  debug: 'explain',
} as const;

/** Of operations that answer with a paged list of lines. */
export const LINES_ALIASES = {
  max_results: 'limit',
  num_results: 'limit',
  count: 'limit',
  top_k: 'limit',
  tokens: 'max_tokens',
  token_budget: 'max_tokens',
  budget: 'max_tokens',
  max_output_tokens: 'max_tokens',
  page_token: 'cursor',
  next_cursor: 'cursor',
  page: 'cursor',
} as const;

export const FILTER_FLAGS = { paths: 'path', languages: 'lang', kinds: 'kind' } as const;
export const RANKED_FLAGS = {
  ...FILTER_FLAGS,
  symbol_kinds: 'symbol-kind',
  open_files: 'open-file',
} as const;

/** What an editor knows, what `paths` can say, too, and what people ask who look into a ranking. */
export const RANKED_UNLISTED = ['languages', 'active_file', 'open_files', 'branch', 'explain'] as const;

/** A program at the command line has no context window to protect; what is printed for people is bounded by the printing. */
export const RANKED_CLI_DEFAULTS = { max_tokens: LIMITS.maxTokens } as const;
