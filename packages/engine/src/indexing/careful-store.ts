/**
 * A store whose failures are acted on in one place, whoever made the call and whether or not anybody waits for it: damage
 * is reported, a store that other processes keep busy is asked again. Knows no method of the store by name.
 */
import { ConexusError } from '../model/errors.ts';
import type { Store } from '../ports/store.ts';

/** The store itself waits seconds before it calls itself busy. */
const BUSY_ATTEMPTS = 3;

export function carefulStore(store: Store, onDamage: (error: ConexusError) => void): Store {
  const careful = async (call: () => Promise<unknown>): Promise<unknown> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        const code = error instanceof ConexusError ? error.code : undefined;
        if (code === 'store_corrupt') onDamage(error as ConexusError);
        if (code !== 'store_busy' || attempt === BUSY_ATTEMPTS) throw error;
      }
    }
  };
  return new Proxy(store, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => careful(() => Reflect.apply(method, target, args) as Promise<unknown>);
    },
  });
}
