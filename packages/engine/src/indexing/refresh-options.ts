/** What a refresh of the live index is asked for. Must not know how it is done. */

export interface RefreshOptions {
  /** Changes that take longer are reported as pending and read in the background. */
  readonly deadlineMs?: number;
  /** Only follow what others published: while the first index is being built there is nothing to compare with. */
  readonly followOnly?: boolean;
  /** Look at suspected paths only, not for other changes. */
  readonly suspectsOnly?: boolean;
}

/** One refresh serves all that wait for it, so it does what the most demanding of them asked. */
export function widest(a: RefreshOptions, b: RefreshOptions): RefreshOptions {
  const deadlines = [a.deadlineMs, b.deadlineMs].filter((deadline) => deadline !== undefined);
  return {
    followOnly: (a.followOnly ?? false) && (b.followOnly ?? false),
    suspectsOnly: [a, b].every((options) => options.followOnly || options.suspectsOnly),
    ...(deadlines.length > 0 ? { deadlineMs: Math.max(...deadlines) } : {}),
  };
}
