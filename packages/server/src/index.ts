/** Public door of the server package: what tools and other hosts of the server need. Named exports only. */

export type { RawSettings, Settings } from './config/settings.ts';
export { resolveSettings } from './config/settings.ts';
export type { McpDependencies } from './mcp/build-server.ts';
export { buildMcpServer } from './mcp/build-server.ts';
export type { Operation } from './operations/operation.ts';
export { COMMANDS, OPERATIONS, TOOLS } from './operations/registry.ts';
export { serverWorkspaces } from './workspaces/server-workspaces.ts';
