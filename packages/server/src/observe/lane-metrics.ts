/** What questions wait for -> metrics. */
import type { LaneObserver } from '../workspaces/question-lanes.ts';
import type { Metrics } from './metrics.ts';

export function laneMetrics(metrics: Metrics): LaneObserver {
  for (const lane of ['light', 'heavy']) metrics.conexus_questions_refused_total.inc({ lane }, 0);
  return {
    waited: (lane, ms) => metrics.conexus_question_wait_seconds.observe({ lane }, ms / 1_000),
    refused: (lane) => metrics.conexus_questions_refused_total.inc({ lane }),
  };
}
