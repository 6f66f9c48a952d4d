/** Reports of `analyze` as tests read them. */
import type { AnalysisSectionName } from '../model/analysis.ts';
import { indexed } from './open-workspace.ts';

/** What a report about `target` says in one section, in a workspace of these files. */
export async function claimsTold(
  files: Readonly<Record<string, string>>,
  target: string,
  name: AnalysisSectionName,
): Promise<string[]> {
  const workspace = await indexed(files);
  const { sections } = await workspace.analyze({ target });
  return (sections.find((one) => one.name === name)?.claims ?? []).map(({ text }) => text);
}
