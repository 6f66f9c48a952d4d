// Terms for the baselines: those of the product's own baseline in `conexus eval`, so that the two say the same.
export { STOP_WORDS, splitTerms } from '../../packages/engine/src/evaluation/line-terms.ts';
