import { describe, expect, it } from 'vitest';
import { resolveSettings } from './settings.ts';

const resolve = (env: Record<string, string>, root?: string, platform = 'linux') =>
  resolveSettings({ env, cwd: '/project', platform, root });

describe('settings', () => {
  it.each([
    ['--root', { CONEXUS_ROOT: '/b', CLAUDE_PROJECT_DIR: '/c' }, 'a', '/project/a'],
    ['CONEXUS_ROOT', { CONEXUS_ROOT: '/b', CLAUDE_PROJECT_DIR: '/c' }, undefined, '/b'],
    ['CLAUDE_PROJECT_DIR', { CONEXUS_ROOT: '', CLAUDE_PROJECT_DIR: '/c' }, undefined, '/c'],
    ['working folder', {}, undefined, '/project'],
  ])('take the root from %s', (from, env, flag, root) => {
    expect(resolve(env, flag)).toMatchObject({ root, rootFrom: from });
  });

  it('keep indexes in the cache folder of the user', () => {
    expect(resolve({ CONEXUS_HOME: 'here' }).home).toBe('/project/here');
    expect(resolve({ XDG_CACHE_HOME: '/cache' }).home).toBe('/cache/conexus');
    expect(resolve({}).home).toMatch(/\.cache\/conexus$/);
    expect(resolve({}, undefined, 'darwin').home).toMatch(/Library\/Caches\/conexus$/);
    expect(resolve({ LOCALAPPDATA: '/local' }, undefined, 'win32').home).toBe('/local/conexus');
  });

  it('honour NO_COLOR, FORCE_COLOR and dumb terminals', () => {
    expect(
      [{ NO_COLOR: '1', FORCE_COLOR: '1' }, { FORCE_COLOR: '1' }, { TERM: 'dumb' }, {}].map(
        (env) => resolve(env).color,
      ),
    ).toEqual([false, true, false, undefined]);
  });

  it.each(['0', 'abc', '1.5', '99999999'])('refuse CONEXUS_DEADLINE_MS=%s by name', (value) => {
    expect(() => resolve({ CONEXUS_DEADLINE_MS: value })).toThrow(/CONEXUS_DEADLINE_MS is "/);
  });

  it('read numbers', () => {
    expect(
      resolve({
        CONEXUS_DEADLINE_MS: '5000',
        CONEXUS_WORKERS: '3',
        CONEXUS_MAX_FILE_BYTES: '4096',
        CONEXUS_MAX_CACHE_BYTES: '2000000',
      }),
    ).toMatchObject({ deadlineMs: 5_000, workers: 3, maxFileBytes: 4_096, maxCacheBytes: 2_000_000 });
    expect(resolve({})).toMatchObject({ deadlineMs: 30_000, workers: undefined });
  });
});
