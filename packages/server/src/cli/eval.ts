/** `conexus eval`: how well files are found on the user's own code. Knows flags and progress; the engine measures. */
import type { EvaluationProgress } from '@conexus/engine';
import type { Settings } from '../config/settings.ts';
import { invalidArgument } from '../errors.ts';
import { evaluationJson, evaluationText } from '../render/evaluation.ts';
import { formatCount, plural } from '../render/text.ts';
import { evaluate } from '../workspaces/load-engine.ts';
import { EXIT } from './exit-codes.ts';
import type { Host } from './host.ts';
import { hostStyle, withLineEnd } from './host.ts';
import type { ParsedFlags } from './options.ts';
import { type ProgressBar, progressBar } from './progress-bar.ts';

const MIN_COMMITS = 10;
const MAX_COMMITS = 1000;

export async function runEval(
  { values, positionals }: ParsedFlags,
  settings: Settings,
  host: Host,
): Promise<number> {
  if (positionals[0] !== undefined)
    throw invalidArgument(`Unexpected argument "${positionals[0]}"`, 'Give the repository with --root.');
  const commits = readCommits(values['commits']);
  const bar = progressBar(host);
  try {
    const report = await evaluate({
      root: settings.root,
      home: settings.home,
      ablate: values['ablate'] === true,
      signal: host.interruption(),
      onProgress: (progress) => showProgress(bar, progress),
      ...(commits !== undefined && { commits }),
      ...(settings.workers !== undefined && { workers: settings.workers }),
      ...(settings.maxFileBytes !== undefined && { maxFileBytes: settings.maxFileBytes }),
    });
    bar.clear();
    const isJson = values['json'] === true;
    await host.out(
      withLineEnd(isJson ? evaluationJson(report) : evaluationText(report, hostStyle(host, settings))),
    );
    return EXIT.ok;
  } finally {
    bar.clear();
  }
}

function showProgress(bar: ProgressBar, progress: EvaluationProgress): void {
  if (progress.step === 'mining') bar.step('Reading history', 0, plural(progress.done, 'commit'));
  else if (progress.step === 'indexing') bar.show(progress.index);
  else {
    const [name, what] = progress.step === 'copying' ? ['Copying', 'files'] : ['Asking', 'tasks'];
    const says = `${formatCount(progress.done)} of ${formatCount(progress.total)} ${what}`;
    bar.step(name, progress.done / progress.total, says);
  }
}

function readCommits(value: ParsedFlags['values'][string]): number | undefined {
  if (value === undefined) return undefined;
  const commits = Number(value);
  if (Number.isInteger(commits) && commits >= MIN_COMMITS && commits <= MAX_COMMITS) return commits;
  throw invalidArgument(
    `--commits is "${String(value).slice(0, 40)}"`,
    `Give a whole number from ${MIN_COMMITS} to ${MAX_COMMITS}.`,
  );
}
