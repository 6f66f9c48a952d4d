/** A process that starts a script which never ends. The file of its argument gets the script's process id. */
import { runScript } from '../script-process.ts';

const task = new TextEncoder().encode(`forever\n${process.argv[2]}`);
void runScript(new URL('./script.ts', import.meta.url), [task]);
