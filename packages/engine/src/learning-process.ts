/** Entry of a process that teaches a model: a composition root of its own. A task of `encodeLearning` in, the model's bytes out. */
import { readInput, writeOutput } from './adapters/processes/script-process.ts';
import { runLearning } from './indexing/adapt-to-repository.ts';

// A process that is to end looks no further: a task that it cannot do ends it with an error.
writeOutput((await runLearning(await readInput())) ?? new Uint8Array());
