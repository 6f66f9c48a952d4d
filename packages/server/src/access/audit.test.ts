import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../testing/run-command.ts';
import { until } from '../testing/serve.ts';
import { chainLine, EMPTY_CHAIN, verifyChain } from './audit-chain.ts';
import { appendAdminRecord, verifyAudit } from './audit-files.ts';
import { type OpenFile, openAuditLog } from './audit-log.ts';

let folder = '';
beforeEach(() => {
  folder = join(temporaryFolder('audit'), 'audit');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

function chain(count: number): string {
  let head = EMPTY_CHAIN;
  let text = '';
  for (let i = 0; i < count; i++) {
    const made = chainLine(head, new Date(0), { event: 'call', note: `number ${i}, "quoted","hash":"x"` });
    head = made.head;
    text += made.line;
  }
  return text;
}

describe('a chain', () => {
  const lines = chain(5).split('\n').slice(0, -1);
  const text = (parts: readonly string[]) => parts.map((part) => `${part}\n`).join('');

  it('holds as written', () => {
    expect(verifyChain(text(lines))).toMatchObject({ fault: undefined, head: { n: 5 } });
    expect(verifyChain('')).toMatchObject({ fault: undefined, head: EMPTY_CHAIN });
  });

  it.each([
    [
      'a changed word',
      lines.with(2, (lines[2] as string).replace('number 2', 'number 9')),
      'line 3 was changed',
    ],
    [
      'a changed hash',
      lines.with(2, (lines[2] as string).replace(/"hash":"..../, '"hash":"0000')),
      'line 3 was changed',
    ],
    ['a line less', lines.toSpliced(2, 1), 'a line is missing or moved before line 3'],
    ['the first line less', lines.slice(1), 'a line is missing or moved before line 1'],
    [
      'two lines exchanged',
      lines.with(1, lines[2] as string).with(2, lines[1] as string),
      'a line is missing or moved before line 2',
    ],
    ['a line twice', lines.toSpliced(2, 0, lines[1] as string), 'a line is missing or moved before line 3'],
    ['a line of another kind', lines.toSpliced(2, 0, 'hello'), 'line 3 is no record'],
    ['an empty line', lines.toSpliced(2, 0, ''), 'line 3 is no record'],
  ])('shows %s', (_what, changed, fault) => {
    expect(verifyChain(text(changed)).fault).toBe(fault);
  });

  it('shows a last line that was cut', () => {
    expect(verifyChain(text(lines).slice(0, -20)).fault).toBe('line 5 is cut off');
  });
});

describe('the log', () => {
  it('writes what it is given, in order, and links the files of two processes', async () => {
    const first = await openAuditLog(folder, () => new Date('2026-01-01T00:00:00Z'));
    for (let i = 0; i < 50; i++) first.write({ event: 'call', i });
    await first.close();
    const second = await openAuditLog(folder, () => new Date('2026-01-02T00:00:00Z'));
    await second.close();
    const reports = verifyAudit(folder);
    expect(reports.map(({ records, fault }) => [records, fault])).toEqual([
      [52, undefined],
      [2, undefined],
    ]);
    const [older, newer] = reports.map(({ file }) => join(folder, file));
    const text = readFileSync(older as string, 'utf8');
    expect([...text.matchAll(/"i":(\d+)/g)].map(([, i]) => Number(i))).toEqual([...Array(50).keys()]);

    writeFileSync(older as string, text.slice(0, text.lastIndexOf('{"n":52')));
    expect(verifyAudit(folder).at(1)?.fault).toMatch(/^follows a record of .* that is not there any more$/);
    rmSync(older as string);
    expect(verifyAudit(folder)).toMatchObject([
      { file: newer?.slice(folder.length + 1), fault: expect.stringMatching(/which is gone$/) },
    ]);
  });

  it('loses no record that comes while others are written', async () => {
    const log = await openAuditLog(folder);
    const flushes: Promise<void>[] = [];
    for (let i = 0; i < 300; i++) {
      log.write({ event: 'call', i });
      if (i % 7 === 0) flushes.push(log.flush());
      if (i % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(flushes);
    await log.close();
    const text = readFileSync(join(folder, readdirSync(folder)[0] as string), 'utf8');
    expect([...text.matchAll(/"i":(\d+)/g)].map(([, i]) => Number(i))).toEqual([...Array(300).keys()]);
    expect(verifyAudit(folder)).toMatchObject([{ records: 302, isOpen: false, fault: undefined }]);
  });

  it('names every file before it: none can vanish unseen, keys changed or not, whichever servers ran at once', async () => {
    appendAdminRecord(folder, { event: 'key created', key: 'a' }, new Date(0));
    const at = (day: number) => () => new Date(Date.UTC(2026, 0, day));
    await (await openAuditLog(folder, at(1))).close();
    const together = [await openAuditLog(folder, at(2)), await openAuditLog(folder, at(3))];
    for (const log of together) {
      log.write({ event: 'call' });
      await log.close();
    }
    await (await openAuditLog(folder, at(4))).close();
    await (await openAuditLog(folder, at(5))).close();
    const names = readdirSync(folder).sort();
    expect(names).toHaveLength(6);
    expect(verifyAudit(folder).map(({ fault, isOpen }) => [fault, isOpen])).toEqual(
      names.map(() => [undefined, false]),
    );
    // The last one is named by nobody yet.
    for (const name of names.filter((_, i) => i !== 4)) {
      renameSync(join(folder, name), join(folder, 'away'));
      expect(verifyAudit(folder).map(({ fault }) => fault)).toContain(`follows ${name}, which is gone`);
      renameSync(join(folder, 'away'), join(folder, name));
    }
  });

  it('tells a file that does not end as a server ends it', async () => {
    const log = await openAuditLog(folder);
    log.write({ event: 'call' });
    await log.close();
    const file = join(folder, readdirSync(folder)[0] as string);
    const text = readFileSync(file, 'utf8');
    expect(verifyAudit(folder)).toMatchObject([{ isOpen: false, fault: undefined }]);
    writeFileSync(file, text.slice(0, text.indexOf('\n') + 1));
    expect(verifyAudit(folder)).toMatchObject([{ isOpen: true, fault: undefined }]);
  });

  it('has a verdict about whatever lies in its folder, and servers start beside it', async () => {
    mkdirSync(join(folder, 'folder.jsonl'), { recursive: true });
    const forged = createHash('sha256').update('{"not json}').digest('hex');
    writeFileSync(join(folder, 'forged.jsonl'), `{"not json,"hash":"${forged}"}\n`);
    writeFileSync(join(folder, 'empty.jsonl'), '');
    writeFileSync(join(folder, 'binary.jsonl'), Buffer.from([0, 255, 10, 254]));
    const log = await openAuditLog(folder);
    await log.close();
    const faults = Object.fromEntries(verifyAudit(folder).map(({ file, fault }) => [file, fault]));
    expect(faults).toMatchObject({
      'folder.jsonl': 'cannot be read (EISDIR)',
      'forged.jsonl': 'line 1 is no record',
      'empty.jsonl': undefined,
      'binary.jsonl': 'line 1 is no record',
    });
  });

  it('says that it cannot be opened, with the folder and what to do', async () => {
    mkdirSync(join(folder, '..'), { recursive: true });
    writeFileSync(folder, 'a file');
    await expect(openAuditLog(folder)).rejects.toMatchObject({
      code: 'state_unusable',
      message: expect.stringContaining(folder),
    });
  });

  it('keeps records of changed keys in one file, and refuses to go on after tampering', () => {
    appendAdminRecord(folder, { event: 'key created', key: 'a' }, new Date(0));
    appendAdminRecord(folder, { event: 'key revoked', key: 'a' }, new Date(0));
    expect(verifyAudit(folder)).toMatchObject([{ file: 'admin.jsonl', records: 2, fault: undefined }]);
    const file = join(folder, 'admin.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('created', 'deleted'));
    expect(() => appendAdminRecord(folder, { event: 'x' }, new Date(0))).toThrow(
      /damaged: line 1 was changed/,
    );
  });

  /** Files of a disk that is full while `isFull` says so: each write leaves ten bytes and fails. */
  const onDisk =
    (isFull: () => boolean): OpenFile =>
    async (path, flags, mode) => {
      const handle = await open(path, flags, mode);
      const write = handle.write.bind(handle) as (...args: unknown[]) => Promise<{ bytesWritten: number }>;
      const failing = async (data: Buffer, offset: number, length: number, position: number) => {
        if (!isFull()) return write(data, offset, length, position);
        await write(data, offset, Math.min(length, 10), position);
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      };
      return Object.assign(handle, { write: failing }) as FileHandle;
    };

  it('goes on in a new file after a bound, leaves no empty ones while it cannot, and keeps a bound of waiting refusals', async () => {
    let isFull = false;
    const log = await openAuditLog(
      folder,
      undefined,
      onDisk(() => isFull),
      1_000,
    );
    log.write({ event: 'long', text: 'x'.repeat(2_000) });
    await log.flush();
    isFull = true;
    log.write({ event: 'served' });
    for (let i = 0; i < 3; i++) await expect(log.flush()).rejects.toThrow(/ENOSPC/);
    expect(readdirSync(folder)).toHaveLength(1);
    for (let i = 0; i < 25_000; i++) log.write({ event: 'refused' });
    isFull = false;
    await until(() => log.failure === undefined);
    await log.close();
    const files = readdirSync(folder);
    const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('');
    expect(text.match(/"event":"served"/g)).toHaveLength(1);
    expect(text.match(/"event":"refused"/g)).toHaveLength(9_999);
    expect(text).toContain('"event":"refusals not recorded","count":15001');
    expect(verifyAudit(folder).map(({ fault }) => fault)).toEqual(files.map(() => undefined));
  });

  it('says so when the disk does not answer at all', async () => {
    let isHung = false;
    const log = await openAuditLog(folder, undefined, async (path, flags, mode) => {
      const handle = await open(path, flags, mode);
      const sync = handle.datasync.bind(handle);
      return Object.assign(handle, {
        datasync: () => (isHung ? new Promise<void>(() => undefined) : sync()),
      });
    });
    isHung = true;
    const now = performance.now();
    log.write({ event: 'call' });
    expect(log.failure).toBeUndefined();
    vi.spyOn(performance, 'now').mockReturnValue(now + 11_000);
    expect(log.failure).toBe('the disk does not answer');
    vi.restoreAllMocks();
  });

  it('keeps records while the disk is full, says so, and leaves no half record', async () => {
    let isFull = false;
    const log = await openAuditLog(
      folder,
      undefined,
      onDisk(() => isFull),
    );
    const [name = ''] = readdirSync(folder);
    const text = () => readFileSync(join(folder, name), 'utf8');
    log.write({ event: 'before' });
    await log.flush();
    isFull = true;
    log.write({ event: 'during' });
    await expect(log.flush()).rejects.toMatchObject({
      code: 'state_unusable',
      message: expect.stringContaining('ENOSPC'),
    });
    expect(log.failure).toMatch(/ENOSPC/);
    expect(verifyChain(text())).toMatchObject({ fault: undefined, head: { n: 2 } });
    isFull = false;
    await until(() => log.failure === undefined);
    await log.close();
    expect(text()).toMatch(/"before"[\s\S]*"during"[\s\S]*"log closed"/);
    expect(verifyChain(text()).fault).toBeUndefined();
  });
});
