/** The settings of embedders and rerankers, for the documents: too many for `--help`, and most people need none. */
export const EMBEDDER_SETTING_HELP: readonly { readonly name: string; readonly help: string }[] = [
  {
    name: 'CONEXUS_EMBEDDING_MODEL',
    help: 'Its model; for azure the deployment, for onnx the folder of the model. Required for azure, lmstudio, vllm, onnx.',
  },
  {
    name: 'CONEXUS_EMBEDDING_URL',
    help: 'Its base URL, e.g. http://localhost:11434/v1. Required for azure; others have their own.',
  },
  {
    name: 'CONEXUS_EMBEDDING_API_KEY',
    help: 'Its key. It is sent to that address and appears nowhere else.',
  },
  { name: 'CONEXUS_EMBEDDING_API_KEY_FILE', help: 'A file that holds the key, instead.' },
  { name: 'CONEXUS_EMBEDDING_DIMENSIONS', help: 'Dimensions to ask for. Default: what the model gives.' },
  { name: 'CONEXUS_EMBEDDING_API_VERSION', help: 'For azure. Default 2024-10-21.' },
  {
    name: 'CONEXUS_EMBEDDING_QUERY_PREFIX',
    help: 'Words that the model wants before a question. Default: known for common models, else none.',
  },
  { name: 'CONEXUS_EMBEDDING_DOCUMENT_PREFIX', help: 'The same before a passage.' },
  { name: 'CONEXUS_EMBEDDING_REQUESTS_PER_MINUTE', help: 'Limit of your account. Default none.' },
  { name: 'CONEXUS_EMBEDDING_TOKENS_PER_MINUTE', help: 'Limit of your account. Default none.' },
  { name: 'CONEXUS_EMBEDDING_CONCURRENCY', help: 'Requests at a time. Default 1 to 4 by provider.' },
  { name: 'CONEXUS_EMBEDDING_TIMEOUT_MS', help: 'For one request. Default 60000.' },
  {
    name: 'CONEXUS_EMBEDDING_CONFIRM_TOKENS',
    help: 'A run of more tokens waits for "conexus index --yes". Default 5000000.',
  },
  {
    name: 'CONEXUS_EMBEDDING_CACHE_BYTES',
    help: 'Vectors kept by content under CONEXUS_HOME, so that nothing is paid for twice. Default 2 GiB; 0: none.',
  },
  { name: 'CONEXUS_RERANKER_MODEL', help: 'Its model.' },
  { name: 'CONEXUS_RERANKER_URL', help: 'Its base URL.' },
  {
    name: 'CONEXUS_RERANKER_API_KEY',
    help: 'Its key; default that of the embedder, where both are of one provider. Or CONEXUS_RERANKER_API_KEY_FILE.',
  },
  {
    name: 'HTTPS_PROXY',
    help: 'Proxy to embedders and rerankers; also HTTP_PROXY and NO_PROXY. This machine is asked directly.',
  },
];
