import { visible } from '@groundcrew/ground';
import type { PointResource } from '../point/tenant-point.ts';
import { textOf } from '../point/wire.ts';
import { CreateDraft } from './create-draft.ts';
import { isChosen } from './mapping.ts';
import { knows } from './older-release.ts';
import { called, needsAs, type Planning } from './planning.ts';

/** The part of a public key that counts: type and key, without the comment. */
const keyText = (value: unknown): string =>
  typeof value === 'string' ? value.trim().split(/\s+/, 2).join(' ') : '';

/**
 * Plans the key pairs that servers name. They are this user's in the target, whoever had them: one of the same name with the
 * same key is used as it is, one with another key is in the way.
 */
export function planKeypairs(planning: Planning, removed: readonly string[]): void {
  const made = new Map<string, string>();
  const servers = planning.of('server').flatMap((server) => needsAs(server, 'key_pair'));
  const wanted = new Map(servers.map((need) => [need.id, need]));
  for (const need of wanted.values()) {
    const pair = planning.known(need) ?? lost(need.id);
    const name = planning.nameOf(pair);
    const key = keyText(pair.wire['public_key']);
    const earlier = made.get(name);
    const existing = planning.target.keypairs.value.find((wire) => wire['name'] === name);
    const isReplaced = isChosen(planning.mapping.replace, { kind: 'keypair', id: name, name });
    if (key === '') {
      planning.refuse(
        'key-missing',
        pair,
        `${called(pair)} is named by a server, and its public key is not in the point`,
        'Read the point as an administrator, or as the owner of the key pair; it may also have been deleted.',
      );
      continue;
    }
    if (
      earlier !== undefined
        ? earlier !== key
        : existing !== undefined && keyText(existing['public_key']) !== key && !isReplaced
    ) {
      planning.refuse(
        'name-taken',
        pair,
        earlier === undefined
          ? `this user has another key pair ${visible(name)} in the target`
          : `two users' key pairs have the name ${visible(name)}, and one user owns them all in the target`,
        earlier === undefined
          ? 'Name it in replace, or give names a prefix.'
          : 'Restore the servers of each of them in a plan of its own (only), with another prefix.',
      );
      continue;
    }
    if (earlier === undefined && (existing === undefined || isReplaced)) planKeypair(planning, pair, removed);
    // The name is its id.
    planning.stands(need, planning.standsFor(pair) ?? { id: name });
    made.set(name, key);
  }
}

function planKeypair(planning: Planning, pair: PointResource, removed: readonly string[]): void {
  const name = planning.nameOf(pair);
  const version = knows(planning.target, '2.2') ? '2.2' : '2.1';
  const draft = new CreateDraft('keypair', name)
    .set({
      name,
      public_key: textOf(pair.wire['public_key']),
      type: version === '2.2' ? textOf(pair.wire['type']) : undefined,
    })
    .after(...removed);
  planning.stands(pair, { step: planning.make(draft, { microversion: version }) });
}

/** A key pair of which there is only `USER/NAME`. */
const lost = (id: string): PointResource => ({
  kind: 'keypair',
  id,
  name: id.slice(id.indexOf('/') + 1),
  wire: {},
  needs: [],
});
