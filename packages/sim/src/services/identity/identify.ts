import { badRequest, unauthenticated } from '../../fault.ts';
import type { SimState } from '../../sim-state.ts';
import { type Json, record, text, texts } from '../../wire.ts';
import type { ApplicationCredential, Domain, User } from './state.ts';
import { validToken } from './valid-token.ts';

/** The user that a request for a token has proved, with what limits the token. */
export interface Identified {
  readonly user: User;
  readonly methods: readonly string[];
  readonly credential?: ApplicationCredential;
  readonly expires?: number;
}

export function identify(state: SimState, asked: Json): Identified {
  const methods = texts(asked['methods']);
  const { identity } = state;
  let who: Identified | undefined;
  for (const method of methods) {
    const data = asked[method];
    if (typeof data !== 'object' || data === null) {
      throw badRequest(
        `Expecting to find ${method} in identity. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.`,
      );
    }
    if (method === 'password') {
      const given = record(record(data)['user']);
      const user = findUser(state, given);
      if (user === undefined || !user.enabled || identity.passwords.get(user.id) !== given['password'])
        throw unauthenticated();
      who = { user, methods };
    } else if (method === 'token') {
      const token = validToken(state, text(record(data)['id']) ?? null);
      if (token === undefined) throw unauthenticated();
      who = { user: token.user, methods: [...new Set([...token.methods, 'token'])], expires: token.expires };
    } else if (method === 'application_credential') {
      const given = record(data);
      const user = findUser(state, record(given['user']));
      const credential = identity.applicationCredentials.find((candidate) =>
        given['id'] === undefined
          ? candidate.name === given['name'] && candidate.user_id === user?.id
          : candidate.id === given['id'],
      );
      const owner = credential === undefined ? undefined : identity.users.get(credential.user_id);
      if (credential === undefined || owner === undefined || credential.secret !== given['secret'])
        throw unauthenticated();
      if (!owner.enabled || (credential.expires ?? Number.POSITIVE_INFINITY) <= state.clock.now())
        throw unauthenticated();
      who = { user: owner, methods, credential };
    } else {
      throw unauthenticated();
    }
  }
  if (who === undefined) throw unauthenticated();
  return who;
}

function findUser(state: SimState, given: Json): User | undefined {
  const { users } = state.identity;
  const id = text(given['id']);
  if (id !== undefined) return users.get(id);
  const domain = findDomain(state, record(given['domain']));
  return users.find((user) => user.name === given['name'] && user.domain_id === domain?.id);
}

export function findDomain(state: SimState, given: Json): Domain | undefined {
  const id = text(given['id']);
  const { domains } = state.identity;
  return id === undefined ? domains.find((domain) => domain.name === given['name']) : domains.get(id);
}
