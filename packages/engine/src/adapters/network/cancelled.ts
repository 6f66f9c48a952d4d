/** What work that its caller ended is told to users as. */
import { ConexusError } from '../../model/errors.ts';

/** The caller's own reason when it is one for users, e.g. a deadline. */
export function cancelled(signal: AbortSignal | undefined): ConexusError {
  const reason: unknown = signal?.reason;
  if (reason instanceof ConexusError) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError')
    return new ConexusError('embedder_unavailable', 'No embedding came in time.', 'Try again.');
  return new ConexusError(
    'cancelled',
    'Embedding was cancelled.',
    'Start it again; what was embedded is kept.',
  );
}
