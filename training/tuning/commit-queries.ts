// Tasks from the commits after the base: the cleaned message, and of those that explain themselves also the explanation alone.
import { namesAFile } from '../../packages/engine/src/evaluation/clean-message.ts';
import type { CommitTask } from '../../packages/engine/src/evaluation/mine-commits.ts';
import { wordCount } from '../extract/doc-text.ts';

export interface AskedCommit {
  readonly source: 'commit' | 'commit-subject' | 'issue';
  readonly hash: string;
  readonly task: string;
  readonly gold: readonly string[];
  readonly namesFile: boolean;
}

/** Words of a body that says enough to be asked alone, as an issue would. */
const ISSUE_WORDS = 40;
/** Below this a message is no more than its subject. */
const BODY_WORDS = 8;

export function commitQueries(tasks: readonly CommitTask[], count: number): AskedCommit[] {
  return tasks.slice(0, count).flatMap((task) => {
    const at = task.task.indexOf('\n');
    const body = at === -1 ? '' : task.task.slice(at).trim();
    const words = wordCount(body);
    const asked = [askedOf(words >= BODY_WORDS ? 'commit' : 'commit-subject', task, task.task)];
    if (words >= ISSUE_WORDS) asked.push(askedOf('issue', task, body));
    return asked;
  });
}

function askedOf(source: AskedCommit['source'], { hash, expected }: CommitTask, task: string): AskedCommit {
  return { source, hash, task, gold: expected, namesFile: namesAFile(task, expected) };
}
