/** For tests: source in, its facts of behaviour as text out, one line each. */
import type { BehaviourFact, BehaviourFacts } from '../../model/behaviour.ts';
import type { LanguageId } from '../../model/file.ts';
import { readBehaviour } from '../behaviour/read-behaviour.ts';
import { loadLanguage } from '../parse-file.ts';

/** `START-END function: kind details`; parameters are left out. */
export async function behaviourText(source: string, language: LanguageId): Promise<string> {
  await loadLanguage(language);
  const facts = readBehaviour(source, language);
  if (facts === undefined) return 'not read';
  const lines = facts.facts.filter(({ kind }) => kind !== 'parameter').map((fact) => lineOf(facts, fact));
  return `\n${lines.join('\n')}\n`;
}

function lineOf(facts: BehaviourFacts, fact: BehaviourFact): string {
  const { start, end, at } = fact;
  const place = end === start ? `${start}` : `${start}-${end}`;
  return `${place} ${facts.functions[at]?.path || '(module)'}: ${wordsOf(fact)}`;
}

function wordsOf(fact: BehaviourFact): string {
  switch (fact.kind) {
    case 'raise':
      return `${fact.way} ${fact.what}`.trim();
    case 'catch':
      return `catches ${fact.types.join('|') || 'anything'}: ${fact.outcome}`;
    case 'write':
      return `${fact.isRemoved ? 'removes' : fact.isInitial ? 'initialises' : 'writes'} ${fact.of} ${fact.target}`;
    case 'config':
      return `reads ${fact.source} ${fact.name ?? '?'} by ${fact.callee}`;
    case 'concurrency':
      return `${fact.what} ${fact.text}`;
    case 'effect':
      return `${fact.effect} by ${fact.callee}${fact.name === undefined ? ' (by its look)' : ''}`;
    case 'parameter':
      return `takes ${fact.name}`;
    case 'result': {
      const steps = fact.steps.map(({ to, from }) => ` <- ${to} = ${from}`).join('');
      return `${fact.way} ${fact.text}${steps}${fact.parameters.length > 0 ? ` <- (${fact.parameters.join(', ')})` : ''}`;
    }
    case 'pattern':
      return `${fact.pattern} ${fact.subject}: ${fact.why}`;
  }
}
