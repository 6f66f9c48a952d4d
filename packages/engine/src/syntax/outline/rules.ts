/** Which nodes of a grammar are definitions, as data. */
export type OutlineRules = Readonly<Record<string, unknown>>;
