/** Every operation, in the order of help and documents. Renderings and the document generator read this list. */
import { analyzeImplementation } from './analyze-implementation.ts';
import { callgraph } from './callgraph.ts';
import { clear } from './clear.ts';
import { doctor } from './doctor.ts';
import { findReferences, RELATION_COMMANDS } from './find-references.ts';
import { getRelatedInfo } from './get-related-info.ts';
import { grep } from './grep.ts';
import { impact } from './impact.ts';
import { indexControl } from './index-control.ts';
import { indexRepository } from './index-repository.ts';
import { locateRelevantFiles } from './locate-relevant-files.ts';
import type { Operation } from './operation.ts';
import { repositories } from './repositories.ts';
import { searchCodebase } from './search-codebase.ts';
import { status } from './status.ts';
import { withRepository } from './with-repository.ts';

export const OPERATIONS: readonly Operation[] = [
  searchCodebase,
  locateRelevantFiles,
  analyzeImplementation,
  getRelatedInfo,
  findReferences,
  ...RELATION_COMMANDS,
  impact,
  indexControl,
  grep,
  callgraph,
  indexRepository,
  status,
  clear,
  doctor,
  repositories,
];

/** Operations offered over MCP. */
export const TOOLS: readonly Operation[] = OPERATIONS.filter((operation) => operation.tool);

/** What programs ask of a server beside the tools. */
const BESIDE_TOOLS: ReadonlySet<Operation> = new Set([grep, impact, status]);

/** What our own client may call over standard input and output, though models are not offered it. */
export const UNLISTED_TOOLS: readonly Operation[] = [...BESIDE_TOOLS, repositories];

/** Operations of a shared server, each with the argument `repo`; what waits or changes a machine is not among them. */
export const SHARED: readonly Operation[] = [
  repositories,
  ...OPERATIONS.filter((operation) => operation.tool || BESIDE_TOOLS.has(operation)).map(withRepository),
];

/** Tools of a shared server. The others are asked by programs. */
export const SHARED_TOOLS: readonly Operation[] = SHARED.filter(
  (operation) => operation.tool || operation.name === repositories.name,
);

/**
 * Operations with a command of their own; `index_control` is split into index, status and clear there,
 * `find_references` into its relations, and a command has one repository.
 */
export const COMMANDS: readonly Operation[] = OPERATIONS.filter(
  (operation) => operation !== indexControl && operation !== findReferences && operation !== repositories,
);
