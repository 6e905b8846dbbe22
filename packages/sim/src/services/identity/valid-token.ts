import type { SimState } from '../../sim-state.ts';
import type { Token } from './state.ts';

/** A token that is known, not expired, not revoked, and whose user is still enabled. */
export function validToken(state: SimState, id: string | null): Token | undefined {
  const token = id === null ? undefined : state.identity.tokens.get(id);
  if (token === undefined || token.revoked || token.expires <= state.clock.now() || !token.user.enabled)
    return undefined;
  return token;
}
