/** `conexus audit verify`: proves the audit log, file by file. Changes nothing. */
import { verifyAudit } from '../access/audit-files.ts';
import { auditFolder } from '../access/audit-log.ts';
import type { Settings } from '../config/settings.ts';
import { invalidArgument } from '../errors.ts';
import { plural } from '../render/text.ts';
import { EXIT } from './exit-codes.ts';
import type { Host } from './host.ts';
import { withLineEnd } from './host.ts';
import type { ParsedFlags } from './options.ts';

export async function runAudit(
  { values, positionals }: ParsedFlags,
  settings: Settings,
  host: Host,
): Promise<number> {
  if (positionals.length !== 1 || positionals[0] !== 'verify')
    throw invalidArgument(`Unknown action "${positionals.join(' ')}"`, 'Say: conexus audit verify');
  const folder = auditFolder(settings.home);
  const files = verifyAudit(folder);
  const holds = files.every(({ fault }) => fault === undefined);
  const lines = files.map(
    ({ file, records, head, isOpen, fault }) =>
      `${fault === undefined ? 'ok  ' : 'FAIL'} ${file}: ${plural(records, 'record')}, head ${head}${isOpen ? ', open' : ''}${fault === undefined ? '' : ` — ${fault}`}`,
  );
  if (values['json'] === true) await host.out(withLineEnd(JSON.stringify({ ok: holds, folder, files })));
  else {
    if (files.some(({ isOpen }) => isOpen))
      lines.push('open: its server runs, was killed, or records were cut off at the end of the file');
    await host.out(
      withLineEnd(lines.length === 0 ? `There is no audit log in ${folder}.` : lines.join('\n')),
    );
  }
  if (!holds) return EXIT.failure;
  return files.length === 0 ? EXIT.empty : EXIT.ok;
}
