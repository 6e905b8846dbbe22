import type { Severity } from '@groundcrew/ground';
import type { GuideService } from './layout.ts';
import {
  every,
  inPipeline,
  isFalse,
  isHttps,
  noAdminToken,
  nowhere,
  of,
  option,
  owned,
  passwordsChecked,
  type Rule,
  setting,
  strict,
} from './rules.ts';

/** A check of the OpenStack Security Guide. */
export interface GuideCheck {
  /** The Guide's number of the check: `Check-Identity-01`. */
  readonly id: string;
  readonly title: string;
  readonly service: GuideService;
  readonly severity: Severity;
  /**
   * The source that can prove it: the API, the service's files, or facts of the host beyond the text of files (owner,
   * mode).
   */
  readonly provableBy: 'api' | 'config' | 'host';
  /** Judges what was read of the host; without it the check is not answered by files. */
  readonly judge?: Rule | undefined;
  /** Policies that answer it, or go on where files end. */
  readonly policies?: readonly string[] | undefined;
  /** A remark that a reader of the answer needs. */
  readonly note?: string | undefined;
}

type More = Partial<Pick<GuideCheck, 'policies' | 'note' | 'severity'>>;

/** The checks of a service, numbered as in the Guide. */
function checksOf(
  prefix: string,
  service: GuideService,
  all: readonly Omit<GuideCheck, 'id' | 'service'>[],
): GuideCheck[] {
  return all.map((row, index) => ({
    id: `Check-${prefix}-${String(index + 1).padStart(2, '0')}`,
    service,
    ...row,
  }));
}

const byHost = (title: string, judge: Rule, more: More = {}) =>
  ({ title, severity: 'medium', provableBy: 'host', judge, ...more }) as const;
const byConfig = (title: string, judge: Rule, more: More = {}) =>
  ({ title, severity: 'medium', provableBy: 'config', judge, ...more }) as const;
const byApi = (title: string, more: More) =>
  ({ title, severity: 'medium', provableBy: 'api', ...more }) as const;

const ownership = byHost('Configuration files belong to root and to the service', owned);
const permissions = byHost('Configuration files are for nobody else', strict);

const SINCE_STEIN = 'the option ended with Stein; noauth can no longer be chosen by it';
const keystoneIsAsked = (file: string, at: Parameters<typeof option>[1]['at']) =>
  byConfig(
    'Users are those of Keystone',
    option(file, { at, unset: 'keystone', good: (value) => value === 'keystone' }),
    { severity: 'critical', note: SINCE_STEIN },
  );

const SECTION = 'keystone_authtoken';
const keystoneByTls = (file: string) =>
  byConfig(
    'Tokens are checked with Keystone over TLS',
    every(
      option(file, {
        at: [
          [SECTION, 'www_authenticate_uri'],
          [SECTION, 'auth_uri'],
        ],
        unset: undefined,
        good: isHttps,
      }),
      option(file, { at: [[SECTION, 'insecure']], unset: 'false', good: isFalse }),
    ),
    { severity: 'high', policies: ['audit.endpoint.internal-over-http'] },
  );

const verifies = (file: string, service: string) =>
  option(file, {
    at: [
      [service, 'insecure'],
      ['DEFAULT', `${service}_api_insecure`],
    ],
    unset: 'false',
    good: isFalse,
  });
const FOUND_BY_CATALOGUE = {
  verdict: 'unknown',
  because: ['no address is set, so that the catalogue tells it: see audit.endpoint.internal-over-http'],
} as const;

const BODY = 114_688;
const bodyLimit = (file: string, good: (bytes: number) => boolean) =>
  byConfig(
    'A request has a greatest size',
    option(file, {
      at: [
        ['oslo_middleware', 'max_request_body_size'],
        ['DEFAULT', 'osapi_max_request_body_size'],
        ['DEFAULT', 'max_request_body_size'],
      ],
      unset: String(BODY),
      good: (value) => /^\d+$/.test(value) && good(Number(value)),
    }),
  );

const hasKeyManager = (file: string) =>
  option(file, { at: [['key_manager', 'backend']], unset: undefined, good: (value) => value !== '' });

const isTrue = (value: string): boolean => value === 'True';

/**
 * The 55 checks of the OpenStack Security Guide (openstack/security-doc, commit 30a20af8 of 2026-08), each with what can
 * prove it. Most of them no API can.
 */
export const securityGuide: readonly GuideCheck[] = [
  ...checksOf('Identity', 'identity', [
    byHost('Configuration files belong to keystone', owned),
    permissions,
    byApi('Keystone is reached over TLS', {
      severity: 'high',
      policies: ['audit.endpoint.public-over-http'],
    }),
    byApi('(obsolete)', { severity: 'info', note: 'the Guide has withdrawn it' }),
    bodyLimit('keystone.conf', (bytes) => bytes > 0),
    byConfig('There is no admin token', noAdminToken, { severity: 'critical' }),
    byConfig(
      'Answers tell strangers nothing',
      option('keystone.conf', { at: [['DEFAULT', 'insecure_debug']], unset: 'false', good: isFalse }),
    ),
    byConfig(
      'Tokens are not kept',
      option('keystone.conf', {
        at: [['token', 'provider']],
        unset: 'fernet',
        // The Guide knows uuid and fernet; jws, since Stein, is not kept either.
        good: (value) => ['fernet', 'jws'].includes(value),
      }),
    ),
  ]),
  ...checksOf('Dashboard', 'dashboard', [
    byHost('Configuration files belong to root and horizon', owned),
    permissions,
    byConfig('No other page can frame it', setting('DISALLOW_IFRAME_EMBED', 'True', isTrue)),
    byConfig('CSRF cookies go over TLS only', setting('CSRF_COOKIE_SECURE', 'False', isTrue)),
    byConfig('Session cookies go over TLS only', setting('SESSION_COOKIE_SECURE', 'False', isTrue)),
    byConfig('Scripts cannot read session cookies', setting('SESSION_COOKIE_HTTPONLY', 'True', isTrue)),
    byConfig(
      'Browsers do not keep the password',
      setting('PASSWORD_AUTOCOMPLETE', "'off'", (value) => /^(['"]off['"]|False)$/.test(value)),
    ),
    byConfig('Passwords are not shown', setting('DISABLE_PASSWORD_REVEAL', 'False', isTrue)),
    byConfig("An administrator's password is asked for", setting('ENFORCE_PASSWORD_CHECK', 'False', isTrue)),
    byConfig('New passwords are checked', passwordsChecked),
    byConfig(
      'It knows that TLS ends before it',
      setting('SECURE_PROXY_SSL_HEADER', undefined, (value) =>
        /HTTP_X_FORWARDED_PROTO['"]\s*,\s*['"]https['"]/.test(value),
      ),
      { note: 'needed only behind a proxy that ends TLS' },
    ),
  ]),
  ...checksOf('Compute', 'compute', [
    ownership,
    permissions,
    keystoneIsAsked('nova.conf', [
      ['api', 'auth_strategy'],
      ['DEFAULT', 'auth_strategy'],
    ]),
    keystoneByTls('nova.conf'),
    byConfig(
      'Images come over TLS',
      every(
        option('nova.conf', {
          at: [
            ['glance', 'insecure'],
            ['glance', 'api_insecure'],
          ],
          unset: 'false',
          good: isFalse,
        }),
        option('nova.conf', {
          at: [
            ['glance', 'endpoint_override'],
            ['glance', 'api_servers'],
          ],
          unset: undefined,
          good: isHttps,
          otherwise: FOUND_BY_CATALOGUE,
        }),
      ),
      { severity: 'high' },
    ),
  ]),
  ...checksOf('Block', 'block-storage', [
    ownership,
    permissions,
    keystoneIsAsked('cinder.conf', [['DEFAULT', 'auth_strategy']]),
    keystoneByTls('cinder.conf'),
    byConfig('Nova is asked over TLS', verifies('cinder.conf', 'nova'), { severity: 'high' }),
    byConfig(
      'Images come over TLS',
      every(
        option('cinder.conf', { at: [['DEFAULT', 'glance_api_insecure']], unset: 'false', good: isFalse }),
        option('cinder.conf', {
          at: [['DEFAULT', 'glance_api_servers']],
          unset: undefined,
          good: isHttps,
          otherwise: FOUND_BY_CATALOGUE,
        }),
      ),
      { severity: 'high' },
    ),
    byConfig(
      'Files on NAS are for their service alone',
      nowhere('cinder.conf', ['nas_secure_file_permissions', 'nas_secure_file_operations'], (value) =>
        /^(false|0|off|no)$/i.test(value),
      ),
    ),
    bodyLimit('cinder.conf', (bytes) => bytes === BODY),
    byConfig(
      'Cinder and Nova have a key manager for encrypted volumes',
      every(hasKeyManager('cinder.conf'), of('compute', hasKeyManager('nova.conf'))),
      {
        policies: [
          'audit.volume.unencrypted',
          'audit.volume.type-unencrypted',
          'audit.volume.default-type-unencrypted',
        ],
        note: 'whether volumes are encrypted, the policies on volumes tell',
      },
    ),
  ]),
  ...checksOf('Image', 'image', [
    ownership,
    permissions,
    byConfig(
      'Users are those of Keystone',
      option('glance-api.conf', {
        at: [['paste_deploy', 'flavor']],
        unset: undefined,
        good: (value) => value.split('+').includes('keystone'),
        // In Zed's own file that pipeline asks nobody (glance-api-paste.ini, [pipeline:glance-api]).
        otherwise: {
          verdict: 'unknown',
          because: [
            '[paste_deploy] flavor is not set: glance-api-paste.ini says whether the pipeline without one asks',
          ],
        },
      }),
      { severity: 'critical', note: 'the Guide asks for auth_strategy, which Glance no longer has' },
    ),
    keystoneByTls('glance-api.conf'),
    byApi('Nobody scans ports by copy_from', {
      note: "only version 1 of Glance's API had it, which ended with Rocky",
    }),
  ]),
  ...checksOf('Neutron', 'network', [
    ownership,
    permissions,
    keystoneIsAsked('neutron.conf', [['DEFAULT', 'auth_strategy']]),
    keystoneByTls('neutron.conf'),
    byConfig(
      'Neutron is reached over TLS',
      option('neutron.conf', {
        at: [['DEFAULT', 'use_ssl']],
        unset: 'false',
        good: (value) => isFalse(value) === false,
      }),
      {
        severity: 'high',
        policies: ['audit.endpoint.public-over-http'],
        note: 'where a proxy ends TLS, the policy on endpoints answers it',
      },
    ),
  ]),
  ...checksOf('Key-Manager', 'key-manager', [
    ownership,
    permissions,
    byConfig(
      'Users are those of Keystone',
      inPipeline('barbican-api-paste.ini', 'pipeline:barbican-api-keystone', 'authtoken'),
      { severity: 'critical' },
    ),
    keystoneByTls('barbican.conf'),
  ]),
  ...checksOf('Shared', 'shared-file-system', [
    ownership,
    permissions,
    keystoneIsAsked('manila.conf', [['DEFAULT', 'auth_strategy']]),
    keystoneByTls('manila.conf'),
    byConfig('Nova is asked over TLS', verifies('manila.conf', 'nova'), { severity: 'high' }),
    byConfig('Neutron is asked over TLS', verifies('manila.conf', 'neutron'), { severity: 'high' }),
    byConfig('Cinder is asked over TLS', verifies('manila.conf', 'cinder'), { severity: 'high' }),
    bodyLimit('manila.conf', (bytes) => bytes === BODY),
  ]),
];
