import { z } from 'zod';
import { AnsweredSecret } from '../../record/secret-fields.ts';
import { tolerant } from '../../record/tolerant.ts';

const Password = AnsweredSecret.nullable().optional();

/** CHAP passwords of iSCSI, and the keys of Ceph, which drivers put among the facts of a connection. */
const Passwords = {
  auth_password: Password,
  discovery_auth_password: Password,
  keyring: Password,
} as const;

/**
 * The connection by which a host reaches a volume, in the driver's own words. Passwords and keyrings come out as `Secret`.
 *
 * Cinder's attachments answer it flat, its older `os-initialize_connection` with the facts below `data`.
 */
export const ConnectionInfo = tolerant({
  /** `iscsi`, `rbd`, `fibre_channel`, `nfs`, `nvmeof`, … */
  driver_volume_type: z.string().optional(),
  ...Passwords,
  data: tolerant(Passwords).nullable().optional(),
});

/**
 * The properties of a host that attaches volumes (os-brick's `get_connector_properties`): `host`, `ip`, `initiator`, `wwpns`,
 * `multipath`, `nqn`, … Which of them are needed depends on the driver.
 */
export const Connector = z.record(z.string(), z.unknown());
