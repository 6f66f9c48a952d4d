// Scores a run file, alone or against another one.
//   node eval/score.ts RUN [--by source,lang] [--against OTHER] [--measures nDCG@10,cMRR] [--only SOURCE|REPO]...
//                      [--split tune|report] [--truth DIR] [--json]
import path from 'node:path';
import { parseArgs } from 'node:util';

import { groupDifferences, groupScores } from './scoring/groups.ts';
import { MEASURES, type Measure, scoreRun } from './scoring/measures.ts';
import { readRun } from './scoring/run-file.ts';
import { differenceTable, scoreTable } from './scoring/tables.ts';
import { type Half, loadRows, selectRows } from './truth.ts';

export { type PairedDifference, pairedBootstrap } from './scoring/bootstrap.ts';
export { groupDifferences, groupScores } from './scoring/groups.ts';
export { type Measure, type Scores, scoreRun } from './scoring/measures.ts';
export { readRun, writeRun } from './scoring/run-file.ts';

export const DEFAULT_TRUTH = path.join(import.meta.dirname, '../../shared/eval/dev');

export function parseHalf(value: string | undefined): Half | undefined {
  if (value === undefined || value === 'tune' || value === 'report') return value;
  throw new Error(`--split is tune or report, not ${value}`);
}

export function parseMeasures(value: string): Measure[] {
  return value.split(',').map((name) => {
    const measure = MEASURES.find((known) => known === name);
    if (measure === undefined) throw new Error(`unknown measure ${name}; known: ${MEASURES.join(', ')}`);
    return measure;
  });
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      by: { type: 'string', default: 'source' },
      against: { type: 'string' },
      measures: { type: 'string', default: 'nDCG@10,cMRR' },
      only: { type: 'string', multiple: true, default: [] },
      split: { type: 'string' },
      truth: { type: 'string', default: DEFAULT_TRUTH },
      json: { type: 'boolean', default: false },
    },
  });
  const file = positionals[0];
  if (file === undefined) throw new Error('a run file is needed');
  const keys = values.by.split(',').filter((key) => key !== '');
  const only = values.only.flatMap((value) => value.split(','));
  const rows = selectRows(loadRows(values.truth), { only, half: parseHalf(values.split) });
  const scores = scoreRun(rows, readRun(file));
  const groups = groupScores(rows, scores, keys);
  const differences =
    values.against === undefined
      ? []
      : groupDifferences(
          rows,
          scores,
          scoreRun(rows, readRun(values.against)),
          keys,
          parseMeasures(values.measures),
        );
  const report = values.json
    ? JSON.stringify({ groups, differences }, null, 2)
    : [scoreTable(groups), ...(differences.length === 0 ? [] : ['', differenceTable(differences)])].join(
        '\n',
      );
  process.stdout.write(`${report}\n`);
}

if (import.meta.main) main();
