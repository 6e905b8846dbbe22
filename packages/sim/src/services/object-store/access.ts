import type { Call } from '../../call.ts';
import { Account, type Container, type StoredObject } from './state.ts';
import { because, refusal } from './swob.ts';

/** `operator_roles` of the middleware `keystoneauth`, as the lab has them. */
const OPERATORS = ['admin', 'member', 'swiftoperator'];

/**
 * The account of a request. Only who has an operator's role in its project may look into it or change it: an administrator of
 * another project may not, nor may a reader. Access lists of containers, and the role of a reseller, are not simulated.
 */
export function accountOf(call: Call): Account {
  const id = projectOf(call);
  const { accounts } = call.state.objectStore;
  // One that has never been written to shows zeros (`account_autocreate`).
  return accounts.get(id) ?? new Account(call.now);
}

/** The account of a request that writes. */
export const openAccount = (call: Call): Account => call.state.objectStore.open(projectOf(call), call.now);

function projectOf(call: Call): string {
  const account = /\/AUTH_([^/]*)/.exec(call.url.pathname)?.[1] ?? '';
  const isOperator = call.token.roles.some(({ name }) => OPERATORS.includes(name.toLowerCase()));
  if (account === '' || account !== call.projectId || !isOperator) throw refusal(403);
  return account;
}

/** The name in a slot of the path. */
export function nameIn(call: Call, slot: 'container' | 'object'): string {
  const name = call.param(slot);
  if (name.includes('\0')) throw because(412, 'Invalid UTF8 or contains NULL', 'text/html; charset=UTF-8');
  return name;
}

export function containerOf(call: Call): Container {
  const container = accountOf(call).containers.get(nameIn(call, 'container'));
  if (container === undefined) throw refusal(404);
  return container;
}

/** The object of a request, unless it has expired. */
export function objectOf(call: Call): StoredObject {
  const object = containerOf(call).get(nameIn(call, 'object'));
  if (object === undefined || isOver(object, call.now)) throw refusal(404);
  return object;
}

/** Whether the time of an object is over. It is listed until somebody deletes it: no expirer runs here. */
export const isOver = ({ delete_at }: StoredObject, now: number): boolean =>
  delete_at !== undefined && delete_at <= now;
