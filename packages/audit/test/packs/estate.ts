import type {
  Estate,
  EstateImage,
  EstateServer,
  EstateTrust,
  EstateUser,
  EstateVolume,
} from '../../src/packs.ts';
import { seen } from '../policy/seen.ts';

export const user = (id: string, parts: Partial<EstateUser> = {}): EstateUser => ({
  id,
  name: `name-${id}`,
  domain_id: 'default',
  enabled: true,
  password_expires_at: null,
  options: {},
  federated: [],
  ...parts,
});
export const admin = (
  id: string,
  on: Estate['roleAssignments']['value'][number]['scope'] = { project: { id: 'p1' } },
) => ({
  role: { id: 'r1', name: 'admin' },
  user: { id, name: `name-${id}` },
  scope: on,
});
export const trust = (parts: Partial<EstateTrust> = {}): EstateTrust => ({
  id: 't1',
  trustor_user_id: 'ada',
  trustee_user_id: 'grace',
  project_id: 'p1',
  impersonation: false,
  expires_at: '2026-04-01T00:00:00.000Z',
  ...parts,
});
export const image = (parts: Partial<EstateImage> = {}): EstateImage => ({
  id: 'i1',
  name: 'debian',
  status: 'active',
  visibility: 'private',
  protected: true,
  owner: 'p1',
  os_hash_algo: 'sha512',
  os_hash_value: 'ab',
  img_signature: 'x',
  img_signature_hash_method: 'SHA-256',
  img_signature_key_type: 'RSA-PSS',
  img_signature_certificate_uuid: 'c1',
  ...parts,
});
export const server = (parts: Partial<EstateServer> = {}): EstateServer => ({
  id: 's1',
  name: 'web',
  tenant_id: 'p1',
  image: { id: 'i1' },
  key_name: 'ada',
  metadata: {},
  ...parts,
});
export const volume = (parts: Partial<EstateVolume> = {}): EstateVolume => ({
  id: 'v1',
  name: 'data',
  encrypted: true,
  volume_type: 'luks',
  multiattach: false,
  metadata: {},
  'os-vol-tenant-attr:tenant_id': 'p1',
  ...parts,
});
export const credential = (parts: Partial<Estate['applicationCredentials']['value'][number]> = {}) => ({
  id: 'a1',
  name: 'backup',
  user_id: 'ada',
  project_id: 'p1',
  expires_at: '2026-04-01T00:00:00.000Z',
  unrestricted: false,
  roles: [{ id: 'r2', name: 'member' }],
  ...parts,
});
export const listener = (parts: Partial<Estate['listeners']['value'][number]> = {}) => ({
  id: 'l1',
  name: 'web',
  project_id: 'p1',
  protocol: 'TERMINATED_HTTPS',
  protocol_port: 443,
  tls_versions: ['TLSv1.2', 'TLSv1.3'],
  tls_ciphers: 'TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES256-GCM-SHA384',
  allowed_cidrs: ['192.0.2.0/24'],
  ...parts,
});
export const endpoint = (parts: Partial<Estate['endpoints']['value'][number]> = {}) => ({
  id: 'e1',
  interface: 'public',
  region: 'RegionOne',
  url: 'https://keystone.example:5000/v3',
  enabled: true,
  service: 'identity',
  ...parts,
});
export const container = (parts: Partial<Estate['containers']['value'][number]> = {}) => ({
  name: 'photos',
  project_id: 'p1',
  read: '',
  write: '',
  ...parts,
});
export const quota = (parts: Partial<Estate['quotas']['value'][number]> = {}) => ({
  service: 'compute' as const,
  project_id: 'p1',
  project_name: 'shop',
  limits: { instances: 10, cores: 20, ram: 51_200 },
  ...parts,
});

/** An estate in which everything was read, and nothing is there. */
export const estate = (parts: Partial<Estate> = {}): Estate => ({
  users: seen([], 'users'),
  roleAssignments: seen([], 'role assignments'),
  applicationCredentials: seen([], 'application credentials'),
  trusts: seen([], 'trusts'),
  endpoints: seen([], 'endpoints'),
  images: seen([], 'images'),
  servers: seen([], 'servers'),
  volumes: seen([], 'volumes'),
  volumeTypes: seen([], 'volume types'),
  transfers: seen([], 'volume transfers'),
  listeners: seen([], 'load balancer listeners'),
  containers: seen([], 'containers'),
  quotas: seen([], 'quotas'),
  defaultQuotas: seen([], 'default quotas'),
  scope: {
    words: 'all projects',
    asked: [{ id: 'p1', name: 'shop' }],
    all: true,
    seen: [{ id: 'p1', name: 'shop' }],
    denied: [],
  },
  ...parts,
});
