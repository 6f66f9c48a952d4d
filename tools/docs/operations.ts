/**
 * Renders the operations of the server as a document: the same names, arguments and examples that MCP and the
 * command line show. Finds them by what their modules export; knows no operation by name.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../checks/files.ts';

/** What this document needs of an operation; the server's own type has more. */
interface Operation {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly help: {
    readonly command: string;
    readonly summary: string;
    readonly examples: readonly { readonly command: string; readonly says: string }[];
  };
  inputSchema(): JsonSchema;
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: JsonSchema;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

export async function operationsSection(): Promise<string> {
  return (await operations()).map(renderOperation).join('\n\n');
}

async function operations(): Promise<readonly Operation[]> {
  const folder = join(root, 'packages/server/src/operations');
  if (!existsSync(folder)) return [];
  const found = new Map<string, Operation>();
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
    const module: Record<string, unknown> = await import(join(folder, file));
    for (const value of Object.values(module).flat()) if (isOperation(value)) found.set(value.name, value);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'inputSchema' in value && 'help' in value;
}

export function renderOperation(operation: Operation): string {
  const schema = operation.inputSchema();
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const required = schema.required?.includes(name) && property.default === undefined ? 'required' : '';
    const fallback = property.default === undefined ? required : `\`${JSON.stringify(property.default)}\``;
    return `| \`${name}\` | ${typeOf(property)} | ${fallback} | ${cell(property.description ?? '')} |`;
  });
  const examples = operation.help.examples.map((example) => `${example.command}\n    # ${example.says}`);
  return [
    `## ${operation.title}`,
    `Tool \`${operation.name}\`, command \`conexus ${operation.help.command}\`: ${operation.help.summary}`,
    operation.description,
    ['| Argument | Type | Default | Meaning |', '|---|---|---|---|', ...rows].join('\n'),
    examples.length === 0 ? '' : ['```sh', ...examples, '```'].join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${cell(String(value))}\``).join(' ');
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'anything' : typeOf(schema.items)}`;
  const bounded = schema.minimum !== undefined && schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER;
  return `${[schema.type ?? 'any'].flat().join(' or ')}${bounded ? ` ${schema.minimum}-${schema.maximum}` : ''}`;
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');
}
