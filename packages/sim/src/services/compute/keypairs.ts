import { createHash, generateKeyPairSync } from 'node:crypto';
import { accepted, created, noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, conflict, forbidden, notFound, ServiceFault } from '../../fault.ts';
import { limitOf, paginate } from '../../paging.ts';
import { type Json, micros, text } from '../../wire.ts';
import { ed25519Key, fingerprintOf } from './ssh-public-key.ts';
import type { Keypair } from './state.ts';

export const keypairRoutes: Routes = {
  'GET os-keypairs': (call) => {
    const owner = ownerOf(call, 'index');
    const paged = call.atLeast('2.35');
    const limit = paged ? limitOf(call) : 1000;
    const marker = paged ? call.query.get('marker') : null;
    const page = paginate(call.state.compute.keypairs, {
      filter: (keypair) => keypair.user_id === owner,
      marker: marker === null ? undefined : `${owner}/${marker}`,
      limit,
    });
    return ok({ keypairs: page.map((keypair) => ({ keypair: keypairView(call, keypair, false) })) });
  },
  'POST os-keypairs': (call) => {
    const given = call.envelope('keypair');
    const { compute } = call.state;
    const name = text(given['name']) ?? '';
    const owner = ownerOf(call, 'create', text(given['user_id']));
    const type = text(given['type']) ?? 'ssh';
    if (
      (compute.quota(call.projectId)['key_pairs'] ?? 100) <=
      compute.keypairs.filter((keypair) => keypair.user_id === owner).length
    ) {
      throw new ServiceFault(403, 'Quota exceeded, too many key pairs.');
    }
    let key = text(given['public_key']);
    let privateKey: string | undefined;
    if (key === undefined) {
      if (call.atLeast('2.92'))
        throw badRequest("Invalid input for field/attribute keypair. 'public_key' is a required property");
      const pair = generateKeyPairSync('ed25519', {
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'der' },
      });
      // What stands last in its DER is the key itself (RFC 8410, 4).
      key = ed25519Key(pair.publicKey.subarray(-32), 'Generated-by-Nova');
      privateKey = pair.privateKey;
    }
    const fingerprint = type === 'ssh' ? fingerprintOf(key) : certificateFingerprint(key);
    if (fingerprint === undefined)
      throw badRequest('Keypair data is invalid: failed to generate fingerprint');
    if (compute.keypairs.get(`${owner}/${name}`) !== undefined)
      throw conflict(`Key pair '${name}' already exists.`);
    const keypair = compute.keypairs.add({
      id: `${owner}/${name}`,
      user_id: owner,
      name,
      public_key: key,
      type,
      fingerprint,
      created: call.now,
      row: compute.row('key_pairs'),
    });
    const body = {
      keypair: {
        ...keypairView(call, keypair, false),
        user_id: owner,
        ...(privateKey === undefined ? {} : { private_key: privateKey }),
      },
    };
    return call.atLeast('2.2') ? created(body) : ok(body);
  },
  'GET os-keypairs/{name}': (call) => ok({ keypair: keypairView(call, keypairOf(call, 'show'), true) }),
  'DELETE os-keypairs/{name}': (call) => {
    call.state.compute.keypairs.delete(keypairOf(call, 'delete').id);
    return call.atLeast('2.2') ? noContent : accepted();
  },
};

/** Of a certificate nothing but its bytes is looked at here. */
const certificateFingerprint = (certificate: string): string =>
  (createHash('sha1').update(certificate).digest('hex').match(/../g) ?? []).join(':');

/**
 * The owner of the keys: the caller, or since 2.10 the user who is named; others than the caller are for administrators
 * only.
 */
function ownerOf(call: Call, verb: string, named = call.query.get('user_id') ?? undefined): string {
  if (named === undefined || !call.atLeast('2.10')) return call.userId;
  if (named !== call.userId && !call.admin) throw forbidden(`os_compute_api:os-keypairs:${verb}`, 'policy');
  return named;
}

function keypairOf(call: Call, verb: string): Keypair {
  const owner = ownerOf(call, verb);
  const keypair = call.state.compute.keypairs.get(`${owner}/${call.param('name')}`);
  if (keypair === undefined) throw notFound(`Keypair ${call.param('name')} not found for user ${owner}`);
  return keypair;
}

const keypairView = (call: Call, keypair: Keypair, full: boolean): Json => ({
  name: keypair.name,
  public_key: keypair.public_key,
  fingerprint: keypair.fingerprint,
  ...(call.atLeast('2.2') ? { type: keypair.type } : {}),
  ...(full
    ? {
        user_id: keypair.user_id,
        created_at: micros(keypair.created),
        deleted: false,
        deleted_at: null,
        id: keypair.row,
        updated_at: null,
      }
    : {}),
});
