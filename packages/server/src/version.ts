/** Name and version of the program, read from the package so that they exist once. */
import packageJson from '../package.json' with { type: 'json' };

export const VERSION: string = packageJson.version;
