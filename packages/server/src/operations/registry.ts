/** Every operation, in the order of help and documents. Renderings and the document generator read this list. */
import { clear } from './clear.ts';
import { doctor } from './doctor.ts';
import { grep } from './grep.ts';
import { indexControl } from './index-control.ts';
import { indexRepository } from './index-repository.ts';
import { locateRelevantFiles } from './locate-relevant-files.ts';
import type { Operation } from './operation.ts';
import { searchCodebase } from './search-codebase.ts';
import { status } from './status.ts';

export const OPERATIONS: readonly Operation[] = [
  searchCodebase,
  locateRelevantFiles,
  indexControl,
  grep,
  indexRepository,
  status,
  clear,
  doctor,
];

/** Operations offered over MCP. */
export const TOOLS: readonly Operation[] = OPERATIONS.filter((operation) => operation.tool);

/** Operations with a command of their own; `index_control` is split into index, status and clear there. */
export const COMMANDS: readonly Operation[] = OPERATIONS.filter((operation) => operation !== indexControl);
