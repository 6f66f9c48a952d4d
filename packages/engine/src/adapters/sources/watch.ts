/**
 * Watches a workspace for changes. Chooses the way that the system does well; see docs/adr/0003-watching.md.
 *
 * Only Linux queues an event in the same system call that changes a file, so only there can `drain` promise that it has
 * seen every earlier change. Elsewhere, and on file systems that other machines write to, `complete` stays false: events then
 * serve to start work early, and a request scans.
 */
import { statfsSync } from 'node:fs';
import type { Watcher } from '../../ports/source.ts';
import type { FolderRuleCache } from './folder-rules.ts';
import type { IgnoreTree } from './ignore-tree.ts';
import { openFolderWatcher } from './watch-folders.ts';
import { openRecursiveWatcher } from './watch-recursive.ts';

/** Magic numbers of `statfs` whose files can change without an event here: network, shared and user-space file systems. */
const SHARED_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0x6969, // nfs
  0x517b, // smb
  0xff534d42, // cifs
  0xfe534d42, // smb2
  0x01021997, // 9p: WSL's /mnt, virtual machines
  0x65735546, // fuse: sshfs, Docker Desktop, virtiofs
  0x786f4256, // VirtualBox shared folders
  0x5346414f, // afs
  0x00c36400, // ceph
  0x0bd00bd0, // lustre
  0x47504653, // gpfs
]);

/** Resolves when every folder is watched, or the system has refused. */
export async function openWatcher(root: string, tree: IgnoreTree, cache: FolderRuleCache): Promise<Watcher> {
  if (process.platform === 'linux') {
    return openFolderWatcher({ root, tree, cache, reliable: !isShared(root) });
  }
  return openRecursiveWatcher(root, tree, cache);
}

function isShared(root: string): boolean {
  try {
    // The number is signed on some machines.
    return SHARED_FILE_SYSTEMS.has(statfsSync(root).type >>> 0);
  } catch {
    return true;
  }
}
