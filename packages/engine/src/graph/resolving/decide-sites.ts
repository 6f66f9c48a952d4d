/** What can be said of calls only when all values have flowed: which are no more than possible, and which overload is meant. */
import type { Members } from './members.ts';
import { chooseOverloads } from './overloads.ts';
import type { State } from './state.ts';
import { doubtProperties } from './unsure-properties.ts';

export function decideSites(state: State, members: Members): void {
  const { made, unsure } = state;
  for (const { site, of } of unsure) if (!made.has(of)) site.isGuess = true;
  doubtProperties(state, members);
  chooseOverloads(state);
}
