/**
 * Renders operations, commands and settings as documents: the same names, arguments and examples that MCP and the
 * command line show. Reads the server's tables; says nothing of its own.
 */
import { COMMAND_TABLE } from '../../packages/server/src/cli/commands.ts';
import { EXIT_HELP } from '../../packages/server/src/cli/exit-codes.ts';
import { EMBEDDER_SETTING_HELP } from '../../packages/server/src/config/embedder-setting-help.ts';
import { serveFileSchema } from '../../packages/server/src/config/serve-file.ts';
import { SETTING_HELP } from '../../packages/server/src/config/settings.ts';
import type { Operation } from '../../packages/server/src/operations/operation.ts';
import { OPERATIONS } from '../../packages/server/src/operations/registry.ts';

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

export function operationsSection(): string {
  return OPERATIONS.map(renderOperation).join('\n\n');
}

export function commandsSection(): string {
  const commands = COMMAND_TABLE.map((command) => {
    const examples = command.examples.map((example) => `${example.command}    # ${example.says}`);
    return [
      `### ${command.name}`,
      `\`${command.usage}\``,
      command.summary,
      command.details.join('\n'),
      fence(examples),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  });
  return [...commands, '### Exit codes', EXIT_HELP].join('\n\n');
}

export function settingsSection(): string {
  return settingTable(SETTING_HELP);
}

export function embedderSettingsSection(): string {
  return settingTable(EMBEDDER_SETTING_HELP);
}

function settingTable(settings: typeof SETTING_HELP): string {
  const rows = settings.map((setting) => `| \`${setting.name}\` | ${cell(setting.help)} |`);
  return ['| Variable | Meaning |', '|---|---|', ...rows].join('\n');
}

/** Keys of the configuration file, those of objects with a point. */
export function serveSettingsSection(): string {
  const schema = serveFileSchema() as JsonSchema;
  return ['| Key | Type | Default | Meaning |', '|---|---|---|---|', ...settingRows(schema, '')].join('\n');
}

function settingRows({ properties = {} }: JsonSchema, prefix: string): readonly string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const preset = property.default === undefined ? '' : `\`${JSON.stringify(property.default)}\``;
    const row = `| \`${prefix}${name}\` | ${typeOf(property)} | ${preset} | ${cell(property.description ?? '')} |`;
    const parts = settingRows(property, `${prefix}${name}.`);
    return parts.length > 0 && property.default !== undefined ? parts : [row, ...parts];
  });
}

function fence(lines: readonly string[]): string {
  return lines.length === 0 ? '' : ['```sh', ...lines, '```'].join('\n');
}

type Documented = Pick<Operation, 'name' | 'title' | 'description' | 'inputSchema' | 'tool'> & {
  readonly help: Pick<Operation['help'], 'command' | 'summary' | 'examples'>;
};

export function renderOperation(operation: Documented): string {
  const schema = operation.inputSchema() as JsonSchema;
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const required = schema.required?.includes(name) && property.default === undefined ? 'required' : '';
    const fallback = property.default === undefined ? required : `\`${JSON.stringify(property.default)}\``;
    return `| \`${name}\` | ${typeOf(property)} | ${fallback} | ${cell(property.description ?? '')} |`;
  });
  const examples = operation.help.examples.map((example) => `${example.command}    # ${example.says}`);
  const isCommand = COMMAND_TABLE.some(({ name }) => name === operation.help.command);
  const command = isCommand
    ? `${operation.tool ? ', command' : 'Command'} \`conexus ${operation.help.command}\``
    : '';
  const door = `${operation.tool || !isCommand ? `Tool \`${operation.name}\`` : ''}${command}`;
  return [
    `## ${operation.title}`,
    `${door}: ${operation.help.summary}`,
    operation.description,
    ['| Argument | Type | Default | Meaning |', '|---|---|---|---|', ...rows].join('\n'),
    fence(examples),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${cell(String(value))}\``).join(' ');
  if (schema.type === 'array')
    return `list of ${schema.items === undefined ? 'anything' : typeOf(schema.items)}`;
  const bounded =
    schema.minimum !== undefined && schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER;
  return `${[schema.type ?? 'any'].flat().join(' or ')}${bounded ? ` ${schema.minimum}-${schema.maximum}` : ''}`;
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');
}
