import { expect, it } from 'vitest';
import { cpuMs } from '../testing/cpu-time.ts';
import { readPlace } from './place.ts';

/** `path|start-end` */
function read(text: string): string {
  const { path, lines } = readPlace(text);
  return lines ? `${path}|${lines.start}-${lines.end}` : path;
}

it('reads a file and its lines in the forms that are in use', () => {
  const table = `
    src/a.ts = src/a.ts
    ./src//a.ts:12 = src/a.ts|12-12
    src\\a.ts:12-20 = src/a.ts|12-20
    src/a.ts:12:5 = src/a.ts|12-12
    src/a.ts:12:5-20:1 = src/a.ts|12-20
    src/a.ts:L12-L20 = src/a.ts|12-20
    src/a.ts#L12 = src/a.ts|12-12
    src/a.ts#L12-L20 = src/a.ts|12-20
    src/a.ts#L12C3-L20C1 = src/a.ts|12-20
    src/a.ts(12,5): = src/a.ts|12-12
    src/a.cs:line 12 = src/a.cs|12-12
    src/a.ts line 12 = src/a.ts|12-12
    src/a.ts, lines 12-20 = src/a.ts|12-20
    src/a.ts on line 12 = src/a.ts|12-12
    Store.publish = Store.publish
    std::vector = std::vector
    a.ts:0 = a.ts|0-0`;
  for (const line of table.trim().split('\n')) {
    const [text = '', expected = ''] = line.trim().split(' = ');
    expect(`${text} = ${read(text)}`).toBe(`${text} = ${expected}`);
  }
});

it('takes little time for text that is no place', () => {
  for (const unit of [':1', ' line ', '(1', '#L', 'a'])
    expect([unit, cpuMs(() => readPlace(unit.repeat(50_000))) < 500]).toEqual([unit, true]);
});
