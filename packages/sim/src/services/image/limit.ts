import type { Call } from '../../call.ts';
import { badRequest } from '../../fault.ts';

/** `limit_param_default`, and no more than `api_limit_max`. */
export function limitOf({ query }: Call): number {
  const given = query.get('limit');
  if (given !== null && !/^\d+$/.test(given)) {
    throw badRequest(
      /^-\d+$/.test(given) ? 'limit param must be positive' : 'limit param must be an integer',
    );
  }
  return Math.min(given === null ? 25 : Number(given), 1000);
}
