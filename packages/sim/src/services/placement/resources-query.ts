import { badRequest } from '../../fault.ts';
import type { Resources } from './state.ts';

/** `VCPU:2,MEMORY_MB:512` */
export function resourcesOf(query: string | null): Resources {
  if (query === null) return {};
  return Object.fromEntries(
    query.split(',').map((part) => {
      const [name, amount] = part.split(':');
      if (name === undefined || amount === undefined || !/^\d+$/.test(amount)) {
        throw badRequest(
          `Badly formed resources parameter. Expected resources query string parameter in form: ?resources=VCPU:2,MEMORY_MB:1024. Got: ${query}.`,
        );
      }
      return [name, Number(amount)];
    }),
  );
}
